//! Numerics with the same bits natively and in WebAssembly: every sum has a fixed order, and transcendental functions come
//! from libm.

mod cholesky;
pub mod lanes;
mod moments;
mod principal;
mod risk_model;
mod root;
mod sort;

pub use cholesky::cholesky;
pub use moments::{mean, standard_deviation};
pub use principal::{Subspace, loadings};
pub use risk_model::RiskModel;
pub use root::{NoRoot, root};
pub use sort::sort_pairs;
