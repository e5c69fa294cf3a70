//! Mean and standard deviation.

/// Arithmetic mean; `None` for an empty slice.
pub fn mean(x: &[f64]) -> Option<f64> {
    let mut sum = 0.0;
    for v in x {
        sum += v;
    }
    (!x.is_empty()).then(|| sum / x.len() as f64)
}

/// Sample standard deviation, `sqrt(Σ (x - mean)² / (n - 1))`; `None` for fewer than two values.
pub fn standard_deviation(x: &[f64]) -> Option<f64> {
    let m = mean(x).filter(|_| x.len() > 1)?;
    let mut sum = 0.0;
    for v in x {
        sum += (v - m) * (v - m);
    }
    Some((sum / (x.len() - 1) as f64).sqrt())
}
