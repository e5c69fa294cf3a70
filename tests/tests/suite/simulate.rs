//! Many futures: each is independent of what else runs, equal setups stay equal on all of them, and invalid
//! input is reported.

use unisleeve_core::mandates::{
    AccountConfig, ArmKind, Config, ConfigFault, PolicySleeve, Practice, Restrictions, SimulationConfig, arm,
    from_json, sample_config,
};
use unisleeve_core::market::risk::RiskSource;
use unisleeve_core::market::scenario::{Scenario, Step};
use unisleeve_core::study::simulate::{PathResult, SimulateError, Simulation, Simulator, what_if};
use unisleeve_core::study::summary;
use unisleeve_core::units::{AccountKind, Money};
use unisleeve_tests::markets::sample;

/// Three years of 20 names, monthly.
fn small() -> Config {
    let scenario = Scenario { names: 20, years: 3.0, step: Step::Monthly, ..Scenario::default() };
    let simulation =
        SimulationConfig { paths: 6, equal_tracking_error: false, scenario, ..SimulationConfig::default() };
    Config { simulation: Some(simulation), ..what_if() }
}

fn paths(config: &Config, numbers: &[u64]) -> Vec<PathResult> {
    let simulator = Simulator::new(config, None).unwrap();
    numbers.iter().map(|p| simulator.path(*p).unwrap()).collect()
}

/// A path does not depend on the number of paths or on earlier paths. Another seed gives another future.
#[test]
fn a_path_is_the_same_whatever_is_run_beside_it() {
    let forwards = paths(&small(), &[0, 1, 2, 3]);
    let mut backwards = paths(&small(), &[3, 2, 1, 0]);
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let mut more = small();
    more.simulation.as_mut().unwrap().paths = 100;
    assert_eq!(paths(&more, &[2]), &forwards[2..3]);
    assert_ne!(paths(&Config { seed: 1, ..small() }, &[2]), &forwards[2..3]);
    assert_ne!(forwards[0].arms, forwards[1].arms);
    let [all, first] = [&forwards[..], &forwards[..2]].map(|p| Simulation::of(p, false));
    assert_eq!((all.paths, first.paths), (4, 2), "figures of what is done are figures");
    assert!(first.gain.unwrap().interval.is_some());
}

/// A household with only the direct index ends the same to the cent in both setups, on every future.
#[test]
fn one_direct_index_is_the_same_on_every_future() {
    let mut config = small();
    config.policy.truncate(1);
    config.policy[0].weight = 1.0;
    for path in paths(&config, &[0, 1, 2]) {
        let [uma, sma] = ["uma", "sma"].map(|a| path.arm(a).unwrap());
        assert_eq!((uma.wealth, &uma.by_year), (sma.wealth, &sma.by_year));
        assert!(uma.wealth > Money::whole(100_000), "{}", uma.wealth);
    }
}

/// The practices asked for run, best first, whatever their order in the list. Another arm does not change
/// those that run.
#[test]
fn the_practices_asked_for_run() {
    let mut config = small();
    let names = |p: &PathResult| p.arms.iter().map(|a| a.arm).collect::<Vec<_>>();
    let all = paths(&config, &[0]).remove(0);
    assert_eq!(names(&all), ["uma", "sma_best", "sma", "sma_typical", "shadow"]);
    let simulation = config.simulation.as_mut().unwrap();
    (simulation.practices, simulation.equal_tracking_error) = (vec![Practice::Typical, Practice::Best], true);
    let some = paths(&config, &[0]).remove(0);
    assert_eq!(names(&some), ["uma", "sma_best", "sma_typical", "shadow"]);
    for arm in &some.arms {
        assert_eq!(Some(arm), all.arm(arm.arm));
    }
    let simulator = Simulator::new(&config, None).unwrap();
    assert_eq!(simulator.matching().and_then(|m| m.round()).map(|r| r.arm), Some("sma_best"));
    let told = from_json::<Config>(r#"{"simulation": {"practices": ["lazy"]}}"#).unwrap_err();
    assert!(told.contains("simulation.practices") && told.contains("lazy"), "{told}");
}

/// With equal tracking error, UMA's mean matches SMA's over the paths on which it was set.
#[test]
fn uma_has_sma_s_tracking_error() {
    let mut config = small();
    let simulation = config.simulation.as_mut().unwrap();
    (simulation.equal_tracking_error, simulation.paths, simulation.scenario.names) = (true, 4, 40);
    let simulator = Simulator::new(&config, None).and_then(Simulator::matched).unwrap();
    let all: Vec<PathResult> = (0..4).map(|p| simulator.path(p).unwrap()).collect();
    let [uma, sma] = Simulation::of(&all, false).tracking_error.map(Option::unwrap);
    assert!((uma / sma - 1.0).abs() < 0.03, "{uma} against {sma}");
    assert!(uma > 0.001, "{uma}: monthly figures times the root of twelve");
}

/// Real prices have no scenario whose risk managers could know: neither blocks of them nor a replay.
#[test]
fn real_prices_have_no_scenario_s_risk() {
    let mut config = sample_config();
    config.risk.source = RiskSource::Scenario;
    let faults = arm(ArmKind::Uma, &config, &mut sample()).unwrap_err();
    let told =
        |f: &ConfigFault| f.key == "risk.source" && f.message.starts_with("scenario: expected simulated");
    assert!(faults.iter().any(told), "{faults:?}");
    config.simulation = Some(SimulationConfig { bootstrap_block: Some(21.0), ..SimulationConfig::default() });
    let Err(SimulateError::Config { faults }) = Simulator::new(&config, Some(sample().into())) else {
        panic!("accepted");
    };
    assert!(faults.iter().any(told), "{faults:?}");
}

/// Futures drawn from real days, for the embedded sample's own household.
#[test]
fn futures_of_the_embedded_history() {
    let market = sample();
    let mut config = Config { ..sample_config() };
    config.policy[0].since = None;
    config.household.flows.clear();
    let scenario = Scenario { years: 2.0, ..Scenario::default() };
    config.simulation = Some(SimulationConfig {
        paths: 2,
        bootstrap_block: Some(63.0),
        equal_tracking_error: false,
        scenario,
        ..SimulationConfig::default()
    });
    let simulator = Simulator::new(&config, Some(market.into())).unwrap();
    let (a, b) = (simulator.path(0).unwrap(), simulator.path(1).unwrap());
    assert_ne!(a.arms, b.arms);
    assert!(a.arms.iter().all(|arm| arm.wealth > Money::whole(200_000) && !arm.ruined), "{a:?}");
}

#[test]
fn bad_input_is_told_with_its_key() {
    let faults = |change: &dyn Fn(&mut Config)| {
        let mut config = small();
        change(&mut config);
        match Simulator::new(&config, None) {
            Err(SimulateError::Config { faults }) => {
                faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; ")
            }
            other => panic!("{other:?}"),
        }
    };
    let of = |change: &dyn Fn(&mut SimulationConfig)| faults(&|c| change(c.simulation.as_mut().unwrap()));
    for (found, part) in [
        (of(&|s| s.paths = 0), "simulation.paths: 0: expected 1 to 100000"),
        (
            of(&|s| s.practices = Vec::new()),
            "simulation.practices: an empty list: expected one or more of best, diligent, typical",
        ),
        (
            of(&|s| s.preset = Some("boom".to_owned())),
            "simulation.preset: boom: expected one of base, calm bull",
        ),
        (of(&|s| s.bootstrap_block = Some(5.0)), "simulation.bootstrap_block: expected prices"),
        (of(&|s| s.scenario.names = 0), "simulation.scenario.names"),
        (of(&|s| s.scenario.years = 500.0), "simulation.scenario.years"),
        (of(&|s| s.scenario.classes[1].volatility = -0.1), "simulation.scenario.classes[1].volatility"),
        (of(&|s| s.scenario.correlations[0][1] = 2.0), "simulation.scenario.correlations"),
        (of(&|s| s.scenario.seed = 5), "simulation.scenario.seed: 5: expected none"),
        (faults(&|c| c.seed = (1 << 53) + 1), "seed"),
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    let mut config = small();
    config.policy.push(PolicySleeve {
        name: "gold".to_owned(),
        fund: "GOLD".to_owned(),
        ..PolicySleeve::default()
    });
    config.policy[0].weight = 0.45;
    let simulator = Simulator::new(&config, None);
    let told = simulator.and_then(|s| s.path(0)).unwrap_err().to_string();
    assert!(told.contains("GOLD") || told.contains("weight"), "{told}");
}

/// A manager's fee costs what the fees would have grown to by the end: the household that pays it is poorer
/// by this amount.
#[test]
fn fees_cost_what_they_would_have_become() {
    let mut config = small();
    config.simulation.as_mut().unwrap().scenario.years = 10.0;
    // One fund, bought once, so that only the fee differs.
    config.policy = vec![PolicySleeve { weight: 1.0, ..config.policy[1].clone() }];
    config.household.flows.clear();
    // Almost no tax, because tax would depend on what is sold to pay fees.
    (config.tax.outside.ordinary_taxable, config.tax.outside.magi) = (Money::ZERO, Money::ZERO);
    (config.tax.liquidation_short, config.tax.liquidation_long) = (Some(0.0), Some(0.0));
    let free = &paths(&config, &[0, 1]);
    config.fees.uma = 0.01;
    for (free, charged) in free.iter().zip(paths(&config, &[0, 1])) {
        let [free, charged] = [free, &charged].map(|p| p.arm("uma").unwrap().clone());
        let (lost, told) = ((free.wealth - charged.wealth).to_f64(), charged.fees_at_end.to_f64());
        assert_eq!(free.fees_at_end, Money::ZERO);
        assert!(told > 100_000.0 && (told / lost - 1.0).abs() < 0.03, "{told} for {lost}");
    }
    let averages = Simulation::of(&paths(&config, &[0, 1]), false).averages;
    assert!(averages[0].fees_at_end > 0.0 && averages[1].fees_at_end == 0.0, "{averages:?}");
}

/// Names in restrictions that the market lacks are reported, and names that it has are not.
#[test]
fn restrictions_that_match_nothing_are_told() {
    let mut config = small();
    let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    config.lists.insert("AAPL".to_owned(), words(&["S001"]));
    config.lists.insert("weapons".to_owned(), words(&["LMT", "RTX"]));
    config.restrictions = Restrictions {
        exclude: words(&["s003", "MO", "AAPL"]),
        exclude_sectors: words(&["energy", "Tobacco"]),
        exclude_lists: words(&["AAPL", "weapons"]),
        do_not_sell: words(&["S004", "T"]),
        ..Restrictions::default()
    };
    let simulator = Simulator::new(&config, None).unwrap();
    let study = simulator.study(0).unwrap();
    let said = summary(&study, simulator.config(), &study.bench.market, &[]);
    let found: Vec<(&str, &str)> =
        said.unmatched_restrictions.iter().map(|u| (u.key.as_str(), u.name.as_str())).collect();
    let wanted = [
        ("restrictions.exclude[1]", "MO"),
        ("restrictions.exclude[2]", "AAPL"),
        ("restrictions.exclude_sectors[1]", "Tobacco"),
        ("restrictions.exclude_lists[1]", "weapons"),
        ("restrictions.do_not_sell[1]", "T"),
    ];
    assert_eq!(found, wanted);
    let is_told = |all: &[String]| all.iter().any(|s| s.contains("MO (`restrictions.exclude[1]`), AAPL"));
    assert!(is_told(&said.assumptions), "{:?}", said.assumptions);
    assert!(is_told(&simulator.summary(&[]).assumptions));
    // Without restrictions nothing is reported.
    let simulator = Simulator::new(&small(), None).unwrap();
    assert!(!simulator.summary(&[]).assumptions.iter().any(|s| s.contains("match nothing")));
}

/// Dates beyond the calendar and lists that are too long are reported with their bounds.
#[test]
fn dates_and_lengths_have_bounds() {
    let mut config = small();
    let far = "9999-01-01".parse().unwrap();
    config.household.flows[0].from = far;
    config.household.flows[1].to = Some(far);
    let account =
        |i| AccountConfig { name: format!("a{i}"), kind: AccountKind::Ira, cash: Money::ZERO, born: None };
    config.household.accounts = (0..101).map(account).collect();
    // These faults are reported together with the scenario's faults.
    config.simulation.as_mut().unwrap().scenario.names = 5;
    let Err(SimulateError::Config { faults }) = Simulator::new(&config, None) else { panic!() };
    let told: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect();
    assert_eq!(
        told,
        [
            "simulation.scenario.names: 5: expected 20 to 1000",
            "household.flows[0].from: 9999-01-01: expected a date from 1900 to 2200",
            "household.flows[1].to: 9999-01-01: expected a date from 1900 to 2200",
            "household.accounts: 101 entries: expected at most 100",
        ]
    );
}
