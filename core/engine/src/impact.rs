//! Market impact: the cost of an order's own size, by the square-root law.
//!
//! An order of `x` dollars in a security that trades `V` dollars a day with daily volatility `σ` costs
//! `c σ sqrt(x/V)` of its amount, in addition to half the spread (Torre and Ferrari 1997, Barra's market
//! impact model; Tóth et al. 2011, doi:10.1103/PhysRevX.1.021006). `c` is `trading.impact`. `V` is the mean
//! of the last [`SESSIONS`] known sessions; `σ` comes from the risk model. A security without volumes has no
//! impact, because it can't be estimated.

use super::DecisionContext;
use unisleeve_units::{Money, Rate, SecurityId};

/// Sessions over which daily volume is averaged: one month.
pub(super) const SESSIONS: usize = 21;
/// Cost of the next dollar divided by the average cost of the order's dollars: the slope of `x^1.5` over its
/// mean.
pub(super) const MARGINAL: f64 = 1.5;
/// Highest impact charged, as a fraction of the amount. Beyond it the law is not known to hold.
const MOST: f64 = 0.25;

impl DecisionContext<'_> {
    /// Impact of an order of `dollars`, as a fraction of them.
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

    /// Trading cost of an order, as a fraction of its amount: half the spread and impact.
    pub(super) fn cost_rate(&self, security: SecurityId, amount: Money) -> Rate {
        let half = self.half_spread();
        match self.impact(security, amount.to_f64()) {
            0.0 => half,
            impact => Rate::from_f64(half.to_f64() + impact).unwrap_or(half),
        }
    }
}
