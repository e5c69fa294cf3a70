//! Nothing up to a date depends on later prices: replacing them by noise leaves the past unchanged, bit for
//! bit.

use std::fmt::Debug;

use chrono::NaiveDate;
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{ArmKind, Config, sample_config};
use unisleeve_core::market::{Action, Cap, Market, Membership, Panel, Span};
use unisleeve_core::units::{Price, Ratio, SecurityId};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic, sample_panel};
use unisleeve_tests::random::Random;

const KINDS: [ArmKind; 5] =
    [ArmKind::Uma, ArmKind::SmaBest, ArmKind::SmaTypical, ArmKind::Funds, ArmKind::Shadow];

/// Multiplies every price and payment after a date by a factor around one, and removes some prices.
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

/// All journal entries of an arm up to a date, as text.
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

/// Builds a market from a panel and the other inputs. Given a date, all inputs after it differ.
type Make = fn(Panel, Option<NaiveDate>) -> Market;

fn check(panel: &Panel, config: &Config, dates: &[NaiveDate]) {
    check_with(panel, config, dates, |panel, _| Market::new(panel).unwrap());
}

fn check_with(panel: &Panel, config: &Config, dates: &[NaiveDate], make: Make) {
    let truth = Bench::new(&KINDS, config, &make(panel.clone(), None));
    for (i, date) in dates.iter().enumerate() {
        let other = make(corrupted(panel.clone(), *date, i as u64), Some(*date));
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

/// An index of changing members: some join, one leaves, and caps arrive each quarter. After the known date
/// all of this differs, and so do corporate actions.
fn with_members(panel: Panel, known: Option<NaiveDate>) -> Market {
    let is_known = |d: NaiveDate| known.is_none_or(|k| d <= k);
    let start = panel.sessions[0];
    let (joins, leaves) = (day("2002-07-01"), day("2003-03-03"));
    let mut membership = Membership { name: "index".to_owned(), ..Membership::default() };
    for s in 0..10u32 {
        let security = SecurityId(s);
        let from = if s < 6 || !is_known(joins) { start } else { joins };
        // Events after the known date happen to other securities.
        let from = if s >= 6 && !is_known(joins) { day("2004-02-02") } else { from };
        let to = (s == if is_known(leaves) { 0 } else { 3 }).then_some(leaves);
        membership.spans.push(Span { security, from, to });
        for (quarter, date) in
            ["2001-10-01", "2002-04-01", "2003-01-02", "2003-10-01"].map(day).into_iter().enumerate()
        {
            let dollars =
                f64::from(s + 1) * if is_known(date) { 1.0 + quarter as f64 } else { 40.0 - f64::from(s) };
            membership.caps.push(Cap { date, security, dollars });
        }
    }
    let mut panel = panel;
    let (split, date) = (Ratio::new(2, 1).unwrap(), day("2002-10-01"));
    let security = SecurityId(if is_known(date) { 1 } else { 2 });
    let session = panel.sessions.partition_point(|d| *d < date);
    let n = panel.securities.len();
    if panel.closes[session * n + security.index()].is_positive() {
        panel.actions.push((session, Action::Split { security, ratio: split }));
    }
    let mut market = Market::new(panel).unwrap();
    market.add_membership(&membership, start).unwrap();
    market
}

#[test]
fn members_caps_and_corporate_actions() {
    let synthetic = Synthetic { seed: 12, stocks: 10, end: "2004-12-31", dividends: true };
    let mut config = synthetic.config(0.6);
    config.policy[0].stocks.clear();
    config.policy[0].index = "index".to_owned();
    let dates = ["2002-01-02", "2002-06-28", "2002-09-30", "2002-12-31", "2003-03-03", "2003-09-30"].map(day);
    check_with(&synthetic.panel(), &config, &dates, with_members);
}

#[test]
fn the_sample() {
    // The day before a rebalancing, the rebalancing day, a tax day, and the end of a year.
    let dates = ["2001-12-31", "2008-09-30", "2008-10-01", "2009-04-15"].map(day);
    let config = Config { end: day("2010-12-31"), ..sample_config() };
    check(&sample_panel(), &config, &dates);
}
