//! Compares simulated markets with the S&P 500 of 2013 to 2021. The printed figures appear in
//! docs/scenarios.md; the test checks bounds.

use std::path::PathBuf;

use unisleeve::readers::{load_config, load_market};
use unisleeve_core::market::scenario::{Bootstrap, BootstrapSettings, Generator, Scenario};
use unisleeve_tests::data::folder;
use unisleeve_tests::panel_statistics::PanelStatistics;

/// Number of simulated paths.
const PATHS: u64 = 12;

/// Name, figure, and the largest ratio between the mean over paths and the real figure, in either direction.
type Row = (&'static str, fn(&PanelStatistics) -> f64, f64);
const ROWS: [Row; 10] = [
    ("index volatility", |s| s.index_volatility, 1.25),
    ("average pairwise correlation", |s| s.pairwise, 1.4),
    ("cross-sectional dispersion, 21 sessions", |s| s.dispersion, 1.25),
    ("below cost after 1 year", |s| s.below_cost[0], 1.5),
    ("below cost after 3 years", |s| s.below_cost[1], 1.6),
    ("below cost after 5 years", |s| s.below_cost[2], 1.8),
    ("kurtosis of the index", |s| s.index_kurtosis, 2.0),
    ("kurtosis of a stock, median", |s| s.stock_kurtosis, 2.0),
    ("largest drawdown", |s| s.drawdown, 1.5),
    ("autocorrelation of absolute returns, lag 21", |s| s.clustering, 2.5),
];

#[test]
fn simulated_markets_resemble_the_real_one() {
    let Some(data) = folder("simulated markets beside the S&P 500") else { return };
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/sp500");
    let config = load_config(&beside.join("sp500.toml")).expect("a configuration");
    let files = config.data.clone().expect("data");
    let loaded = load_market(&config, &files, &beside, Some(&data)).expect("a market");
    let span = (config.start, config.end);
    let real = PanelStatistics::of(&loaded.market, span);
    // Eight years of a rising market. The fraction below cost is only comparable at the same return.
    let mut scenario = Scenario { years: 8.2, history: Some(21), ..Scenario::default() };
    scenario.classes[0].expected_return = 0.17;
    let generator = Generator::new(scenario).expect("a scenario");
    let simulated: Vec<PanelStatistics> = (0..PATHS)
        .map(|k| {
            PanelStatistics::of(&generator.path(k).expect("a market"), (generator.start(), generator.end()))
        })
        .collect();
    let settings = BootstrapSettings { years: 8.2, history: 21, ..BootstrapSettings::default() };
    let bootstrap = Bootstrap::new(&loaded.market.clone().into(), settings).expect("a bootstrap");
    let drawn: Vec<PanelStatistics> = (0..4)
        .map(|k| {
            let market = bootstrap.path(k).expect("a market");
            let end = *market.dates().last().expect("sessions");
            PanelStatistics::of(&market, (bootstrap.start(), end))
        })
        .collect();
    let mut wrong = Vec::new();
    println!(
        "| | S&P 500, 2013 to 2021 | model, mean of {PATHS} paths | lowest and highest | bootstrap, mean of 4 | bound |"
    );
    println!("|---|---|---|---|---|---|");
    for (name, of, times) in ROWS {
        let mean = |all: &[PanelStatistics]| all.iter().map(of).sum::<f64>() / all.len() as f64;
        let least = simulated.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = simulated.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (there, here) = (of(&real), mean(&simulated));
        println!(
            "| {name} | {there:.3} | {here:.3} | {least:.3} to {most:.3} | {:.3} | {times} times |",
            mean(&drawn)
        );
        if !(there / times..=there * times).contains(&here) {
            wrong.push(format!("{name}: {here} beside {there}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
