//! The model that somebody else supplied.

use super::median_or;
use crate::View;
use unisleeve_numeric::RiskModel;
use unisleeve_units::SecurityId;

/// The figures that hold on the view's day; none where the market has none. Securities that they leave out get no exposures and
/// the median of the own variances.
pub fn given(view: &View<'_>, universe: &[SecurityId]) -> Option<RiskModel> {
    let block = view.given_risk()?;
    let typical = median_or(block.rows.iter().filter_map(|(.., own)| *own).collect());
    let mut model = RiskModel {
        factors: block.factors,
        exposures: Vec::new(),
        specific: Vec::with_capacity(universe.len()),
    };
    for security in universe {
        let row =
            block.rows.binary_search_by_key(security, |(s, ..)| *s).ok().and_then(|at| block.rows.get(at));
        if let Some((_, exposures, own)) = row {
            model.exposures.extend_from_slice(exposures);
            model.specific.push(own.unwrap_or(typical));
        } else {
            model.exposures.resize(model.exposures.len() + block.factors, 0.0);
            model.specific.push(typical);
        }
    }
    Some(model)
}
