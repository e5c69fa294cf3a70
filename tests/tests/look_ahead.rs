//! Nothing that happens up to a date depends on prices after it: they are replaced by noise, and the past stays as it
//! was, bit for bit.

use std::fmt::Debug;

use chrono::NaiveDate;
use unisleeve_core::engine::ArmResult;
use unisleeve_core::market::{Market, Panel};
use unisleeve_core::setup::{ArmKind, Config};
use unisleeve_core::units::Price;
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic, sample_panel};
use unisleeve_tests::random::Random;

const KINDS: [ArmKind; 4] = [ArmKind::Uma, ArmKind::Sma, ArmKind::Funds, ArmKind::Shadow];

/// Every price and every payment after a date times a factor around one; some prices are gone.
fn corrupted(mut panel: Panel, after: NaiveDate, seed: u64) -> Panel {
    let mut rng = Random::new(seed);
    let n = panel.securities.len();
    let from = panel.sessions.partition_point(|d| *d <= after);
    for price in &mut panel.closes[from * n..] {
        let factor = if rng.chance(0.05) { 0.0 } else { rng.between(0.6, 1.6) };
        *price = Price::from_f64(price.to_f64() * factor).unwrap();
    }
    for (session, d) in &mut panel.distributions {
        if *session >= from {
            d.per_share = Price::from_f64(d.per_share.to_f64() * rng.between(0.0, 3.0)).unwrap();
        }
    }
    panel
}

/// Everything an arm's journal says up to a date, in words.
fn past(result: &ArmResult, until: NaiveDate) -> Vec<String> {
    fn rows<T: Debug>(rows: &[T], date: impl Fn(&T) -> NaiveDate, until: NaiveDate) -> Vec<String> {
        rows.iter().filter(|r| date(r) <= until).map(|r| format!("{r:?}")).collect()
    }
    let j = &result.journal;
    let mut all = rows(&j.trades, |t| t.date, until);
    all.extend(rows(&j.washed, |w| w.date, until));
    all.extend(rows(&j.cash, |c| c.date, until));
    all.extend(rows(&j.marks, |m| m.date, until));
    all.extend(rows(&j.solves, |s| s.date, until));
    all.extend(rows(&j.transfers, |t| t.date, until));
    all.extend(rows(&j.tax_years, |y| y.paid_on.unwrap_or(NaiveDate::MAX), until));
    all
}

fn check(panel: &Panel, config: &Config, dates: &[NaiveDate]) {
    let truth = Bench::new(&KINDS, config, &Market::new(panel.clone()).unwrap());
    for (i, date) in dates.iter().enumerate() {
        let other = Market::new(corrupted(panel.clone(), *date, i as u64)).unwrap();
        let other = Bench::new(&KINDS, config, &other);
        for kind in KINDS {
            let (a, b) = (truth.run(kind, config).unwrap(), other.run(kind, config).unwrap());
            let (a, b, differs) =
                (past(&a, *date), past(&b, *date), past(&a, NaiveDate::MAX) != past(&b, NaiveDate::MAX));
            assert!(!a.is_empty() && differs, "the corruption must show later");
            let at = (0..a.len().max(b.len())).find(|i| a.get(*i) != b.get(*i));
            assert_eq!(
                at,
                None,
                "{kind:?}, {date}: {:?} against {:?}",
                at.map(|i| a.get(i)),
                at.map(|i| b.get(i))
            );
        }
    }
}

#[test]
fn synthetic_prices() {
    let synthetic = Synthetic { seed: 11, stocks: 10, end: "2004-12-31", dividends: true };
    let dates = ["2002-01-02", "2002-03-28", "2002-12-31", "2003-04-15", "2003-11-03", "2004-06-30"].map(day);
    check(&synthetic.panel(), &synthetic.config(0.6), &dates);
}

#[test]
fn the_sample() {
    // The day before a rebalancing, the day itself, a tax day, the turn of a year.
    let dates = ["2001-12-31", "2008-09-30", "2008-10-01", "2009-04-15"].map(day);
    let config = Config { end: day("2010-12-31"), ..Config::default() };
    check(&sample_panel(), &config, &dates);
}
