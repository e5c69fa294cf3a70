//! Shrinkage of estimates toward peers: a window holds little information about a single name.

use unisleeve_numeric::median;

/// Classes with fewer names than this are not shrunk: the mean of few names is too noisy.
const LEAST: usize = 10;

/// Shrinks exposures to the leading factor (`exposures[i * factors]`) toward the mean of their class.
///
/// Each exposure moves by `strength` (0 to 1) times the James–Stein shrinkage of the leading eigenvector
/// (Goldberg and Kercheval 2023, doi:10.1073/pnas.2207046120). That shrinkage is the fraction `ν²/s²` of the
/// distance to the mean, at most 1. `s²` is the variance of the exposures in the class;
/// `ν² = (trace - λ²)/(p (n - 1))` is the variance of their noise, from `p` names over `n` sessions, with
/// `λ²` the sum of the squared exposures.
pub(super) fn leading(
    exposures: &mut [f64],
    factors: usize,
    total: &[f64],
    sessions: usize,
    classes: &[Vec<usize>],
    strength: f64,
) {
    if factors == 0 || sessions < 2 {
        return;
    }
    for class in classes.iter().filter(|c| c.len() >= LEAST) {
        let p = class.len() as f64;
        let (mut mean, mut square, mut trace) = (0.0, 0.0, 0.0);
        for i in class {
            mean += exposures[i * factors] / p;
            square += exposures[i * factors] * exposures[i * factors];
            trace += total[*i];
        }
        let spread = square / p - mean * mean;
        let noise = (trace - square) / (p * (sessions - 1) as f64);
        let part = if noise < spread { noise / spread } else { 1.0 };
        for i in class {
            let x = &mut exposures[i * factors];
            *x -= strength * part * (*x - mean);
        }
    }
}

/// Moves each specific variance by `strength` of its distance to the median of its class. Barra's models
/// shrink specific volatility toward that of peers in a similar way (Menchero, Orr and Wang 2011, The Barra
/// US Equity Model).
pub(super) fn own_variances(specific: &mut [f64], classes: &[Vec<usize>], strength: f64) {
    for class in classes.iter().filter(|c| c.len() >= LEAST) {
        let Some(typical) = median(class.iter().map(|i| specific[*i]).collect()) else { continue };
        for i in class {
            specific[*i] += strength * (typical - specific[*i]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At full strength, exposures that differ only by noise end at their mean. A small class is left alone.
    #[test]
    fn noise_goes_and_few_names_stay() {
        let start: Vec<f64> = (0..12).map(|i| 0.2 + 0.001 * f64::from(i % 3)).collect();
        let total = vec![1.0; 12];
        let mut all = start.clone();
        leading(&mut all, 1, &total, 60, &[(0..12).collect()], 1.0);
        assert!(all.iter().all(|x| (x - 0.201).abs() < 1e-12), "{all:?}");
        let mut few = start.clone();
        leading(&mut few, 1, &total, 60, &[(0..9).collect()], 1.0);
        assert_eq!(few, start);
        let mut half = start.clone();
        leading(&mut half, 1, &total, 60, &[(0..12).collect()], 0.5);
        assert!((half[0] - 0.2005).abs() < 1e-12);
    }

    #[test]
    fn own_variances_come_nearer_to_the_median() {
        let mut d: Vec<f64> = (1..=11).map(f64::from).collect();
        own_variances(&mut d, &[(0..11).collect()], 0.25);
        assert!((d[0] - 2.25).abs() < 1e-12 && (d[5] - 6.0).abs() < 1e-12 && (d[10] - 9.75).abs() < 1e-12);
    }
}
