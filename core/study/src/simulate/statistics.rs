//! Statistics over paths: fans of wealth, and paired differences with their intervals. They are valid for any
//! number of finished paths.

use serde::Serialize;
use unisleeve_numeric::{mean, quantile, standard_deviation, student_t};

use super::{PathArm, PathResult};
use crate::difference::{DifferenceRow, PathDifference, over_paths};
use unisleeve_units::Fingerprint;
use unisleeve_units::Money;

/// Percentiles of a fan.
pub const PERCENTILES: [f64; 7] = [5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0];

/// Distribution of one arm's wealth over the paths.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Fan {
    /// Arm.
    pub arm: String,
    /// Value less accrued tax at the [`PERCENTILES`], in dollars, for the end of each year.
    pub by_year: Vec<[f64; 7]>,
    /// After-tax wealth with everything sold at the end, at the [`PERCENTILES`], in dollars.
    pub wealth: [f64; 7],
}

/// Averages of one arm's figures over the paths.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Averages {
    /// Arm.
    pub arm: String,
    /// The household's tax with the portfolio minus without it, in dollars by tax year.
    pub taxes_by_year: Vec<f64>,
    /// Recognized losses, in dollars by year since the start.
    pub losses_by_year: Vec<f64>,
    /// Wealth at the [`PERCENTILES`], in dollars, if everything is kept, sold within the last year's tax
    /// return, left at death, or given to charity in part.
    pub endings: [[f64; 7]; 4],
    /// Withdrawals and gifts paid out before the end, in dollars as paid.
    pub paid_out: f64,
    /// Number of paths on which requested payments could not be made.
    pub ruined: usize,
    /// Days on which a manager acted, summed over managers.
    pub tasks: f64,
    /// Instructions from the advisor to another manager.
    pub tickets: f64,
    /// Transfers of money between managers.
    pub transfers: f64,
    /// Orders sent.
    pub orders: f64,
    /// Cost of fees at the end, in dollars: each fee with what it would have earned, after long-term tax on
    /// the earnings.
    pub fees_at_end: f64,
    /// Realized tracking error, an annual fraction. `None` where a path has none.
    pub tracking_error: Option<f64>,
    /// Tax alpha before liquidation, an annual fraction. `None` for the shadow portfolio.
    pub tax_alpha: Option<f64>,
    /// Ex-ante tracking error at the end of each year.
    pub tracking_error_by_year: Vec<f64>,
}

/// Statistics of a difference taken on each path.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Paired {
    /// Number of paths.
    pub count: usize,
    /// Mean over paths.
    pub mean: f64,
    /// Standard deviation (n - 1) over paths. `None` with fewer than two paths.
    pub deviation: Option<f64>,
    /// 95% confidence interval of the mean (Student's t). `None` with fewer than two independent draws.
    pub interval: Option<[f64; 2]>,
    /// Values at the [`PERCENTILES`].
    pub percentiles: [f64; 7],
    /// Fraction of the paths on which the difference is above zero.
    pub ahead: f64,
    /// Mean over the worst tenth of the paths (at least one).
    pub worst_tenth: f64,
}

/// Results of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Simulation {
    /// Number of finished paths.
    pub paths: usize,
    /// UMA minus each setup with separate managers, by ending.
    pub difference: Vec<DifferenceRow<Paired>>,
    /// UMA minus SMA in after-tax wealth plus what was paid out before, at the amounts paid, in dollars.
    pub gain: Option<Paired>,
    /// This difference for each path, in the order of the paths.
    pub gains: Vec<f64>,
    /// UMA minus SMA in tax alpha before liquidation, an annual fraction.
    pub tax_alpha: Option<Paired>,
    /// UMA minus SMA in tax alpha after liquidation, an annual fraction.
    pub tax_alpha_after_liquidation: Option<Paired>,
    /// Mean realized tracking error of UMA and of SMA, annual fractions.
    pub tracking_error: [Option<f64>; 2],
    /// Number of paths on which UMA and SMA could not make requested payments.
    pub ruined: [usize; 2],
    /// Fans of UMA, SMA and the shadow portfolio.
    pub fans: Vec<Fan>,
    /// Averages of UMA, SMA and the shadow portfolio.
    pub averages: Vec<Averages>,
    /// SHA-256 of all paths' figures, in the order of the paths.
    pub hash: String,
}

fn percentiles(mut values: Vec<f64>) -> Option<[f64; 7]> {
    values.sort_unstable_by(f64::total_cmp);
    let mut all = [0.0; 7];
    for (to, percent) in all.iter_mut().zip(PERCENTILES) {
        *to = quantile(&values, percent / 100.0)?;
    }
    Some(all)
}

impl Paired {
    /// Statistics of differences by path. With `pairs`, paths 2k and 2k+1 count as one (antithetic) draw, and
    /// the interval is based on their means.
    pub fn of(differences: &[f64], pairs: bool) -> Option<Self> {
        let count = differences.len();
        let average = mean(differences)?;
        let mut sorted = differences.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let draws: Vec<f64> =
            if pairs { differences.chunks(2).filter_map(mean).collect() } else { differences.to_vec() };
        let interval = standard_deviation(&draws).map(|s| {
            let half = student_t(draws.len() - 1) * s / (draws.len() as f64).sqrt();
            [average - half, average + half]
        });
        Some(Self {
            count,
            mean: average,
            deviation: standard_deviation(differences),
            interval,
            percentiles: percentiles(differences.to_vec())?,
            ahead: differences.iter().filter(|d| **d > 0.0).count() as f64 / count as f64,
            worst_tenth: mean(&sorted[..count.div_ceil(10)])?,
        })
    }
}

impl Simulation {
    /// Results of the finished paths, given in the order of their numbers.
    pub fn of(paths: &[PathResult], antithetic: bool) -> Self {
        let alpha = |p: &PathResult, after: bool| -> Option<f64> {
            let of = |name| {
                let alpha = p.arm(name)?.tax_alpha?;
                if after { alpha.after_liquidation } else { alpha.before_liquidation }
            };
            Some(of("uma")? - of("sma")?)
        };
        let paired = |of: &dyn Fn(&PathResult) -> Option<f64>| {
            // A path without the figure would shift the pairs.
            let all: Vec<f64> = paths.iter().filter_map(of).collect();
            Paired::of(&all, antithetic && all.len() == paths.len())
        };
        let mut f = Fingerprint::default();
        for p in paths {
            p.hash_into(&mut f);
        }
        let error = |name: &str| {
            let all: Vec<f64> = paths.iter().filter_map(|p| p.arm(name)?.tracking_error).collect();
            mean(&all)
        };
        let ruined = |name: &str| paths.iter().filter(|p| p.arm(name).is_some_and(|a| a.ruined)).count();
        Self {
            paths: paths.len(),
            difference: over_paths(
                &paths.iter().map(|p| p.differences.as_slice()).collect::<Vec<&[PathDifference]>>(),
                &|values| Paired::of(values, antithetic),
                &|paired: &Paired| paired.interval,
            ),
            gain: paired(&PathResult::gain),
            gains: paths.iter().filter_map(PathResult::gain).collect(),
            tax_alpha: paired(&|p| alpha(p, false)),
            tax_alpha_after_liquidation: paired(&|p| alpha(p, true)),
            tracking_error: [error("uma"), error("sma")],
            ruined: [ruined("uma"), ruined("sma")],
            fans: ["uma", "sma", "shadow"].iter().filter_map(|name| fan(paths, name)).collect(),
            averages: ["uma", "sma", "shadow"].iter().filter_map(|name| averages(paths, name)).collect(),
            hash: f.finish(),
        }
    }
}

fn averages(paths: &[PathResult], name: &str) -> Option<Averages> {
    let arms: Vec<&PathArm> = paths.iter().filter_map(|p| p.arm(name)).collect();
    let over = |of: &dyn Fn(&PathArm) -> f64| {
        let all: Vec<f64> = arms.iter().map(|a| of(a)).collect();
        mean(&all)
    };
    let by_year = |of: &dyn Fn(&PathArm, usize) -> Option<f64>| -> Vec<f64> {
        let year = |y: usize| -> Option<f64> {
            let all: Option<Vec<f64>> = arms.iter().map(|a| of(a, y)).collect();
            mean(&all?)
        };
        (0..).map_while(year).collect()
    };
    let dollars = |all: &[Money], y: usize| all.get(y).map(|m| m.to_f64());
    let mut endings = [[0.0; 7]; 4];
    for (i, ending) in endings.iter_mut().enumerate() {
        let all = arms.iter().filter_map(|a| a.endings.get(i)).map(|m| m.to_f64()).collect();
        *ending = percentiles(all)?;
    }
    let alphas: Option<Vec<f64>> = arms.iter().map(|a| a.tax_alpha?.before_liquidation).collect();
    let errors: Option<Vec<f64>> = arms.iter().map(|a| a.tracking_error).collect();
    Some(Averages {
        arm: name.to_owned(),
        taxes_by_year: by_year(&|a, y| dollars(&a.taxes_by_year, y)),
        losses_by_year: by_year(&|a, y| dollars(&a.losses_by_year, y)),
        tracking_error_by_year: by_year(&|a, y| a.tracking_error_by_year.get(y).copied()),
        endings,
        paid_out: over(&|a| a.paid_out.to_f64())?,
        ruined: arms.iter().filter(|a| a.ruined).count(),
        tasks: over(&|a| a.tasks as f64)?,
        tickets: over(&|a| a.tickets as f64)?,
        transfers: over(&|a| a.transfers as f64)?,
        orders: over(&|a| a.orders as f64)?,
        fees_at_end: over(&|a| a.fees_at_end.to_f64())?,
        tracking_error: errors.and_then(|e| mean(&e)),
        tax_alpha: alphas.and_then(|a| mean(&a)),
    })
}

fn fan(paths: &[PathResult], name: &str) -> Option<Fan> {
    let arms: Vec<_> = paths.iter().filter_map(|p| p.arm(name)).collect();
    let years = arms.iter().map(|a| a.by_year.len()).min()?;
    let year =
        |y: usize| percentiles(arms.iter().filter_map(|a| a.by_year.get(y)).map(|m| m.to_f64()).collect());
    Some(Fan {
        arm: name.to_owned(),
        by_year: (0..years).filter_map(year).collect(),
        wealth: percentiles(arms.iter().map(|a| a.wealth.to_f64()).collect())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With pairs, their means are the draws. Two pairs that mirror each other have no spread left.
    #[test]
    fn antithetic_pairs_are_one_draw() {
        let differences = [1.0, 3.0, 3.0, 1.0];
        let alone = Paired::of(&differences, false).unwrap();
        let paired = Paired::of(&differences, true).unwrap();
        assert!((alone.mean - 2.0).abs() < 1e-15 && (paired.mean - 2.0).abs() < 1e-15);
        let width = |p: &Paired| p.interval.map(|[low, high]| high - low).unwrap();
        assert!(width(&alone) > 3.0 && width(&paired) < 1e-12);
        assert!((alone.worst_tenth - 1.0).abs() < 1e-15 && (alone.ahead - 1.0).abs() < 1e-15);
        assert_eq!(Paired::of(&[], false), None);
        let level = Paired::of(&[0.0, 0.0, 1.0, -1.0], false).unwrap();
        assert!((level.ahead - 0.25).abs() < 1e-15, "level is not ahead");
        let one = Paired::of(&[5.0], false).unwrap();
        assert_eq!((one.deviation, one.interval), (None, None));
    }
}
