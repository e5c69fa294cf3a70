//! Figures of an arm, computed from its journal: one measure per file, with its formula and source. An
//! undefined figure is `None`, not zero.

mod active_share;
mod active_weights;
mod cash_drag;
mod drawdown;
mod drift;
pub mod endings;
mod fees;
mod harvest;
mod harvest_yield;
mod liquidation;
mod money_weighted;
mod realized;
mod returns;
mod rolling_tracking_error;
mod sec_returns;
mod sleeve_tracking;
mod summary;
mod tax_alpha;
mod tax_alpha_by_year;
mod tax_alpha_split;
mod tax_savings;
#[cfg(test)]
mod testing;
mod tracking_error;
mod turnover;
mod workload;

pub use active_share::{active_share, active_share_at_end};
pub use active_weights::{ActiveWeight, SleeveWeights, active_weights, active_weights_at_end};
pub use cash_drag::{CashDrag, cash_drag};
pub use drawdown::{Drawdown, drawdowns, largest_drawdown};
pub use drift::{ClassDrift, drift};
pub use fees::{Fees, fees};
pub use harvest::{Harvest, harvest};
pub use harvest_yield::{HarvestYear, harvest_yield};
pub use liquidation::{Liquidation, liquidation};
pub use money_weighted::{MoneyWeighted, internal_rate, money_weighted};
pub use realized::{RealizedYear, realized};
pub use returns::{
    after_tax_return, after_tax_returns, annualised, linked, pre_tax_return, pre_tax_returns, years,
};
pub use rolling_tracking_error::rolling_tracking_error;
pub use sec_returns::{SecReturns, highest_rates, sec_returns};
pub use sleeve_tracking::{SleeveTracking, sleeve_tracking_error};
pub use summary::{ArmMeasures, Terms, measure};
pub use tax_alpha::{TaxAlpha, tax_alpha};
pub use tax_alpha_by_year::{TaxAlphaYear, average_of_years, tax_alpha_by_year};
pub use tax_alpha_split::{Part, TaxAlphaSplit, tax_alpha_split};
pub use tax_savings::{TaxSavings, tax_savings};
pub use tracking_error::{active_returns, marks_a_year, tracking_error};
pub use turnover::{orders, turnover};
pub use workload::{Work, Workload, workload};
