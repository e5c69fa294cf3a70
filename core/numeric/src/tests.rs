//! Against another library's statistics.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::statistics::{Data, OrderStatistics, Statistics};

use super::{mean, median, normal_quantile, standard_deviation, student_t};

/// Numbers without a pattern.
fn numbers(count: usize) -> Vec<f64> {
    let mut state = 97_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.3
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn moments_and_medians() {
    for count in [2, 3, 10, 101, 1_000] {
        let x = numbers(count);
        assert!((mean(&x).unwrap() - x.as_slice().mean()).abs() < 1e-14, "{count}");
        assert!((standard_deviation(&x).unwrap() - x.as_slice().std_dev()).abs() < 1e-14, "{count}");
        assert!((median(x.clone()).unwrap() - Data::new(x).median()).abs() < 1e-14, "{count}");
    }
}

#[test]
fn normal_quantiles() {
    let law = Normal::new(0.0, 1.0).unwrap();
    for i in 1..2_000 {
        let p = f64::from(i) / 2_000.0;
        // Through the distribution function: the library gives it to about 1e-11.
        let error = (law.cdf(normal_quantile(p)) - p).abs();
        assert!(error < 1e-10, "{p}: {error:e}");
    }
}

/// Exact below six degrees of freedom, to 0.01% from there on.
#[test]
fn student_quantiles() {
    for n in 1..400 {
        let law = StudentsT::new(0.0, 1.0, n as f64).unwrap();
        let found = student_t(n);
        let exact = law.inverse_cdf(0.975);
        assert!((found / exact - 1.0).abs() < if n < 6 { 1e-8 } else { 1e-4 }, "{n}: {found} {exact}");
    }
}
