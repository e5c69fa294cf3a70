//! A company hands out shares of another company. If the other company has prices, its shares are kept;
//! otherwise they are sold the same day. The made-up prices do not move around that day, so all figures are
//! known in advance.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::world::World;
use chrono::{Datelike, NaiveDate, Weekday};

/// Day of the spin-off. AAA falls from 100 to 90. Each share receives 10 dollars, which is a quarter of a SUB
/// share at 40.
const DAY: &str = "2020-06-17";
/// Fraction of the basis that goes to the shares handed out: 10 of 10 + 90.
const PART: f64 = 0.1;

const SPUN: &str = r#"
start = "2020-03-02"
end = "2020-12-30"

[household]
cash = 100000
lots = [
  { symbol = "AAA", quantity = 100, basis = 5000.01, acquired = "2018-03-01", keep = true },
  { symbol = "AAA", quantity = 37.5, basis = 4500, acquired = "2020-02-03", keep = true },
]

[[policy]]
name = "direct"
weight = 0.6
stocks = ["AAA", "BBB"]
fund = "IDX"

[[policy]]
name = "bonds"
weight = 0.4
fund = "BND"

[data]
prices = [{ file = "prices.csv", basis = "raw" }]
"#;

/// Prices from 2019 to 2020 that do not move around the spin-off.
fn prices(priced: bool) -> String {
    let mut text = String::from("date,symbol,close,spinoff,spinoff_symbol\n");
    let first = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();
    let last = NaiveDate::from_ymd_opt(2020, 12, 31).unwrap();
    let day: NaiveDate = DAY.parse().unwrap();
    let weekdays = first.iter_days().filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun));
    for (i, date) in weekdays.take_while(|d| *d <= last).enumerate() {
        let wave = |by: usize, of: usize| {
            let still = (date - day).num_days().abs() < 6;
            if still { 0.0 } else { ((i * by) % of) as f64 / of as f64 - 0.5 }
        };
        // AAA never falls before the day. Therefore no loss is washed into another lot, and each lot's basis
        // is its cost.
        let to_go = ((day - date).num_days() - 6).max(0) as f64;
        let a = if date < day { 100.0 - 0.03 * to_go } else { 90.0 + 5.0 * wave(5, 37) };
        let b = 50.0 + 4.0 * wave(7, 11);
        let spun = match (date == day, priced) {
            (true, true) => "10,SUB",
            (true, false) => "10,",
            _ => ",",
        };
        writeln!(text, "{date},AAA,{a:.2},{spun}").unwrap();
        writeln!(text, "{date},BBB,{b:.2},,").unwrap();
        writeln!(text, "{date},IDX,{:.2},,", 75.0 + 4.0 * wave(3, 17)).unwrap();
        writeln!(text, "{date},BND,{:.2},,", 80.0 + wave(1, 13)).unwrap();
        if priced && date >= day {
            writeln!(text, "{date},SUB,{:.2},,", 40.0 + 3.0 * wave(2, 19)).unwrap();
        }
    }
    text
}

type Row = BTreeMap<String, String>;

fn rows(world: &World, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(world.path("result").join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, key: &str) -> f64 {
    row[key].parse().unwrap()
}

/// Runs the household and checks the result with both auditors.
fn replayed(priced: bool) -> World {
    let world = World::new(SPUN);
    fs::write(world.path("prices.csv"), prices(priced)).unwrap();
    let run = world.run("backtest", &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let audit = Command::new(env!("CARGO_BIN_EXE_unisleeve")).arg("audit").arg(world.path("result")).output();
    let audit = audit.unwrap();
    assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stdout));
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/audit/audit.py");
    match Command::new("python3").arg(program).arg(world.path("result")).output() {
        Ok(run) => assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout)),
        Err(e) => println!("SKIPPED: the audit of the result folder needs python3: {e}"),
    }
    world
}

/// Shares and basis of a lot of AAA before the day.
fn before(trades: &[Row], arm: &str, lot: &str) -> (f64, f64) {
    let of = trades.iter().filter(|r| r["arm"] == arm && r["lot"] == lot && r["date"].as_str() < DAY);
    of.fold((0.0, 0.0), |(shares, basis), r| {
        let sign = if r["side"] == "sell" { -1.0 } else { 1.0 };
        (shares + sign * number(r, "quantity"), basis + sign * number(r, "basis"))
    })
}

/// The spin-off's rows in pairs: the reduction of a lot of AAA, and the new lot of the other company.
fn pairs(trades: &[Row], child: &str, shares_for_one: f64) -> Vec<(Row, Row)> {
    let spun: Vec<&Row> = trades.iter().filter(|r| r["side"] == "spinoff").collect();
    assert!(spun.iter().all(|r| r["date"] == DAY));
    let pairs: Vec<(Row, Row)> = spun.chunks(2).map(|p| (p[0].clone(), p[1].clone())).collect();
    for (old, new) in &pairs {
        assert_eq!((old["symbol"].as_str(), new["symbol"].as_str()), ("AAA", child));
        // Section 358: basis is split by market value on that day. Nothing is lost or bought.
        let (shares, basis) = before(trades, &old["arm"], &old["lot"]);
        // Each lot is rounded to four decimals, and the largest takes what the others lose by that.
        let lots = pairs.iter().filter(|(other, _)| other["arm"] == old["arm"]).count();
        let is_largest = pairs
            .iter()
            .filter(|(other, _)| other["arm"] == old["arm"])
            .all(|(other, _)| before(trades, &other["arm"], &other["lot"]).1 <= basis);
        let rounding = 0.000_051 * if is_largest { lots as f64 } else { 1.0 };
        assert!((number(new, "basis") - PART * basis).abs() < rounding, "{new:?} of {basis}");
        assert!((number(old, "basis") + number(new, "basis")).abs() < 1e-9);
        assert_eq!(old["quantity"], "0.000000");
        assert!((number(new, "quantity") - shares_for_one * shares).abs() < 0.000_001, "{new:?}");
        assert!(number(new, "amount") == 0.0 && number(new, "gain") == 0.0);
        // Section 1223(1): the holding period of the old shares continues.
        assert_eq!((&old["acquired"], &old["holding_start"]), (&new["acquired"], &new["holding_start"]));
    }
    // The two lots that were transferred in, in the arms that never trade them.
    for arm in ["uma", "sma"] {
        let of = |acquired: &str| {
            let mut lots = pairs.iter().filter(|(old, _)| old["arm"] == arm && old["acquired"] == acquired);
            lots.next().map_or_else(|| panic!("{arm} {acquired}"), |(_, new)| number(new, "basis"))
        };
        // 500.001 dollars, rounded half to even at four decimals, and 450 dollars.
        assert_eq!((of("2018-03-01"), of("2020-02-03")), (500.001, 450.0));
    }
    pairs
}

/// Value and cash of every arm at the close before the day and at the day's close.
fn around(world: &World) -> Vec<[(f64, f64); 2]> {
    let daily = rows(world, "daily.csv");
    let pairs = daily.windows(2).filter(|w| w[1]["date"] == DAY && w[0]["arm"] == w[1]["arm"]);
    pairs.map(|w| [&w[0], &w[1]].map(|r| (number(r, "value"), number(r, "cash")))).collect()
}

#[test]
fn a_company_with_prices_is_held_on_with_its_part_of_the_basis() {
    let world = replayed(true);
    let trades = rows(&world, "trades.csv");
    let pairs = pairs(&trades, "SUB", 0.25);
    assert!(pairs.len() >= 4);
    // No price moved that day, so value is unchanged and no cash was paid.
    let around = around(&world);
    assert!(around.len() >= 4);
    for [was, is] in around {
        assert!((was.0 - is.0).abs() < 0.01 && (was.1 - is.1).abs() < 1e-9, "{was:?} {is:?}");
    }
    // Shares sold later have the holding period of the old shares.
    let sold: Vec<&Row> = trades.iter().filter(|r| r["symbol"] == "SUB" && r["side"] == "sell").collect();
    for r in &sold {
        let long = r["holding_start"].as_str() < "2019-06-01";
        assert_eq!(r["term"], if long { "long" } else { "short" }, "{r:?}");
    }
    let left = rows(&world, "lots.csv").into_iter().filter(|r| r["symbol"] == "SUB").count();
    assert!(left + sold.len() >= 4, "{left} lots and {} sales", sold.len());
    assert!(trades.iter().all(|r| r["symbol"] != "SUB" || r["date"].as_str() >= DAY));
}

#[test]
fn a_company_without_prices_is_sold_the_same_day_at_its_value() {
    let world = replayed(false);
    let trades = rows(&world, "trades.csv");
    let pairs = pairs(&trades, "AAA.SPUN", 1.0);
    let sold: Vec<&Row> =
        trades.iter().filter(|r| r["symbol"] == "AAA.SPUN" && r["side"] == "sell").collect();
    assert_eq!(sold.len(), pairs.len());
    let mut proceeds: BTreeMap<&str, f64> = BTreeMap::new();
    for (_, new) in &pairs {
        let is_it = |r: &&&Row| r["arm"] == new["arm"] && r["lot"] == new["lot"];
        let sale = sold.iter().find(is_it).unwrap();
        assert_eq!(sale["date"], DAY);
        assert!(sale["reason"].starts_with("handed out by AAA, sold the same day"), "{}", sale["reason"]);
        let amount = 10.0 * number(new, "quantity");
        assert!((number(sale, "amount") - amount).abs() < 0.000_051 && number(sale, "cost") == 0.0);
        assert!((number(sale, "gain") - (number(sale, "amount") - number(new, "basis"))).abs() < 1e-6);
        let long = new["holding_start"].as_str() < "2019-06-17";
        assert_eq!(sale["term"], if long { "long" } else { "short" });
        *proceeds.entry(new["arm"].as_str()).or_default() += number(sale, "amount");
    }
    for (arm, sum) in &proceeds {
        let cash = rows(&world, "cash.csv");
        let paid = cash.iter().filter(|r| r["arm"] == *arm && r["symbol"] == "AAA.SPUN" && r["date"] == DAY);
        let paid: f64 = paid.map(|r| number(r, "amount")).sum();
        assert!((paid - sum).abs() < 1e-6, "{arm}: {paid} of {sum}");
    }
    for [was, is] in around(&world) {
        // Shares are replaced by cash of the same value.
        assert!((was.0 - is.0).abs() < 0.01, "{was:?} {is:?}");
    }
    assert!(rows(&world, "lots.csv").iter().all(|r| r["symbol"] != "AAA.SPUN"));
}
