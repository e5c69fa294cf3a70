//! The index that is rebuilt from members and market caps follows the fund that tracks the same index.

use std::path::PathBuf;

use unisleeve::input::{load_config, load_market};
use unisleeve_core::market::{Market, View};
use unisleeve_core::units::SecurityId;
use unisleeve_tests::day;

#[test]
fn the_index_follows_its_fund() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/sp500");
    let data = std::env::var("UNISLEEVE_DATA")
        .map_or_else(|_| folder.join("../../../../shared/data"), PathBuf::from);
    let config = load_config(&folder.join("sp500.toml")).expect("a configuration");
    let loaded =
        load_market(&config, config.data.as_ref().expect("data"), &folder, Some(&data)).expect("a market");
    for f in &loaded.findings {
        println!("{} {} {:?} {:?} {} {}", f.kind.as_str(), f.symbol, f.from, f.to, f.count, f.detail);
    }
    let market: Market = loaded.market;
    let index = market.index("S&P 500").expect("the index");
    let spy: SecurityId = market.find("SPY").expect("the fund");
    let (mut a, mut b) = (1.0, 1.0);
    let mut year = 0;
    for view in market.sessions(config.start, config.end) {
        let view: View<'_> = view;
        use chrono::Datelike;
        if view.date().year() != year {
            println!("{} {a:.4} {b:.4}", view.date());
            year = view.date().year();
        }
        let (x, y) = (view.index_return(index).unwrap(), view.total_return(spy, 0).unwrap());
        if (x - y).abs() > 0.004 {
            println!("   {} {x:.4} {y:.4}", view.date());
        }
        a *= 1.0 + x;
        b *= 1.0 + y;
    }
    println!("{a} {b} {}", day("2020-01-01"));
}
