//! The risk model from supplied figures.

use super::median_or;
use crate::View;
use unisleeve_numeric::RiskModel;
use unisleeve_units::SecurityId;

/// The supplied risk model in force on the view's day; `None` where the market has none. Securities without
/// supplied figures get no exposures and the median specific variance.
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
