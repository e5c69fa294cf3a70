//! The factor risk model, estimated from what a view shows. All variances are annual.
//!
//! The covariance of security returns is `G G' + diag(d)`. `G` (n × K) holds factor exposures times a root of
//! the factor covariance; `d` holds the specific variances. The statistical factors are the first K principal
//! components of total returns by session over a rolling window (Connor and Korajczyk 1986), found by
//! subspace iteration that starts from the previous date's factors. [`RiskGroups`] puts named factors before
//! them. [`given()`] reads a model from the user's figures, [`simulated()`] that of a simulated market.

mod estimate;
mod given;
mod groups;
mod shrinkage;
mod simulated;
mod typical;

use typical::median_or;

pub use estimate::{Estimator, RiskGroups, RiskSettings, RiskSource};
pub use given::given;
pub use simulated::simulated;
