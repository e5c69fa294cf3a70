//! What a journal says about an arm: one measure a file, each with its formula and source. A figure that can't be defined
//! is absent, not zero.

mod active_share;
pub mod endings;
mod harvest;
mod liquidation;
mod returns;
mod stats;
mod summary;
mod tax_alpha;
mod tracking_error;
mod turnover;
mod workload;

pub use active_share::active_share;
pub use harvest::{Harvest, harvest};
pub use liquidation::{Liquidation, liquidation};
pub use returns::{after_tax_returns, annualised, linked, pre_tax_returns, years};
pub use stats::{mean, standard_deviation};
pub use summary::{ArmMeasures, Terms, measure};
pub use tax_alpha::{TaxAlpha, tax_alpha};
pub use tracking_error::{SESSIONS_A_YEAR, active_returns, tracking_error};
pub use turnover::{orders, turnover};
pub use workload::{Workload, workload};
