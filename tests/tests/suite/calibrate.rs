//! Calibration on a simulated market recovers the parameters that made the market.

use unisleeve::commands::calibrate::{Calibration, calibrate};
use unisleeve_core::market::scenario::{Generator, Scenario};
use unisleeve_tests::markets::sample;

fn made(scenario: Scenario) -> (Scenario, Calibration) {
    let g = Generator::new(scenario).expect("a scenario");
    let market = g.path(0).expect("a market");
    let found = calibrate(&market, "US stocks", (g.start(), g.end())).expect("a calibration");
    (g.scenario().clone(), found)
}

#[test]
fn figures_are_found_again() {
    let mut scenario = Scenario { names: 200, years: 8.0, history: Some(21), ..Scenario::default() };
    // With little clustering, volatility over eight years is near its mean. What the largest names add to the
    // index varies.
    scenario.volatility.spread = 0.2;
    scenario.volatility.kurtosis = 4.0;
    scenario.stocks.specific_kurtosis = 8.0;
    let (was, found) = made(scenario);
    let (a, b) = (&was.stocks, &found.scenario.stocks);
    for (name, was, found, part) in [
        ("index volatility", was.classes[0].volatility, found.scenario.classes[0].volatility, 0.15),
        ("beta spread", a.beta_spread, b.beta_spread, 0.25),
        ("sectors", a.sector_volatility, b.sector_volatility, 0.2),
        ("specific volatility", a.specific_volatility, b.specific_volatility, 0.15),
        ("specific spread", a.specific_spread, b.specific_spread, 0.2),
        ("cap spread", a.cap_spread, b.cap_spread, 0.35),
        ("payers", was.dividends.payers, found.scenario.dividends.payers, 0.1),
        ("yield", was.dividends.yield_median, found.scenario.dividends.yield_median, 0.2),
        ("bond volatility", was.classes[2].volatility, found.scenario.classes[2].volatility, 0.2),
        ("bond yield", was.classes[2].distribution_yield, found.scenario.classes[2].distribution_yield, 0.1),
    ] {
        println!("{name}: made with {was}, found {found}");
        assert!((found / was - 1.0).abs() < part, "{name}: made with {was}, found {found}");
    }
    let left = |t: unisleeve_core::market::scenario::Turnover| t.deletions + t.mergers + t.delistings;
    let (was, found) = (left(was.turnover), left(found.scenario.turnover));
    assert!((found / was - 1.0).abs() < 0.35, "turnover {was} {found}");
    assert_eq!(made(Scenario { names: 60, years: 2.0, ..Scenario::default() }).1.scenario.faults(), []);
}

#[test]
fn what_can_not_be_calibrated_on_is_told() {
    let market = sample();
    let dates = market.dates();
    let short = calibrate(&market, "US stocks", (dates[0], dates[100])).expect_err("too short");
    assert!(format!("{short:?}").contains("100 sessions: expected 252 or more"), "{short:?}");
}
