//! Recomputes returns: time-weighted, money-weighted and standardized after tax, and what fees cost at the end.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use unisleeve_core::numeric::mean;
use unisleeve_core::tax::{Carryforward, Income, net};
use unisleeve_core::units::{Money, Term};

use super::arm::World;
use super::rows::{ArmRows, Kind, Side};
use super::value::Mark;

/// Days of a year.
const YEAR: f64 = 365.25;

/// Return of each session after the first. Flows come at the end of a session. `None` if a session started
/// with nothing.
pub(super) fn returns(
    marks: &[Mark],
    of: impl Fn(&Mark) -> Money,
    without: impl Fn(&Mark) -> Money,
) -> Option<Vec<f64>> {
    let one = |w: &[Mark]| {
        let before = of(&w[0]).to_f64();
        (before > 0.0).then(|| (of(&w[1]) - without(&w[1])).to_f64() / before - 1.0)
    };
    marks.windows(2).map(one).collect()
}

/// Returns before tax: payments to and from the tax authority are flows.
pub(super) fn before_tax(marks: &[Mark]) -> Option<Vec<f64>> {
    returns(marks, |m| m.value, |m| m.flow - m.tax_paid)
}

/// Years from the first session to the last.
pub(super) fn years(marks: &[Mark]) -> Option<f64> {
    let days = (marks.last()?.date - marks.first()?.date).num_days();
    (days > 0).then(|| days as f64 / YEAR)
}

/// Growth as a yearly rate.
pub(super) fn annual(growth: f64, years: f64) -> Option<f64> {
    (growth > 0.0 && years > 0.0).then(|| libm::pow(growth, 1.0 / years) - 1.0)
}

/// Growth of a dollar.
pub(super) fn linked(returns: &[f64]) -> f64 {
    returns.iter().fold(1.0, |growth, r| growth * (1.0 + r))
}

/// Average value at the closes, in dollars.
pub(super) fn average_value(marks: &[Mark]) -> Option<f64> {
    let values: Vec<f64> = marks.iter().map(|m| m.value.to_f64()).collect();
    mean(&values).filter(|v| *v > 0.0)
}

/// Factor of yearly growth by which the search for an internal rate steps, and its steps each way.
const STEP: f64 = 1.04;
const STEPS: usize = 205;

/// The yearly rate at which flows (years before the end, dollars paid in) grow to `end`; of several, the one
/// nearest to zero. `None` if no rate within the search fits.
fn internal_rate(flows: &[(f64, f64)], end: f64) -> Option<f64> {
    if !flows.iter().any(|(t, x)| *t > 0.0 && *x != 0.0) {
        return None;
    }
    let value =
        |growth: f64| flows.iter().fold(-end, |sum, (years, paid)| sum + paid * libm::pow(growth, *years));
    let at_one = value(1.0);
    let (mut low, mut high) = ((1.0, at_one), (1.0, at_one));
    let mut bracket = None;
    for _ in 0..STEPS {
        let (up, down) = (high.0 * STEP, low.0 / STEP);
        let (up, down) = ((up, value(up)), (down, value(down)));
        if (up.1 <= 0.0) != (high.1 <= 0.0) {
            bracket = Some((high, up));
            break;
        }
        if (down.1 <= 0.0) != (low.1 <= 0.0) {
            bracket = Some((down, low));
            break;
        }
        (low, high) = (down, up);
    }
    let ((mut a, at_a), (mut b, _)) = bracket?;
    for _ in 0..60 {
        let middle = 0.5 * (a + b);
        if (value(middle) <= 0.0) == (at_a <= 0.0) {
            a = middle;
        } else {
            b = middle;
        }
    }
    Some(0.5 * (a + b) - 1.0)
}

/// Money-weighted returns before tax, after tax, and after the tax of selling everything.
pub(super) fn money_weighted(marks: &[Mark], flat_tax: Money) -> [Option<f64>; 3] {
    let Some(last) = marks.last() else { return [None; 3] };
    let flows = |of: &dyn Fn(&Mark) -> Money| -> Vec<(f64, f64)> {
        let years = |m: &Mark| (last.date - m.date).num_days() as f64 / YEAR;
        marks.iter().map(|m| (years(m), of(m).to_f64())).filter(|(_, x)| *x != 0.0).collect()
    };
    let (before, after) = (flows(&|m| m.flow - m.tax_paid), flows(&|m| m.flow));
    [
        internal_rate(&before, last.value.to_f64()),
        internal_rate(&after, last.wealth().to_f64()),
        internal_rate(&after, (last.wealth() - flat_tax).to_f64()),
    ]
}

/// Fees paid, and what they cost at the end: each grows at the return before tax, fees and trading costs, less
/// long-term tax on its growth.
pub(super) fn fees(marks: &[Mark], long_rate: f64) -> (Money, f64) {
    let (mut paid, mut carried, mut before) = (Money::ZERO, 0.0, 0.0);
    for m in marks {
        if before > 0.0 {
            carried *= (m.value - m.flow + m.tax_paid + m.fees + m.costs).to_f64() / before;
        }
        carried += m.fees.to_f64();
        paid += m.fees;
        before = m.value.to_f64();
    }
    (paid, long_rate * paid.to_f64() + (1.0 - long_rate) * carried)
}

/// What a day is taxed on.
#[derive(Debug, Clone, Copy, Default)]
struct Taxed {
    short: Money,
    long: Money,
    /// Tax on dividends and interest, in dollars.
    on_income: f64,
}

fn taxed_days(
    world: &World<'_>,
    rows: &ArmRows,
    income: &dyn Fn(i32) -> Income,
    (top, long_rate): (f64, f64),
) -> BTreeMap<NaiveDate, Taxed> {
    let is_taxable = |account: u32| world.taxable.get(account as usize).copied().unwrap_or(true);
    let mut days: BTreeMap<NaiveDate, Taxed> = BTreeMap::new();
    for t in rows.trades.iter().filter(|t| t.side == Side::Sell && is_taxable(t.account)) {
        let day = days.entry(t.date).or_default();
        match t.term {
            Some(Term::Long) => day.long += t.recognized,
            _ => day.short += t.recognized,
        }
    }
    for c in rows.cash.iter().filter(|c| is_taxable(c.account)) {
        let rate = match c.kind {
            Kind::Dividend => {
                let year = income(c.date.year());
                let (qualified, other) = (year.qualified.to_f64(), year.ordinary.to_f64());
                let sum = qualified + other;
                if sum > 0.0 { (qualified * long_rate + other * top) / sum } else { top }
            }
            Kind::Interest => top,
            _ => continue,
        };
        days.entry(c.date).or_default().on_income += rate * c.amount.to_f64();
    }
    days
}

/// After-tax returns as in SEC Form N-1A, Item 26(b)(2) and (3), before and after redemption, at the highest
/// federal rates on ordinary income and on long-term gain. `open` is the gain of the open lots by term.
pub(super) fn standardized(
    world: &World<'_>,
    rows: &ArmRows,
    marks: &[Mark],
    income: &dyn Fn(i32) -> Income,
    open: (Money, Money),
    (top, long_rate): (f64, f64),
) -> [Option<f64>; 2] {
    let days = taxed_days(world, rows, income, (top, long_rate));
    let mut days = days.into_iter().peekable();
    let on = |short: Money, long: Money| top * short.to_f64() + long_rate * long.to_f64();
    let (mut short, mut long, mut carry) = (Money::ZERO, Money::ZERO, Carryforward::default());
    let (mut charged, mut growth) = (0.0, 1.0);
    let mut year = marks.first().map_or(0, |m| m.date.year());
    let (Some(before_tax), Some(years), Some(last)) = (before_tax(marks), years(marks), marks.last()) else {
        return [None; 2];
    };
    for (w, earned) in marks.windows(2).zip(before_tax) {
        let mut tax = 0.0;
        while let Some((date, day)) = days.next_if(|(date, _)| *date <= w[1].date) {
            if date.year() != year {
                carry = net(short, long, carry, Money::ZERO).carry;
                (short, long, charged, year) = (Money::ZERO, Money::ZERO, 0.0, date.year());
            }
            short += day.short;
            long += day.long;
            let netted = net(short, long, carry, Money::ZERO);
            let due = on(netted.taxed_short, netted.taxed_long);
            tax += due - charged + day.on_income;
            charged = due;
        }
        growth *= 1.0 + earned - tax / w[0].value.to_f64();
    }
    let sold = net(short + open.0, long + open.1, carry, Money::ZERO);
    let tax = on(sold.taxed_short, sold.taxed_long) - on(sold.carry.short, sold.carry.long) - charged;
    let value = last.value.to_f64();
    let redeemed = (value > 0.0).then(|| growth * (1.0 - tax / value));
    [annual(growth, years), redeemed.and_then(|g| annual(g, years))]
}
