//! The cost of management fees.
//!
//! Each fee `f` is carried forward to the last session at the portfolio's return before tax, fees and trading
//! costs, less long-term tax on that growth at the flat liquidation rate `τ`:
//!
//! ```text
//! r_t = (V_t - F_t + X_t + f_t + c_t) / V_(t-1) - 1
//! cost at the end = Σ f_t (1 + (1 - τ) (G_t - 1)),   G_t = Π_(s>t) (1 + r_s)
//! ```
//!
//! `V` is the value at a close, `F` the client's flows, `X` tax paid and `c` the trading costs of the
//! session. There is no return after a close without value. Tax on income along the way is not subtracted
//! from what a fee would have earned.

use unisleeve_books::journal::{CashKind, Journal};
use unisleeve_units::Money;

/// Fees of a run, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    /// Fees paid, positive.
    pub paid: Money,
    /// Cost of these fees at the end of the run.
    pub at_end: Money,
}

/// Fees recorded in a journal. `long_rate` is the flat rate on long-term gain at liquidation.
pub fn fees(journal: &Journal, long_rate: f64) -> Fees {
    let mut rows = journal.cash.iter().peekable();
    let (mut paid, mut carried, mut before) = (Money::ZERO, 0.0, 0.0);
    for mark in &journal.marks {
        let (mut fee, mut cost) = (Money::ZERO, Money::ZERO);
        while let Some(row) = rows.next_if(|row| row.date <= mark.date) {
            match row.kind {
                CashKind::Fee => fee -= row.amount,
                CashKind::Cost => cost -= row.amount,
                _ => {}
            }
        }
        if before > 0.0 {
            carried *= (mark.value - mark.flow + mark.tax_paid + fee + cost).to_f64() / before;
        }
        carried += fee.to_f64();
        paid += fee;
        before = mark.value.to_f64();
    }
    let at_end = long_rate * paid.to_f64() + (1.0 - long_rate) * carried;
    Fees { paid, at_end: Money::from_f64(at_end).unwrap_or(paid) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::mark;
    use super::*;
    use unisleeve_books::journal::CashRow;
    use unisleeve_units::{AccountId, PocketId};

    fn journal(fees: &[(&str, i32)]) -> Journal {
        let mut journal = Journal::default();
        for (date, kind, dollars) in
            fees.iter().map(|(d, x)| (*d, CashKind::Fee, *x)).chain([("2003-01-01", CashKind::Cost, 10)])
        {
            journal.cash.push(CashRow {
                date: date.parse().unwrap(),
                account: AccountId(0),
                pocket: PocketId(0),
                kind,
                security: None,
                amount: -Money::whole(dollars),
            });
        }
        // 10% in the first year, of which 100 is a fee. In the second year a cost of 10 leaves 990, which is
        // a return of zero.
        journal.marks = vec![mark("2001-01-01", 1_000), mark("2002-01-01", 1_000), mark("2003-01-01", 990)];
        journal
    }

    #[test]
    fn a_fee_costs_what_it_would_have_earned_after_tax() {
        let early = fees(&journal(&[("2001-01-01", 50), ("2002-01-01", 100)]), 0.2);
        // 50 would have become 55, or 54 after 20% tax on the growth.
        assert_eq!(early, Fees { paid: Money::whole(150), at_end: Money::whole(154) });
        let untaxed = fees(&journal(&[("2001-01-01", 50), ("2002-01-01", 100)]), 0.0);
        assert_eq!(untaxed.at_end, Money::whole(155));
    }

    #[test]
    fn no_fees_cost_nothing() {
        assert_eq!(fees(&journal(&[]), 0.2), Fees { paid: Money::ZERO, at_end: Money::ZERO });
        assert_eq!(fees(&Journal::default(), 0.2), Fees { paid: Money::ZERO, at_end: Money::ZERO });
    }
}
