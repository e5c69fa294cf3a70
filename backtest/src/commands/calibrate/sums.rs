//! Statistics that the estimates need.

/// Mean; zero for no values.
pub(super) fn mean(x: &[f64]) -> f64 {
    if x.is_empty() { 0.0 } else { x.iter().sum::<f64>() / x.len() as f64 }
}

/// Variance about the mean, divided by n - 1; zero for fewer than two values.
pub(super) fn variance(x: &[f64]) -> f64 {
    covariance(x, x)
}

/// Covariance, divided by n - 1; zero for fewer than two values.
pub(super) fn covariance(x: &[f64], y: &[f64]) -> f64 {
    if x.len() < 2 {
        return 0.0;
    }
    let (a, b) = (mean(x), mean(y));
    x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (x.len() - 1) as f64
}

/// Correlation; zero if either series is constant.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let scale = (variance(x) * variance(y)).sqrt();
    if scale > 0.0 { covariance(x, y) / scale } else { 0.0 }
}

/// Standard deviation.
pub(super) fn deviation(x: &[f64]) -> f64 {
    variance(x).sqrt()
}

/// Kurtosis: the fourth central moment over the squared second; three for no values.
pub(super) fn kurtosis(x: &[f64]) -> f64 {
    let m = mean(x);
    let power =
        |k: i32| x.iter().map(|x| (0..k).map(|_| x - m).product::<f64>()).sum::<f64>() / x.len() as f64;
    let second = power(2);
    if second > 0.0 { power(4) / (second * second) } else { 3.0 }
}

/// Median; zero for no values.
pub(super) fn median(x: Vec<f64>) -> f64 {
    unisleeve_core::numeric::median(x).unwrap_or(0.0)
}
