//! The risk model of a simulated market: the factors that its prices were drawn from.

use crate::Market;
use unisleeve_numeric::RiskModel;
use unisleeve_units::SecurityId;

/// The model of a simulated market for a universe, in the universe's order; `None` for other markets.
///
/// The whole market's model restricted to the universe. A factor to which a single security of the universe
/// is exposed becomes part of its specific variance, which leaves all covariances as they are. Factors without
/// exposures are left out.
pub fn simulated(market: &Market, universe: &[SecurityId]) -> Option<RiskModel> {
    let all = market.scenario_risk.as_deref()?;
    let row = |s: &SecurityId| all.exposures.get(s.index() * all.factors..(s.index() + 1) * all.factors);
    let mut specific: Vec<f64> =
        universe.iter().map(|s| all.specific.get(s.index()).copied()).collect::<Option<_>>()?;
    let rows: Vec<&[f64]> = universe.iter().map(row).collect::<Option<_>>()?;
    let mut kept = Vec::new();
    for k in 0..all.factors {
        let mut exposed = rows.iter().enumerate().filter(|(_, row)| row[k] != 0.0);
        match (exposed.next(), exposed.next()) {
            (Some((only, row)), None) => specific[only] += row[k] * row[k],
            (Some(_), Some(_)) => kept.push(k),
            (None, _) => {}
        }
    }
    let exposures = rows.iter().flat_map(|row| kept.iter().map(|k| row[*k])).collect();
    Some(RiskModel { factors: kept.len(), exposures, specific })
}
