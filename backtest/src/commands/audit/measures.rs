//! Checks summary.json: every figure of an arm that follows from its files, tax alpha against the shadow
//! portfolio, and the headline.

use chrono::Datelike;
use serde_json::Value;
use unisleeve_core::numeric::{mean, standard_deviation};
use unisleeve_core::study::measure::annualised;
use unisleeve_core::units::{Money, sessions_a_year};

use super::arm::Outcome;
use super::endings::endings;
use super::facts::{Facts, figure};
use super::report::Check;
use super::rows::{ArmRows, Kind, Side};
use super::tax::{Returns, Year};
use super::value::Mark;
use crate::failure::Failure;

/// Tolerance for statistics, which may differ only in the last bits.
const NEAR: f64 = 1e-9;
/// Tolerance for ex-ante tracking errors, which have 8 decimals in daily.csv.
const NEAR_TE: f64 = 1e-8;
/// Realized tracking errors count as equal if they differ by less than this fraction.
const MATCH: f64 = 0.01;
const FILE: &str = "summary.json";

/// Annual returns, from which tax alpha is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yearly {
    pre_tax: Option<f64>,
    after_tax: Option<f64>,
    after_liquidation: Option<f64>,
}

/// Return of each session after the first. Flows come at the end of a session. `None` if a session started
/// with nothing.
fn returns(
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

fn years(marks: &[Mark]) -> Option<f64> {
    let days = (marks.last()?.date - marks.first()?.date).num_days();
    (days > 0).then(|| days as f64 / 365.25)
}

fn a_year(returns: Option<&Vec<f64>>, kept: f64, marks: &[Mark]) -> Option<f64> {
    let growth = returns?.iter().fold(1.0, |g, r| g * (1.0 + r));
    annualised(growth * kept, years(marks)?)
}

/// Checks the figures of an arm and returns its annual returns.
///
/// # Errors
/// When the tax year of summary.json is not supported.
pub(super) fn check_arm(
    facts: &Facts,
    arm: &Value,
    rows: &ArmRows,
    outcome: &Outcome,
    check: &mut Check,
) -> Result<Yearly, Failure> {
    let marks = &outcome.marks;
    let path = |name: &str| format!("arms.{}.{name}", check_name(facts, arm));
    let last = marks.last().map_or(facts.end, |m| m.date);
    let law = Returns::new(&facts.tax_inputs, facts.config.start.year())?.law(last.year());
    let ends = endings(facts, outcome, &law);
    let (value, accrued, owed) =
        marks.last().map_or((Money::ZERO, Money::ZERO, Money::ZERO), |m| (m.value, m.accrued_tax, m.owed));
    let wealth = value - accrued - owed + outcome.taken_at_closing;
    let carry = outcome.years.last().map_or(facts.tax_inputs.opening(), Year::carry);
    let cost: Money = rows.trades.iter().map(|t| t.cost).sum();
    let paid: Money = marks.iter().map(|m| m.tax_paid).sum();
    let mut money = vec![
        ("final_value".to_owned(), value),
        ("accrued_tax".to_owned(), accrued),
        ("owed_fees".to_owned(), owed),
        ("wealth_before_liquidation".to_owned(), wealth),
        ("wealth_after_liquidation".to_owned(), wealth - ends.flat_tax),
        ("taxes_paid".to_owned(), paid),
        ("losses_harvested".to_owned(), outcome.harvest.losses),
        ("gains_realized".to_owned(), outcome.harvest.gains),
        ("losses_washed".to_owned(), outcome.harvest.washed),
        ("carry_short".to_owned(), carry.short),
        ("carry_long".to_owned(), carry.long),
        ("trading_cost".to_owned(), cost),
        ("taken_at_closing".to_owned(), outcome.taken_at_closing),
    ];
    // Results of earlier versions don't have this figure.
    if arm.get("paid_out").is_some() {
        money.push(("paid_out".to_owned(), paid_out(rows, outcome)));
    }
    money.extend(ends.figures);
    for (name, expected) in &money {
        match figure(arm, name).and_then(Money::from_f64) {
            Some(found) => check.same(FILE, path(name), "figure", found, *expected),
            None => check.fault(FILE, path(name), "figure", "", expected),
        }
    }

    let pre_tax = returns(marks, |m| m.value, |m| m.flow - m.tax_paid);
    let after_tax = returns(marks, super::value::Mark::wealth, |m| m.flow);
    let benchmark: Vec<f64> = rows.daily.iter().skip(1).map(|r| r.benchmark_return).collect();
    let span = marks.first().zip(marks.last());
    let year = span.map_or(252.0, |(a, b)| sessions_a_year(a.date, b.date, marks.len()));
    let active = |r: &Vec<f64>| -> Option<f64> {
        let active: Vec<f64> = r.iter().zip(&benchmark).map(|(r, b)| r - b).collect();
        Some(standard_deviation(&active)? * year.sqrt())
    };
    let ex_ante: Vec<f64> = rows.daily.iter().map(|r| r.te_ex_ante).collect();
    let wealth_kept = (value - accrued - owed).to_f64();
    let kept = (wealth_kept > 0.0).then(|| (wealth_kept - ends.flat_tax.to_f64()) / wealth_kept);
    let yearly = Yearly {
        pre_tax: a_year(pre_tax.as_ref(), 1.0, marks),
        after_tax: a_year(after_tax.as_ref(), 1.0, marks),
        after_liquidation: kept.and_then(|kept| a_year(after_tax.as_ref(), kept, marks)),
    };
    let by_side =
        |side: Side| -> Money { rows.trades.iter().filter(|t| t.side == side).map(|t| t.amount).sum() };
    let values: Vec<f64> = marks.iter().map(|m| m.value.to_f64()).collect();
    let turnover = mean(&values)
        .filter(|v| *v > 0.0)
        .zip(years(marks))
        .map(|(average, years)| by_side(Side::Buy).min(by_side(Side::Sell)).to_f64() / average / years);
    for (name, expected, tolerance) in [
        ("pre_tax_return", yearly.pre_tax, NEAR),
        ("tracking_error_ex_post", pre_tax.as_ref().and_then(active), NEAR),
        ("tracking_error_ex_ante", mean(&ex_ante), NEAR_TE),
        ("turnover", turnover, NEAR),
    ] {
        check.near_or_none(path(name), figure(arm, name), expected, tolerance);
    }
    counts(arm, outcome, &path, check);
    Ok(yearly)
}

/// Money that left before the end, except at closings: everything that came in minus the sum of the flows.
fn paid_out(rows: &ArmRows, outcome: &Outcome) -> Money {
    let paid_in: Money = rows.cash.iter().filter(|r| r.kind == Kind::Contribution).map(|r| r.amount).sum();
    let lots = rows.trades.iter().filter(|t| t.side == Side::TransferIn);
    let brought: Money = lots.map(|t| Money::of(t.quantity, t.price)).sum();
    let flows: Money = outcome.marks.iter().map(|m| m.flow).sum();
    paid_in + brought - flows - outcome.taken_at_closing
}

/// The name of the arm.
fn check_name<'a>(facts: &'a Facts, arm: &Value) -> &'a str {
    facts.arms.iter().find(|(_, a)| std::ptr::eq(*a, arm)).map_or("", |(name, _)| name)
}

/// Checks orders exactly, and transfers and tasks within bounds. Transfers of zero and instructions have no
/// rows in the files.
fn counts(arm: &Value, outcome: &Outcome, path: &dyn Fn(&str) -> String, check: &mut Check) {
    let count = |name: &str| figure(arm, name).map(|x| x as usize);
    for name in ["orders", "workload.orders"] {
        check.figures += 1;
        if count(name) != Some(outcome.orders) {
            let found = count(name).map_or_else(String::new, |n| n.to_string());
            check.fault(FILE, path(name), "figure", found, outcome.orders);
        }
    }
    let tickets = count("workload.tickets").unwrap_or(0);
    // A transfer, even of zero, keeps two managers busy.
    let unseen = 2 * count("transfers").unwrap_or(0).saturating_sub(outcome.transfers);
    let at_most = |name: &str| match name {
        "workload.tasks" => outcome.busy_days + tickets + unseen,
        _ => count("transfers").unwrap_or(0),
    };
    for (name, least) in [
        ("transfers", outcome.transfers),
        ("workload.transfers", count("transfers").unwrap_or(0)),
        ("workload.tasks", outcome.busy_days),
    ] {
        check.figures += 1;
        let found = count(name);
        if !found.is_some_and(|n| n >= least && n <= at_most(name)) {
            let found = found.map_or_else(String::new, |n| n.to_string());
            check.fault(FILE, path(name), "figure", found, format!("{least} to {}", at_most(name)));
        }
    }
}

/// Checks the tax alpha of an arm: its difference to the shadow portfolio after tax, less the difference
/// before tax.
pub(super) fn check_tax_alpha(
    arm: (&str, &Value),
    yearly: &Yearly,
    shadow: Option<&Yearly>,
    check: &mut Check,
) {
    let difference = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    let against = |of: &dyn Fn(&Yearly) -> Option<f64>| {
        let shadow = shadow?;
        let pre = difference(yearly.pre_tax, shadow.pre_tax);
        difference(difference(of(yearly), of(shadow)), pre)
    };
    for (name, expected) in [
        ("tax_alpha_before_liquidation", against(&|y| y.after_tax)),
        ("tax_alpha_after_liquidation", against(&|y| y.after_liquidation)),
    ] {
        check.near_or_none(format!("arms.{}.{name}", arm.0), figure(arm.1, name), expected, NEAR);
    }
}

/// Checks that the headline's middle run is UMA minus SMA, and that it and the median lie in the range.
pub(super) fn check_headline(facts: &Facts, check: &mut Check) {
    let (Some(uma), Some(sma)) = (facts.arms.get("uma"), facts.arms.get("sma")) else { return };
    let te = (figure(uma, "tracking_error_ex_post"), figure(sma, "tracking_error_ex_post"));
    if facts.headline.is_null() {
        check.fault(FILE, "headline", "figure", "", "UMA less SMA");
        return;
    }
    for name in [
        "wealth_before_liquidation",
        "wealth_after_liquidation",
        "tax_alpha_before_liquidation",
        "tax_alpha_after_liquidation",
        "pre_tax_return",
    ] {
        // Wealth figures include money paid out earlier.
        let paid =
            |arm: &Value| figure(arm, "paid_out").filter(|_| name.starts_with("wealth_")).unwrap_or(0.0);
        let expected =
            figure(uma, name).zip(figure(sma, name)).map(|(u, s)| (u + paid(uma)) - (s + paid(sma)));
        let of = |key: &str| figure(&facts.headline, &format!("{name}.{key}"));
        let tolerance = NEAR * expected.unwrap_or(0.0).abs().max(1.0);
        check.near_or_none(format!("headline.{name}.middle_run"), of("middle_run"), expected, tolerance);
        if let (Some(value), Some(middle), Some(low), Some(high)) =
            (of("value"), of("middle_run"), of("low"), of("high"))
        {
            check.figures += 2;
            for (key, x) in [("value", value), ("middle_run", middle)] {
                if x < low || x > high {
                    check.fault(
                        FILE,
                        format!("headline.{name}.{key}"),
                        "figure",
                        x,
                        format!("{low} to {high}"),
                    );
                }
            }
        } else if expected.is_some() {
            check.fault(FILE, format!("headline.{name}"), "figure", "", "value, middle_run, low and high");
        }
    }
    let errors = facts.headline.get("tracking_error").and_then(Value::as_array);
    for (at, expected) in [te.0, te.1].into_iter().enumerate() {
        let found = errors.and_then(|e| e.get(at)).and_then(Value::as_f64);
        check.near_or_none(format!("headline.tracking_error[{at}]"), found, expected, NEAR);
    }
    if let (Some(said), Some(uma), Some(sma)) = (facts.equal_tracking_error, te.0, te.1) {
        check.same(FILE, "equal_tracking_error", "figure", said, (uma / sma - 1.0).abs() < MATCH);
    }
}

/// Checks that the tax inputs repeat the configuration.
pub(super) fn check_inputs(facts: &Facts, check: &mut Check) {
    let (inputs, config) = (&facts.tax_inputs, &facts.config);
    let (tax, outside) = (&config.tax, &config.tax.outside);
    let mut same = |name: &str, found: String, expected: String| {
        check.same(FILE, format!("tax_inputs.{name}"), "figure", found, expected);
    };
    same("year", inputs.year.to_string(), tax.year.to_string());
    same("status", format!("{:?}", inputs.status), format!("{:?}", tax.status));
    for (name, found, expected) in [
        ("ordinary_taxable", inputs.ordinary_taxable, outside.ordinary_taxable),
        ("magi", inputs.magi, outside.magi),
        (
            "outside_net_investment_income",
            inputs.outside_net_investment_income,
            outside.net_investment_income,
        ),
        ("outside_net_short", inputs.outside_net_short, outside.net_short),
        ("outside_net_long", inputs.outside_net_long, outside.net_long),
        ("outside_qualified", inputs.outside_qualified, outside.qualified_dividends),
        ("carry_short", inputs.carry_short, tax.carry_short),
        ("carry_long", inputs.carry_long, tax.carry_long),
    ] {
        same(name, found.to_string(), expected.to_string());
    }
    for (name, found, expected) in [
        ("state_rate", inputs.state_rate, outside.state_rate),
        ("charity_share", inputs.charity_share, config.ending.charity_share),
    ] {
        same(name, found.to_string(), expected.to_string());
    }
    let donee = &config.ending;
    for (name, found, expected) in [
        ("inflation", inputs.inflation, Some(tax.inflation)),
        ("liquidation_short", inputs.liquidation_short, tax.liquidation_short),
        ("liquidation_long", inputs.liquidation_long, tax.liquidation_long),
        ("donee_short", inputs.donee_short, donee.donee_short.or(Some(inputs.liquidation_short))),
        ("donee_long", inputs.donee_long, donee.donee_long.or(Some(inputs.liquidation_long))),
        ("deferral_discount", inputs.deferral_discount, Some(tax.deferral.discount())),
        ("carryforward_discount", inputs.carryforward_discount, Some(tax.deferral.carryforward_discount())),
    ] {
        if let Some(expected) = expected {
            check.near(FILE, format!("tax_inputs.{name}"), "figure", (found, expected, NEAR));
        }
    }
}
