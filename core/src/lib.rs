//! Unisleeve's domain: what a portfolio with a direct index gains, after tax, when one manager runs all of it
//! instead of a specialist beside an advisor.

pub use unisleeve_books::{history, household};
pub use unisleeve_import as import;
pub use unisleeve_market as market;
pub use unisleeve_market::scenario;
pub use unisleeve_solver as rebalance;
pub use unisleeve_study as study;
pub use unisleeve_study::simulate;
pub use unisleeve_tax as tax;
pub use unisleeve_units as units;

pub mod journal {
    //! The record of one arm.
    pub use unisleeve_books::journal::*;
    pub use unisleeve_units::{Fingerprint, TradeIndex, hex};
}
pub mod measure {
    //! What a journal says about an arm.
    pub use unisleeve_numeric::{mean, standard_deviation};
    pub use unisleeve_study::measure::*;
}
pub mod setup {
    //! Setups.
    pub use unisleeve_engine::*;
    pub use unisleeve_mandates::*;
}
pub mod engine {
    //! The day loop.
    pub use unisleeve_engine::*;
}
pub mod risk {
    //! Risk models.
    pub use unisleeve_market::risk::*;
    pub use unisleeve_numeric::RiskModel;
}
