//! Market data: prices by session and security, indices, risk models and simulated scenarios.
//!
//! - [`Panel`] holds the raw data: sessions, securities, closes, distributions and corporate [`Action`]s.
//!   [`unpack`] reads the embedded sample into one.
//! - [`Market`] is a checked panel with total returns and indices ([`Index`], [`Membership`]).
//! - [`View`] is what is known at the close of one session.
//! - [`risk`] estimates a factor risk model from a view. [`GivenRisk`] holds figures supplied by the user
//!   instead.
//! - [`scenario`] simulates future markets.
//! - [`is_open`] says on which days the New York Stock Exchange trades.
//!
//! Code outside this crate can't read a price by date. It walks [`Market::sessions`], and each step hands out
//! a [`View`] that ends at its session. Decisions are functions of a view, so they can't use later prices.
//! This crate knows nothing of households, lots, taxes or orders.
//!
//! ```
//! use chrono::NaiveDate;
//! use unisleeve_market::{Market, Panel, Security};
//! use unisleeve_units::{Price, SecurityId};
//!
//! let day = |d| NaiveDate::from_ymd_opt(2024, 1, d).unwrap();
//! let market = Market::new(Panel {
//!     sessions: vec![day(2), day(3)],
//!     securities: vec![Security { symbol: "AAA".to_owned(), ..Security::default() }],
//!     closes: vec![Price::from_f64(100.0).unwrap(), Price::from_f64(101.0).unwrap()],
//!     ..Panel::default()
//! })?;
//! let view = market.sessions(day(3), day(3)).next().unwrap();
//! let total_return = view.total_return(SecurityId(0), 0).unwrap();
//! assert!((total_return - 0.01).abs() < 1e-12);
//! # Ok::<(), unisleeve_market::MarketError>(())
//! ```

mod action;
mod given_risk;
mod index;
mod indices;
mod membership;
mod nyse;
mod packed;
mod panel;
pub mod risk;
mod sample_notes;
pub mod scenario;
mod view;

pub use action::Action;
pub use given_risk::{GivenBlock, GivenFault, GivenFigures, GivenRisk};
pub use index::{Drift, Index, IndexId};
pub use membership::{Cap, MemberFault, Membership, MembershipFault, Span};
pub use nyse::is_open;
pub use packed::{PackedError, unpack};
pub use panel::{Distribution, Market, MarketError, Panel, Security};
pub use sample_notes::SAMPLE_NOTES;
pub use view::View;
