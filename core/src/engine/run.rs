//! One arm, day by day: distributions, contributions, taxes due, rebalancing, withdrawals, the close.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::benchmark::Benchmark;
use super::{RiskTimeline, flows_due, is_rebalancing};
use crate::household::{Account, Ledger, LedgerError, Pocket, Returns};
use crate::journal::{CashKind, Journal, Mark};
use crate::market::{Market, View};
use crate::risk::RiskModel;
use crate::setup::{Config, DecisionContext, RebalanceError, Setup, rebalance};
use crate::tax::{Carryforward, Law, Lot, TaxRates, UnknownTaxYear};
use crate::units::{AccountId, AccountKind, MandateId, Money, PocketId, SecurityId, SleeveId};

/// The day on which a portfolio could no longer pay what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruin {
    /// Session.
    pub date: NaiveDate,
    /// Dollars asked for.
    pub asked: Money,
    /// Dollars paid.
    pub paid: Money,
}

/// What one arm did.
#[derive(Debug, Clone)]
pub struct ArmResult {
    /// The arm.
    pub setup: Setup,
    /// Everything that happened.
    pub journal: Journal,
    /// Open lots at the end, by security.
    pub lots: Vec<(SecurityId, Lot)>,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// When the money ran out.
    pub ruin: Option<Ruin>,
}

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RunError {
    /// No session between the dates.
    #[error("no session from {start} to {end}: expected dates that the prices cover")]
    NoSession {
        /// First date.
        start: NaiveDate,
        /// Last date.
        end: NaiveDate,
    },
    /// The law of the year is not held.
    #[error(transparent)]
    Law(#[from] UnknownTaxYear),
    /// A rebalancing failed.
    #[error("{arm} on {date}: {error}")]
    Rebalance {
        /// Arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Why.
        error: RebalanceError,
    },
    /// The ledger refused a booking.
    #[error("{arm} on {date}: {error}")]
    Ledger {
        /// Arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Why.
        error: LedgerError,
    },
}

/// Runs an arm over a market. `rates` are flat rates for lots and for gains taxed later.
///
/// # Errors
/// When the dates hold no session, the law is not known, or a step can't be carried out.
pub fn run(
    setup: &Setup,
    config: &Config,
    market: &Market,
    timeline: &RiskTimeline,
    rates: TaxRates,
) -> Result<ArmResult, RunError> {
    let mut arm = Arm::new(setup, config, market, timeline, rates)?;
    let mut previous = None;
    for view in market.sessions(config.start, config.end) {
        arm.day(&view, previous)?;
        previous = Some(view.date());
    }
    let last = previous.ok_or(RunError::NoSession { start: config.start, end: config.end })?;
    Ok(arm.close(last, market.securities().len()))
}

struct Arm<'a> {
    setup: &'a Setup,
    config: &'a Config,
    timeline: &'a RiskTimeline,
    rates: TaxRates,
    ledger: Ledger,
    returns: Returns,
    benchmark: Benchmark,
    /// What could not be paid although the money is there: nothing had a price. Part of a tax bill, and of withdrawals.
    overdue: (Money, Money),
    ruin: Option<Ruin>,
}

impl<'a> Arm<'a> {
    fn new(
        setup: &'a Setup,
        config: &'a Config,
        market: &Market,
        timeline: &'a RiskTimeline,
        rates: TaxRates,
    ) -> Result<Self, RunError> {
        let accounts = vec![Account { name: "taxable".to_owned(), kind: AccountKind::Taxable }];
        let pockets = (0..setup.mandates.len())
            .map(|m| Pocket { account: AccountId(0), mandate: MandateId(m as u16), balance: Money::ZERO })
            .collect();
        let groups = (0..market.securities().len() as u32).collect();
        let first_year = config.start.year();
        let law = Law::of(config.tax.year, config.tax.status)?;
        let carry = Carryforward { short: config.tax.carry_short, long: config.tax.carry_long };
        Ok(Self {
            setup,
            config,
            timeline,
            rates,
            ledger: Ledger::new(accounts, pockets, groups, first_year),
            returns: Returns::new(law, config.tax.outside, config.tax.inflation, first_year, carry),
            benchmark: Benchmark::new(setup),
            overdue: (Money::ZERO, Money::ZERO),
            ruin: None,
        })
    }

    fn advisor(&self) -> PocketId {
        PocketId(self.setup.advisor().0)
    }

    fn day(&mut self, view: &View<'_>, previous: Option<NaiveDate>) -> Result<(), RunError> {
        let (arm, date) = (self.setup.kind.as_str(), view.date());
        let ledger_error = |error| RunError::Ledger { arm, date, error };
        let benchmark_return = if previous.is_some() { self.benchmark.earn(view, self.setup) } else { 0.0 };
        self.distribute(view).map_err(ledger_error)?;

        let (mut paid_in, mut taken_out) =
            flows_due(&self.config.household.flows, self.config.start, previous, date);
        taken_out += self.overdue.1;
        if previous.is_none() {
            paid_in += self.config.household.cash;
        }
        self.cash(date, CashKind::Contribution, paid_in).map_err(ledger_error)?;
        let mut tax_due = self.overdue.0;
        while let Some(row) = self.returns.due(&self.ledger, date) {
            tax_due += row.tax;
            self.ledger.journal_mut().tax_years.push(row);
            self.returns.file(&self.ledger);
        }
        // A saving is credited at once; a bill is paid after the day's trades have raised it.
        self.cash(date, CashKind::TaxCredit, (-tax_due).max(Money::ZERO)).map_err(ledger_error)?;

        let asked = taken_out + tax_due.max(Money::ZERO);
        let wealth = self.value(view) - asked;
        let calendar = is_rebalancing(self.config.trading.cadence, previous, date);
        let model = self.timeline.at(date);
        if let (true, Some(risk)) = (calendar || asked > self.ledger.balance(self.advisor()), model) {
            let need = asked.min(self.value(view));
            let ctx = DecisionContext {
                view: *view,
                config: self.config,
                setup: self.setup,
                returns: &self.returns,
                risk,
                universe: &self.timeline.universe,
                later_rate: self.rates.long,
                wealth: wealth.max(Money::ZERO),
            };
            rebalance(&ctx, &mut self.ledger, self.rates, need).map_err(|error| RunError::Rebalance {
                arm,
                date,
                error,
            })?;
        }
        if calendar {
            self.benchmark.rebalance(self.setup);
        }

        let bill = tax_due.max(Money::ZERO).min(self.ledger.balance(self.advisor()));
        self.cash(date, CashKind::Tax, -bill).map_err(ledger_error)?;
        let taken = taken_out.min(self.ledger.balance(self.advisor()));
        self.cash(date, CashKind::Withdrawal, -taken).map_err(ledger_error)?;
        let missing = asked - bill - taken;
        let ruined = missing > self.value(view);
        self.overdue =
            (tax_due.max(Money::ZERO) - bill, if ruined { Money::ZERO } else { taken_out - taken });
        if ruined && self.ruin.is_none() {
            self.ruin = Some(Ruin { date, asked, paid: bill + taken });
        }
        let flow = paid_in - taken;
        self.benchmark.value += flow.to_f64();
        let tax_paid = bill + tax_due.min(Money::ZERO);
        self.mark(view, flow, tax_paid, benchmark_return, model);
        Ok(())
    }

    fn cash(&mut self, date: NaiveDate, kind: CashKind, amount: Money) -> Result<(), LedgerError> {
        self.ledger.book_cash(date, self.advisor(), kind, None, amount)
    }

    /// Books what the session pays on shares held before its trades.
    fn distribute(&mut self, view: &View<'_>) -> Result<(), LedgerError> {
        for d in view.distributions() {
            if !self.ledger.held(d.security).is_positive() {
                continue;
            }
            for m in 0..self.setup.mandates.len() {
                let sleeves: &[SleeveId] = &self.setup.mandates[m].sleeves;
                let lots = self.ledger.lots(d.security).iter().filter(|l| sleeves.contains(&l.sleeve));
                let shares = lots.map(|l| l.quantity).sum();
                let amount = Money::of(shares, d.per_share);
                if amount.is_positive() {
                    self.ledger.income_received(
                        view.date(),
                        PocketId(m as u16),
                        d.security,
                        d.kind,
                        amount,
                        shares,
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Holdings at the last close known, plus cash.
    fn value(&self, view: &View<'_>) -> Money {
        let holdings: Money = self
            .timeline
            .universe
            .iter()
            .map(|s| (self.ledger.held(*s), *s))
            .filter(|(q, _)| q.is_positive())
            .map(|(q, s)| Money::of(q, view.last_close(s).unwrap_or_default()))
            .sum();
        holdings + self.ledger.cash()
    }

    fn mark(
        &mut self,
        view: &View<'_>,
        flow: Money,
        tax_paid: Money,
        benchmark_return: f64,
        risk: Option<&RiskModel>,
    ) {
        let value = self.value(view);
        let te_ex_ante = risk.map_or(0.0, |risk| {
            let total = if value.is_positive() { value.to_f64() } else { 1.0 };
            let universe = &self.timeline.universe;
            let weight = |s: &SecurityId| {
                let held = self.ledger.held(*s);
                if held.is_zero() {
                    0.0
                } else {
                    Money::of(held, view.last_close(*s).unwrap_or_default()).to_f64() / total
                }
            };
            let holdings: Vec<f64> = universe.iter().map(weight).collect();
            risk.tracking_error(&self.benchmark.active(view, self.setup, universe, holdings))
        });
        let mark = Mark {
            date: view.date(),
            value,
            cash: self.ledger.cash(),
            accrued_tax: self.returns.accrued(&self.ledger, view.date()) + self.overdue.0,
            flow,
            tax_paid,
            benchmark_return,
            benchmark_value: self.benchmark.value,
            te_ex_ante,
        };
        self.ledger.journal_mut().marks.push(mark);
    }

    fn close(mut self, last: NaiveDate, securities: usize) -> ArmResult {
        let open = self.returns.open_years(&self.ledger, last.year());
        self.ledger.journal_mut().tax_years.extend(open);
        let lots = (0..securities)
            .map(|s| SecurityId(s as u32))
            .flat_map(|s| self.ledger.lots(s).iter().map(move |l| (s, *l)))
            .collect();
        ArmResult {
            setup: self.setup.clone(),
            accounts: self.ledger.accounts().to_vec(),
            lots,
            ruin: self.ruin,
            journal: self.ledger.into_journal(),
        }
    }
}
