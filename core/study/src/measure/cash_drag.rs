//! Cash drag: the return lost by holding cash, which earns nothing here.
//!
//! Cost a year = `Σ (cash / value at the close before) × return of the policy mix in the session`, divided by
//! years. It is positive where the policy mix rose overall. It sums simple returns without compounding.

use serde::Serialize;
use unisleeve_numeric::mean;

use super::years;
use unisleeve_books::journal::Mark;

/// Average cash and its cost, as fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct CashDrag {
    /// Average over the closes of cash over value.
    pub average_weight: f64,
    /// Return lost a year.
    pub cost: f64,
}

/// Cash drag over a run. `None` where the portfolio was empty on a session other than the last.
pub fn cash_drag(marks: &[Mark]) -> Option<CashDrag> {
    let weight = |m: &Mark| m.value.is_positive().then(|| m.cash.to_f64() / m.value.to_f64());
    let mut cost = 0.0;
    for w in marks.windows(2) {
        cost += weight(&w[0])? * w[1].benchmark_return;
    }
    let weights: Vec<f64> = marks.iter().filter_map(weight).collect();
    Some(CashDrag { average_weight: mean(&weights)?, cost: cost / years(marks)? })
}

#[cfg(test)]
mod tests {
    use super::super::testing::mark;
    use super::*;

    #[test]
    fn a_tenth_in_cash_while_the_mix_earns_three_percent() {
        let mut marks = vec![mark("2001-01-01", 1_000), mark("2002-01-01", 1_000), mark("2003-01-01", 1_000)];
        for (m, (cash, r)) in marks.iter_mut().zip([(100, 0.0), (200, 0.04), (0, -0.01)]) {
            m.cash = unisleeve_units::Money::whole(cash);
            m.benchmark_return = r;
        }
        let drag = cash_drag(&marks).unwrap();
        assert!((drag.average_weight - 0.1).abs() < 1e-15);
        // 0.1 × 4% - 0.2 × 1% over 730 days.
        assert!((drag.cost - 0.002 * 365.25 / 730.0).abs() < 1e-15);
    }

    #[test]
    fn undefined_is_none() {
        assert_eq!(cash_drag(&[]), None);
        assert_eq!(cash_drag(&[mark("2001-01-01", 1)]), None);
        assert_eq!(cash_drag(&[mark("2001-01-01", 0), mark("2001-01-02", 1)]), None);
    }
}
