//! The day loop: runs one setup over a market, and how each mandate decides. Nothing else moves time.

mod act;
mod advisor;
mod arm;
mod benchmark;
mod calendar;
mod cells;
mod context;
mod corporate;
mod day;
mod decide;
mod dues;
mod execute;
mod fees;
mod gains_budget;
mod impact;
mod leave;
mod marks;
mod money_in;
mod rebalance;
mod reserve;
mod result;
mod run;
mod sleeves;
mod standing;
#[cfg(test)]
mod tests;
mod timeline;

pub use calendar::{flows_due, is_rebalancing};
pub use context::DecisionContext;
pub use decide::{Memory, lot_is_kept};
pub use gains_budget::budget_parts;
pub use leave::{Emptied, close_account, give};
pub use rebalance::{Promise, RebalanceError, Scope, rebalance};
pub use reserve::Reserve;
pub use result::{ArmResult, Closed, Ruin};
pub use run::{RunError, run};
pub use standing::{Standing, standing};
pub use timeline::RiskTimeline;
