//! UMA less SMA: the median over runs whose risk aversion differs by a few percent, and their range.
//!
//! One path of history holds a lot of luck: the arms hold slightly different names, and a slightly different risk aversion
//! makes other trades. The median keeps a lucky run out of the headline; the range is not a confidence interval.

use serde::Serialize;

use super::StudyArm;
use unisleeve_numeric::median;
use unisleeve_units::Money;

/// A difference over the middle run (the one in the table of arms) and its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Difference {
    /// UMA less SMA, the median of all runs.
    pub value: f64,
    /// UMA less SMA in the middle run.
    pub middle_run: f64,
    /// Least among the neighbours.
    pub low: f64,
    /// Most among the neighbours.
    pub high: f64,
}

impl Difference {
    /// Of the middle run and its neighbours: the median of all with their range.
    fn of(middle_run: f64, mut all: Vec<f64>) -> Option<Self> {
        all.push(middle_run);
        all.sort_unstable_by(f64::total_cmp);
        let (low, high) = (*all.first()?, *all.last()?);
        Some(Self { value: median(all)?, middle_run, low, high })
    }
}

/// UMA less SMA. Dollars; rates a year as fractions. None where a figure is not defined.
///
/// Differences of wealth count what each arm paid out before the end, as it was paid and with nothing earned on it: an arm that
/// ran out of money paid less than was asked of it, and what is left alone can't rank the two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Headline {
    /// After-tax wealth before liquidation, and what was paid out.
    pub wealth_before_liquidation: Option<Difference>,
    /// After-tax wealth after liquidation, and what was paid out.
    pub wealth_after_liquidation: Option<Difference>,
    /// Tax alpha before liquidation.
    pub tax_alpha_before_liquidation: Option<Difference>,
    /// Tax alpha after liquidation.
    pub tax_alpha_after_liquidation: Option<Difference>,
    /// Pre-tax return: luck and risk taken, not tax.
    pub pre_tax_return: Option<Difference>,
    /// Realised tracking errors of the two arms.
    pub tracking_error: (Option<f64>, Option<f64>),
    /// What the two arms paid out before the end, in the middle run.
    pub paid_out: (Money, Money),
}

impl Headline {
    pub(super) fn new(arms: &[StudyArm], neighbours: &[(StudyArm, StudyArm)]) -> Option<Self> {
        let find = |name: &str| arms.iter().find(|a| a.name == name);
        let (uma, sma) = (find("uma")?, find("sma")?);
        let difference = |figure: &dyn Fn(&StudyArm) -> Option<f64>| -> Option<Difference> {
            let mut others = Vec::new();
            for (u, s) in neighbours {
                others.push(figure(u)? - figure(s)?);
            }
            Difference::of(figure(uma)? - figure(sma)?, others)
        };
        Some(Self {
            wealth_before_liquidation: difference(&|a| Some(a.measures.kept_and_paid().to_f64())),
            wealth_after_liquidation: difference(&|a| Some(a.measures.liquidated_and_paid().to_f64())),
            tax_alpha_before_liquidation: difference(&|a| a.tax_alpha?.before_liquidation),
            tax_alpha_after_liquidation: difference(&|a| a.tax_alpha?.after_liquidation),
            pre_tax_return: difference(&|a| a.measures.pre_tax_return),
            tracking_error: (uma.measures.tracking_error_ex_post, sma.measures.tracking_error_ex_post),
            paid_out: (uma.measures.paid_out, sma.measures.paid_out),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_all_runs_and_their_range() {
        let of = |middle_run, others: &[f64]| {
            let d = Difference::of(middle_run, others.to_vec()).unwrap();
            (d.value, d.middle_run, d.low, d.high)
        };
        assert_eq!(of(9.0, &[1.0, -2.0, 4.0, 3.0]), (3.0, 9.0, -2.0, 9.0));
        assert_eq!(of(-9.0, &[1.0, 2.0, 4.0]), (1.5, -9.0, -9.0, 4.0));
        assert_eq!(of(5.0, &[]), (5.0, 5.0, 5.0, 5.0));
    }
}
