//! The series and splits of arms that ran.

use super::*;
use crate::Study;
use crate::simulate::{Simulator, what_if};
use chrono::{Months, NaiveDate};
use unisleeve_mandates::{AccountConfig, Closing, Config, Every, FeesConfig, Gift, How};
use unisleeve_tax::FlatRates;
use unisleeve_units::{AccountKind, Money, Rate};

/// The what-if household for four years, with 20 stocks.
fn household() -> Config {
    let mut config = what_if();
    if let Some(simulation) = &mut config.simulation {
        simulation.scenario.names = 20;
        simulation.scenario.years = 4.0;
    }
    config
}

fn after(config: &Config, months: u32) -> NaiveDate {
    let start = config.simulation.as_ref().unwrap().scenario.start;
    start.checked_add_months(Months::new(months)).unwrap()
}

/// Households in which every kind of flow and of account occurs.
fn households() -> Vec<(&'static str, Config)> {
    let plain = household();
    let mut fees = plain.clone();
    fees.fees = FeesConfig { direct_index: 0.003, advisor: 0.005, uma: 0.006 };
    fees.trading.spread_bps = 10.0;
    let mut accounts = plain.clone();
    accounts.household.accounts = [("ira", AccountKind::Ira), ("roth", AccountKind::Roth)]
        .map(|(name, kind)| AccountConfig {
            name: name.to_owned(),
            kind,
            cash: Money::whole(400_000),
            born: None,
        })
        .into();
    let mut leaving = accounts.clone();
    leaving.household.gifts =
        vec![Gift { amount: Money::whole(20_000), every: Every::Year, from: after(&plain, 18), to: None }];
    leaving.household.closings =
        vec![Closing { account: Some("roth".to_owned()), date: after(&plain, 30), how: How::InKind }];
    let mut ruin = plain.clone();
    ruin.household.flows.truncate(1);
    ruin.household.flows[0].amount = Money::whole(-900_000);
    vec![
        ("plain", plain),
        ("fees", fees),
        ("accounts", accounts),
        ("gifts and a closing", leaving),
        ("ruin", ruin),
    ]
}

fn study(config: &Config, seed: u64) -> (Study, Config) {
    let simulator = Simulator::new(&Config { seed, ..config.clone() }, None).unwrap();
    (simulator.study(0).unwrap(), simulator.config().clone())
}

/// The classes' gains and income are the whole return of a session, but for what idle cash is charged; and the
/// parts add up to the ledger's difference.
#[test]
fn series_are_exact_and_parts_add_up() {
    for (name, config) in households() {
        for seed in [1, 2, 6] {
            let (study, config) = study(&config, seed);
            let names = classes(&study.arms);
            let of = |arm: &str| series(study.arm(arm).unwrap(), &names, &config, &study.bench);
            let uma = of("uma");
            for pair in uma.sessions.windows(2) {
                let (before, s) = (&pair[0], &pair[1]);
                let mut left = s.gained(before.value);
                s.classes.iter().for_each(|c| left -= c.gain + c.income);
                assert!(left.abs() < 0.01, "{name}, seed {seed}: {left} of {}", before.value);
            }
            assert_eq!(study.differences.len(), 6, "{name}");
            for d in &study.differences {
                let sma = of(d.against);
                let parts = split(&uma, &sma, d.ending);
                let off = parts.total() - d.total.to_f64();
                println!(
                    "{name}, seed {seed}, {} {}: {:.0} = tax {:.0} fees {:.0} costs {:.0} cash {:.0} classes {:.0} \
                     names {:.0} unpaid {:.0} ({off:.5}), {:.1} bp",
                    d.against,
                    d.ending.as_str(),
                    parts.total(),
                    parts.tax,
                    parts.fees,
                    parts.costs,
                    parts.cash,
                    parts.classes,
                    parts.names,
                    parts.unpaid,
                    d.bp_a_year
                );
                assert!(off.abs() < 0.05, "{name}, seed {seed}, {}: {off}", d.against);
                let mut sum = Money::ZERO;
                d.parts().iter().for_each(|p| sum += *p);
                assert_eq!(sum, d.total, "{name}, seed {seed}");
                let is_sold = d.ending == Ending::Liquidated;
                let wealth = uma.wealth_and_paid(is_sold) - sma.wealth_and_paid(is_sold);
                assert!((wealth - d.total.to_f64()).abs() < 0.05, "{name}, seed {seed}: {wealth}");
            }
        }
    }
}

/// An arm against itself is worth nothing, in any part.
#[test]
fn an_arm_against_itself_is_zero() {
    let (study, config) = study(&household(), 3);
    let names = classes(&study.arms);
    for arm in &study.arms {
        let one = series(arm, &names, &config, &study.bench);
        for ending in Ending::ALL {
            assert_eq!(split(&one, &one, ending), Parts::default(), "{}", arm.name);
        }
    }
}

/// A household with nothing but one direct index has one manager in both setups.
#[test]
fn one_manager_against_the_same_manager_is_zero() {
    let mut config = household();
    config.policy.truncate(1);
    config.policy[0].weight = 1.0;
    let (study, _) = study(&config, 4);
    let best = study.differences.iter().filter(|d| d.against == "sma_best");
    for d in best {
        assert_eq!((d.total, d.parts()), (Money::ZERO, [Money::ZERO; 7]), "{d:?}");
    }
}

/// Without tax there is no tax effect, whatever the arms hold.
#[test]
fn without_tax_rates_tax_is_nothing() {
    for (name, mut config) in households() {
        config.tax.flat = Some(FlatRates { short: Rate::ZERO, long: Rate::ZERO });
        let (study, _) = study(&config, 5);
        for d in &study.differences {
            assert!(d.tax.abs() < Money::from_raw(10), "{name}, {}: {}", d.against, d.tax);
        }
        assert!(study.differences.iter().any(|d| d.total.abs() > Money::ONE), "{name}: the arms differ");
    }
}
