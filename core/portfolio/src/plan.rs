//! Trades by lot.

use core::cmp::Ordering;

use super::model::Model;

/// Weights bought, and sold of each lot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// Weight bought, for each variable.
    pub bought: Vec<f64>,
    /// Weight sold of each stretch of each variable.
    pub sold: Vec<Vec<f64>>,
}

/// Figures of a plan, as fractions of the value; the variance is annual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    pub variance: f64,
    pub tax: f64,
    pub cost: f64,
    /// Net gain that counts against the budget.
    pub gain: f64,
}

/// Order in which a variable's stretches are sold: ascending by tax plus `gain_price` times gain. At a price
/// of zero this is the order in which they are stored.
pub(super) fn order(model: &Model, variable: usize, gain_price: f64) -> Vec<usize> {
    let stretches = &model.variables[variable].stretches;
    let price = |j: usize| stretches[j].tax + gain_price * stretches[j].gain;
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    if gain_price == 0.0 {
        return order;
    }
    order.sort_by(|a, b| price(*a).total_cmp(&price(*b)).then_with(|| -> Ordering { a.cmp(b) }));
    order
}

impl Plan {
    /// Assigns trades to lots.
    pub(super) fn new(model: &Model, trades: &[f64], gain_price: f64) -> Self {
        let mut plan = Self {
            bought: trades.iter().map(|u| if *u > 0.0 { *u } else { 0.0 }).collect(),
            sold: model.variables.iter().map(|v| vec![0.0; v.stretches.len()]).collect(),
        };
        for (i, u) in trades.iter().enumerate() {
            let mut left = if *u < 0.0 { -u } else { continue };
            for j in order(model, i, gain_price) {
                let width = model.variables[i].stretches[j].width;
                let take = if left < width { left } else { width };
                plan.sold[i][j] = take;
                left -= take;
                if left <= 0.0 {
                    break;
                }
            }
        }
        plan
    }

    /// Net trade of each variable.
    pub(super) fn trades(&self) -> Vec<f64> {
        let sold = self.sold.iter().map(|s| {
            let mut sum = 0.0;
            for x in s {
                sum += x;
            }
            sum
        });
        self.bought.iter().zip(sold).map(|(b, s)| b - s).collect()
    }

    pub(super) fn figures(&self, model: &Model) -> Figures {
        let (variance, _) = model.variance(&self.trades());
        let mut figures = Figures { variance, tax: 0.0, cost: 0.0, gain: 0.0 };
        for ((v, bought), sold) in model.variables.iter().zip(&self.bought).zip(&self.sold) {
            figures.cost += v.half * bought;
            for (s, x) in v.stretches.iter().zip(sold) {
                figures.cost += v.half * x;
                figures.tax += s.tax * x;
                figures.gain += s.gain * x;
            }
        }
        figures
    }

    /// Value of the objective.
    pub(super) fn objective(&self, model: &Model) -> f64 {
        let f = self.figures(model);
        0.5 * model.risk_aversion.unwrap_or(0.0) * f.variance + f.tax + f.cost
    }
}
