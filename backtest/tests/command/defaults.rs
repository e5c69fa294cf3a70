//! Where missing keys come from. The sample's configuration gives defaults only to runs that use the sample.

use std::fs;

use crate::world::{CONFIG, World};
use serde_json::Value;
use unisleeve_core::mandates::sample_config;

/// If a configuration names its own prices, a missing key `flows` means an empty list.
#[test]
fn without_flows_there_are_none() {
    let none = CONFIG.replace("flows = [{ amount = -20000, every = \"year\", from = \"2021-01-01\" }]\n", "");
    assert!(!none.contains("flows"));
    let kept = |config: &str| {
        let world = World::new(config);
        let run = world.run("backtest", &["--vintages", "0"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let cash = fs::read_to_string(world.path("result/cash.csv")).unwrap();
        assert!(!cash.contains("withdrawal"), "{cash}");
        let summary: Value =
            serde_json::from_str(&fs::read_to_string(world.path("result/summary.json")).unwrap()).unwrap();
        summary["arms"]["uma"]["wealth_before_liquidation"].clone()
    };
    let empty = none.replace("[household]\n", "[household]\nflows = []\n");
    assert_eq!(kept(&none), kept(&empty));
}

#[test]
fn prices_of_ones_own_need_dates_and_a_policy() {
    let world = World::new("[data]\nprices = [{ file = \"prices.csv\" }]\n");
    let run = world.run("backtest", &[]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.stderr.lines().count(), 3, "{}", run.stderr);
    for key in ["start", "end", "policy"] {
        assert!(run.stderr.contains(&format!("run.toml: {key}: missing: expected ")), "{}", run.stderr);
    }
}

/// A configuration without prices overrides keys of the sample's configuration.
#[test]
fn the_sample_lends_its_keys_to_a_configuration_without_prices() {
    let world = World::new("end = 2001-12-31\n[household]\ncash = 500_000\n");
    let run = world.run("backtest", &["--vintages", "0", "--json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let summary: Value = serde_json::from_str(&run.stdout).unwrap();
    let flows = serde_json::to_value(sample_config().household.flows).unwrap();
    assert_eq!(summary["config"]["household"]["flows"], flows);
    assert_eq!(summary["config"]["household"]["cash"], 500_000.0);
    assert_eq!(summary["config"]["policy"].as_array().unwrap().len(), 3);
    assert_eq!(summary["end"], "2001-12-31");
}

/// Futures of the market model take nothing from the sample: neither its policy nor its withdrawals.
#[test]
fn simulate_asks_for_a_policy_and_adds_no_flows() {
    let world = World::new("[household]\ncash = 500_000\n");
    let run = world.run("simulate", &["--paths", "2"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("run.toml: policy: missing: expected"), "{}", run.stderr);

    let policy = "[[policy]]\nname = \"a\"\nweight = 0.6\nindex = \"US stocks\"\nfund = \"USX\"\n\
                  [[policy]]\nname = \"b\"\nweight = 0.4\nfund = \"BOND\"\n\
                  [simulation.scenario]\nnames = 20\nyears = 2\nstep = \"monthly\"\nstart = 2030-01-02\n";
    let world = World::new(policy);
    let run = world.run("simulate", &["--paths", "2", "--json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let summary: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(summary["config"]["household"]["flows"], serde_json::json!([]));
    assert_eq!(summary["config"]["start"], "2030-01-02");
}
