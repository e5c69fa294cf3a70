//! Configurations of runs, and setups: partitions of a household's policy into mandates.
//!
//! A *mandate* is a manager's brief: which sleeves it may trade, and whose trades and gains it can see. The
//! same engine, optimizer, ledger and household tax return run every setup. Setups differ only in who sees
//! what and who may trade what.
//!
//! - [`Config`] is everything that a run needs except prices; [`Config::faults`] checks it, [`from_json`]
//!   reads it.
//! - [`arm`] builds a [`Setup`] from a configuration and a market; [`partial`] builds one between SMA and
//!   UMA.
//! - [`Switches`] holds the seven differences between separate managers and one manager.
//! - [`bands`] defines drift from the policy and the prices of the optimizer's soft limits.
//! - [`unmatched()`] finds restrictions that match nothing in a market.
//!
//! This crate decides no trade and books nothing. It opens no file: a configuration only names files.
//!
//! ```
//! use chrono::NaiveDate;
//! use unisleeve_mandates::{ArmKind, Config, arm, from_json};
//! use unisleeve_market::{Market, Panel, Security};
//! use unisleeve_units::Price;
//!
//! let config: Config = from_json(
//!     r#"{
//!         "start": "2024-01-02",
//!         "end": "2024-12-31",
//!         "policy": [
//!             {"name": "stocks", "weight": 0.6, "stocks": ["A", "B"], "fund": "INDEX"},
//!             {"name": "bonds", "weight": 0.4, "fund": "BONDS"}
//!         ]
//!     }"#,
//! )
//! .unwrap();
//! assert!(config.faults().is_empty());
//!
//! let symbols = ["A", "B", "INDEX", "BONDS"];
//! let panel = Panel {
//!     sessions: vec![NaiveDate::from_ymd_opt(2024, 1, 2).unwrap()],
//!     securities: symbols.map(|s| Security { symbol: s.to_owned(), ..Security::default() }).into(),
//!     closes: vec![Price::whole(100); 4],
//!     ..Panel::default()
//! };
//! let mut market = Market::new(panel).unwrap();
//! let sma = arm(ArmKind::Sma, &config, &mut market).unwrap();
//! let managers: Vec<&str> = sma.mandates.iter().map(|m| m.name.as_str()).collect();
//! assert_eq!(managers, ["direct-index manager", "advisor"]);
//! let uma = arm(ArmKind::Uma, &config, &mut market).unwrap();
//! assert_eq!(uma.mandates.len(), 1);
//! ```

mod arms;
pub mod bands;
mod config;
mod habits;
mod switches;
mod unmatched;

pub use arms::{
    ArmKind, Cell, Holding, Mandate, Method, NO_SCENARIO, Phase, Setup, SleeveSpec, arm, effective, partial,
    separate,
};
pub use bands::{BAND_TOLERANCE, Band};
pub use config::{
    AccountConfig, Cadence, Change, CheckConfig, Closing, Config, ConfigFault, DataConfig, EndingConfig,
    Every, Execution, FeesConfig, Flow, Gift, HouseholdConfig, How, IndexConfig, LegacyLot, MAIN_ACCOUNT,
    PolicySleeve, Practice, PriceBasis, PriceFile, Restrictions, RiskFiles, SimulationConfig, SmaConfig,
    TaxConfig, Told, TradingConfig, WorkloadConfig, from_json, from_value, in_words, over_sample,
    sample_config, sample_config_with, sample_keys,
};
pub use config::{DriftBy, FundLots, Funding, HarvestRate};
pub use habits::{Habit, Habits};
pub use switches::{Switch, Switches};
pub use unmatched::{Unmatched, unmatched, unmatched_sentence};
