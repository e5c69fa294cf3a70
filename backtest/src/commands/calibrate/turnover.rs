//! Estimates index turnover: how companies leave, and the size of those that join.

use unisleeve_core::market::{Action, Market};

use super::calibration::Calibration;
use super::returns::StockReturns;
use super::sums::median;

/// A listing that ends within this many sessions of leaving the index counts as the reason for leaving.
const NEAR: usize = 21;
/// A company failed if it fell by more than this over the half year before. Otherwise it was acquired.
const FAILURE: f64 = 0.5;

/// Three rates, per year and name in the index: names that leave and stay listed (deletions), whose listing
/// ends (mergers), or whose listing ends after a fall of more than half (delistings). For additions: the
/// median of their weight over the median weight of members.
pub(super) fn estimate(returns: &StockReturns, market: &Market, made: &mut Calibration) {
    let n = returns.stocks.len();
    let (Some(from), Some(to)) = (returns.dates.first(), returns.dates.last()) else { return };
    if !returns.has_index {
        made.keep("turnover", "no index with members");
        return;
    }
    let mut ended = vec![None; market.securities().len()];
    for (t, view) in market.sessions(*from, *to).enumerate() {
        for action in view.actions() {
            if let Action::Delisting { security } = action {
                ended[security.index()] = Some(t);
            }
        }
    }
    let (mut deletions, mut mergers, mut failures) = (0.0, 0.0, 0.0);
    let (mut members, mut sizes) = (0usize, Vec::new());
    for t in 1..returns.dates.len() {
        let (was, is) = (&returns.weights[(t - 1) * n..t * n], &returns.weights[t * n..(t + 1) * n]);
        members += is.iter().filter(|w| **w > 0.0).count();
        let middle = median(is.iter().copied().filter(|w| *w > 0.0).collect());
        for i in 0..n {
            if was[i] > 0.0 && is[i] == 0.0 {
                let end = ended[returns.stocks[i].index()];
                if end.is_none_or(|e| e.abs_diff(t) > NEAR) {
                    deletions += 1.0;
                    continue;
                }
                let growth: f64 = (t.saturating_sub(126)..t)
                    .map(|s| 1.0 + returns.returns[s * n + i].unwrap_or(0.0))
                    .product();
                if growth < 1.0 - FAILURE { failures += 1.0 } else { mergers += 1.0 }
            }
            // A member without a market cap gets the median weight; such additions are left out.
            if was[i] == 0.0 && is[i] > 0.0 && (is[i] / middle - 1.0).abs() > 0.02 {
                sizes.push(is[i] / middle);
            }
        }
    }
    let years = returns.dates.len() as f64 / 252.0;
    let rate = |count: f64| count / years / (members as f64 / returns.dates.len() as f64);
    made.scenario.turnover.deletions = made.take("turnover.deletions", rate(deletions));
    made.scenario.turnover.mergers = made.take("turnover.mergers", rate(mergers));
    made.scenario.turnover.delistings = made.take("turnover.delistings", rate(failures));
    if sizes.is_empty() {
        made.keep("turnover.addition_cap", "no addition has a cap");
    } else {
        made.scenario.turnover.addition_cap = made.take("turnover.addition_cap", median(sizes));
    }
    for key in ["merger_premium", "merger_months", "delisting_loss"] {
        made.keep(&format!("turnover.{key}"), "prices do not tell it apart");
    }
}
