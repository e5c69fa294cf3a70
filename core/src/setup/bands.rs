//! The policy's bands: how far an asset class may drift from its weight before money is moved for it, in every setup.

use super::SleeveSpec;

/// A group of sleeves that must stay within a band.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Name, for messages.
    pub name: String,
    /// Positions of the sleeves.
    pub sleeves: Vec<usize>,
    /// Their policy weight.
    pub weight: f64,
    /// Drift allowed either way, a fraction of the portfolio.
    pub width: f64,
    /// Whether it is an asset class's, not a sleeve's own.
    pub is_class: bool,
}

/// One band of `width` for each asset class, and one for each sleeve that has its own. None where one class is all there is:
/// it can't drift.
pub fn class_bands(sleeves: &[SleeveSpec], width: f64) -> Vec<Band> {
    let asked = || sleeves.iter().enumerate().filter(|(_, s)| s.index.is_some());
    let mut bands: Vec<Band> = Vec::new();
    for (i, sleeve) in asked() {
        match bands.iter_mut().find(|b| b.name == sleeve.asset_class) {
            Some(band) => {
                band.sleeves.push(i);
                band.weight += sleeve.weight;
            }
            None => bands.push(Band {
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
            Some(Band { name, sleeves: vec![i], weight: s.weight, width: s.band?, is_class: false })
        }));
    }
    bands
}
