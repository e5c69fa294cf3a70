//! Covariance by a few factors and what each name has of its own.

/// Exposures and specific variances of `n` securities, in the order of the universe asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RiskModel {
    /// Number of factors, K.
    pub factors: usize,
    /// `G`, row by row: `exposures[i * factors + k]`.
    pub exposures: Vec<f64>,
    /// `d`, above zero.
    pub specific: Vec<f64>,
}

impl RiskModel {
    /// Annual variance of a position: `active' (G G' + diag d) active`, with `active[i]` the weight of security `i`.
    #[inline]
    pub fn variance(&self, active: &[f64]) -> f64 {
        let mut sum = 0.0;
        let mut k = 0;
        while k < self.factors {
            // Several exposures are summed side by side: each waits for its own last addition only.
            k += match self.factors - k {
                1 => self.add_squares::<1>(k, active, &mut sum),
                2 => self.add_squares::<2>(k, active, &mut sum),
                3 => self.add_squares::<3>(k, active, &mut sum),
                _ => self.add_squares::<4>(k, active, &mut sum),
            };
        }
        for (a, d) in active.iter().zip(&self.specific) {
            sum += a * a * d;
        }
        sum
    }

    /// Adds the squares of a position's exposures to `L` factors from `k` on; returns `L`.
    fn add_squares<const L: usize>(&self, k: usize, active: &[f64], sum: &mut f64) -> usize {
        let mut exposures = [0.0; L];
        for (a, row) in active.iter().zip(self.exposures.chunks_exact(self.factors)) {
            for (x, g) in exposures.iter_mut().zip(&row[k..k + L]) {
                *x += a * g;
            }
        }
        for x in exposures {
            *sum += x * x;
        }
        L
    }

    /// Annual variance of one security.
    #[inline]
    pub fn variance_of(&self, at: usize) -> f64 {
        let mut sum = self.specific.get(at).copied().unwrap_or(0.0);
        for g in self.exposures.iter().skip(at * self.factors).take(self.factors) {
            sum += g * g;
        }
        sum
    }

    /// Annual tracking error ex ante: `sqrt(variance)`.
    #[inline]
    pub fn tracking_error(&self, active: &[f64]) -> f64 {
        self.variance(active).sqrt()
    }
}
