//! What an order's own size costs: the square-root law of market impact.
//!
//! An order of `x` dollars in a name that trades `V` dollars a day with a session's volatility `σ` pays `c σ sqrt(x/V)` of its
//! amount beside half the spread (Torre and Ferrari 1997, Barra's market impact model; Tóth et al. 2011,
//! doi:10.1103/PhysRevX.1.021006). `V` is the mean of the last [`SESSIONS`] known, `σ` the risk model's. A name without volumes
//! has no impact, for none can be told.

use super::DecisionContext;
use unisleeve_units::{Money, Rate, SecurityId};

/// Sessions that daily volume is averaged over: a month.
pub(super) const SESSIONS: usize = 21;
/// What the next dollar of an order costs over what its dollars cost on average: the slope of `x^1.5`.
pub(super) const MARGINAL: f64 = 1.5;
/// Most that is ever charged, of the amount: beyond it the law is not known to hold.
const MOST: f64 = 0.25;

impl DecisionContext<'_> {
    /// Impact of an order of so many dollars, as a fraction of them.
    pub(super) fn impact(&self, security: SecurityId, dollars: f64) -> f64 {
        let coefficient = self.config.trading.impact;
        if coefficient <= 0.0 || dollars <= 0.0 {
            return 0.0;
        }
        let Some(volume) = self.known.dollar_volume(security, SESSIONS) else { return 0.0 };
        let variance =
            self.place(security).map_or(0.0, |at| self.risk.variance_of(at)) / self.view.sessions_a_year();
        let rate = coefficient * (variance * dollars / volume).sqrt();
        if rate < MOST { rate } else { MOST }
    }

    /// What an order of an amount pays, of that amount: half the spread, and its impact.
    pub(super) fn cost_rate(&self, security: SecurityId, amount: Money) -> Rate {
        let half = self.half_spread();
        match self.impact(security, amount.to_f64()) {
            0.0 => half,
            impact => Rate::from_f64(half.to_f64() + impact).unwrap_or(half),
        }
    }
}
