//! When demands conflict, every arm uses the same order: cash, restrictions, the gains budget, bands. What an
//! arm owes is paid by the account that has the money.

use std::collections::BTreeMap;

use chrono::Datelike;
use unisleeve_core::books::journal::{CashKind, Side};
use unisleeve_core::engine::ArmResult;
use unisleeve_core::mandates::{
    AccountConfig, ArmKind, Cadence, Config, Every, FeesConfig, Flow, HouseholdConfig, LegacyLot, Practice,
    sample_config,
};
use unisleeve_core::study::measure::drift;
use unisleeve_core::units::{AccountId, AccountKind, Money, Shares};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic, sample};

const MARKET: Synthetic = Synthetic { seed: 21, stocks: 8, end: "2005-12-30", dividends: true };

fn arms(config: &Config, kinds: &[ArmKind]) -> Vec<ArmResult> {
    let market = MARKET.market();
    let bench = Bench::new(kinds, config, &market);
    kinds.iter().map(|k| bench.run(*k, config).unwrap_or_else(|e| panic!("{k:?}: {e}"))).collect()
}

/// 60% in stocks with large gains. The bands require sales that a small budget forbids.
fn appreciated(budget: Option<i32>) -> Config {
    let mut config = MARKET.config(0.4);
    for (i, s) in config.policy.iter_mut().enumerate() {
        ["stocks", "bonds"][i].clone_into(&mut s.asset_class);
    }
    config.household.cash = Money::whole(200_000);
    config.household.lots = (0..8)
        .map(|i| LegacyLot {
            symbol: format!("S{i}"),
            quantity: Shares::from_raw(1_000_000_000),
            basis: Money::whole(2_000),
            acquired: day("1995-01-03"),
            account: None,
            keep: false,
        })
        .collect();
    config.tax.gains_budget = budget.map(Money::whole);
    config
}

/// Each year's net gain stays within the budget, except for what a tax bill forces and for losses that a
/// later purchase washes. Without a budget all arms realize far more at once, because the band requires it.
#[test]
fn the_gains_budget_comes_before_the_bands_in_every_arm() {
    const BUDGET: i32 = 15_000;
    let kinds = [ArmKind::Uma, ArmKind::SmaBest, ArmKind::Sma, ArmKind::Funds];
    for (arm, free) in arms(&appreciated(Some(BUDGET)), &kinds).iter().zip(arms(&appreciated(None), &kinds)) {
        let kind = arm.setup.kind;
        for year in &arm.journal.tax_years {
            let washed: Money =
                arm.journal.washed.iter().filter(|w| w.date.year() == year.year).map(|w| w.disallowed).sum();
            let net = year.net_short + year.net_long - washed;
            assert!(net <= Money::whole(BUDGET + 100), "{kind:?} {}: {net}", year.year);
        }
        let first = |a: &ArmResult| a.journal.tax_years[0].net_short + a.journal.tax_years[0].net_long;
        assert!(first(&free) > Money::whole(3 * BUDGET), "{kind:?}: {}", first(&free));
        // In the arm of funds the stocks are lots outside the policy and thus in no band.
        let left = |a: &ArmResult| drift(a)[0].average_left.unwrap();
        assert!(kind == ArmKind::Funds || left(arm) > left(&free), "{kind:?}: bands wait");
    }
}

/// Whole trades of a taxable household can't meet a band of zero width forever. Both arms hold the closest
/// reachable mix.
#[test]
fn bands_that_cannot_be_met_are_nearly_met() {
    let mut config = MARKET.config(0.6);
    for (i, s) in config.policy.iter_mut().enumerate() {
        ["stocks", "bonds"][i].clone_into(&mut s.asset_class);
    }
    config.trading.band = 0.0;
    config.household.flows =
        vec![Flow { amount: Money::whole(-3_000), every: Every::Month, from: day("2002-03-01"), to: None }];
    for arm in arms(&config, &[ArmKind::Uma, ArmKind::SmaBest]) {
        for class in drift(&arm) {
            let left = class.largest_left.unwrap();
            assert!(left < 0.002, "{:?} {}: {left}", arm.setup.kind, class.asset_class);
        }
    }
}

/// An asset class that no account can hold enough of: only the IRA takes bonds, and it is smaller than their
/// weight.
#[test]
fn bands_out_of_reach_hold_what_is_reachable() {
    let mut config = MARKET.config(0.3);
    for (i, s) in config.policy.iter_mut().enumerate() {
        ["stocks", "bonds"][i].clone_into(&mut s.asset_class);
    }
    config.policy[1].accounts = vec!["ira".to_owned()];
    config.household.accounts = vec![AccountConfig {
        name: "ira".to_owned(),
        kind: AccountKind::Ira,
        cash: Money::whole(200_000),
        born: None,
    }];
    for arm in arms(&config, &[ArmKind::Uma, ArmKind::SmaBest]) {
        // 500,000 can only be in stocks: 71% against 30% from the first day.
        let first = drift(&arm);
        assert!((first[0].largest_left.unwrap() - (500.0 / 700.0 - 0.3)).abs() < 0.08, "{first:?}");
        let last = arm.journal.marks.last().unwrap();
        let idle = last.cash.to_f64() / last.value.to_f64();
        assert!(idle < 0.01, "{:?}: {idle} idle", arm.setup.kind);
    }
}

/// A price of zero for drift within the band makes the drift free. The advisor trades less than at a small
/// price, and the remaining drift is within the band.
#[test]
fn drift_without_a_price_is_free() {
    let run = |price: f64| {
        let mut config = appreciated(None);
        (config.sma.practice, config.sma.drift_price) = (Some(Practice::Best), Some(price));
        arms(&config, &[ArmKind::Sma]).remove(0)
    };
    let sold = |a: &ArmResult| -> Money {
        a.journal.trades.iter().filter(|t| t.side == Side::Sell).map(|t| t.amount).sum()
    };
    let (free, dear) = (run(0.0), run(0.1));
    assert!(sold(&free) < sold(&dear), "{} {}", sold(&free), sold(&dear));
    assert!(drift(&free)[0].largest_left.unwrap() < 0.0205);
}

/// All money is in a Roth account. It pays its own fee and keeps its weights.
#[test]
fn a_household_whose_money_is_in_a_roth() {
    let mut config = MARKET.config(0.6);
    config.household = HouseholdConfig {
        cash: Money::from_raw(100),
        accounts: vec![AccountConfig {
            name: "roth".to_owned(),
            kind: AccountKind::Roth,
            cash: Money::whole(500_000),
            born: None,
        }],
        flows: vec![Flow {
            amount: Money::whole(-1_000),
            every: Every::Month,
            from: day("2002-03-01"),
            to: None,
        }],
        ..HouseholdConfig::default()
    };
    config.fees = FeesConfig { uma: 0.01, advisor: 0.01, direct_index: 0.0 };
    for arm in arms(&config, &[ArmKind::Uma, ArmKind::SmaBest]) {
        let (kind, journal) = (arm.setup.kind, &arm.journal);
        assert!(arm.ruin.is_none());
        let sum = |k: CashKind| -> Money {
            journal.cash.iter().filter(|c| c.kind == k && c.account == AccountId(1)).map(|c| -c.amount).sum()
        };
        let mean = journal.marks.iter().map(|m| m.value.to_f64()).sum::<f64>() / journal.marks.len() as f64;
        // Fifteen of the sixteen quarters are charged, each for its days.
        let expected = mean * 0.01 * 3.75;
        let fees = sum(CashKind::Fee).to_f64();
        assert!((fees / expected - 1.0).abs() < 0.02, "{kind:?}: fees {fees}, expected about {expected}");
        // The last cent of the taxable account went first.
        assert_eq!(sum(CashKind::Withdrawal), Money::whole(46_000) - Money::from_raw(100), "{kind:?}");
        assert!(journal.marks.iter().all(|m| m.owed.is_zero()));
        assert!(journal.tax_years.iter().all(|y| y.tax.is_zero()), "{kind:?}: a Roth pays no tax");
        // Nothing is taxed, so only dividends that wait between rebalancings deviate from the index.
        let worst = journal.marks.iter().skip(1).map(|m| m.te_ex_ante).fold(0.0, f64::max);
        assert!(worst < 0.01, "{kind:?}: tracking error {worst}");
    }
}

/// Withdrawals that the taxable account can't pay come from the IRA, as ordinary income of the year.
#[test]
fn an_ira_pays_when_the_taxable_account_is_empty() {
    let mut config = MARKET.config(0.6);
    config.household = HouseholdConfig {
        cash: Money::whole(20_000),
        accounts: vec![AccountConfig {
            name: "ira".to_owned(),
            kind: AccountKind::Ira,
            cash: Money::whole(500_000),
            born: None,
        }],
        flows: vec![Flow {
            amount: Money::whole(-5_000),
            every: Every::Month,
            from: day("2002-03-01"),
            to: None,
        }],
        ..HouseholdConfig::default()
    };
    for arm in arms(&config, &[ArmKind::Uma, ArmKind::SmaBest]) {
        let kind = arm.setup.kind;
        assert!(arm.ruin.is_none(), "{kind:?}");
        let mut out: BTreeMap<(i32, u16), Money> = BTreeMap::new();
        for row in &arm.journal.cash {
            if matches!(row.kind, CashKind::Withdrawal | CashKind::Tax) {
                *out.entry((row.date.year(), row.account.0)).or_default() -= row.amount;
            }
        }
        let taken: Money =
            arm.journal.cash.iter().filter(|c| c.kind == CashKind::Withdrawal).map(|c| -c.amount).sum();
        assert_eq!(taken, Money::whole(46 * 5_000), "{kind:?}");
        for year in &arm.journal.tax_years {
            let distributed = out.get(&(year.year, 1)).copied().unwrap_or_default();
            assert_eq!(year.distributions, distributed, "{kind:?} {}", year.year);
            if distributed.is_positive() {
                assert!(year.tax.is_positive(), "{kind:?} {}: {}", year.year, year.tax);
            }
        }
        // The taxable account's 20,000 went first.
        assert!(out[&(2002, 0)] > Money::whole(15_000), "{kind:?}: {out:?}");
    }
}

/// No arm sends orders below the minimum, except for sales on days on which cash had to be raised.
#[test]
fn small_orders_wait_in_every_arm() {
    let least = Money::whole(20_000);
    let mut config = MARKET.config(0.6);
    config.trading.min_trade = least;
    for arm in arms(&config, &[ArmKind::Uma, ArmKind::SmaBest, ArmKind::Funds, ArmKind::Shadow]) {
        let kind = arm.setup.kind;
        let mut orders: BTreeMap<_, Money> = BTreeMap::new();
        for t in &arm.journal.trades {
            *orders.entry((t.date, t.security, t.side == Side::Buy, t.sleeve)).or_default() += t.amount;
        }
        let paid = |d| arm.journal.cash.iter().any(|c| c.date == d && c.kind == CashKind::Tax);
        for ((date, security, is_buy, _), amount) in &orders {
            let forced = !is_buy && paid(*date);
            assert!(*amount >= least || forced, "{kind:?} {date} {security:?}: {amount}");
        }
        // Money does not stay idle forever: dividends of 2% a year on $500,000 wait until they make up an
        // order.
        let idle = arm.journal.marks.iter().map(|m| m.cash).max().unwrap_or_default();
        assert!(arm.journal.marks.last().unwrap().cash < Money::whole(45_000), "{kind:?}: {idle}");
        assert!(orders.keys().any(|(d, ..)| d.year() > 2002), "{kind:?} trades after the first year");
    }
}

/// Cash needs are met by orders of any size.
#[test]
fn cash_is_raised_by_small_orders() {
    let mut config = MARKET.config(0.6);
    config.trading.min_trade = Money::whole(20_000);
    config.trading.cadence = Cadence::Quarterly;
    config.household.flows =
        vec![Flow { amount: Money::whole(-1_500), every: Every::Month, from: day("2002-03-01"), to: None }];
    for arm in arms(&config, &[ArmKind::Uma, ArmKind::SmaBest]) {
        let taken: Money =
            arm.journal.cash.iter().filter(|c| c.kind == CashKind::Withdrawal).map(|c| -c.amount).sum();
        assert_eq!(taken, Money::whole(46 * 1_500), "{:?}", arm.setup.kind);
        assert!(arm.journal.small_orders.forced > 0 || arm.journal.small_orders.held_back > 0);
    }
}

/// The sample under the gains budget of the published case. Both arms keep to it, and bands wait in both.
#[test]
fn a_budget_on_the_sample() {
    let mut config = sample_config();
    config.tax.gains_budget = Some(Money::whole(20_000));
    let market = sample();
    let kinds = [ArmKind::Uma, ArmKind::SmaBest, ArmKind::Sma];
    let bench = Bench::new(&kinds, &config, &market);
    for kind in kinds {
        let arm = bench.run(kind, &config).unwrap();
        for year in &arm.journal.tax_years {
            let washed: Money =
                arm.journal.washed.iter().filter(|w| w.date.year() == year.year).map(|w| w.disallowed).sum();
            let net = year.net_short + year.net_long - washed;
            // Withdrawals force a little more.
            assert!(net <= Money::whole(20_750), "{kind:?} {}: {net}", year.year);
        }
    }
}
