//! The panel that every run reads: sessions × securities, and the indices over them.
//!
//! Nothing outside this room can read a price by date: the engine walks [`Market::sessions`], and each step hands out
//! a [`View`] that ends at its session. Decisions are functions of a view, so looking ahead can't be written.

mod action;
mod given_risk;
mod index;
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
