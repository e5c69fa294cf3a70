//! The configuration of a run: household, policy, tax, trading. TOML files and the page's JSON use the same
//! type.

mod data;
mod faults;
mod fees;
mod file;
mod household;
mod json;
mod policy;
mod restrictions;
mod sample;
mod simulation;
mod sma;
mod tax;
mod tax_faults;
mod trading;

pub use file::Config;

pub use data::{CheckConfig, DataConfig, IndexConfig, PriceBasis, PriceFile, RiskFiles};
pub use faults::ConfigFault;
pub use fees::{FeesConfig, WorkloadConfig};
pub use household::{
    AccountConfig, Closing, Every, Flow, Gift, HouseholdConfig, How, LegacyLot, MAIN_ACCOUNT,
};
pub use json::{from_json, from_value, in_words};
pub(super) use policy::ADVISOR;
pub use policy::{Change, PolicySleeve};
pub use restrictions::Restrictions;
pub use sample::{over_sample, sample_config, sample_config_with, sample_keys};
pub use simulation::SimulationConfig;
pub use sma::{DriftBy, FundLots, Funding, HarvestRate, Practice, SmaConfig, Told};
pub use tax::{EndingConfig, TaxConfig};
pub use trading::{Cadence, Execution, TradingConfig};
