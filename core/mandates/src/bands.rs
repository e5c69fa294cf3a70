//! Bands: how far asset classes and sleeves may drift from their policy weights, in every setup.
//!
//! Where demands conflict, every arm gives priority in the same order: cash, restrictions, gains budget,
//! bands. A band is therefore a soft constraint with a penalty ([`BEYOND_BAND`]). The penalty is higher than
//! any tax rate and lower than the penalty for gains beyond the budget ([`BEYOND_BUDGET`]).

use super::SleeveSpec;

/// Penalty in dollars for a dollar beyond a band. Moving a dollar costs less than this in tax, spread and
/// risk, so a band that can be met is met.
pub const BEYOND_BAND: f64 = 1.0;
/// Penalty in dollars for a dollar of net gain beyond the gains budget.
///
/// A dollar moved between two asset classes saves at most twice [`BEYOND_BAND`]. A sale therefore waits for
/// the next year's budget if its gain is more than 0.2% of its proceeds.
pub const BEYOND_BUDGET: f64 = 1_000.0;
/// Penalty in dollars for a dollar of missing cash, used if the hard rows can't all be met exactly. It
/// exceeds all other penalties.
pub const SHORT_OF_CASH: f64 = 10_000.0;
/// Tolerance for band checks, a fraction of the portfolio. It allows for orders that are too small to send
/// and for spreads.
pub const BAND_TOLERANCE: f64 = 0.0005;

/// A group of sleeves with a common band.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Name for messages.
    pub name: String,
    /// Indices of the sleeves.
    pub sleeves: Vec<usize>,
    /// Sum of their policy weights.
    pub weight: f64,
    /// Drift allowed in either direction, a fraction of the portfolio.
    pub width: f64,
    /// Whether the band belongs to an asset class; otherwise it is a sleeve's own.
    pub is_class: bool,
}

impl Band {
    /// Signed drift of an asset class or sleeve, a fraction of the portfolio: `held/total - weight × (1 -
    /// off/total)`.
    ///
    /// - `held`, `total`: dollars held, and value of the portfolio in dollars (above zero).
    /// - `weight`: policy weight.
    /// - `off`: dollars in sleeves outside the policy (legacy lots). Policy weights apply to the rest of the
    ///   portfolio.
    pub fn drift(held: f64, weight: f64, off: f64, total: f64) -> f64 {
        held / total - weight * (1.0 - off / total)
    }

    /// Bands of the policy: one of `width` for each asset class, and one for each sleeve with a band of its own.
    ///
    /// An asset class that is the only one can't drift and gets no band. Nor does a sleeve that is the only one.
    pub fn of_policy(sleeves: &[SleeveSpec], width: f64) -> Vec<Self> {
        let asked = || sleeves.iter().enumerate().filter(|(_, s)| s.index.is_some());
        let mut bands: Vec<Self> = Vec::new();
        for (i, sleeve) in asked() {
            match bands.iter_mut().find(|b| b.name == sleeve.asset_class) {
                Some(band) => {
                    band.sleeves.push(i);
                    band.weight += sleeve.weight;
                }
                None => bands.push(Self {
                    name: sleeve.asset_class.clone(),
                    sleeves: vec![i],
                    weight: sleeve.weight,
                    width,
                    is_class: true,
                }),
            }
        }
        if bands.len() == 1 {
            bands.clear();
        }
        if asked().count() > 1 {
            bands.extend(asked().filter_map(|(i, s)| {
                let name = format!("sleeve {}", s.name);
                Some(Self { name, sleeves: vec![i], weight: s.weight, width: s.band?, is_class: false })
            }));
        }
        bands
    }

    /// Signed drift of each asset class, with its band.
    ///
    /// `values` are the dollars of each sleeve and `total` is the value of the portfolio in dollars. Empty if
    /// `total` is not positive or there is only one asset class.
    pub fn class_drifts(sleeves: &[SleeveSpec], values: &[f64], total: f64, width: f64) -> Vec<(Self, f64)> {
        if total <= 0.0 {
            return Vec::new();
        }
        let mut off = 0.0;
        for (value, spec) in values.iter().zip(sleeves) {
            off += if spec.index.is_none() { *value } else { 0.0 };
        }
        let of_class = |band: Self| {
            let mut held = 0.0;
            for s in &band.sleeves {
                held += values[*s];
            }
            let drift = Self::drift(held, band.weight, off, total);
            (band, drift)
        };
        Self::of_policy(sleeves, width).into_iter().filter(|b| b.is_class).map(of_class).collect()
    }

    /// Whether a drift is beyond the band by more than orders too small to be sent explain ([`BAND_TOLERANCE`]).
    pub fn is_beyond(&self, drift: f64) -> bool {
        drift.abs() > self.width + BAND_TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unisleeve_market::IndexId;

    fn sleeve(name: &str, weight: f64, is_asked: bool) -> SleeveSpec {
        SleeveSpec {
            name: name.to_owned(),
            asset_class: name.to_owned(),
            weight,
            band: None,
            index: is_asked.then_some(IndexId(0)),
            holdings: Vec::new(),
            members_only: false,
            most: None,
        }
    }

    /// Legacy lots are a fifth of the portfolio. The 60/40 policy applies to the other 80%, and bonds are 2%
    /// short.
    #[test]
    fn what_is_off_policy_lowers_what_weights_are_measured_on() {
        let sleeves = [sleeve("stocks", 0.6, true), sleeve("bonds", 0.4, true), sleeve("legacy", 0.0, false)];
        let drifts = Band::class_drifts(&sleeves, &[480.0, 300.0, 200.0], 1_000.0, 0.05);
        let found: Vec<(&str, f64)> = drifts.iter().map(|(b, d)| (b.name.as_str(), *d)).collect();
        assert_eq!((found[0].0, found[1].0, found.len()), ("stocks", "bonds", 2));
        assert!(found[0].1.abs() < 1e-12 && (found[1].1 + 0.02).abs() < 1e-12, "{found:?}");
        assert!(Band::class_drifts(&sleeves, &[0.0; 3], 0.0, 0.05).is_empty());
        assert!(
            Band::class_drifts(&sleeves[..1], &[480.0], 1_000.0, 0.05).is_empty(),
            "one class can't drift"
        );
    }
}
