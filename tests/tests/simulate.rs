//! Many futures: each is what it is whatever else is run, equal setups stay equal on all of them, and bad input is told.

use unisleeve_core::scenario::{Scenario, Step};
use unisleeve_core::setup::{Config, PolicySleeve, SimulationConfig, sample_config};
use unisleeve_core::simulate::{PathResult, SimulateError, Simulation, Simulator, what_if};
use unisleeve_core::units::Money;
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

/// A path does not depend on the number of paths, nor on which were run before; another seed is another future.
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

/// A household with nothing but the direct index ends to the cent the same in both setups, on every future.
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

/// With equal tracking error asked for, UMA's mean is SMA's over the paths on which it was set.
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

/// Futures of real days: the embedded sample's own household.
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
