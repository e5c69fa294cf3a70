//! Trading terms, the same in every arm.

use serde::{Deserialize, Serialize};

use unisleeve_market::View;
use unisleeve_units::Money;

/// How often the arms rebalance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// On every session.
    Daily,
    /// On the first session of each week.
    Weekly,
    /// On the first session of each month.
    Monthly,
    /// On the first session of each quarter.
    Quarterly,
    /// On the first session of each year.
    Yearly,
    /// Not by the calendar: only when `trigger` or a need for cash requires it.
    Never,
}

impl Cadence {
    /// The less frequent of two cadences.
    #[must_use]
    pub fn or_less_often(self, other: Self) -> Self {
        if self as u8 > other as u8 { self } else { other }
    }
}

/// At which close orders trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Execution {
    /// At the close on which they are decided.
    #[default]
    Close,
    /// At the next close. Orders are decided on prices, index weights and risk of the session before, with
    /// the cash, lots and tax position of the day on which they trade. Purchases are limited to the cash at
    /// hand after the sales. If the first session of a run has none before it, orders are decided at its own
    /// close.
    NextClose,
}

impl Execution {
    /// The view that orders of a session are decided on: the session itself, or the one before.
    pub fn known<'a>(self, view: &View<'a>) -> View<'a> {
        match self {
            Self::Close => *view,
            Self::NextClose => view.previous().unwrap_or(*view),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_close(&self) -> bool {
        *self == Self::Close
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference; the lint fires only where an f64 fits into a pointer"
)]
fn is_zero(x: &f64) -> bool {
    *x == 0.0
}

/// Trading terms, the same in every arm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct TradingConfig {
    /// How often to rebalance by the calendar.
    pub cadence: Cadence,
    /// At which close orders trade: `close` or `next_close`.
    #[serde(skip_serializing_if = "Execution::is_close")]
    pub execution: Execution,
    /// Rebalance also when an asset class has drifted from its policy weight by more than this fraction of
    /// the portfolio. Default: by the calendar only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<f64>,
    /// Drift from its policy weight that an asset class may have, as a fraction of the portfolio, before money
    /// is moved for it; the same in every arm. A sleeve may have a band of its own.
    pub band: f64,
    /// Risk aversion `γ` of the household: cost, as a fraction of value, that it accepts to remove half a
    /// unit of annual variance. A mandate that manages a part of the portfolio uses the same part of it.
    pub risk_aversion: f64,
    /// Bid–ask spread in basis points. Each trade pays half of it.
    pub spread_bps: f64,
    /// Coefficient `c` of the square-root law of market impact. An order of `x` dollars in a security that
    /// trades `V` dollars a day with daily volatility `σ` pays `c σ sqrt(x/V)` of its amount in addition to
    /// half the spread. 1 is usual (Torre and Ferrari 1997); 0 turns impact off. Needs volumes.
    #[serde(skip_serializing_if = "is_zero")]
    pub impact: f64,
    /// Smallest order in dollars. Smaller orders are not sent, except sales for cash that is due.
    pub min_trade: Money,
    /// Cash to keep after each rebalancing, as a fraction of value.
    pub cash_buffer: f64,
}

impl Default for TradingConfig {
    fn default() -> Self {
        Self {
            cadence: Cadence::Monthly,
            execution: Execution::Close,
            trigger: None,
            band: 0.02,
            risk_aversion: 25.0,
            spread_bps: 4.0,
            impact: 0.0,
            min_trade: Money::whole(25),
            cash_buffer: 0.0,
        }
    }
}
