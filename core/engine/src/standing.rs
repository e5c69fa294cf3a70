//! How a household's holdings compare with its policy and restrictions at one close.

use unisleeve_mandates::{Band, Setup};
use unisleeve_market::View;
use unisleeve_units::{Money, SecurityId, Shares, SleeveId};

use super::RiskTimeline;

/// Holdings compared with policy and restrictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Value of the holdings at their last closes plus cash, in dollars.
    pub value: Money,
    /// Ex-ante tracking error against the policy mix, annual. `None` without value or risk model.
    pub tracking_error: Option<f64>,
    /// Largest absolute drift of an asset class, a fraction of the value. `None` if there is only one asset
    /// class.
    pub drift: Option<f64>,
    /// Asset classes outside their band by more than [`unisleeve_mandates::BAND_TOLERANCE`], with their signed drift.
    pub off: Vec<(String, f64)>,
    /// Excluded securities that are still held, sorted.
    pub excluded: Vec<SecurityId>,
}

impl Standing {
    /// Whether all asset classes are within their bands and nothing excluded is held.
    pub fn is_in_line(&self) -> bool {
        self.off.is_empty() && self.excluded.is_empty()
    }
}

/// Compares positions (sleeve, security, shares) and cash with policy and restrictions. `band` is the drift
/// allowed for an asset class, a fraction of the value.
pub fn standing(
    setup: &Setup,
    timeline: &RiskTimeline,
    view: &View<'_>,
    positions: &[(SleeveId, SecurityId, Shares)],
    cash: Money,
    band: f64,
) -> Standing {
    let sleeves = setup.sleeves(view.date());
    let dollars = |s: SecurityId, q: Shares| Money::of(q, view.last_close(s).unwrap_or_default());
    let mut value = cash;
    let mut of_sleeve = vec![0.0; sleeves.len()];
    let mut active = vec![0.0; timeline.universe.len()];
    let place = |s: SecurityId| timeline.places.get(s.index()).copied().flatten().map(|p| p as usize);
    let mut excluded = Vec::new();
    for (sleeve, security, shares) in positions.iter().filter(|p| p.2.is_positive()) {
        let held = dollars(*security, *shares);
        value += held;
        if let Some(x) = of_sleeve.get_mut(sleeve.index()) {
            *x += held.to_f64();
        }
        if let Some(x) = place(*security).and_then(|p| active.get_mut(p)) {
            *x += held.to_f64();
        }
        let holdings = sleeves.get(sleeve.index()).map_or(&[][..], |s| &s.holdings);
        let must_go =
            holdings.binary_search_by_key(security, |h| h.security).is_ok_and(|at| holdings[at].must_go);
        if must_go {
            excluded.push(*security);
        }
    }
    excluded.sort_unstable();
    excluded.dedup();
    if !value.is_positive() {
        return Standing { value, tracking_error: None, drift: None, off: Vec::new(), excluded };
    }
    let total = value.to_f64();
    for x in &mut active {
        *x /= total;
    }
    for sleeve in sleeves {
        for (security, weight) in sleeve.index.map(|i| view.index_weights(i)).unwrap_or_default() {
            if let Some(x) = place(security).and_then(|p| active.get_mut(p)) {
                *x -= sleeve.weight * weight;
            }
        }
    }
    let tracking_error =
        timeline.at(view.date()).map(|risk| risk.tracking_error(&active)).filter(|te| te.is_finite());
    let (mut drift, mut off) = (None, Vec::new());
    for (band, distance) in Band::class_drifts(sleeves, &of_sleeve, total, band) {
        if drift.is_none_or(|d: f64| distance.abs() > d) {
            drift = Some(distance.abs());
        }
        if band.is_beyond(distance) {
            off.push((band.name, distance));
        }
    }
    Standing { value, tracking_error, drift, off, excluded }
}
