//! Checks daily.csv: value, cash, accrued tax, flow and tax paid of each session, and the policy mix in
//! dollars.

use chrono::NaiveDate;
use unisleeve_core::units::Money;

use super::report::{Check, Line};
use super::rows::DailyRow;

/// The recomputed state of an arm at the close of a session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) date: NaiveDate,
    pub(super) value: Money,
    pub(super) cash: Money,
    pub(super) accrued_tax: Money,
    /// Fees due but not paid.
    pub(super) owed: Money,
    pub(super) flow: Money,
    pub(super) tax_paid: Money,
}

impl Mark {
    /// Value minus accrued tax and fees due.
    pub(super) fn wealth(&self) -> Money {
        self.value - self.accrued_tax - self.owed
    }
}

/// Compares sessions one after the other. A balance that stays off by the same amount is reported once.
#[derive(Debug, Default)]
pub(super) struct Daily {
    gaps: [Money; 4],
    /// Value of the policy mix at the previous session, dollars.
    benchmark: f64,
}

impl Daily {
    /// Compares the row of a session.
    pub(super) fn check(&mut self, mark: &Mark, rows: &[DailyRow], check: &mut Check) {
        let file = "daily.csv";
        let Some(row) = rows.first() else {
            check.fault(file, mark.date, "date", "no row", "one row for each session");
            return;
        };
        for again in rows.iter().skip(1) {
            check.fault(file, Line(again.line), "date", again.date, "one row for each session");
        }
        let place = format_args!("line {} ({})", row.line, row.date).to_string();
        let balances = [
            ("value", row.value, mark.value),
            ("cash", row.cash, mark.cash),
            ("accrued_tax", row.accrued_tax, mark.accrued_tax),
            ("owed", row.owed, mark.owed),
        ];
        for ((column, found, expected), gap) in balances.into_iter().zip(&mut self.gaps) {
            check.figures += 1;
            let now = found - expected;
            if now != *gap && !now.is_zero() {
                check.fault(file, &place, column, found, expected);
            }
            *gap = now;
        }
        check.same(file, &place, "flow", row.flow, mark.flow);
        check.same(file, &place, "tax_paid", row.tax_paid, mark.tax_paid);
        let expected = self.benchmark * (1.0 + row.benchmark_return) + mark.flow.to_f64();
        // The previous row is rounded to 4 decimals too.
        let tolerance = 2e-4 + 1e-9 * expected.abs();
        check.near(file, &place, "benchmark_value", (row.benchmark_value, expected, tolerance));
        if row.te_ex_ante < 0.0 {
            check.fault(file, &place, "te_ex_ante", row.te_ex_ante, "zero or more");
        }
        self.benchmark = row.benchmark_value;
    }
}
