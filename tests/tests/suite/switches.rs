//! The seven switches between separate and unified management. Where a mechanism cannot act, its switch
//! changes nothing to the cent. Where it can act, it does.
//!
//! | switch | changes nothing where |
//! |---|---|
//! | wash | no two mandates or accounts can hold the same or an identical security |
//! | gains | there is no second mandate with gains of its own, no outside gain, dividend or carryforward |
//! | pool | there are no flows, no cash target and no dividends |
//! | joint | there is one sleeve |
//! | risk | one mandate runs everything |
//! | lag | no money is asked of a manager, or there is neither notice nor lag |
//! | fees | both schedules are the same |

use unisleeve_core::books::journal::CashKind;
use unisleeve_core::engine::{ArmResult, RiskTimeline, run};
use unisleeve_core::mandates::{
    AccountConfig, ArmKind, Every, Flow, Habits, PolicySleeve, Practice, Switch, Switches, arm, partial,
    separate,
};
use unisleeve_core::units::Fingerprint;
use unisleeve_core::units::{AccountKind, Money};
use unisleeve_tests::day;
use unisleeve_tests::markets::{Bench, Synthetic};
use unisleeve_tests::switching::{books, changes, run_with};

const SEEDS: std::ops::Range<u64> = 0..3;

fn synthetic(seed: u64, dividends: bool) -> Synthetic {
    Synthetic { seed, stocks: 8, end: "2004-12-31", dividends }
}

fn flow(dollars: i32, every: Every, from: &str) -> Flow {
    Flow { amount: Money::whole(dollars), every, from: day(from), to: None }
}

#[test]
fn switches_that_cannot_act_change_nothing() {
    let mut wrong = Vec::new();
    for seed in SEEDS {
        let mixed = synthetic(seed, false).config(0.6);
        let mut with_flows = mixed.clone();
        with_flows.household.flows = vec![flow(-4_000, Every::Month, "2002-06-01")];
        let one = synthetic(seed, true).config(1.0);
        let mut one_with_flows = one.clone();
        one_with_flows.household.flows = vec![flow(-4_000, Every::Month, "2002-06-01")];
        let cases = [
            (Switch::Wash, with_flows.clone(), "no name in common"),
            (Switch::Gains, synthetic(seed, false).config(1.0), "nobody else has gains"),
            (Switch::Pool, mixed.clone(), "no flows, no cash"),
            (Switch::Joint, one_with_flows.clone(), "one sleeve"),
            (Switch::Risk, one_with_flows.clone(), "one sleeve"),
            (Switch::Lag, with_flows.clone(), "no lag"),
            (Switch::Fees, with_flows.clone(), "no fees"),
        ];
        for (switch, config, why) in cases {
            let market = synthetic(seed, switch == Switch::Joint || switch == Switch::Risk).market();
            for (_, found) in changes(&[switch], &config, &market) {
                wrong.push(format!("seed {seed}, {why}: {found}"));
            }
        }
        // Fees that are the same for every manager.
        let mut fees = mixed.clone();
        (fees.fees.advisor, fees.fees.uma) = (0.005, 0.005);
        for (_, found) in changes(&[Switch::Fees], &fees, &synthetic(seed, false).market()) {
            wrong.push(format!("seed {seed}, equal fees: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn switches_that_can_act_do() {
    let synthetic = synthetic(1, true);
    let market = synthetic.market();
    let mut config = synthetic.config(0.6);
    config.household.flows =
        vec![flow(-6_000, Every::Month, "2002-06-01"), flow(60_000, Every::Once, "2003-03-10")];
    config.trading.cash_buffer = 0.02;
    config.sma.lag = Some(5);
    config.fees.direct_index = 0.004;
    config.household.accounts = vec![AccountConfig {
        name: "ira".to_owned(),
        kind: AccountKind::Ira,
        cash: Money::whole(40_000),
        born: None,
    }];
    config.policy[0].weight = 0.55;
    config.policy.push(PolicySleeve {
        name: "favourite".to_owned(),
        weight: 0.05,
        fund: "S0".to_owned(),
        accounts: vec!["ira".to_owned()],
        ..PolicySleeve::default()
    });
    let found = changes(&Switch::ALL, &config, &market);
    for switch in Switch::ALL {
        assert!(found.iter().any(|(s, _)| *s == switch), "{} did nothing", switch.as_str());
    }
}

#[test]
fn all_switches_on_is_the_unified_setup() {
    for seed in SEEDS {
        let synthetic = synthetic(seed, true);
        let mut config = synthetic.config(0.6);
        config.household.flows = vec![flow(-4_000, Every::Month, "2002-06-01")];
        let mut market = synthetic.market();
        let all = partial(Switches::ALL, &config, &mut market).expect("a setup");
        assert_eq!((all.kind, all.mandates.len()), (ArmKind::Uma, 1));
        let uma =
            Bench::new(&[ArmKind::Uma], &config, &synthetic.market()).run(ArmKind::Uma, &config).unwrap();
        let fingerprint = |r: &ArmResult| {
            let mut f = Fingerprint::default();
            r.journal.hash_into(&mut f);
            f.finish()
        };
        assert_eq!(fingerprint(&uma), fingerprint(&run_with(Switches::ALL, &config, &synthetic.market())));
        // With equal terms only five switches remain, and turning on all five is the same as UMA.
        let five = Switches::from_bits(0b11111);
        assert_eq!(partial(five, &config, &mut synthetic.market()).expect("a setup").kind, ArmKind::Uma);
        let sma = arm(ArmKind::SmaBest, &config, &mut synthetic.market()).expect("a setup");
        assert!(sma.switches.has(Switch::Lag) && !sma.switches.has(Switch::Pool));
    }
}

/// Money requested from a manager arrives late. Until then the advisor pays from funds, and no balance is
/// negative. With the switch `lag` it arrives at once, as without notice and lag.
#[test]
fn a_lag_moves_transfers_and_nothing_else() {
    let synthetic = synthetic(2, false);
    let mut config = synthetic.config(0.6);
    config.household.flows = vec![flow(-90_000, Every::Once, "2003-02-18")];
    let with = |notice: u32, lag: u32, switch: bool| {
        let mut market = synthetic.market();
        let habits = Habits { notice, lag, ..Habits::preset(Practice::Best, &config) };
        let mut setup = separate(habits, &config, &mut market).expect("a setup");
        if switch {
            assert!(notice + lag == 0 || setup.acting(&config).has(Switch::Lag));
            setup.switches = setup.switches.with(Switch::Lag);
        }
        let span = (config.start, config.end);
        let timeline = RiskTimeline::new(&market, setup.universe(), span, &config.trading, config.risk);
        run(&setup, &config, &market, &timeline).expect("a run")
    };
    let transfers = |r: &ArmResult| {
        let withdrawn: Vec<_> = r.journal.cash.iter().filter(|c| c.kind == CashKind::Withdrawal).collect();
        assert_eq!(withdrawn.len(), 1);
        assert_eq!((withdrawn[0].date, withdrawn[0].amount), (day("2003-02-18"), Money::whole(-90_000)));
        r.journal.transfers.iter().filter(|t| t.from.0 == 0).map(|t| t.date).collect::<Vec<_>>()
    };
    let (at_once, late) = (with(0, 0, false), with(0, 7, false));
    let (dates, late_dates) = (transfers(&at_once), transfers(&late));
    assert!(dates.contains(&day("2003-02-18")), "{dates:?}");
    assert!(!late_dates.contains(&day("2003-02-18")) && late_dates.contains(&day("2003-02-27")));
    let noticed = transfers(&with(3, 4, false));
    assert!(!noticed.contains(&day("2003-02-18")) && noticed.contains(&day("2003-02-27")), "{noticed:?}");
    assert_eq!(books(&at_once), books(&with(3, 4, true)));
}
