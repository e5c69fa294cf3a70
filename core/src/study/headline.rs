//! UMA less SMA, and how far it moves when both arms' risk aversion moves by a few percent.
//!
//! One path of history holds a lot of luck: the arms hold slightly different names, and a slightly different risk aversion
//! makes other trades. The range over neighbours shows it. It is not a confidence interval.

use serde::Serialize;

use super::StudyArm;

/// A difference with the least and the most among its neighbours, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// UMA less SMA.
    pub value: f64,
    /// Least among the neighbours.
    pub low: f64,
    /// Most among the neighbours.
    pub high: f64,
}

/// UMA less SMA. Dollars; rates a year as fractions. None where a figure is not defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Headline {
    /// After-tax wealth before liquidation.
    pub wealth_before_liquidation: Option<Difference>,
    /// After-tax wealth after liquidation.
    pub wealth_after_liquidation: Option<Difference>,
    /// Tax alpha before liquidation.
    pub tax_alpha_before_liquidation: Option<Difference>,
    /// Tax alpha after liquidation.
    pub tax_alpha_after_liquidation: Option<Difference>,
    /// Pre-tax return: luck and risk taken, not tax.
    pub pre_tax_return: Option<Difference>,
    /// Realised tracking errors of the two arms.
    pub tracking_error: (Option<f64>, Option<f64>),
}

impl Headline {
    pub(super) fn new(arms: &[StudyArm], neighbours: &[(StudyArm, StudyArm)]) -> Option<Self> {
        let find = |name: &str| arms.iter().find(|a| a.name == name);
        let (uma, sma) = (find("uma")?, find("sma")?);
        let difference = |figure: &dyn Fn(&StudyArm) -> Option<f64>| -> Option<Difference> {
            let value = figure(uma)? - figure(sma)?;
            let mut range = Difference { value, low: value, high: value };
            for (u, s) in neighbours {
                let x = figure(u)? - figure(s)?;
                range.low = if x < range.low { x } else { range.low };
                range.high = if x > range.high { x } else { range.high };
            }
            Some(range)
        };
        Some(Self {
            wealth_before_liquidation: difference(&|a| Some(a.measures.wealth_before_liquidation.to_f64())),
            wealth_after_liquidation: difference(&|a| Some(a.measures.wealth_after_liquidation.to_f64())),
            tax_alpha_before_liquidation: difference(&|a| a.tax_alpha?.before_liquidation),
            tax_alpha_after_liquidation: difference(&|a| a.tax_alpha?.after_liquidation),
            pre_tax_return: difference(&|a| a.measures.pre_tax_return),
            tracking_error: (uma.measures.tracking_error_ex_post, sma.measures.tracking_error_ex_post),
        })
    }
}
