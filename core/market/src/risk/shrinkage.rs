//! Estimates moved towards what their peers have, for a window says less about one name than it seems to.

use unisleeve_numeric::median;

/// A class with fewer names than this is left as estimated: a mean of few says little.
const LEAST: usize = 10;

/// Moves the leading factor's exposures (`exposures[i * factors]`) towards the mean of their class, by `strength` (0 to 1) times
/// what the James–Stein estimator of the leading eigenvector moves them (Goldberg and Kercheval 2023,
/// doi:10.1073/pnas.2207046120): the part `ν²/s²` of their distance, `s²` their variance and
/// `ν² = (trace - λ²)/(p (n - 1))` that of the noise in them, from `p` names over `n` sessions.
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

/// Moves each own variance by `strength` of its distance to the median of its class (as Barra's models shrink specific
/// volatility towards that of peers: Menchero, Orr and Wang 2011, The Barra US Equity Model).
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

    /// Exposures that differ by noise alone end at their mean, at full strength; a class of few stays.
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
