//! Drawdown: how far the portfolio is below its highest point so far.
//!
//! `drawdown_t = G_t / max(G_s, s <= t) - 1`, a fraction that is zero or negative. `G` is the growth of a
//! dollar by daily-linked after-tax time-weighted returns ([`super::after_tax_returns`]). So the client's
//! flows are not losses, and tax counts when it accrues. The largest drawdown is the minimum (Magdon-Ismail
//! and Atiya, "Maximum drawdown", Risk 17(10), 2004).

use chrono::NaiveDate;

use super::after_tax_returns;
use unisleeve_books::journal::Mark;

/// The largest fall from a high point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawdown {
    /// Depth as a fraction, zero or negative.
    pub depth: f64,
    /// Day of the high point before the fall.
    pub peak: NaiveDate,
    /// Day of the lowest point.
    pub trough: NaiveDate,
    /// First day back at the earlier high. `None` where the run ended below it.
    pub recovered: Option<NaiveDate>,
}

/// Drawdown at each close, up to the first undefined return.
pub fn drawdowns(marks: &[Mark]) -> Vec<(NaiveDate, f64)> {
    let returns = after_tax_returns(marks);
    let (mut growth, mut highest) = (1.0, 1.0);
    let mut all: Vec<(NaiveDate, f64)> = marks.first().map(|m| (m.date, 0.0)).into_iter().collect();
    for (m, r) in marks.iter().skip(1).zip(returns) {
        let Some(r) = r else { break };
        growth *= 1.0 + r;
        highest = if growth > highest { growth } else { highest };
        // Both start at 1. A portfolio that lost everything stays at -100%.
        all.push((m.date, growth / highest - 1.0));
    }
    all
}

/// The largest drawdown; the first one where several are equal. `None` for an empty list.
pub fn largest_drawdown(drawdowns: &[(NaiveDate, f64)]) -> Option<Drawdown> {
    let mut deepest = 0;
    for (at, (_, depth)) in drawdowns.iter().enumerate() {
        if *depth < drawdowns.get(deepest)?.1 {
            deepest = at;
        }
    }
    let (trough, depth) = *drawdowns.get(deepest)?;
    let at_height = |d: &&(NaiveDate, f64)| d.1 >= 0.0;
    let peak = drawdowns.get(..=deepest)?.iter().rev().find(at_height)?.0;
    let recovered = drawdowns.get(deepest..)?.iter().find(at_height).map(|d| d.0);
    Some(Drawdown { depth, peak, trough, recovered })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{day, mark};
    use super::*;
    use unisleeve_units::Money;

    #[test]
    fn a_fall_from_the_highest_point_and_back() {
        let marks = [
            mark("2001-01-02", 100),
            mark("2001-01-03", 120),
            mark("2001-01-04", 90),
            mark("2001-01-05", 108),
            mark("2001-01-08", 132),
        ];
        let all = drawdowns(&marks);
        for ((_, found), expected) in all.iter().zip([0.0, 0.0, -0.25, -0.1, 0.0]) {
            assert!((found - expected).abs() < 1e-12, "{all:?}");
        }
        let largest = largest_drawdown(&all).unwrap();
        assert!((largest.depth + 0.25).abs() < 1e-12);
        assert_eq!(
            (largest.peak, largest.trough, largest.recovered),
            (day("2001-01-03"), day("2001-01-04"), Some(day("2001-01-08")))
        );
        assert_eq!(largest_drawdown(&all[..4]).unwrap().recovered, None);
    }

    #[test]
    fn money_taken_out_is_no_fall_and_tax_accrued_is() {
        let out = Mark { flow: Money::whole(-50), ..mark("2001-01-03", 50) };
        assert!(drawdowns(&[mark("2001-01-02", 100), out])[1].1.abs() < 1e-12);
        let taxed = Mark { accrued_tax: Money::whole(10), ..mark("2001-01-03", 100) };
        assert!((drawdowns(&[mark("2001-01-02", 100), taxed])[1].1 + 0.1).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_drawdown() {
        assert!(drawdowns(&[]).is_empty());
        assert_eq!(largest_drawdown(&[]), None);
        assert_eq!(
            drawdowns(&[mark("2001-01-02", 0), mark("2001-01-03", 5)]).len(),
            1,
            "nothing to fall from"
        );
    }
}
