//! Many futures for one household: UMA, SMA and the shadow portfolio on each path of a scenario.
//!
//! All arms see the same path. A path depends only on the configuration and on its number, so paths may run
//! in any order, on any number of threads, and may stop at any time. Results are differences between arms on
//! each path ([`statistics`]).

mod matching;
mod path;
mod simulator;
pub mod statistics;
mod summary;

pub use matching::{Matching, Round};
pub use path::{PathArm, PathResult};
pub use simulator::{MOST_PATHS, SimulateError, Simulator, what_if};
pub use statistics::{Averages, Fan, Paired, Simulation};
pub use summary::SimulationSummary;
