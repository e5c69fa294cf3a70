//! The terms of one manager's problem over ten years: washed losses, a large position, asset location. The
//! table is in docs/optimizer.md.

use unisleeve_core::mandates::{
    AccountConfig, ArmKind, Cadence, Config, DriftBy, Every, Flow, LegacyLot, Practice, arm,
};
use unisleeve_core::study::measure::tax_alpha;
use unisleeve_core::study::{Bench, StudyArm};
use unisleeve_core::units::{AccountKind, Money, Shares};
use unisleeve_tests::duel::over_seeds;
use unisleeve_tests::ten_years::{START, STOCKS, direct, fund, household, market, stock};

/// Two managers with 14 names in common, daily, with withdrawals of 4% a year.
fn common_names() -> Config {
    let focus = (0..STOCKS).filter(|s| s % 3 == 0);
    let policy = vec![
        direct("core", 0.35, 0..STOCKS),
        direct("focus", 0.2, focus),
        fund("INTL", 0.15),
        fund("BOND", 0.3),
    ];
    let mut config = household(2_000_000, policy);
    config.trading.cadence = Cadence::Daily;
    let from = START.parse().unwrap();
    config.household.flows = vec![Flow { amount: Money::whole(-6_667), every: Every::Month, from, to: None }];
    config
}

/// A fifth of the portfolio is one stock that must not be sold.
fn kept_position() -> Config {
    let policy = vec![direct("core", 0.6, 0..STOCKS), fund("INTL", 0.15), fund("BOND", 0.25)];
    let mut config = household(1_600_000, policy);
    config.household.lots = vec![LegacyLot {
        account: None,
        symbol: stock(0),
        quantity: Shares::whole(4_000),
        basis: Money::whole(40_000),
        acquired: "1995-06-01".parse().unwrap(),
        keep: true,
    }];
    config
}

/// A taxable account and an IRA, both in cash.
fn two_accounts() -> Config {
    let policy = vec![direct("core", 0.35, 0..STOCKS), fund("INTL", 0.25), fund("BOND", 0.4)];
    let mut config = household(1_200_000, policy);
    config.household.accounts = vec![AccountConfig {
        name: "ira".to_owned(),
        kind: AccountKind::Ira,
        cash: Money::whole(800_000),
        born: None,
    }];
    config
}

/// Tax alpha kept and liquidated, tracking error (all basis points a year), and losses washed in dollars.
type Figures = [f64; 4];

fn figures(config: &Config, seed: u64) -> [Figures; 2] {
    let mut config = config.clone();
    config.sma.practice = Some(Practice::Best);
    config.sma.drift_by = Some(DriftBy::Price);
    assert_eq!(config.faults(), []);
    let mut market = market(seed);
    let kinds = [ArmKind::Uma, ArmKind::Sma, ArmKind::Shadow];
    let setups = kinds.map(|kind| arm(kind, &config, &mut market).unwrap());
    let bench = Bench::new(&config, market, setups.to_vec(), &mut |_| {}).unwrap();
    let runs = bench.setups.iter().map(|s| bench.arm(s, "", &config, config.trading.risk_aversion).unwrap());
    let runs: Vec<StudyArm> = runs.collect();
    let of = |arm: &StudyArm| {
        let alpha = tax_alpha(
            (&arm.result.journal.marks, &arm.measures.liquidation),
            (&runs[2].result.journal.marks, &runs[2].measures.liquidation),
        );
        [
            1e4 * alpha.before_liquidation.unwrap(),
            1e4 * alpha.after_liquidation.unwrap(),
            1e4 * arm.measures.tracking_error_ex_post.unwrap(),
            arm.measures.losses_washed.to_f64(),
        ]
    };
    [of(&runs[0]), of(&runs[1])]
}

/// Prints each seed's figures of UMA and of SMA. The command is
/// `cargo test --release -p unisleeve-tests --test suite one_manager -- --ignored --nocapture`.
#[test]
#[ignore = "prints figures; many minutes"]
fn ten_years() {
    let cases = [
        ("common names", common_names()),
        ("kept position", kept_position()),
        ("two accounts", two_accounts()),
    ];
    for (name, config) in cases {
        let all = over_seeds(0..8, |seed| figures(&config, seed));
        for (seed, [uma, sma]) in all.iter().enumerate() {
            println!("{name}, seed {seed}: UMA {uma:.2?}, SMA {sma:.2?}");
        }
    }
}
