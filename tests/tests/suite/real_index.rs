//! The S&P 500 rebuilt from dated members and market caps on real prices. It tracks the fund of the same
//! index, and every gap in the data is reported.

use std::path::PathBuf;

use chrono::NaiveDate;
use unisleeve::readers::{Finding, FindingKind, Loaded, load_config, load_market};
use unisleeve_core::mandates::Config;
use unisleeve_tests::data::folder;
use unisleeve_tests::day;

fn real() -> Option<(Config, Loaded)> {
    let data = folder("the S&P 500, point in time")?;
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/sp500");
    let config = load_config(&beside.join("sp500.toml")).expect("a configuration");
    let files = config.data.clone().expect("data");
    let loaded = load_market(&config, &files, &beside, Some(&data)).expect("a market");
    Some((config, loaded))
}

/// Correlation of daily returns with the fund's, and annual tracking error.
fn against_fund(loaded: &Loaded, from: NaiveDate, to: NaiveDate) -> (f64, f64) {
    let (index, fund) = (loaded.market.index("S&P 500").unwrap(), loaded.market.find("SPY").unwrap());
    let pairs: Vec<(f64, f64)> = loaded
        .market
        .sessions(from, to)
        .filter_map(|v| Some((v.index_return(index)?, v.total_return(fund, 0)?)))
        .collect();
    let n = pairs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (a, b) = (mean(&|p| p.0), mean(&|p| p.1));
    let covariance = |x: &dyn Fn(&(f64, f64)) -> f64, y: &dyn Fn(&(f64, f64)) -> f64| {
        pairs.iter().map(|p| x(p) * y(p)).sum::<f64>() / (n - 1.0)
    };
    let (x, y) = (|p: &(f64, f64)| p.0 - a, |p: &(f64, f64)| p.1 - b);
    let correlation = covariance(&x, &y) / (covariance(&x, &x) * covariance(&y, &y)).sqrt();
    let active = |p: &(f64, f64)| (p.0 - a) - (p.1 - b);
    (correlation, (covariance(&active, &active) * 252.0).sqrt())
}

#[test]
fn the_index_follows_its_fund() {
    let Some((config, loaded)) = real() else { return };
    let turn = day("2018-02-07");
    let (early, late) = (against_fund(&loaded, config.start, turn), against_fund(&loaded, turn, config.end));
    println!("to 2018-02: correlation {:.4}, tracking error {:.3}%", early.0, 100.0 * early.1);
    println!("after: correlation {:.4}, tracking error {:.3}%", late.0, 100.0 * late.1);
    assert!(early.0 >= 0.99 && late.0 >= 0.99);
    // Caps end in 2018-02. Later additions get the median weight.
    assert!(early.1 < 0.01 && late.1 < 0.02);
}

#[test]
fn every_hole_of_the_data_is_named() {
    let Some((_, loaded)) = real() else { return };
    let of =
        |kind: FindingKind| -> Vec<&Finding> { loaded.findings.iter().filter(|f| f.kind == kind).collect() };
    let unknown = of(FindingKind::UnknownMember);
    for (symbol, until) in [
        ("DOW", "2017-09-01"),
        ("BHI", "2017-03-08"),
        ("AGN", "2014-12-07"),
        ("CB", "2015-09-22"),
        ("MWV", "2015-07-09"),
        ("LIFE", "2014-01-24"),
        ("HNZ", "2013-06-07"),
        ("NYX", "2013-11-13"),
    ] {
        let found = unknown.iter().find(|f| f.symbol == symbol);
        assert!(found.is_some_and(|f| f.to == Some(day(until))), "{symbol}: {found:?}");
    }
    let stocks_missing: usize = of(FindingKind::MissingPrice).iter().map(|f| f.count).sum();
    assert_eq!(stocks_missing, 44, "cells without a price");
    let untraded = of(FindingKind::NoVolume);
    let funds = ["BND", "CORP"];
    let stocks: usize =
        untraded.iter().filter(|f| !funds.contains(&f.symbol.as_str())).map(|f| f.count).sum();
    assert_eq!(stocks, 19, "sessions without volume");
    assert_eq!(of(FindingKind::SplitAdjusted).len(), 62, "symbols adjusted beforehand");
    let classes: Vec<&str> = of(FindingKind::ShareClasses).iter().map(|f| f.symbol.as_str()).collect();
    for pair in ["GOOG and GOOGL", "DISCA and DISCK", "NWS and NWSA", "TFCF and TFCFA", "UA and UAA"] {
        assert!(classes.contains(&pair), "{pair} in {classes:?}");
    }
}
