//! What a household is run by: its configuration, and setups as partitions of its policy into mandates.
//!
//! A *mandate* is a manager's brief: which sleeves it may trade and whose trades and gains it can see. Every setup is
//! run by the same engine, optimizer, ledger and household tax return; setups differ only in who sees what and who may
//! trade what.

mod arms;
pub mod bands;
mod config;
mod switches;
mod unmatched;

pub use arms::{ArmKind, Cell, Holding, Mandate, Method, Phase, Setup, SleeveSpec, arm, effective, partial};
pub use bands::{BAND_TOLERANCE, Band, class_bands, class_drift, drift};
pub use config::{
    AccountConfig, Cadence, Change, CheckConfig, Closing, Config, ConfigFault, DataConfig, EndingConfig,
    Every, Execution, FeesConfig, Flow, Gift, HouseholdConfig, How, IndexConfig, LegacyLot, MAIN_ACCOUNT,
    PolicySleeve, PriceBasis, PriceFile, Restrictions, RiskFiles, SimulationConfig, SmaConfig, TaxConfig,
    TradingConfig, WorkloadConfig, from_json, from_value, in_words, over_sample, sample_config,
    sample_config_with, sample_keys,
};
pub use switches::{Switch, Switches};
pub use unmatched::{Unmatched, unmatched, unmatched_sentence};
