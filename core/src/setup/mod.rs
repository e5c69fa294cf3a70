//! Setups: the household's policy partitioned into mandates, and how each mandate decides.
//!
//! A *mandate* is a manager's brief: which sleeves it may trade and whose trades and gains it can see. Every setup is
//! run by the same engine, optimiser, ledger and household tax return; setups differ only in who sees what and who may
//! trade what.

mod advisor;
mod arms;
mod bands;
mod config;
mod context;
mod decide;
mod execute;
mod gains_budget;
mod impact;
mod leave;
mod rebalance;
mod switches;
#[cfg(test)]
mod tests;
mod unmatched;

pub use arms::{ArmKind, Cell, Holding, Mandate, Method, Phase, Setup, SleeveSpec, arm, effective, partial};
pub use bands::{Band, TOLERANCE as BAND_TOLERANCE, class_bands, class_drift, drift};
pub use config::SimulationConfig;
pub use config::{
    AccountConfig, Cadence, Change, CheckConfig, Closing, Config, ConfigFault, DataConfig, EndingConfig,
    Every, Execution, FeesConfig, Flow, Gift, HouseholdConfig, How, IndexConfig, LegacyLot, MAIN_ACCOUNT,
    PolicySleeve, PriceBasis, PriceFile, Restrictions, RiskFiles, SmaConfig, TaxConfig, TradingConfig,
    WorkloadConfig, from_json, misfit, over_sample, sample_config, sample_config_with, sample_keys,
};
pub use context::DecisionContext;
pub use decide::Memory;
pub use decide::lot_is_kept;
pub use gains_budget::budget_parts;
pub use leave::{Emptied, close_account, give};
pub use rebalance::{Promise, RebalanceError, Reserve, Scope, rebalance};
pub use switches::{Switch, Switches};
pub(crate) use unmatched::unmatched_sentence;
pub use unmatched::{Unmatched, unmatched};
