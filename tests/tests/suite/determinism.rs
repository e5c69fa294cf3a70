//! The same inputs give the same bits, and the fingerprint covers every entry.

use unisleeve_core::books::journal::Journal;
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::ArmKind;
use unisleeve_core::study::{Scope, study};
use unisleeve_core::units::Fingerprint;
use unisleeve_core::units::{Money, Shares};
use unisleeve_tests::markets::{Bench, Synthetic, fingerprint, run_arm};

const MARKET: Synthetic = Synthetic { seed: 5, stocks: 12, end: "2003-12-31", dividends: true };

fn hash(journal: &Journal) -> String {
    let mut f = Fingerprint::default();
    journal.hash_into(&mut f);
    f.finish()
}

#[test]
fn two_runs_have_one_fingerprint() {
    let config = MARKET.config(0.6);
    let one = study(&config, &MARKET.market(), Scope::EqualGamma, &mut |_| {}).unwrap();
    let two = study(&config, &MARKET.market(), Scope::EqualGamma, &mut |_| {}).unwrap();
    assert_eq!(one.hash, two.hash);
    assert_eq!(MARKET.market().hash(), MARKET.market().hash());
    // Another seed gives another market.
    let other = Synthetic { seed: 6, ..MARKET };
    assert_ne!(other.market().hash(), MARKET.market().hash());
    let three = study(&config, &other.market(), Scope::EqualGamma, &mut |_| {}).unwrap();
    assert_ne!(one.hash, three.hash);
}

/// Arms set up and run in any order give the same bits as in a study. All arms are present each time, because
/// their securities share one risk model.
#[test]
fn the_order_of_arms_changes_nothing() {
    let (config, market) = (MARKET.config(0.6), MARKET.market());
    let together = study(&config, &market, Scope::EqualGamma, &mut |_| {}).unwrap();
    let [uma, sma, shadow] = [ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow];
    for order in [[uma, sma, shadow], [shadow, sma, uma], [sma, uma, shadow]] {
        let bench = Bench::new(&order, &config, &market);
        for kind in order {
            let alone = bench.run(kind, &config).unwrap();
            let shared = &together.arm(kind.as_str()).unwrap().result;
            assert_eq!(fingerprint(&alone), fingerprint(shared), "{kind:?} of {order:?}");
        }
    }
    let prints = [uma, sma, shadow].map(|k| fingerprint(&together.arm(k.as_str()).unwrap().result));
    assert!(prints[0] != prints[1] && prints[1] != prints[2], "arms that are alike show no order");
}

#[test]
fn every_change_of_a_trade_shows() {
    let result: ArmResult = run_arm(ArmKind::Uma, &MARKET.config(0.6), &MARKET.market()).unwrap();
    let journal = result.journal;
    let base = hash(&journal);
    let changes: [fn(&mut Journal); 22] = [
        |j| j.trades[3].quantity += Shares::from_raw(1),
        |j| j.trades[3].amount += Money::from_raw(1),
        |j| j.trades[3].cost += Money::from_raw(1),
        |j| j.trades[3].basis += Money::from_raw(1),
        |j| j.trades[3].date = j.trades[3].date.succ_opt().unwrap(),
        |j| j.trades[3].acquired = j.trades[3].acquired.succ_opt().unwrap(),
        |j| j.trades[3].holding_start = j.trades[3].holding_start.succ_opt().unwrap(),
        |j| j.trades[3].lot.0 += 1,
        |j| j.trades[3].security.0 += 1,
        |j| j.trades[3].reason.tax += 1e-18 + j.trades[3].reason.tax.abs() * 1e-15,
        |j| j.trades.swap(3, 4),
        |j| j.trades.truncate(j.trades.len() - 1),
        |j| j.cash.truncate(j.cash.len() - 1),
        |j| j.marks.truncate(j.marks.len() - 1),
        |j| j.tax_years.truncate(j.tax_years.len() - 1),
        |j| j.solves.truncate(j.solves.len() - 1),
        |j| j.marks[7].value += Money::from_raw(1),
        |j| j.tax_years[0].tax += Money::from_raw(1),
        |j| j.sleeve_marks[7].value += Money::from_raw(1),
        |j| j.sleeve_marks[7].net += Money::from_raw(1),
        |j| j.sleeve_marks[7].index_return = None,
        |j| j.rebalancings.truncate(j.rebalancings.len() - 1),
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut other = journal.clone();
        change(&mut other);
        assert_ne!(hash(&other), base, "change {i} does not show");
    }
    assert_eq!(hash(&journal.clone()), base);
}
