//! Configurations of the sample that once stopped a run: every household that the page lets a person enter must get an answer.

use unisleeve_core::setup::{Config, sample_config};
use unisleeve_core::study::{Scope, study};
use unisleeve_core::units::{Money, Rate};
use unisleeve_tests::markets::sample;

fn answers(what: &str, config: &Config) {
    let market = sample();
    let result = study(config, &market, Scope::Full, &mut |_| {});
    assert!(result.is_ok(), "{what}: {:?}", result.err());
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

/// Nothing but variances of their own: the optimiser's problem has no factors at all.
#[test]
fn a_risk_model_without_factors() {
    let mut config = sample_config();
    config.risk.factors = 0;
    answers("no factors", &config);
}
