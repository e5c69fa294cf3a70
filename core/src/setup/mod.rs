//! Setups: the household's policy partitioned into mandates, and how each mandate decides.
//!
//! A *mandate* is a manager's brief: which sleeves it may trade and whose trades and gains it can see. Every setup is
//! run by the same engine, optimiser, ledger and household tax return; setups differ only in who sees what and who may
//! trade what.

mod advisor;
mod arms;
mod config;
mod decide;
mod execute;
mod rebalance;

pub use arms::{ArmKind, Mandate, Method, Setup, Sight, SleeveSpec, arm};
pub use config::{
    Cadence, Config, ConfigFault, DataConfig, EndingConfig, Every, Flow, HouseholdConfig, PolicySleeve,
    PriceBasis, PriceFile, SmaConfig, TaxConfig, TradingConfig,
};
pub use decide::DecisionContext;
pub use rebalance::{RebalanceError, rebalance};
