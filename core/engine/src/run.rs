//! Runs one arm over a market, session by session.

use chrono::NaiveDate;
use thiserror::Error;
use unisleeve_books::household::LedgerError;
use unisleeve_mandates::{Config, Setup};
use unisleeve_market::{Market, View};
use unisleeve_tax::{TaxRates, UnknownTaxYear};

use super::arm::{Arm, Stop};
use super::result::ArmResult;
use super::{RebalanceError, RiskTimeline};

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RunError {
    /// No session between the dates.
    #[error("no session from {start} to {end}: expected dates that the prices cover")]
    NoSession {
        /// First date.
        start: NaiveDate,
        /// Last date.
        end: NaiveDate,
    },
    /// The law of the year is not held.
    #[error(transparent)]
    Law(#[from] UnknownTaxYear),
    /// A rebalancing failed.
    #[error("{arm} on {date}: {error}")]
    Rebalance {
        /// Arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Why.
        error: RebalanceError,
    },
    /// The ledger refused a booking.
    #[error("{arm} on {date}: {error}")]
    Ledger {
        /// Arm.
        arm: &'static str,
        /// Session.
        date: NaiveDate,
        /// Why.
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

/// Runs an arm over a market. `rates` are flat rates for lots and for gains taxed later.
///
/// # Errors
/// When the dates hold no session, the law is not known, or a step can't be carried out.
pub fn run(
    setup: &Setup,
    config: &Config,
    market: &Market,
    timeline: &RiskTimeline,
    rates: TaxRates,
) -> Result<ArmResult, RunError> {
    let mut arm = Arm::new(setup, config, timeline, rates)?;
    let mut last: Option<View<'_>> = None;
    for view in market.sessions(config.start, config.end) {
        let previous = last.map(|v| v.date());
        arm.day(&view, previous).map_err(|stop| RunError::of(stop, setup.kind.as_str(), view.date()))?;
        last = Some(view);
    }
    let last = last.ok_or(RunError::NoSession { start: config.start, end: config.end })?;
    Ok(arm.close(&last))
}
