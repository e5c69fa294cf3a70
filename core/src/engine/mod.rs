//! The day loop: runs one setup over a market. Nothing else moves time.

mod benchmark;
mod calendar;
mod corporate;
mod dues;
mod fees;
mod run;
mod sleeves;
mod standing;
mod timeline;

pub use calendar::{flows_due, is_rebalancing};
pub use run::{ArmResult, Closed, Ruin, RunError, run};
pub use standing::{Standing, standing};
pub use timeline::RiskTimeline;
