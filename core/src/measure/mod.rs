//! What a journal says about an arm: one measure a file, each with its formula and source. A figure that can't be defined
//! is absent, not zero.

mod harvest;
mod liquidation;
mod returns;
mod stats;
mod summary;
mod tax_alpha;
mod tracking_error;
mod turnover;

pub use harvest::{Harvest, harvest};
pub use liquidation::{Liquidation, liquidation};
pub use returns::{after_tax_returns, annualised, linked, pre_tax_returns, years};
pub use stats::{mean, standard_deviation};
pub use summary::{ArmMeasures, measure};
pub use tax_alpha::{TaxAlpha, tax_alpha};
pub use tracking_error::{SESSIONS_A_YEAR, active_returns, tracking_error};
pub use turnover::{orders, turnover};
