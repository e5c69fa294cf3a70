//! The orders of a day, as the JSON output shows them.

use chrono::NaiveDate;
use serde::Serialize;

use super::orders::Order;

/// The day's orders.
#[derive(Debug, Serialize)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    /// Flat tax rates used for the tax of each lot.
    pub(super) rate_short: f64,
    pub(super) rate_long: f64,
    pub(super) arms: Vec<ArmDay>,
}

/// The orders of one arm.
#[derive(Debug, Serialize)]
pub(super) struct ArmDay {
    pub(super) arm: String,
    pub(super) orders: Vec<Order>,
}
