//! A factor risk model: common factors plus a specific variance for each security.

/// Factor exposures and specific variances of `n` securities, in the order of the caller's universe. The
/// covariance is `G G' + diag d`, annual; factors are scaled to unit variance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RiskModel {
    /// Number of factors, K.
    pub factors: usize,
    /// Exposures `G`, n × K, row by row: `exposures[i * factors + k]`.
    pub exposures: Vec<f64>,
    /// Specific variances `d`, one for each security, above zero.
    pub specific: Vec<f64>,
}

impl RiskModel {
    /// Annual variance of a position: `active' (G G' + diag d) active`, where `active[i]` is the weight of
    /// security `i`.
    #[inline]
    pub fn variance(&self, active: &[f64]) -> f64 {
        let mut sum = 0.0;
        let mut k = 0;
        while k < self.factors {
            // Up to four exposures are summed at once: independent sums don't wait for each other's
            // additions.
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

    /// Adds the squared exposures of the position to factors `k` to `k + L - 1`; returns `L`.
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

    /// Annual variance of the security at index `at`; zero if there is none.
    #[inline]
    pub fn variance_of(&self, at: usize) -> f64 {
        let mut sum = self.specific.get(at).copied().unwrap_or(0.0);
        for g in self.exposures.iter().skip(at * self.factors).take(self.factors) {
            sum += g * g;
        }
        sum
    }

    /// Annual ex-ante tracking error: the square root of [`variance`](Self::variance).
    #[inline]
    pub fn tracking_error(&self, active: &[f64]) -> f64 {
        self.variance(active).sqrt()
    }
}
