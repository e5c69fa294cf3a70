//! What one arm did, session by session and by asset class: the input of the split of UMA minus SMA. Dollars.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use unisleeve_core::tax::{Carryforward, Income, bill, net, term};
use unisleeve_core::units::{Money, Shares, Term};

use super::arm::{Outcome, World};
use super::figures::Figures;
use super::lots::worth;
use super::policy::ArmPolicy;
use super::prices::Paid;
use super::rows::{ArmRows, CashRow, Kind, Side, TradeRow};
use super::tax::{Returns, Year};
use crate::failure::Failure;

/// Days of a year of an expense ratio.
const DAYS: f64 = 365.0;
/// By how much a return is changed to find what one more dollar costs.
const MORE: i32 = 1_000;

/// Amounts, or prices, by what is taxed: short-term gain, long-term gain, qualified dividends, other income.
pub(super) type ByKind = [f64; 4];

/// One asset class in one session.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClassSession {
    /// Value at the start.
    pub(super) before: f64,
    /// The part of it in taxable accounts.
    pub(super) taxable: f64,
    /// Change in price.
    pub(super) gain: f64,
    /// Dividends and interest.
    pub(super) income: f64,
    /// What is taxed of it, qualified and other.
    pub(super) taxed: [f64; 2],
    /// Proceeds of sales in taxable accounts by term, and the gain recognized.
    pub(super) sold: [f64; 2],
    pub(super) realized: [f64; 2],
}

/// One session.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    pub(super) value: f64,
    pub(super) flow: f64,
    pub(super) tax_paid: f64,
    /// Fees paid, and what funds took as expenses.
    pub(super) fees: f64,
    /// What funds took.
    pub(super) expenses: f64,
    pub(super) costs: f64,
    /// Position of the tax year.
    pub(super) year: usize,
    pub(super) classes: Vec<ClassSession>,
}

impl Session {
    /// What the session earned before tax, fees and costs, from the value at its start.
    pub(super) fn gained(&self, before: f64) -> f64 {
        self.value - self.flow + self.tax_paid + self.fees + self.costs - before
    }
}

/// What one more dollar of each kind taxed in a year costs.
#[derive(Debug, Clone, Default)]
pub(super) struct Marginal {
    /// In that year and the following ones.
    pub(super) years: Vec<ByKind>,
    /// At the sale of everything.
    pub(super) at_sale: ByKind,
}

/// What one arm did.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    pub(super) sessions: Vec<Session>,
    pub(super) years: Vec<Marginal>,
    /// Session in which the tax of each year was paid.
    pub(super) paid: Vec<Option<usize>>,
    /// Gain that the household brought in, by class.
    pub(super) brought: Vec<f64>,
    pub(super) accrued: f64,
    pub(super) owed: f64,
    /// Tax of selling everything at the end, and of one more dollar of gain by term.
    pub(super) sale_tax: f64,
    pub(super) sale_marginal: [f64; 2],
    /// Value and gain of the open lots in taxable accounts, by class and term.
    pub(super) open_value: Vec<[f64; 2]>,
    pub(super) open_gain: Vec<[f64; 2]>,
}

fn of_term(term: Term) -> usize {
    match term {
        Term::Short => 0,
        Term::Long => 1,
    }
}

/// What a sale of everything would be taxed on.
struct Sale {
    gain: [Money; 2],
    carry: Carryforward,
    rates: [f64; 2],
}

impl Sale {
    fn tax(&self, more: [Money; 2], carry: Carryforward) -> f64 {
        let netted = net(self.gain[0] + more[0], self.gain[1] + more[1], carry, Money::ZERO);
        netted.taxed_short.to_f64() * self.rates[0] + netted.taxed_long.to_f64() * self.rates[1]
    }
}

/// Reads the series of an arm. `classes` are the asset classes of all arms, `figures` the arm's own.
///
/// # Errors
/// When the tax year of summary.json is not supported.
pub(super) fn series(
    world: &World<'_>,
    (policy, rows): (&ArmPolicy, &ArmRows),
    (outcome, figures): (&Outcome, &Figures),
    classes: &[String],
) -> Result<Series, Failure> {
    let inputs = &world.facts.tax_inputs;
    let gain = ["liquidation.short", "liquidation.long"]
        .map(|path| figures.get(path).and_then(Money::from_f64).unwrap_or_default());
    let carry = outcome.years.last().map_or(inputs.opening(), Year::carry);
    let sale = Sale { gain, carry, rates: [inputs.liquidation_short, inputs.liquidation_long] };
    let (more, none) = (Money::whole(MORE), Money::ZERO);
    let untouched = sale.tax([none; 2], carry);
    let marginal = |by: [Money; 2]| (sale.tax(by, carry) - untouched) / f64::from(MORE);
    let last = outcome.marks.last();
    let session_of = |date: NaiveDate| outcome.marks.iter().position(|m| m.date == date);
    let mut series = Series {
        years: marginals(world, outcome, &sale)?,
        paid: outcome.years.iter().map(|y| y.paid_on.and_then(session_of)).collect(),
        brought: vec![0.0; classes.len()],
        accrued: last.map_or(0.0, |m| m.accrued_tax.to_f64()),
        owed: last.map_or(0.0, |m| m.owed.to_f64()),
        sale_tax: untouched,
        sale_marginal: [marginal([more, none]), marginal([none, more])],
        open_value: vec![[0.0; 2]; classes.len()],
        open_gain: vec![[0.0; 2]; classes.len()],
        ..Series::default()
    };
    let mut reader = Reader { world, policy, classes, held: BTreeMap::new(), closes: Vec::new() };
    reader.sessions(rows, outcome, &mut series);
    if let Some(last) = last {
        for lot in rows.lots.iter().filter(|l| reader.is_taxable(l.account)) {
            let Some(class) = reader.class(last.date, lot.sleeve) else { continue };
            let value = worth(lot.quantity, lot.price);
            let of = of_term(term(lot.holding_start, last.date));
            series.open_value[class][of] += value.to_f64();
            series.open_gain[class][of] += (value - lot.basis).to_f64();
        }
    }
    Ok(series)
}

/// What one more dollar of each kind costs in each year, in later ones by what is carried forward, and at the
/// sale: the returns again, with a little more of one kind in one year.
fn marginals(world: &World<'_>, outcome: &Outcome, sale: &Sale) -> Result<Vec<Marginal>, Failure> {
    let inputs = &world.facts.tax_inputs;
    let returns = Returns::new(inputs, world.facts.config.start.year())?;
    let known = outcome.marks.last().map_or(world.facts.end, |m| m.date);
    let tax_of = |year: &Year, income: &Income, carry: Carryforward| {
        let filed = bill(&returns.law(year.year), &inputs.outside_in(year.year, known), income, carry);
        (filed.total(), filed.netted.carry)
    };
    let more = Money::whole(MORE);
    let untouched = sale.tax([Money::ZERO; 2], sale.carry);
    let mut carried_in = vec![inputs.opening()];
    carried_in.extend(outcome.years.iter().map(Year::carry));
    let mut all = Vec::new();
    for at in 0..outcome.years.len() {
        let mut marginal = Marginal { years: vec![[0.0; 4]; outcome.years.len() - at], at_sale: [0.0; 4] };
        for kind in 0..4 {
            let mut carried = carried_in[at];
            let mut ends = false;
            for (later, year) in outcome.years.iter().enumerate().skip(at) {
                if later > at && carried == carried_in[later] {
                    ends = true;
                    break;
                }
                let mut income = outcome.incomes.of(year.year);
                let (base, _) = tax_of(year, &income, carried_in[later]);
                if later == at {
                    match kind {
                        0 => income.net_short += more,
                        1 => income.net_long += more,
                        2 => income.qualified += more,
                        _ => income.ordinary += more,
                    }
                }
                let (tax, carry) = tax_of(year, &income, carried);
                marginal.years[later - at][kind] = (tax - base).to_f64() / f64::from(MORE);
                carried = carry;
            }
            if !ends {
                marginal.at_sale[kind] = (sale.tax([Money::ZERO; 2], carried) - untouched) / f64::from(MORE);
            }
        }
        all.push(marginal);
    }
    Ok(all)
}

/// Reads an arm's rows session by session.
struct Reader<'a> {
    world: &'a World<'a>,
    policy: &'a ArmPolicy,
    classes: &'a [String],
    /// Shares by symbol, sleeve and whether the account is taxable.
    held: BTreeMap<(u32, u32, bool), Shares>,
    /// Last closes by symbol.
    closes: Vec<unisleeve_core::units::Price>,
}

impl Reader<'_> {
    fn is_taxable(&self, account: u32) -> bool {
        self.world.taxable.get(account as usize).copied().unwrap_or(true)
    }

    fn class(&self, date: NaiveDate, sleeve: u32) -> Option<usize> {
        let spec = self.policy.specs(date).iter().find(|s| s.sleeve == sleeve)?;
        self.classes.iter().position(|c| *c == spec.asset_class)
    }

    fn sessions(&mut self, rows: &ArmRows, outcome: &Outcome, series: &mut Series) {
        let (prices, policies) = (self.world.prices, self.world.policies);
        let first_year = outcome.years.first().map_or(0, |y| y.year);
        let is_mixed = self.world.taxable.iter().any(|taxable| !taxable);
        let (mut trades, mut cash) = (rows.trades.as_slice(), rows.cash.as_slice());
        let mut values: Vec<Money> = Vec::new();
        let (mut taxable, mut expenses) = (vec![0.0; self.classes.len()], vec![0.0; self.classes.len()]);
        let mut previous: Option<NaiveDate> = None;
        self.closes = vec![unisleeve_core::units::Price::ZERO; self.world.words.symbols.len()];
        let days = outcome.sleeves.days.iter().zip(&prices.sessions);
        for (mark, ((date, sleeves), session)) in outcome.marks.iter().zip(days) {
            for (symbol, close) in &session.closes {
                self.closes[*symbol as usize] = *close;
            }
            values.resize(sleeves.len(), Money::ZERO);
            let mut classes = vec![ClassSession::default(); self.classes.len()];
            for ((sleeve, before), spec) in sleeves.iter().zip(&mut values).zip(self.policy.specs(*date)) {
                if let Some(class) = self.class(*date, spec.sleeve) {
                    classes[class].before += before.to_f64();
                    classes[class].gain += (sleeve.value - sleeve.net - *before).to_f64();
                }
                *before = sleeve.value;
            }
            let mut taken_by_funds = 0.0;
            let elapsed = previous.map_or(0, |p| (*date - p).num_days()) as f64;
            for (at, class) in classes.iter_mut().enumerate() {
                class.taxable = if is_mixed { taxable[at] } else { class.before };
                let taken = expenses[at] * elapsed / DAYS;
                class.gain += taken;
                taken_by_funds += taken;
            }
            let today = take(&mut cash, |r| r.date <= *date);
            let is_qualified = |symbol: u32| {
                session.distributions.iter().any(|d| d.symbol == symbol && d.kind == Paid::Qualified)
            };
            self.income(*date, today, &is_qualified, &mut classes);
            let today = take(&mut trades, |r| r.date <= *date);
            self.trades(*date, today, previous.is_none(), (&mut classes, &mut series.brought));
            if is_mixed || !policies.expenses.is_empty() {
                (taxable, expenses) = self.at_close(*date);
            }
            series.sessions.push(Session {
                value: mark.value.to_f64(),
                flow: mark.flow.to_f64(),
                tax_paid: mark.tax_paid.to_f64(),
                fees: mark.fees.to_f64() + taken_by_funds,
                expenses: taken_by_funds,
                costs: mark.costs.to_f64(),
                year: usize::try_from(date.year() - first_year).unwrap_or_default(),
                classes,
            });
            previous = Some(*date);
        }
    }

    /// Dividends and interest belong to the sleeves that hold their security.
    fn income(
        &self,
        date: NaiveDate,
        rows: &[CashRow],
        is_qualified: &dyn Fn(u32) -> bool,
        classes: &mut [ClassSession],
    ) {
        for row in rows.iter().filter(|r| matches!(r.kind, Kind::Dividend | Kind::Interest)) {
            let Some(symbol) = row.symbol else { continue };
            let taxable = self.is_taxable(row.account);
            let payers = || {
                let all = self.held.range((symbol, 0, false)..=(symbol, u32::MAX, true));
                all.filter(move |((_, _, is_taxable), _)| *is_taxable == taxable)
            };
            let all = payers().fold(0.0, |sum, (_, shares)| sum + shares.to_f64());
            for ((_, sleeve, _), shares) in payers() {
                let Some(class) = self.class(date, *sleeve) else { continue };
                let part = row.amount.to_f64() * shares.to_f64() / all;
                classes[class].income += part;
                if taxable {
                    let kind = usize::from(row.kind == Kind::Interest || !is_qualified(symbol));
                    classes[class].taxed[kind] += part;
                }
            }
        }
    }

    fn trades(
        &mut self,
        date: NaiveDate,
        rows: &[TradeRow],
        is_first: bool,
        (classes, brought): (&mut [ClassSession], &mut [f64]),
    ) {
        for row in rows {
            let taxable = self.is_taxable(row.account);
            let key = (row.symbol, row.sleeve, taxable);
            let shares = self.held.entry(key).or_default();
            *shares += if row.side == Side::Sell { -row.quantity } else { row.quantity };
            if shares.is_zero() {
                self.held.remove(&key);
            }
            let Some(at) = self.class(date, row.sleeve) else { continue };
            if row.side == Side::TransferIn && is_first {
                let value = worth(row.quantity, row.price);
                classes[at].before += value.to_f64();
                if taxable {
                    classes[at].taxable += value.to_f64();
                    brought[at] += (value - row.basis).to_f64();
                }
            }
            if let Some(term) = row.term.filter(|_| taxable) {
                classes[at].realized[of_term(term)] += row.recognized.to_f64();
                if row.side == Side::Sell {
                    classes[at].sold[of_term(term)] += row.amount.to_f64();
                }
            }
        }
    }

    /// Value in taxable accounts and yearly expenses of funds at a close, by class.
    fn at_close(&self, date: NaiveDate) -> (Vec<f64>, Vec<f64>) {
        let (mut taxable, mut expenses) = (vec![0.0; self.classes.len()], vec![0.0; self.classes.len()]);
        for ((symbol, sleeve, is_taxable), shares) in &self.held {
            let Some(class) = self.class(date, *sleeve) else { continue };
            let value = worth(*shares, self.closes[*symbol as usize]).to_f64();
            let ratio = self.world.policies.expenses.get(symbol).copied().unwrap_or(0.0);
            expenses[class] += ratio * value;
            taxable[class] += if *is_taxable { value } else { 0.0 };
        }
        (taxable, expenses)
    }
}

/// The rows at the start that fit; the others stay.
fn take<'a, T>(rows: &mut &'a [T], fits: impl Fn(&T) -> bool) -> &'a [T] {
    let (today, later) = rows.split_at(rows.partition_point(fits));
    *rows = later;
    today
}
