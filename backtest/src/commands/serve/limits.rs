//! Limits of connections.

use std::time::Duration;

/// Limits of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at the same time; at least one.
    pub connections: usize,
    /// Time until the headers of a request have arrived.
    pub header_time: Duration,
    /// Time from the start of a connection until its answer is sent.
    pub whole_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 64, header_time: Duration::from_secs(10), whole_time: Duration::from_secs(30) }
    }
}
