//! The orders of a day, as JSON has them.

use chrono::NaiveDate;
use serde::Serialize;

use super::orders::Order;

/// The day's orders.
#[derive(Debug, Serialize)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    /// Flat rates behind each lot's tax.
    pub(super) rate_short: f64,
    pub(super) rate_long: f64,
    pub(super) arms: Vec<ArmDay>,
}

/// One arm's.
#[derive(Debug, Serialize)]
pub(super) struct ArmDay {
    pub(super) arm: String,
    pub(super) orders: Vec<Order>,
}
