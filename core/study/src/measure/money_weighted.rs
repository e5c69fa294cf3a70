//! Money-weighted returns: the rate at which the client's contributions grow to the final value.
//!
//! The rate `r` solves `Σ flow_i (1 + r)^(T - t_i) = end`. Contributions are positive; times are in years of
//! 365.25 days, from exact dates; flows count at the end of their session. This is the internal rate of
//! return that the GIPS standards use for money-weighted returns. It is found by Newton's method within a
//! bracket.
//!
//! Before tax, payments to and from the tax authority are flows of the client. After tax they are not, and
//! unpaid accrued tax is subtracted from the final value; after liquidation, so is the tax of selling
//! everything.

use serde::Serialize;

use super::Liquidation;
use unisleeve_books::journal::Mark;

/// Money-weighted returns, annual fractions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct MoneyWeighted {
    /// Before tax.
    pub pre_tax: Option<f64>,
    /// After tax, with nothing sold at the end.
    pub after_tax_before_liquidation: Option<f64>,
    /// After tax, with everything sold at the end.
    pub after_tax_after_liquidation: Option<f64>,
}

/// Money-weighted returns of an arm.
pub fn money_weighted(marks: &[Mark], liquidation: &Liquidation) -> MoneyWeighted {
    let Some(last) = marks.last() else { return MoneyWeighted::default() };
    let flows = |of: &dyn Fn(&Mark) -> f64| -> Vec<(f64, f64)> {
        let years = |m: &Mark| (last.date - m.date).num_days() as f64 / 365.25;
        marks.iter().map(|m| (years(m), of(m))).filter(|(_, x)| *x != 0.0).collect()
    };
    let before = flows(&|m| (m.flow - m.tax_paid).to_f64());
    let after = flows(&|m| m.flow.to_f64());
    let wealth = last.wealth();
    MoneyWeighted {
        pre_tax: internal_rate(&before, last.value.to_f64()),
        after_tax_before_liquidation: internal_rate(&after, wealth.to_f64()),
        after_tax_after_liquidation: internal_rate(&after, (wealth - liquidation.tax).to_f64()),
    }
}

/// Factor of annual growth by which the search steps, and the number of steps in each direction: from a loss
/// of 99.97% a year to 3,000-fold growth.
const STEP: f64 = 1.04;
const STEPS: usize = 205;

/// Internal rate of return. `flows` holds `(years before the end, amount paid in)`, and `end` is the final
/// value. `None` where no rate within the search fits, or every rate does. Of several rates, the one nearest
/// to zero.
pub fn internal_rate(flows: &[(f64, f64)], end: f64) -> Option<f64> {
    if !flows.iter().any(|(t, x)| *t > 0.0 && *x != 0.0) {
        return None;
    }
    let value = |g: f64| {
        let (mut f, mut slope) = (-end, 0.0);
        for (t, x) in flows {
            let grown = x * libm::pow(g, *t);
            f += grown;
            slope += t * grown / g;
        }
        (f, slope)
    };
    let at_one = value(1.0).0;
    let (mut low, mut high) = ((1.0, at_one), (1.0, at_one));
    let mut bracket = (at_one == 0.0).then_some((low, high));
    for _ in 0..STEPS {
        if bracket.is_some() {
            break;
        }
        let up = high.0 * STEP;
        let up = (up, value(up).0);
        let down = low.0 / STEP;
        let down = (down, value(down).0);
        if !up.1.is_finite() || !down.1.is_finite() {
            return None;
        }
        if (up.1 <= 0.0) != (high.1 <= 0.0) {
            bracket = Some((high, up));
        } else if (down.1 <= 0.0) != (low.1 <= 0.0) {
            bracket = Some((down, low));
        }
        (low, high) = (down, up);
    }
    let ((mut a, fa), (mut b, _)) = bracket?;
    let mut g = 0.5 * (a + b);
    for _ in 0..100 {
        let (f, slope) = value(g);
        if f == 0.0 || b - a <= 1e-14 * b {
            break;
        }
        if (f <= 0.0) == (fa <= 0.0) {
            a = g;
        } else {
            b = g;
        }
        let newton = g - f / slope;
        let next = if newton > a && newton < b { newton } else { 0.5 * (a + b) };
        if (next - g).abs() <= 1e-15 * g {
            break;
        }
        g = next;
    }
    Some(g - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.expect("a rate");
        assert!((found - expected).abs() < 1e-10, "{found} for {expected}");
    }

    #[test]
    fn rates_worked_out_by_hand() {
        near(internal_rate(&[(2.0, 100.0)], 121.0), 0.1);
        near(internal_rate(&[(2.0, 100.0)], 100.0), 0.0);
        // 100 g² + 100 g = 231: g = 1.1.
        near(internal_rate(&[(2.0, 100.0), (1.0, 100.0)], 231.0), 0.1);
        // 100 g² - 50 g = 40: g = (50 + sqrt(18,500)) / 200.
        near(internal_rate(&[(2.0, 100.0), (1.0, -50.0)], 40.0), (50.0 + 18_500.0_f64.sqrt()) / 200.0 - 1.0);
        near(internal_rate(&[(1.0, 100.0)], 5.0), -0.95);
        near(internal_rate(&[(0.5, 100.0)], 300.0), 8.0);
    }

    #[test]
    fn what_has_no_rate_is_none() {
        assert_eq!(internal_rate(&[], 10.0), None);
        assert_eq!(internal_rate(&[(0.0, 100.0)], 100.0), None, "no time passed");
        assert_eq!(internal_rate(&[(1.0, 100.0)], -10.0), None, "more than all is lost");
        assert_eq!(internal_rate(&[(1.0, -100.0)], 10.0), None, "only taken out, and still something there");
        assert_eq!(internal_rate(&[(1.0, f64::NAN)], 10.0), None);
    }
}
