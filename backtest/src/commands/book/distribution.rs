//! The distribution of a figure over the clients of a book.

use serde::Serialize;
use unisleeve_core::numeric::quantile;

/// Mean, total and quantiles of a figure. Quantiles are interpolated linearly between order statistics
/// (Hyndman and Fan 1996, definition 7).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Distribution {
    /// Number of clients for whom the figure is defined.
    pub clients: usize,
    pub mean: f64,
    pub total: f64,
    pub p5: f64,
    pub p25: f64,
    pub median: f64,
    pub p75: f64,
    pub p95: f64,
    pub largest: f64,
}

impl Distribution {
    /// Distribution of the figures; `None` if there are none.
    pub(super) fn of(mut figures: Vec<f64>) -> Option<Self> {
        figures.sort_by(f64::total_cmp);
        let total: f64 = figures.iter().sum();
        let at = |p: f64| quantile(&figures, p);
        let largest = *figures.last()?;
        Some(Self {
            clients: figures.len(),
            mean: total / figures.len() as f64,
            total,
            p5: at(0.05)?,
            p25: at(0.25)?,
            median: at(0.5)?,
            p75: at(0.75)?,
            p95: at(0.95)?,
            largest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_one_to_five() {
        let d = Distribution::of(vec![3.0, 1.0, 5.0, 2.0, 4.0]).unwrap();
        assert_eq!((d.median, d.p25, d.p75, d.mean, d.total, d.largest), (3.0, 2.0, 4.0, 3.0, 15.0, 5.0));
        assert!((d.p5 - 1.2).abs() < 1e-12);
        assert_eq!(Distribution::of(Vec::new()), None);
    }
}
