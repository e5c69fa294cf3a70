//! The policy mix that every arm is measured against: the sleeves' indices at policy weights, rebalanced on
//! the arms' calendar, without tax or cost.

use unisleeve_mandates::SleeveSpec;
use unisleeve_market::View;

/// The policy mix. Its weights drift between rebalancing days.
#[derive(Debug, Clone)]
pub(super) struct Benchmark {
    weights: Vec<f64>,
    /// Value in dollars.
    pub value: f64,
}

impl Benchmark {
    /// Starts at policy weights with a value of zero.
    pub(super) fn new(sleeves: &[SleeveSpec]) -> Self {
        Self { weights: sleeves.iter().map(|s| s.weight).collect(), value: 0.0 }
    }

    /// Applies the session's index returns to weights and value. Returns the total return, a fraction.
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

    /// Resets the weights to the policy weights.
    pub(super) fn rebalance(&mut self, sleeves: &[SleeveSpec]) {
        self.weights = sleeves.iter().map(|s| s.weight).collect();
    }

    /// Active weights: `holdings` minus the weights of the benchmark. `holdings` and the result are indexed
    /// by `places`.
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
