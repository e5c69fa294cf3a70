//! What connections may cost.

use std::time::Duration;

/// What connections may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; at least one.
    pub connections: usize,
    /// Time until a request's headers are there.
    pub header_time: Duration,
    /// Time of a connection, from its start until its answer is sent.
    pub whole_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 64, header_time: Duration::from_secs(10), whole_time: Duration::from_secs(30) }
    }
}
