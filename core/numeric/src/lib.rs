//! Numerical methods that give the same bits natively and in WebAssembly: every sum has a fixed order, and
//! transcendental functions come from libm.
//!
//! - [`lanes`]: dot products and vector sums in four lanes, for hot loops.
//! - [`mean`], [`standard_deviation`]: sample moments.
//! - [`cholesky()`]: factor of a correlation matrix; [`root()`]: pivoted Cholesky factor of a covariance,
//!   which may be singular.
//! - [`loadings`]: leading principal components of a table of returns.
//! - [`RiskModel`]: covariance from factors and specific variances.
//! - [`sort_pairs`]: a fixed order for ties.
//!
//! Nothing here knows a security, an account or a date.
//!
//! ```
//! use unisleeve_numeric::{RiskModel, standard_deviation};
//!
//! assert_eq!(standard_deviation(&[1.0, 2.0, 3.0]), Some(1.0));
//! // Two securities with one factor: variance (0.5 × 0.2 - 0.5 × 0.2)² + 2 × 0.5² × 0.02.
//! let risk = RiskModel { factors: 1, exposures: vec![0.2, 0.2], specific: vec![0.02, 0.02] };
//! assert!((risk.tracking_error(&[0.5, -0.5]) - 0.1).abs() < 1e-15);
//! ```

mod cholesky;
pub mod lanes;
mod moments;
mod normal;
mod principal;
mod quantile;
mod risk_model;
mod root;
mod sort;
mod student;

pub use cholesky::{cholesky, cholesky_in_place};
pub use moments::{mean, standard_deviation};
pub use normal::{fill_normals, normal_quantile, open_uniform};
pub use principal::{Subspace, loadings};
pub use quantile::{median, quantile};
pub use risk_model::RiskModel;
pub use root::{NoRoot, root};
pub use sort::sort_pairs;
pub use student::student_t;

#[cfg(test)]
mod tests;
