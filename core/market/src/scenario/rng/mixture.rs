//! Fat tails as a mixture of normals whose variance is drawn for each day (Clark 1973, doi:10.2307/1913889).

use unisleeve_numeric::{normal_quantile, open_uniform};

/// The variances of a mixture: equally likely, with mean 1.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct Mixture {
    variances: Vec<f64>,
}

impl Mixture {
    const STATES: usize = 256;

    /// A log-normal variance in 256 equally likely steps, such that the mixture has the given kurtosis (3 to
    /// 60).
    pub(in crate::scenario) fn new(kurtosis: f64) -> Self {
        // The steps cut off the far tail, so the spread must exceed ln(kurtosis / 3). It is found by
        // bisection.
        let (mut low, mut high) = (0.0, 4.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let squares: f64 = Self::of(middle).variances.iter().map(|v| v * v).sum();
            if 3.0 * squares / Self::STATES as f64 > kurtosis {
                high = middle;
            } else {
                low = middle;
            }
        }
        Self::of(low)
    }

    /// The mixture for a standard deviation of the log variance.
    fn of(spread: f64) -> Self {
        let place = |i: usize| normal_quantile((i as f64 + 0.5) / Self::STATES as f64);
        let mut variances: Vec<f64> = (0..Self::STATES).map(|i| libm::exp(spread * place(i))).collect();
        let mean = variances.iter().sum::<f64>() / Self::STATES as f64;
        for v in &mut variances {
            *v /= mean;
        }
        Self { variances }
    }

    /// Square roots of the variances.
    pub(in crate::scenario) fn roots(&self) -> [f64; 256] {
        core::array::from_fn(|i| self.variances[i].sqrt())
    }

    /// A standard normal and its variance from 64 bits: the upper 52 bits and the lowest 8.
    pub(in crate::scenario) fn draw(&self, bits: u64) -> (f64, f64) {
        (normal_quantile(open_uniform(bits)), self.variances[(bits & 255) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::Mixture;

    #[test]
    fn has_a_variance_of_one_and_the_kurtosis_asked_for() {
        for kurtosis in [3.0, 4.0, 6.0, 12.0, 30.0, 60.0] {
            let m = Mixture::new(kurtosis);
            let mean = m.variances.iter().sum::<f64>() / 256.0;
            let square = m.variances.iter().map(|v| v * v).sum::<f64>() / 256.0;
            assert!((mean - 1.0).abs() < 1e-14);
            let found = 3.0 * square;
            assert!((found - kurtosis).abs() < 1e-6, "{kurtosis} {found}");
        }
    }
}
