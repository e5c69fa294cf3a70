//! What a run is told: household, policy, tax, trading. One type for TOML files and the page's JSON.

mod data;
mod faults;
mod household;
mod json;
mod policy;
mod restrictions;
mod sample;
mod simulation;
mod sma;
mod tax;
mod trading;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use data::{CheckConfig, DataConfig, IndexConfig, PriceBasis, PriceFile, RiskFiles};
pub use faults::ConfigFault;
pub use household::{
    AccountConfig, Closing, Every, Flow, Gift, HouseholdConfig, How, LegacyLot, MAIN_ACCOUNT,
};
pub use json::{from_json, from_value, in_words};
pub(super) use policy::ADVISOR;
pub use policy::{Change, PolicySleeve};
pub use restrictions::Restrictions;
pub use sample::{over_sample, sample_config, sample_config_with, sample_keys};
pub use simulation::SimulationConfig;
pub use sma::{FeesConfig, SmaConfig, WorkloadConfig};
pub use tax::{EndingConfig, TaxConfig};
pub use trading::{Cadence, Execution, TradingConfig};

use unisleeve_market::risk::RiskSettings;

/// Everything a run needs beside prices. A file without `data` lies over the embedded sample's own configuration, which has
/// dates, cash, flows and a policy; one with `data` takes nothing from it and needs `start`, `end` and `policy`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// First session of the run (or the next one).
    pub start: NaiveDate,
    /// Last session of the run (or the one before).
    pub end: NaiveDate,
    /// Seed of everything random. A replay of history uses none; it is reported all the same.
    pub seed: u64,
    /// The household's wealth and flows.
    pub household: HouseholdConfig,
    /// The policy mix: sleeves whose weights add up to 1.
    pub policy: Vec<PolicySleeve>,
    /// What must not be held, bought or sold.
    #[serde(skip_serializing_if = "Restrictions::is_empty")]
    pub restrictions: Restrictions,
    /// Lists of symbols that restrictions name: `tobacco = ["PM", "MO"]`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
    /// Changes of strategy: another policy mix, index, fund or restriction from a date on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// A third party's allocation model: a file of `date,sleeve,weight`, dated weights of the policy's sleeves. Only the command
    /// reads files; it turns them into `changes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Groups of symbols that are substantially identical for the wash-sale rule (IRC 1091).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identical: Vec<Vec<String>>,
    /// Law, outside income and how later tax is valued.
    pub tax: TaxConfig,
    /// How the portfolio may end: what giving it away rests on.
    pub ending: EndingConfig,
    /// Cadence, costs, risk aversion: the same in every arm.
    pub trading: TradingConfig,
    /// What only the separately managed setup needs.
    pub sma: SmaConfig,
    /// Management fees by setup.
    #[serde(skip_serializing_if = "FeesConfig::is_free")]
    pub fees: FeesConfig,
    /// What work costs: only counted, never charged.
    #[serde(skip_serializing_if = "WorkloadConfig::is_default")]
    pub workload: WorkloadConfig,
    /// Risk model.
    pub risk: RiskSettings,
    /// Futures to run instead of history: for `unisleeve simulate` and the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationConfig>,
    /// Price files; none = the embedded sample. Only the command reads files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<DataConfig>,
    /// Other names for columns of the files: `close = "px"` or `px = "close"` says that a column `px` holds closes. Of several
    /// that a file has, the first that is not empty counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

impl Default for Config {
    /// What holds for every household. Dates and policy are none: those of the sample are [`sample_config`].
    fn default() -> Self {
        Self {
            start: NaiveDate::default(),
            end: NaiveDate::default(),
            seed: 0,
            household: HouseholdConfig::default(),
            policy: Vec::new(),
            restrictions: Restrictions::default(),
            lists: BTreeMap::new(),
            changes: Vec::new(),
            model: None,
            identical: Vec::new(),
            tax: TaxConfig::default(),
            ending: EndingConfig::default(),
            trading: TradingConfig::default(),
            sma: SmaConfig::default(),
            fees: FeesConfig::default(),
            workload: WorkloadConfig::default(),
            risk: RiskSettings::default(),
            simulation: None,
            data: None,
            columns: BTreeMap::new(),
        }
    }
}
