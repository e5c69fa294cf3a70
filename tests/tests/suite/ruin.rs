//! A portfolio that can't pay reports the date and the amounts. Nothing is negative, and nothing panics.

use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{ArmKind, Config, Every, Flow, sample_config};
use unisleeve_core::market::Market;
use unisleeve_core::units::{Money, Price};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic, sample};

const KINDS: [ArmKind; 4] = [ArmKind::Uma, ArmKind::SmaBest, ArmKind::Funds, ArmKind::Shadow];
const MARKET: Synthetic = Synthetic { seed: 21, stocks: 8, end: "2004-12-31", dividends: true };

fn solvent_books(result: &ArmResult, what: &str) {
    let mut balances = std::collections::BTreeMap::new();
    for row in &result.journal.cash {
        let balance = balances.entry(row.pocket).or_insert(Money::ZERO);
        *balance += row.amount;
        assert!(!balance.is_negative(), "{what}: pocket {:?} at {balance} on {}", row.pocket, row.date);
    }
    assert!(result.journal.marks.iter().all(|m| !m.value.is_negative()), "{what}");
}

/// Runs all arms. Faults are collected, so that one run shows them all.
fn run_all(what: &str, config: &Config, market: &Market, wrong: &mut Vec<String>) -> Vec<ArmResult> {
    let bench = Bench::new(&KINDS, config, market);
    let mut results = Vec::new();
    for kind in KINDS {
        match bench.run(kind, config) {
            Ok(result) => {
                solvent_books(&result, what);
                results.push(result);
            }
            Err(e) => wrong.push(format!("{what}, {kind:?}: {e}")),
        }
    }
    results
}

fn withdrawal(dollars: i32, every: Every, from: &str) -> Flow {
    Flow { amount: Money::whole(-dollars), every, from: day(from), to: None }
}

/// Separate managers whose money takes days pay what they have, and the rest when it has come.
#[test]
fn what_is_under_way_is_paid_when_it_has_come() {
    let mut config = MARKET.config(0.6);
    config.household.flows = vec![withdrawal(5_000_000, Every::Once, "2003-05-14")];
    let kinds = [ArmKind::Sma, ArmKind::SmaTypical];
    let bench = Bench::new(&kinds, &config, &MARKET.market());
    for kind in kinds {
        let result = bench.run(kind, &config).unwrap();
        solvent_books(&result, kind.as_str());
        let ruin = result.ruin.expect("more than there is");
        assert!(ruin.date > day("2003-05-14"), "{kind:?}: {ruin:?}");
        let before = result.journal.marks.iter().rev().find(|m| m.date < day("2003-05-14")).unwrap();
        let paid: Money = result.journal.marks.iter().map(|m| -m.flow.min(Money::ZERO)).sum();
        assert!(paid.to_f64() > 0.9 * before.value.to_f64(), "{kind:?}: {paid} of {}", before.value);
    }
}

#[test]
fn one_withdrawal_of_more_than_there_is() {
    let mut wrong = Vec::new();
    for (weight, date) in [(0.6, "2003-05-14"), (1.0, "2003-05-14"), (0.6, "2003-06-02"), (0.6, "2002-01-02")]
    {
        let mut config = MARKET.config(weight);
        config.household.flows = vec![withdrawal(5_000_000, Every::Once, date)];
        let what = format!("direct {weight}, {date}");
        for result in run_all(&what, &config, &MARKET.market(), &mut wrong) {
            let kind = result.setup.kind;
            let Some(ruin) = result.ruin else {
                wrong.push(format!("{what}, {kind:?}: no ruin"));
                continue;
            };
            assert_eq!(ruin.date, day(date), "{what}, {kind:?}");
            assert!(
                ruin.paid < ruin.asked && ruin.asked >= Money::whole(5_000_000),
                "{what}, {kind:?}: {ruin:?}"
            );
            let before = result.journal.marks.iter().rev().find(|m| m.date < ruin.date);
            // Almost everything was paid out. The remainder is too small for an order.
            let after = result.journal.marks.iter().find(|m| m.date == ruin.date).unwrap();
            if after.value > Money::ONE {
                wrong.push(format!("{what}, {kind:?}: {} kept back", after.value));
            }
            if let Some(before) = before {
                assert!(ruin.paid.to_f64() > 0.9 * before.value.to_f64(), "{what}, {kind:?}: {ruin:?}");
            }
            assert_eq!(
                result.journal.marks.last().unwrap().date,
                day("2004-12-31"),
                "the run goes on to its end"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn withdrawals_that_eat_the_portfolio_up() {
    let mut wrong = Vec::new();
    for (dollars, every) in [(40_000, Every::Month), (260_000, Every::Year), (499_900, Every::Once)] {
        let mut config = MARKET.config(0.6);
        config.household.flows = vec![withdrawal(dollars, every, "2002-06-03")];
        let what = format!("{dollars} {every:?}");
        for result in run_all(&what, &config, &MARKET.market(), &mut wrong) {
            if every == Every::Month {
                assert!(result.ruin.is_some(), "{what}, {:?}", result.setup.kind);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Some holdings have no price on the day of ruin. What can be sold is paid.
#[test]
fn ruin_while_a_security_has_no_price() {
    let mut wrong = Vec::new();
    let date = day("2003-05-14");
    let mut panel = MARKET.panel();
    let n = panel.securities.len();
    let at = panel.sessions.iter().position(|d| *d == date).unwrap();
    for s in 0..3 {
        panel.closes[at * n + s] = Price::ZERO;
    }
    let market = Market::new(panel).unwrap();
    let mut config = MARKET.config(0.6);
    config.household.flows = vec![withdrawal(5_000_000, Every::Once, "2003-05-14")];
    for result in run_all("no price", &config, &market, &mut wrong) {
        let kind = result.setup.kind;
        let ruin = result.ruin.unwrap_or_else(|| panic!("{kind:?}: no ruin"));
        assert_eq!(ruin.date, date);
        assert!(ruin.paid.is_positive());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Money that arrives after ruin is invested again.
#[test]
fn a_contribution_after_ruin() {
    let mut wrong = Vec::new();
    let mut config = MARKET.config(0.6);
    config.household.flows = vec![
        withdrawal(5_000_000, Every::Once, "2003-05-14"),
        Flow { amount: Money::whole(50_000), every: Every::Once, from: day("2003-09-02"), to: None },
    ];
    for result in run_all("contribution", &config, &MARKET.market(), &mut wrong) {
        let last = result.journal.marks.last().unwrap();
        assert!(last.value > Money::whole(30_000), "{:?}: {}", result.setup.kind, last.value);
        assert!(last.cash < Money::whole(10_000), "{:?}: {} in cash", result.setup.kind, last.cash);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_sample_runs_dry() {
    let mut wrong = Vec::new();
    let mut config = sample_config();
    config.household.flows = vec![withdrawal(18_000, Every::Month, "2001-01-02")];
    for result in run_all("sample", &config, &sample(), &mut wrong) {
        assert!(result.ruin.is_some(), "{:?}", result.setup.kind);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
