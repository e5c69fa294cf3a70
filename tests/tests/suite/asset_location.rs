//! Where a household with a taxable account and an IRA holds what pays most income.

use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{AccountConfig, ArmKind, DriftBy, PolicySleeve, Practice};
use unisleeve_core::units::{AccountId, AccountKind, Money};
use unisleeve_tests::markets::{Synthetic, run_arm};

/// Both accounts start in cash. `BONDS` pays interest of 4.8% a year; the stock fund pays nothing.
fn opened(kind: ArmKind, ira: i32) -> (ArmResult, Vec<String>) {
    let synthetic = Synthetic { seed: 5, stocks: 10, end: "2003-12-31", dividends: true };
    let mut config = synthetic.config(0.3);
    config.policy[1].weight = 0.4;
    config.policy.push(PolicySleeve {
        name: "stock fund".to_owned(),
        weight: 0.3,
        fund: "INDEX".to_owned(),
        ..PolicySleeve::default()
    });
    config.household.cash = Money::whole(500_000 - ira);
    config.household.accounts = vec![AccountConfig {
        name: "ira".to_owned(),
        kind: AccountKind::Ira,
        cash: Money::whole(ira),
        born: None,
    }];
    config.sma.practice = Some(Practice::Best);
    config.sma.drift_by = Some(DriftBy::Price);
    let market = synthetic.market();
    let symbols = market.securities().iter().map(|s| s.symbol.clone()).collect();
    (run_arm(kind, &config, &market).unwrap(), symbols)
}

/// Dollars bought on the first day, by account and symbol.
fn bought((result, symbols): &(ArmResult, Vec<String>), account: u16, symbol: &str) -> f64 {
    let journal = &result.journal;
    let first = journal.trades[0].date;
    let mut sum = 0.0;
    for row in journal.rows() {
        let t = row.trade;
        let is_it = t.date == first && t.account == AccountId(account);
        sum += if is_it && symbols[t.security.index()] == symbol { row.amount.to_f64() } else { 0.0 };
    }
    sum
}

/// The IRA has room for less than the bonds, or for more. It fills with bonds first.
#[test]
fn bonds_go_to_the_ira() {
    for kind in [ArmKind::Uma, ArmKind::Sma] {
        let less = opened(kind, 150_000);
        assert!(bought(&less, 1, "BONDS") > 0.99 * 150_000.0, "{kind:?}: {}", bought(&less, 1, "BONDS"));
        assert!(bought(&less, 1, "INDEX") < 1_000.0, "{kind:?}");
        let more = opened(kind, 300_000);
        let (inside, outside) = (bought(&more, 1, "BONDS"), bought(&more, 0, "BONDS"));
        assert!(inside > 180_000.0 && outside < 1_000.0, "{kind:?}: {inside} in the IRA, {outside} outside");
        // The policy mix stays: location moves dollars between accounts, not between classes.
        assert!((inside + outside - 200_000.0).abs() < 10_001.0, "{kind:?}: {inside} {outside}");
    }
}
