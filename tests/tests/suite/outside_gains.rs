//! Dated gains from outside the portfolio: who acts on them, and when.

use chrono::NaiveDate;
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{ArmKind, Config, Told};
use unisleeve_core::tax::OutsideGain;
use unisleeve_core::units::{Money, Term};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic};

const SALE: &str = "2003-06-16";

/// One direct index, so that a specialist decides everything in the setups with separate managers.
fn household(seed: u64, gains: &[(&str, i32, Term)]) -> (Synthetic, Config) {
    let synthetic = Synthetic { seed, stocks: 12, end: "2004-12-31", dividends: true };
    let mut config = synthetic.config(1.0);
    config.household.outside_gains = gains
        .iter()
        .map(|(date, dollars, term)| OutsideGain {
            date: day(date),
            amount: Money::whole(*dollars),
            term: *term,
        })
        .collect();
    (synthetic, config)
}

fn run(kind: ArmKind, seed: u64, gains: &[(&str, i32, Term)], told: Option<Told>) -> ArmResult {
    let (synthetic, mut config) = household(seed, gains);
    config.sma.knows_outside_gains = told;
    Bench::new(&[kind], &config, &synthetic.market()).run(kind, &config).unwrap()
}

/// The first trade or certificate of `a` that `b` lacks, among those before a date.
fn first_difference(a: &ArmResult, b: &ArmResult, before: &str) -> Option<String> {
    let rows = |r: &ArmResult| {
        let is_before = |d: NaiveDate| d < day(before);
        let trades = r.journal.trades.iter().filter(|t| is_before(t.date)).map(|t| format!("{t:?}"));
        let solves = r.journal.solves.iter().filter(|s| is_before(s.date)).map(|s| format!("{s:?}"));
        trades.chain(solves).collect::<Vec<_>>()
    };
    let (a, b) = (rows(a), rows(b));
    let at = (0..a.len().max(b.len())).find(|i| a.get(*i) != b.get(*i))?;
    Some(format!("{:?} against {:?}", a.get(at), b.get(at)))
}

/// Losses realized from the sale to the year's end, in dollars.
fn harvested(result: &ArmResult) -> f64 {
    let mut sum = 0.0;
    for row in result.journal.rows() {
        let in_time = row.trade.date >= day(SALE) && row.trade.date <= day("2003-12-31");
        let gain = row.recognized().to_f64();
        sum += if in_time && gain < 0.0 { -gain } else { 0.0 };
    }
    sum
}

const BUSINESS: [(&str, i32, Term); 1] = [(SALE, 400_000, Term::Short)];

/// One manager, and the best specialist, harvest more losses after the sale of a business than without it.
/// They do nothing else before it.
#[test]
fn a_sale_makes_losses_worth_more_from_its_day_on() {
    for kind in [ArmKind::Uma, ArmKind::SmaBest] {
        let (mut with, mut without) = (0.0, 0.0);
        for seed in 0..6 {
            let (a, b) = (run(kind, seed, &BUSINESS, None), run(kind, seed, &[], None));
            assert_eq!(first_difference(&a, &b, SALE), None, "{kind:?}, seed {seed}");
            with += harvested(&a);
            without += harvested(&b);
        }
        println!("{kind:?}: {with:.0} with the sale, {without:.0} without, seeds 0 to 5");
        assert!(with > 1.1 * without, "{kind:?}: {with} {without}");
    }
}

/// A specialist who is never told decides as without the gain, until the household's return brings money in
/// April. One who is told yearly acts from the first session of December on.
#[test]
fn a_specialist_acts_when_it_is_told() {
    let (mut acts, december) = (0, "2003-12-01");
    for seed in 0..6 {
        let plain = run(ArmKind::Sma, seed, &[], None);
        let never = run(ArmKind::Sma, seed, &BUSINESS, Some(Told::Never));
        let yearly = run(ArmKind::Sma, seed, &BUSINESS, Some(Told::Yearly));
        assert_eq!(first_difference(&never, &plain, "2004-04-15"), None, "seed {seed}");
        assert_eq!(first_difference(&yearly, &plain, december), None, "seed {seed}");
        acts += u32::from(first_difference(&yearly, &plain, "2004-01-01").is_some());
        let typical = |gains| run(ArmKind::SmaTypical, seed, gains, None);
        assert_eq!(first_difference(&typical(&BUSINESS), &typical(&[]), "2004-04-15"), None, "seed {seed}");
    }
    assert!(acts > 0, "no review made a difference");
}

/// A gain changes nothing before its date: no decision, no accrued tax, no mark.
#[test]
fn no_arm_looks_ahead() {
    const LATER: [(&str, i32, Term); 2] =
        [(SALE, 400_000, Term::Short), ("2004-02-10", -900_000, Term::Long)];
    for kind in ArmKind::ALL {
        let (a, b) = (run(kind, 3, &BUSINESS, None), run(kind, 3, &LATER, None));
        assert_eq!(first_difference(&a, &b, "2004-02-10"), None, "{kind:?}");
        let marks = |r: &ArmResult, until: &str| -> Vec<Money> {
            let before = r.journal.marks.iter().filter(|m| m.date < day(until));
            before.flat_map(|m| [m.value, m.accrued_tax]).collect()
        };
        assert!(marks(&a, "2004-02-10") == marks(&b, "2004-02-10"), "{kind:?}");
        // The funds have no gains to offset.
        let shows = marks(&a, "2005-01-01") != marks(&b, "2005-01-01");
        assert!(shows || !(kind.is_separate() || kind == ArmKind::Uma), "{kind:?}: the loss must show later");
    }
}

#[test]
fn dates_and_terms_are_checked() {
    let (_, config) = household(1, &[("2001-12-31", 5, Term::Long), ("2004-12-31", -5, Term::Short)]);
    let faults = config.faults();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].key, "household.outside_gains[0].date");
    assert_eq!(faults[0].message, "2001-12-31: expected a date from 2002-01-02 to 2004-12-31, the run");
    let term = r#"{"household": {"outside_gains": [{"date": "2003-06-16", "amount": 1, "term": "medium"}]}}"#;
    let said = unisleeve_core::mandates::sample_config_with(term).unwrap_err();
    assert!(said.contains("household.outside_gains[0].term") && said.contains("medium"), "{said}");
    assert!(said.contains("short") && said.contains("long"), "{said}");
}
