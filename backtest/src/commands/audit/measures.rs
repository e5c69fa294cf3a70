//! Works out every figure of an arm in summary.json from its files.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use unisleeve_core::numeric::{mean, standard_deviation};
use unisleeve_core::units::{Money, sessions_a_year};

use super::arm::{Outcome, World};
use super::endings::endings;
use super::figures::{Figures, NEAR};
use super::performance::{
    annual, average_value, before_tax, fees, linked, money_weighted, returns, standardized, years,
};
use super::policy::ArmPolicy;
use super::rows::{ArmRows, Kind, Side};
use super::sleeves::active_share;
use super::tax::{Returns, Year};
use super::value::Mark;
use crate::failure::Failure;

/// Works out an arm's figures, except those that compare it with the shadow portfolio.
///
/// # Errors
/// When the tax year of summary.json is not supported.
pub(super) fn figures(
    world: &World<'_>,
    policy: &ArmPolicy,
    rows: &ArmRows,
    outcome: &Outcome,
) -> Result<Figures, Failure> {
    let (facts, marks) = (world.facts, outcome.marks.as_slice());
    let last = marks.last().map_or(facts.end, |m| m.date);
    let returns_of = Returns::new(&facts.tax_inputs, facts.config.start.year())?;
    let ends = endings(facts, outcome, &returns_of.law(last.year()));
    let (value, accrued, owed) =
        marks.last().map_or((Money::ZERO, Money::ZERO, Money::ZERO), |m| (m.value, m.accrued_tax, m.owed));
    let wealth = value - accrued - owed + outcome.taken_at_closing;
    let carry = outcome.years.last().map_or(facts.tax_inputs.opening(), Year::carry);
    let mut found = Figures::default();
    for (path, amount) in [
        ("final_value", value),
        ("accrued_tax", accrued),
        ("owed_fees", owed),
        ("wealth_before_liquidation", wealth),
        ("wealth_after_liquidation", wealth - ends.flat_tax),
        ("taxes_paid", marks.iter().map(|m| m.tax_paid).sum()),
        ("losses_harvested", outcome.harvest.losses),
        ("gains_realized", outcome.harvest.gains),
        ("losses_washed", outcome.harvest.washed),
        ("carry_short", carry.short),
        ("carry_long", carry.long),
        ("trading_cost", rows.trades.iter().map(|t| t.cost).sum()),
        ("taken_at_closing", outcome.taken_at_closing),
        ("paid_out", paid_out(rows, outcome)),
    ] {
        found.money(path, amount);
    }
    for (path, amount) in &ends.figures {
        found.money(path, *amount);
    }
    let (paid, at_end) = fees(marks, facts.tax_inputs.liquidation_long);
    found.money("fees_paid", paid);
    found.put("fees_at_end", Some(at_end), 1e-4);
    performance(rows, outcome, &mut found, ends.flat_tax);
    standardized_returns(world, rows, outcome, &returns_of, &mut found);
    sleeves(world, policy, outcome, &mut found);
    harvest_yields(world, rows, marks, &mut found);
    for (at, year) in outcome.years.iter().enumerate() {
        found.count(format!("realized_by_year[{at}].year"), year.year as usize);
        found.money(format!("realized_by_year[{at}].net_short"), year.amounts[0]);
        found.money(format!("realized_by_year[{at}].net_long"), year.amounts[1]);
    }
    work(policy, rows, outcome, &mut found);
    Ok(found)
}

/// Money that left before the end, except at closings: everything that came in minus the sum of the flows.
fn paid_out(rows: &ArmRows, outcome: &Outcome) -> Money {
    let paid_in: Money = rows.cash.iter().filter(|r| r.kind == Kind::Contribution).map(|r| r.amount).sum();
    let lots = rows.trades.iter().filter(|t| t.side == Side::TransferIn);
    let brought: Money = lots.map(|t| Money::of(t.quantity, t.price)).sum();
    let flows: Money = outcome.marks.iter().map(|m| m.flow).sum();
    paid_in + brought - flows - outcome.taken_at_closing
}

fn performance(rows: &ArmRows, outcome: &Outcome, found: &mut Figures, flat_tax: Money) {
    let marks = outcome.marks.as_slice();
    let (before, after) = (before_tax(marks), returns(marks, Mark::wealth, |m| m.flow));
    let a_year = |growth: Option<f64>| growth.zip(years(marks)).and_then(|(g, y)| annual(g, y));
    found.rate("pre_tax_return", a_year(before.as_deref().map(linked)));
    let growth = after.as_deref().map(linked);
    found.rate("after_tax_return_before_liquidation", a_year(growth));
    let wealth = marks.last().map_or(0.0, |m| m.wealth().to_f64());
    let kept = growth.filter(|_| wealth > 0.0).map(|g| g * (wealth - flat_tax.to_f64()) / wealth);
    found.rate("after_tax_return_after_liquidation", a_year(kept));
    let benchmark = outcome.sleeves.benchmark.get(1..).unwrap_or_default();
    let error = before.map(|r| r.iter().zip(benchmark).map(|(r, b)| r - b).collect::<Vec<f64>>());
    let year = a_year_of(marks);
    found.rate("tracking_error_ex_post", error.and_then(|a| Some(standard_deviation(&a)? * year.sqrt())));
    let ex_ante: Vec<f64> = rows.daily.iter().map(|r| r.te_ex_ante).collect();
    // Forecasts have eight decimals in daily.csv.
    let tolerance = 2e-8 / (ex_ante.len().max(1) as f64).sqrt();
    found.put("tracking_error_ex_ante", mean(&ex_ante), tolerance);
    let by_side =
        |side: Side| -> Money { rows.trades.iter().filter(|t| t.side == side).map(|t| t.amount).sum() };
    let traded = by_side(Side::Buy).min(by_side(Side::Sell)).to_f64();
    found.rate("turnover", average_value(marks).zip(years(marks)).map(|(v, y)| traded / v / y));
    let names = ["pre_tax", "after_tax_before_liquidation", "after_tax_after_liquidation"];
    for (name, rate) in names.iter().zip(money_weighted(marks, flat_tax)) {
        found.rate(format!("money_weighted_return.{name}"), rate);
    }
    // Cash drag: the weight of cash at the close before, times the policy mix's return.
    let weight = |m: &Mark| m.value.is_positive().then(|| m.cash.to_f64() / m.value.to_f64());
    let weights: Vec<Option<f64>> = marks.iter().map(weight).collect();
    let held: Vec<f64> = weights.iter().copied().flatten().collect();
    let cost = weights.iter().zip(benchmark).try_fold(0.0, |sum, (w, r)| Some(sum + (*w)? * r));
    if let (Some(average), Some(cost), Some(years)) = (mean(&held), cost, years(marks)) {
        found.rate("cash_drag.average_weight", Some(average));
        found.rate("cash_drag.cost", Some(cost / years));
    }
}

/// Sessions in a year of these marks.
fn a_year_of(marks: &[Mark]) -> f64 {
    let span = marks.first().zip(marks.last());
    span.map_or(252.0, |(a, b)| sessions_a_year(a.date, b.date, marks.len()))
}

fn standardized_returns(
    world: &World<'_>,
    rows: &ArmRows,
    outcome: &Outcome,
    returns_of: &Returns,
    found: &mut Figures,
) {
    let last = outcome.marks.last().map_or(world.facts.end, |m| m.date);
    let law = returns_of.law(last.year());
    // The top of the ordinary schedule and of section 1(h), from a million above any bracket.
    let (above, more) = (Money::whole(100_000_000), Money::whole(1_000_000));
    let top = (law.ordinary_tax(above + more) - law.ordinary_tax(above)).to_f64() / more.to_f64();
    let long = law.gains_tax(above, more).tax.to_f64() / more.to_f64();
    let open = |path: &str| found.get(path).and_then(Money::from_f64).unwrap_or_default();
    let open = (open("liquidation.short"), open("liquidation.long"));
    let income = |year: i32| outcome.incomes.of(year);
    let rates = standardized(world, rows, &outcome.marks, &income, open, (top, long));
    for (name, rate) in ["pre_liquidation", "post_liquidation"].iter().zip(rates) {
        found.rate(format!("sec_returns.{name}"), rate);
    }
    found.rate("sec_returns.ordinary_rate", Some(top));
    found.rate("sec_returns.long_rate", Some(long));
}

fn sleeves(world: &World<'_>, policy: &ArmPolicy, outcome: &Outcome, found: &mut Figures) {
    let (marks, book) = (outcome.marks.as_slice(), &outcome.sleeves);
    let errors = book.tracking_errors(policy, world.policies, a_year_of(marks));
    for (at, error) in errors.into_iter().enumerate() {
        found.rate(format!("sleeves[{at}].tracking_error_ex_post"), error);
    }
    for (at, figures) in book.drift(policy, marks).into_iter().enumerate() {
        let names = ["average_found", "largest_found", "average_left", "largest_left"];
        for (name, figure) in names.iter().zip(figures) {
            found.put(format!("drift[{at}].{name}"), figure, 1e-12);
        }
    }
    let share = marks.last().and_then(|m| active_share((policy, world.policies), &outcome.all_lots, m));
    found.rate("active_share_at_end", share);
}

/// Losses recognized in taxable accounts over the average value, by year since the first session.
fn harvest_yields(world: &World<'_>, rows: &ArmRows, marks: &[Mark], found: &mut Figures) {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return };
    let is_taxable = |account: u32| world.taxable.get(account as usize).copied().unwrap_or(true);
    for at in 0u32.. {
        let day = |n: u32| first.date.checked_add_months(Months::new(12 * n));
        let (Some(from), Some(next)) = (day(at), day(at + 1)) else { break };
        if from > last.date {
            break;
        }
        let is_within = |d: NaiveDate| from <= d && d < next;
        let year: Vec<Mark> = marks.iter().filter(|m| is_within(m.date)).copied().collect();
        let sales = rows.trades.iter().filter(|t| is_within(t.date) && is_taxable(t.account));
        let losses: Money = sales.map(|t| (-t.recognized).max(Money::ZERO)).sum();
        let average = average_value(&year);
        let place = format!("harvest_yield[{at}]");
        found.count(format!("{place}.year"), at as usize + 1);
        found.money(format!("{place}.losses"), losses);
        found.put(format!("{place}.average_value"), average, NEAR * average.unwrap_or(0.0) + NEAR);
        found.rate(format!("{place}.harvest_yield"), average.map(|v| losses.to_f64() / v));
    }
}

/// Counts of orders, instructions and transfers, and days on which a mandate had something to do.
fn work(policy: &ArmPolicy, rows: &ArmRows, outcome: &Outcome, found: &mut Figures) {
    let traded = rows.trades.iter().filter(|t| matches!(t.side, Side::Buy | Side::Sell));
    let mut busy: BTreeSet<(NaiveDate, u32)> = traded.map(|t| (t.date, t.mandate)).collect();
    busy.extend(policy.tickets.iter().copied());
    busy.extend(policy.transfers.iter().flat_map(|(date, from, to)| [(*date, *from), (*date, *to)]));
    for (path, count) in [
        ("orders", outcome.orders),
        ("workload.orders", outcome.orders),
        ("transfers", policy.transfers.len()),
        ("workload.transfers", policy.transfers.len()),
        ("workload.tickets", policy.tickets.len()),
        ("workload.tasks", busy.len()),
    ] {
        found.count(path, count);
    }
    found.put("worst_gap", policy.worst_gap, 1e-15);
}
