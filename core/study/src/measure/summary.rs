//! The figures of one arm.

use chrono::NaiveDate;
use serde::Serialize;

use super::endings::{EndingTerms, Endings, Position, endings};
use super::{
    CashDrag, ClassDrift, HarvestYear, Liquidation, MoneyWeighted, RealizedYear, SecReturns, SleeveTracking,
    Workload, active_share_at_end, after_tax_return, cash_drag, drift, fees, harvest, harvest_yield,
    money_weighted, orders, pre_tax_return, realized, sec_returns, sleeve_tracking_error, tracking_error,
    turnover, workload,
};
use unisleeve_books::journal::{CashKind, CashRow, Journal, Side, TaxYearRow};
use unisleeve_engine::ArmResult;
use unisleeve_market::View;
use unisleeve_tax::{Carryforward, Income, Lot};
use unisleeve_units::{Money, Price};

/// Figures of one arm. Money in dollars; rates and tracking errors are annual fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ArmMeasures {
    /// Holdings plus cash on the last day.
    pub final_value: Money,
    /// Tax accrued and not yet paid; positive is owed.
    pub accrued_tax: Money,
    /// Fees that were due and could not be paid, because nothing was left or nothing to sell had a price.
    pub owed_fees: Money,
    /// After-tax wealth before liquidation: `final_value - accrued_tax - owed_fees`, plus what was taken out
    /// when accounts were closed.
    pub wealth_before_liquidation: Money,
    /// `wealth_before_liquidation` less the tax of selling everything.
    pub wealth_after_liquidation: Money,
    /// The liquidation behind `wealth_after_liquidation`.
    pub liquidation: Liquidation,
    /// Possible endings of the portfolio.
    pub endings: Endings,
    /// Taxes paid less savings credited.
    pub taxes_paid: Money,
    /// Recognized losses, positive.
    pub losses_harvested: Money,
    /// Recognized gains.
    pub gains_realized: Money,
    /// Losses disallowed as wash sales, positive.
    pub losses_washed: Money,
    /// Short-term loss carried out of the last year, unused.
    pub carry_short: Money,
    /// Long-term loss carried out of the last year, unused.
    pub carry_long: Money,
    /// Pre-tax time-weighted return.
    pub pre_tax_return: Option<f64>,
    /// Ex-post tracking error against the policy mix.
    pub tracking_error_ex_post: Option<f64>,
    /// Average over the sessions of the ex-ante tracking error.
    pub tracking_error_ex_ante: Option<f64>,
    /// Smaller of purchases and sales over average value, a year.
    pub turnover: Option<f64>,
    /// Trading costs paid: spreads and market impact.
    pub trading_cost: Money,
    /// Management fees paid.
    pub fees_paid: Money,
    /// Cost of fees at the end: each fee with what it would have earned, after long-term tax on the earnings.
    pub fees_at_end: Money,
    /// Orders sent.
    pub orders: usize,
    /// Transfers between mandates.
    pub transfers: usize,
    /// Work that people have to do.
    pub workload: Workload,
    /// Cash and shares taken out when accounts were closed. Included in both wealth figures.
    pub taken_at_closing: Money,
    /// Withdrawals and gifts paid out before the end; gifts at their value on the day, each dollar as it was
    /// paid. Not included in the wealth figures. Excludes `taken_at_closing`.
    pub paid_out: Money,
    /// After-tax time-weighted return with nothing sold at the end.
    pub after_tax_return_before_liquidation: Option<f64>,
    /// After-tax time-weighted return with everything sold at the end.
    pub after_tax_return_after_liquidation: Option<f64>,
    /// Money-weighted returns.
    pub money_weighted_return: MoneyWeighted,
    /// After-tax returns following SEC Form N-1A.
    pub sec_returns: SecReturns,
    /// Tracking error of each sleeve against its own index. Sleeves without an index are left out.
    pub sleeves: Vec<SleeveTracking>,
    /// Drift by asset class.
    pub drift: Vec<ClassDrift>,
    /// Loss harvest yield by year since inception.
    pub harvest_yield: Vec<HarvestYear>,
    /// Realized gains and losses by tax year.
    pub realized_by_year: Vec<RealizedYear>,
    /// Average cash and its cost.
    pub cash_drag: Option<CashDrag>,
    /// Active share against the policy mix at the end.
    pub active_share_at_end: Option<f64>,
}

impl ArmMeasures {
    /// Wealth before liquidation plus what was paid out before the end. Arms are ranked by this, since an arm
    /// that ran out of money paid out less. Amounts count as they were paid, without returns on them.
    pub fn kept_and_paid(&self) -> Money {
        self.wealth_before_liquidation + self.paid_out
    }

    /// The same with everything sold at the end.
    pub fn liquidated_and_paid(&self) -> Money {
        self.wealth_after_liquidation + self.paid_out
    }
}

/// Inputs of the measures besides the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Inputs of the endings.
    pub endings: EndingTerms,
    /// Losses carried into the first year.
    pub opening: Carryforward,
}

/// State of an arm at the last session of its run.
fn position(result: &ArmResult, last: &View<'_>, opening: Carryforward) -> Position {
    let mark = result.journal.marks.last();
    let taxable = |l: &Lot| result.accounts.get(l.account.index()).is_none_or(|a| a.kind.is_taxable());
    let lots: Vec<(Lot, Price)> = result
        .lots
        .iter()
        .filter(|(_, l)| taxable(l))
        .map(|(s, l)| (*l, last.last_close(*s).unwrap_or_default()))
        .collect();
    let mut years = result.journal.tax_years.iter().rev();
    let carried = |y: &TaxYearRow| Carryforward { short: y.carry_short, long: y.carry_long };
    let year = years.next();
    Position {
        date: last.date(),
        value: mark.map_or(Money::ZERO, |m| m.value),
        accrued_tax: mark.map_or(Money::ZERO, |m| m.accrued_tax),
        owed: mark.map_or(Money::ZERO, |m| m.owed),
        lots,
        income: year.map_or(Income::default(), |y| Income {
            net_short: y.net_short,
            net_long: y.net_long,
            qualified: y.dividends_qualified,
            ordinary: y.dividends_ordinary,
            interest: y.interest,
            distributions: y.distributions,
        }),
        carried_in: years.next().map_or(opening, carried),
        carried_out: year.map_or(opening, carried),
    }
}

/// Computes all figures of an arm. `last` is the view at the last session of its run.
pub fn measure(result: &ArmResult, last: &View<'_>, terms: &Terms) -> ArmMeasures {
    let journal = &result.journal;
    let marks = &journal.marks;
    let position = position(result, last, terms.opening);
    let (endings, liquidation) = endings(&position, &terms.endings);
    let carry = position.carried_out;
    let kind_of = |a: usize| result.accounts.get(a).map_or(unisleeve_units::AccountKind::Taxable, |a| a.kind);
    let harvest = harvest(journal, kind_of);
    let taxes: Money = journal
        .cash
        .iter()
        .filter(|c| matches!(c.kind, CashKind::Tax | CashKind::TaxCredit))
        .map(|c| c.amount)
        .sum();
    let taken_at_closing: Money = result.closed.iter().map(|c| c.cash + c.in_kind).sum();
    let wealth = position.wealth() + taken_at_closing;
    let fees = fees(journal, terms.endings.rates.long);
    let ex_ante: Vec<f64> = marks.iter().map(|m| m.te_ex_ante).collect();
    ArmMeasures {
        final_value: position.value,
        accrued_tax: position.accrued_tax,
        owed_fees: position.owed,
        wealth_before_liquidation: wealth,
        wealth_after_liquidation: wealth - liquidation.tax,
        liquidation,
        endings,
        taxes_paid: -taxes,
        losses_harvested: harvest.losses,
        gains_realized: harvest.gains,
        losses_washed: harvest.washed,
        carry_short: carry.short,
        carry_long: carry.long,
        pre_tax_return: pre_tax_return(marks),
        tracking_error_ex_post: tracking_error(marks),
        tracking_error_ex_ante: unisleeve_numeric::mean(&ex_ante),
        turnover: turnover(journal),
        trading_cost: journal.trades.iter().map(|t| t.cost).sum(),
        fees_paid: fees.paid,
        fees_at_end: fees.at_end,
        orders: orders(journal),
        transfers: journal.transfers.len(),
        workload: workload(journal, result.setup.mandates.len()),
        taken_at_closing,
        paid_out: paid_out(journal, taken_at_closing),
        after_tax_return_before_liquidation: after_tax_return(marks, None),
        after_tax_return_after_liquidation: after_tax_return(marks, Some(&liquidation)),
        money_weighted_return: money_weighted(marks, &liquidation),
        sec_returns: sec_returns(result, &liquidation, &terms.endings.law),
        sleeves: sleeves(result, last),
        drift: drift(result),
        harvest_yield: harvest_yield(marks, &recognized(result)),
        realized_by_year: realized(&journal.tax_years),
        cash_drag: cash_drag(marks),
        active_share_at_end: active_share_at_end(result, last),
    }
}

/// Amounts paid out before the end, without those taken out at closings: everything paid in less the sum of
/// the flows. Flows include gifts at their closes, which are recorded nowhere else.
fn paid_out(journal: &Journal, taken_at_closing: Money) -> Money {
    let is_paid_in = |c: &&CashRow| c.kind == CashKind::Contribution;
    let paid_in: Money = journal.cash.iter().filter(is_paid_in).map(|c| c.amount).sum();
    let lots = journal.trades.iter().filter(|t| t.side == Side::TransferIn);
    let brought: Money = lots.map(|t| Money::of(t.quantity, t.price)).sum();
    let flows: Money = journal.marks.iter().map(|m| m.flow).sum();
    paid_in + brought - flows - taken_at_closing
}

/// Gains and losses recognized in taxable accounts, by trade date.
fn recognized(result: &ArmResult) -> Vec<(NaiveDate, Money)> {
    let taxable = |a: usize| result.accounts.get(a).is_none_or(|a| a.kind.is_taxable());
    let rows = result.journal.rows().filter(|r| taxable(r.trade.account.index()));
    rows.map(|r| (r.trade.date, r.recognized())).filter(|(_, x)| !x.is_zero()).collect()
}

/// Tracking errors of the sleeves that have an index at some time.
fn sleeves(result: &ArmResult, last: &View<'_>) -> Vec<SleeveTracking> {
    let setup = &result.setup;
    let is_held = |s: usize| setup.phases.iter().filter_map(|p| p.sleeves.get(s)).any(|x| x.index.is_some());
    let specs = setup.sleeves(last.date()).iter().enumerate().filter(|(s, _)| is_held(*s));
    specs
        .map(|(s, spec)| SleeveTracking {
            sleeve: spec.name.clone(),
            asset_class: spec.asset_class.clone(),
            tracking_error_ex_post: sleeve_tracking_error(
                result.journal.sleeve_marks.iter().filter(|m| m.sleeve.index() == s),
            ),
            tracking_error_ex_ante: result.sleeve_te_ex_ante.get(s).copied().flatten(),
        })
        .collect()
}
