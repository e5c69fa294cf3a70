//! The risk of a large position.
//!
//! Statistical factors are estimates. Across many small positions the errors of their exposures cancel; those
//! of one large position do not, and the optimizer would pay tax for hedges that exist in the estimate alone.
//! So the exposures `x` of a stock whose weight `w` exceeds its benchmark weight by more than 10% are shrunk
//! towards the mean `m` of its sector, or else of its asset class, or else of all stocks:
//!
//! ```text
//! x' = λ x + (1 - λ) m     λ = 0.10 / (w - benchmark weight)
//! ```
//!
//! The variance that the factors lose becomes specific variance, so the stock's own variance stays what it
//! was. What remains for hedges are the factors that the stock shares with its peers. Funds are diversified
//! and stay as they are.

use super::super::DecisionContext;
use super::position::Position;
use unisleeve_units::SecurityId;

/// Weight beyond the benchmark weight from which a position is large.
const LARGE: f64 = 0.10;
/// Fewest peers whose mean stands for a group.
const FEWEST: usize = 3;

/// Exposures and specific variance of a security in one problem.
#[derive(Debug, Clone)]
pub(super) struct Shrunk {
    /// Index in the risk model.
    pub at: usize,
    /// Exposures to the model's factors.
    pub exposures: Vec<f64>,
    /// Specific variance, annual.
    pub specific: f64,
}

/// The figures that replace those of the risk model for large positions. `base` is the portfolio value of the
/// problem, in dollars.
pub(super) fn shrunk(ctx: &DecisionContext<'_>, positions: &[Position], base: f64) -> Vec<Shrunk> {
    let mut over = vec![0.0; ctx.risk.specific.len()];
    for p in positions {
        over[p.at] += p.dollars / base - p.benchmark;
    }
    let mut stocks: Option<Vec<&Position>> = None;
    let mut found = Vec::new();
    for (at, weight) in over.iter().enumerate().filter(|(_, w)| **w > LARGE) {
        let stocks = stocks.get_or_insert_with(|| distinct_stocks(ctx, positions));
        let Some(security) = stocks.iter().find(|p| p.at == at).map(|p| p.security) else { continue };
        if let Some(mean) = peers(ctx, stocks, security) {
            let (exposures, specific) =
                towards(exposures(ctx, at), ctx.risk.specific[at], &mean, LARGE / weight);
            found.push(Shrunk { at, exposures, specific });
        }
    }
    found
}

fn exposures<'a>(ctx: &'a DecisionContext<'_>, at: usize) -> &'a [f64] {
    let k = ctx.risk.factors;
    &ctx.risk.exposures[at * k..(at + 1) * k]
}

/// Keeps a part of a stock's own exposures and takes the rest from the mean of its peers. Returns exposures
/// and specific variance.
fn towards(own: &[f64], specific: f64, mean: &[f64], keep: f64) -> (Vec<f64>, f64) {
    let (mut before, mut after, mut mixed) = (0.0, 0.0, Vec::with_capacity(mean.len()));
    for (x, m) in own.iter().zip(mean) {
        let y = keep * x + (1.0 - keep) * m;
        before += x * x;
        after += y * y;
        mixed.push(y);
    }
    // Peers with more variance than the stock would leave less than its own specific variance, which stays.
    let lost = if before > after { before - after } else { 0.0 };
    (mixed, specific + lost)
}

/// One position of each stock of the problem.
fn distinct_stocks<'a>(ctx: &DecisionContext<'_>, positions: &'a [Position]) -> Vec<&'a Position> {
    let mut seen = vec![false; ctx.risk.specific.len()];
    let mut stocks = Vec::new();
    for p in positions {
        if !seen[p.at] && !is_fund(ctx, p.security) {
            stocks.push(p);
        }
        seen[p.at] = true;
    }
    stocks
}

/// Whether a security is a fund, by its kind or by its place in the policy.
fn is_fund(ctx: &DecisionContext<'_>, security: SecurityId) -> bool {
    let of = &ctx.view.securities()[security.index()];
    let policies = ctx.config.changes.iter().map(|c| &c.policy).chain([&ctx.config.policy]);
    let mut named = policies.flatten().flat_map(|s| [&s.fund, &s.pair]);
    of.kind.eq_ignore_ascii_case("fund") || named.any(|symbol| symbol.eq_ignore_ascii_case(&of.symbol))
}

/// Mean exposures of a stock's peers: those of its sector, else of its asset class, else all stocks. `None`
/// if there are too few.
fn peers(ctx: &DecisionContext<'_>, stocks: &[&Position], security: SecurityId) -> Option<Vec<f64>> {
    let of = |s: SecurityId| &ctx.view.securities()[s.index()];
    let own = of(security);
    let sector = |s: SecurityId| !own.sector.is_empty() && of(s).sector == own.sector;
    let class = |s: SecurityId| !own.asset_class.is_empty() && of(s).asset_class == own.asset_class;
    let groups: [&dyn Fn(SecurityId) -> bool; 3] = [&sector, &class, &|_| true];
    groups.into_iter().find_map(|is_peer| {
        let peers = || stocks.iter().filter(|p| p.security != security && is_peer(p.security));
        let count = peers().count();
        if count < FEWEST {
            return None;
        }
        let mut mean = vec![0.0; ctx.risk.factors];
        for p in peers() {
            for (m, x) in mean.iter_mut().zip(exposures(ctx, p.at)) {
                *m += x / count as f64;
            }
        }
        Some(mean)
    })
}

#[cfg(test)]
mod tests {
    use super::towards;

    /// At 40% of the portfolio a quarter of the exposures is the stock's own. 0.25 × 0.4 + 0.75 × 0.2 = 0.25,
    /// and 0.25 × 0.3 + 0 = 0.075. The variance of 0.25 + 0.04 stays.
    #[test]
    fn the_variance_of_the_stock_stays() {
        let (exposures, specific) = towards(&[0.4, 0.3], 0.04, &[0.2, 0.0], 0.25);
        assert!((exposures[0] - 0.25).abs() < 1e-15 && (exposures[1] - 0.075).abs() < 1e-15);
        let after = exposures[0] * exposures[0] + exposures[1] * exposures[1] + specific;
        assert!((after - 0.29).abs() < 1e-15, "{after}");
        // At the threshold nothing changes.
        assert_eq!(towards(&[0.4, 0.3], 0.04, &[0.2, 0.0], 1.0), (vec![0.4, 0.3], 0.04));
    }
}
