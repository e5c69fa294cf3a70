//! The policy mix that every arm is measured against: the sleeves' indices at their policy weights, brought back to them
//! on the arms' calendar, without tax or cost.

use unisleeve_mandates::SleeveSpec;
use unisleeve_market::View;

/// The policy mix as it drifts between rebalancing days.
#[derive(Debug, Clone)]
pub(super) struct Benchmark {
    weights: Vec<f64>,
    /// Value in dollars.
    pub value: f64,
}

impl Benchmark {
    /// At policy weights, worth nothing yet.
    pub(super) fn new(sleeves: &[SleeveSpec]) -> Self {
        Self { weights: sleeves.iter().map(|s| s.weight).collect(), value: 0.0 }
    }

    /// Earns the session's return and returns it.
    pub(super) fn earn(&mut self, view: &View<'_>, sleeves: &[SleeveSpec]) -> f64 {
        let mut total = 0.0;
        for (w, sleeve) in self.weights.iter_mut().zip(sleeves) {
            *w *= 1.0 + sleeve.index.and_then(|i| view.index_return(i)).unwrap_or(0.0);
            total += *w;
        }
        for w in &mut self.weights {
            *w /= total;
        }
        self.value *= total;
        total - 1.0
    }

    /// Back to policy weights.
    pub(super) fn rebalance(&mut self, sleeves: &[SleeveSpec]) {
        self.weights = sleeves.iter().map(|s| s.weight).collect();
    }

    /// Active weights over a universe in which each security has its place: `holdings` less the benchmark's weights.
    pub(super) fn active(
        &self,
        view: &View<'_>,
        sleeves: &[SleeveSpec],
        places: &[Option<u32>],
        mut holdings: Vec<f64>,
    ) -> Vec<f64> {
        for (w, sleeve) in self.weights.iter().zip(sleeves) {
            let index = sleeve.index.map(|i| view.index_weights(i)).unwrap_or_default();
            for (security, weight) in index {
                if let Some(i) = places.get(security.index()).copied().flatten() {
                    holdings[i as usize] -= w * weight;
                }
            }
        }
        holdings
    }
}
