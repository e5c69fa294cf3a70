//! Configurations of the sample that once stopped a run. Every household that the page accepts must get a
//! result.

use unisleeve_core::mandates::{Config, sample_config};
use unisleeve_core::study::{Scope, study};
use unisleeve_core::units::{Money, Rate, SecurityId};
use unisleeve_tests::markets::sample;

fn answers(what: &str, config: &Config) {
    let market = sample();
    let study = study(config, &market, Scope::Full, &mut |_| {}).unwrap_or_else(|e| panic!("{what}: {e}"));
    let names: Vec<&str> = study.arms.iter().map(|a| a.name).collect();
    assert_eq!(names, ["uma", "sma_best", "sma", "sma_typical", "funds", "shadow", "uma_equal_te"], "{what}");
    assert!(study.headline.is_some() && study.matched.is_some(), "{what}");
    for arm in &study.arms {
        let (journal, measures) = (&arm.result.journal, &arm.measures);
        let what = format!("{what}, {}", arm.name);
        assert_eq!(arm.result.ruin, None, "{what}");
        let last = journal.marks.last().expect("a session");
        assert_eq!((journal.marks[0].date, last.date), study.span, "{what}: it ends early");
        assert!(journal.marks.iter().all(|m| m.value.is_positive() && !m.cash.is_negative()), "{what}");
        assert!(journal.solves.iter().all(|s| s.lower_bound <= s.objective + 1e-10), "{what}: a certificate");
        // Lots and cash add up to the value, and wealth is the value less accrued tax.
        let view = market.sessions(last.date, last.date).next().expect("the last session");
        let price = |s: &SecurityId| view.last_close(*s).expect("a price");
        let held: Money = arm.result.lots.iter().map(|(s, l)| Money::of(l.quantity, price(s))).sum();
        assert!(
            (held + last.cash - last.value).abs() < Money::ONE,
            "{what}: {held} and {} of {}",
            last.cash,
            last.value
        );
        assert_eq!(measures.wealth_before_liquidation, last.value - last.accrued_tax, "{what}");
        // Invested: at most a twentieth in cash, and no asset class far from its weight.
        assert!(last.cash.to_f64() < 0.05 * last.value.to_f64(), "{what}: {} in cash", last.cash);
    }
}

#[test]
fn little_direct_index_beside_large_funds() {
    let mut config = sample_config();
    for (sleeve, weight) in config.policy.iter_mut().zip([0.2, 0.5, 0.3]) {
        sleeve.weight = weight;
    }
    answers("20/50/30", &config);
}

#[test]
fn a_quarter_of_a_million_with_a_state_rate() {
    let mut config = sample_config();
    config.tax.outside.ordinary_taxable = Money::whole(250_000);
    config.tax.outside.magi = Money::whole(250_000);
    config.tax.outside.state_rate = Rate::from_raw(93_000);
    answers("250,000 and 9.3%", &config);
}

#[test]
fn a_middle_bracket_with_a_high_state_rate() {
    let mut config = sample_config();
    config.tax.outside.ordinary_taxable = Money::whole(180_000);
    config.tax.outside.magi = Money::whole(180_000);
    config.tax.outside.state_rate = Rate::from_raw(133_000);
    answers("180,000 and 13.3%", &config);
}

/// With specific variances only, the optimizer's problem has no factors.
#[test]
fn a_risk_model_without_factors() {
    let mut config = sample_config();
    config.risk.factors = 0;
    answers("no factors", &config);
}
