//! UMA minus SMA: the median over runs with slightly different risk aversions, and the range of these runs.
//!
//! One historical path includes much luck. A slightly different risk aversion leads to other trades, and the
//! arms hold slightly different names. The median keeps a lucky run out of the headline. The range is not a
//! confidence interval.

use serde::Serialize;

use super::StudyArm;
use unisleeve_units::Money;

/// UMA minus SMA over the middle run (the one in the table of arms) and its neighbors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Difference {
    /// Median of UMA minus SMA over all runs.
    pub value: f64,
    /// UMA minus SMA in the middle run.
    pub middle_run: f64,
    /// Smallest difference over all runs, the middle run included.
    pub low: f64,
    /// Largest difference over all runs, the middle run included.
    pub high: f64,
}

impl Difference {
    /// The median of the middle run and its neighbors, with their range.
    fn of(middle_run: f64, mut all: Vec<f64>) -> Option<Self> {
        all.push(middle_run);
        all.sort_unstable_by(f64::total_cmp);
        let (low, high) = (*all.first()?, *all.last()?);
        let half = all.len() / 2;
        let value =
            if all.len() % 2 == 1 { *all.get(half)? } else { 0.5 * (all.get(half - 1)? + all.get(half)?) };
        Some(Self { value, middle_run, low, high })
    }
}

/// UMA minus SMA. Money in dollars; rates are annual fractions. `None` where a figure is undefined.
///
/// Differences in wealth count what each arm paid out before the end, at the amounts paid and without returns
/// on them. An arm that ran out of money paid less than requested, so final wealth alone can't rank the two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Headline {
    /// After-tax wealth before liquidation plus what was paid out, dollars.
    pub wealth_before_liquidation: Option<Difference>,
    /// After-tax wealth after liquidation plus what was paid out, dollars.
    pub wealth_after_liquidation: Option<Difference>,
    /// Tax alpha before liquidation.
    pub tax_alpha_before_liquidation: Option<Difference>,
    /// Tax alpha after liquidation.
    pub tax_alpha_after_liquidation: Option<Difference>,
    /// Pre-tax return. Differences come from luck and risk, not from tax.
    pub pre_tax_return: Option<Difference>,
    /// Realized tracking error of UMA and of SMA.
    pub tracking_error: (Option<f64>, Option<f64>),
    /// Amounts that UMA and SMA paid out before the end, in the middle run.
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
