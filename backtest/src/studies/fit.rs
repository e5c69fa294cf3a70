//! Goodness-of-fit tests: whether a sample may come from a distribution.
//!
//! They only describe data. No run depends on these figures, so their last digits may differ between
//! platforms.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::stats_tests::NaNPolicy;
use statrs::stats_tests::chisquare::chisquare;
use statrs::stats_tests::ks_test::{KSOneSampleAlternativeMethod, ks_onesample};
use unisleeve_core::market::is_open;

/// Smallest sample that is tested.
const FEWEST: usize = 50;

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// Description of the comparison.
    pub what: String,
    /// Name of the statistic: `kolmogorov_smirnov` or `chi_square`.
    pub test: &'static str,
    /// Value of the statistic.
    pub statistic: f64,
    /// Probability, from 0 to 1, of a statistic at least as large if the sample comes from the distribution.
    pub p: f64,
    /// Sample size.
    pub sample: usize,
}

impl Fit {
    /// The result as one sentence.
    pub(crate) fn sentence(&self) -> String {
        let name = if self.test == "chi_square" { "chi-square" } else { "Kolmogorov-Smirnov distance" };
        let verdict = if self.p < 0.01 { "does not fit" } else { "fits" };
        format!("{}: {verdict} ({name} {:.3}, p = {:.3}).", self.what, self.statistic, self.p)
    }
}

/// Tests a sample of mean zero and variance one against the standard normal distribution. `None` for a small
/// sample.
pub(crate) fn normal(what: &str, sample: &[f64]) -> Option<Fit> {
    kolmogorov_smirnov(what, sample, &Normal::new(0.0, 1.0).ok()?)
}

/// Tests such a sample against Student's t distribution of variance one with the given kurtosis, which sets
/// the degrees of freedom to `4 + 6/(kurtosis - 3)`. `None` for a kurtosis of 3 or less, because the normal
/// distribution has 3, and for a small sample.
pub(crate) fn student(what: &str, sample: &[f64], kurtosis: f64) -> Option<Fit> {
    if kurtosis <= 3.0 {
        return None;
    }
    let freedom = 4.0 + 6.0 / (kurtosis - 3.0);
    let scale = ((freedom - 2.0) / freedom).sqrt();
    kolmogorov_smirnov(what, sample, &StudentsT::new(0.0, scale, freedom).ok()?)
}

fn kolmogorov_smirnov(what: &str, sample: &[f64], law: &impl ContinuousCDF<f64, f64>) -> Option<Fit> {
    if sample.len() < FEWEST {
        return None;
    }
    let method = KSOneSampleAlternativeMethod::TwoSidedAsymptotic;
    let (statistic, p) = ks_onesample(sample.to_vec(), law, method, NaNPolicy::Error).ok()?;
    fit(what, "kolmogorov_smirnov", (statistic, p), sample.len())
}

/// Tests whether sessions fall on weekdays as often as those of the New York Stock Exchange between the first
/// and the last session (Pearson's chi-square). `None` for few sessions, or if one is on a weekend, because
/// other exchanges have other trading weeks.
pub(crate) fn weekdays(sessions: &[NaiveDate]) -> Option<Fit> {
    let (first, last) = (*sessions.first()?, *sessions.last()?);
    let at = |date: NaiveDate| date.weekday().num_days_from_monday() as usize;
    if sessions.len() < FEWEST || sessions.iter().any(|d| at(*d) > 4) {
        return None;
    }
    let (mut found, mut expected) = ([0_usize; 5], [0.0_f64; 5]);
    for date in sessions {
        found[at(*date)] += 1;
    }
    for date in first.iter_days().take_while(|d| *d <= last).filter(|d| at(*d) < 5 && is_open(*d)) {
        expected[at(date)] += 1.0;
    }
    let whole: f64 = expected.iter().sum();
    if expected.contains(&0.0) {
        return None;
    }
    let scaled = expected.map(|e| e * sessions.len() as f64 / whole);
    let result = chisquare(&found, Some(&scaled), None).ok()?;
    fit("Sessions by weekday against the exchange's calendar", "chi_square", result, sessions.len())
}

fn fit(what: &str, test: &'static str, (statistic, p): (f64, f64), sample: usize) -> Option<Fit> {
    // Rounding may put the p-value slightly outside 0 to 1.
    statistic.is_finite().then(|| Fit {
        what: what.to_owned(),
        test,
        statistic,
        p: p.clamp(0.0, 1.0),
        sample,
    })
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    /// Quantiles of a distribution at the midpoints of equal parts: as close to the distribution as a sample
    /// can be.
    fn quantiles(law: &impl ContinuousCDF<f64, f64>, n: u32) -> Vec<f64> {
        (0..n).map(|i| law.inverse_cdf((f64::from(i) + 0.5) / f64::from(n))).collect()
    }

    #[test]
    fn a_sample_fits_its_own_distribution_and_not_another() {
        let normals = quantiles(&Normal::new(0.0, 1.0).unwrap(), 2_000);
        assert!(normal("own", &normals).unwrap().p > 0.99);
        assert!(student("fat", &normals, 9.0).unwrap().p < 0.01);
        let scale = (3.0_f64 / 5.0).sqrt();
        let fat = quantiles(&StudentsT::new(0.0, scale, 5.0).unwrap(), 2_000);
        assert!(student("own", &fat, 9.0).unwrap().p > 0.99);
        assert!(normal("thin", &fat).unwrap().p < 0.01);
        assert_eq!(student("none", &fat, 3.0), None);
        assert_eq!(normal("few", &fat[..10]), None);
    }

    #[test]
    fn missing_mondays_are_seen() {
        let start = NaiveDate::from_ymd_opt(2010, 1, 4).unwrap();
        let open: Vec<NaiveDate> = (0..3_000)
            .map(|i| start + Days::new(i))
            .filter(|d| d.weekday().num_days_from_monday() < 5 && is_open(*d))
            .collect();
        assert!(weekdays(&open).unwrap().p > 0.99);
        let mut mondays = 0;
        let gaps: Vec<NaiveDate> = open
            .iter()
            .copied()
            .filter(|d| {
                let is_monday = d.weekday().num_days_from_monday() == 0;
                mondays += usize::from(is_monday);
                !is_monday || mondays % 3 > 0
            })
            .collect();
        assert!(weekdays(&gaps).unwrap().p < 0.01);
        assert_eq!(weekdays(&open[..20]), None);
    }
}
