//! Why a study fails, and how close its arms must be.

use thiserror::Error;
use unisleeve_engine::RunError;
use unisleeve_mandates::ConfigFault;

/// Why a study failed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StudyError {
    /// The configuration has faults.
    #[error("{}", faults.iter().map(|f| format!("{}: {}", f.key, f.message)).collect::<Vec<_>>().join("; "))]
    Config {
        /// Every fault found.
        faults: Vec<ConfigFault>,
    },
    /// A run failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Realized tracking errors count as equal if they differ by less than this fraction.
pub const MATCH: f64 = 0.01;
