//! Numerics with the same bits natively and in WebAssembly: every sum has a fixed order, and transcendental functions come
//! from libm.

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
