//! Runs one arm over a market, session by session.

use chrono::NaiveDate;
use thiserror::Error;
use unisleeve_books::household::LedgerError;
use unisleeve_mandates::{Config, Setup};
use unisleeve_market::{Market, View};
use unisleeve_tax::UnknownTaxYear;

use super::arm::{Arm, Stop};
use super::result::ArmResult;
use super::{RebalanceError, RiskTimeline};

/// Reason why a run stopped.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RunError {
    /// The market has no session between the dates.
    #[error("no session from {start} to {end}: expected dates that the prices cover")]
    NoSession {
        /// First date.
        start: NaiveDate,
        /// Last date.
        end: NaiveDate,
    },
    /// The tax law of the year is not available.
    #[error(transparent)]
    Law(#[from] UnknownTaxYear),
    /// A rebalancing failed.
    #[error("{arm} on {date}: {error}")]
    Rebalance {
        /// Name of the arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Reason.
        error: RebalanceError,
    },
    /// The ledger refused a booking.
    #[error("{arm} on {date}: {error}")]
    Ledger {
        /// Name of the arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Reason.
        error: LedgerError,
    },
}

impl RunError {
    fn of(stop: Stop, arm: &'static str, date: NaiveDate) -> Self {
        match stop {
            Stop::Ledger(error) => Self::Ledger { arm, date, error },
            Stop::Rebalance(error) => Self::Rebalance { arm, date, error },
        }
    }
}

/// Runs an arm over the sessions of a market from `config.start` to `config.end`.
///
/// `timeline` must cover these dates and the arm's securities.
///
/// # Errors
/// If there is no session between the dates, the tax law is not available, or a session can't be completed.
pub fn run(
    setup: &Setup,
    config: &Config,
    market: &Market,
    timeline: &RiskTimeline,
) -> Result<ArmResult, RunError> {
    let mut arm = Arm::new(setup, config, timeline)?;
    let mut last: Option<View<'_>> = None;
    for view in market.sessions(config.start, config.end) {
        let previous = last.map(|v| v.date());
        arm.day(&view, previous).map_err(|stop| RunError::of(stop, setup.kind.as_str(), view.date()))?;
        last = Some(view);
    }
    let last = last.ok_or(RunError::NoSession { start: config.start, end: config.end })?;
    Ok(arm.close(&last))
}
