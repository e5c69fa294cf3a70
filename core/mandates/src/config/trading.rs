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
    /// Every session.
    Daily,
    /// First session of each week.
    Weekly,
    /// First session of each month.
    Monthly,
    /// First session of each quarter.
    Quarterly,
    /// First session of each year.
    Yearly,
    /// Never by the calendar: only by `trigger` and for cash.
    Never,
}

/// At which close orders trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Execution {
    /// At the close that they were decided on.
    #[default]
    Close,
    /// At the close after it: decided on the prices, index weights and risk of the session before, with today's cash, lots
    /// and tax. Purchases keep to the cash that the sales bring; a run's first session without one before trades at its own.
    NextClose,
}

impl Execution {
    /// The session whose prices orders of a session rest on.
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
    reason = "serde hands over a reference; it is long on some platforms"
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
    /// When to rebalance.
    pub cadence: Cadence,
    /// `close` or `next_close`.
    #[serde(skip_serializing_if = "Execution::is_close")]
    pub execution: Execution,
    /// Rebalance also when an asset class has drifted from its policy weight by this fraction of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<f64>,
    /// `γ` of the household: dollars of cost, as a fraction of value, that it pays to remove half a unit of annual
    /// variance. Each mandate solves with its share of it.
    pub risk_aversion: f64,
    /// Bid–ask spread in basis points; half of it is paid on each trade.
    pub spread_bps: f64,
    /// `c` of the square-root law: an order of `x` dollars in a name that trades `V` a day with daily volatility `σ` pays
    /// `c σ sqrt(x/V)` of its amount on top of half the spread. 1 is usual (Torre and Ferrari 1997); 0 leaves it out. Needs volumes.
    #[serde(skip_serializing_if = "is_zero")]
    pub impact: f64,
    /// Orders below this many dollars are not sent.
    pub min_trade: Money,
    /// Cash kept after each rebalancing, as a fraction of the value.
    pub cash_buffer: f64,
}

impl Default for TradingConfig {
    fn default() -> Self {
        Self {
            cadence: Cadence::Monthly,
            execution: Execution::Close,
            trigger: None,
            risk_aversion: 25.0,
            spread_bps: 4.0,
            impact: 0.0,
            min_trade: Money::whole(25),
            cash_buffer: 0.0,
        }
    }
}
