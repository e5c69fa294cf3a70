//! Checks daily.csv: value, cash, accrued tax, flow, payments and return of each session, and the policy mix.

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
    /// Fees paid.
    pub(super) fees: Money,
    /// Trading costs.
    pub(super) costs: Money,
}

impl Mark {
    /// Value minus accrued tax and fees due.
    pub(super) fn wealth(&self) -> Money {
        self.value - self.accrued_tax - self.owed
    }
}

/// Compares sessions one after the other. A balance that stays off by the same amount is reported once.
#[derive(Debug, Default)]
struct Daily {
    gaps: [Money; 4],
    /// Value at the close before, dollars; zero on the first session.
    before: f64,
    /// Value of the policy mix, dollars.
    benchmark: f64,
}

impl Daily {
    /// Compares the row of a session. `earned` is the return of the policy mix.
    fn check(&mut self, mark: &Mark, earned: f64, rows: &[DailyRow], check: &mut Check) {
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
        check.same(file, &place, "fees", row.fees, mark.fees);
        check.same(file, &place, "costs", row.costs, mark.costs);
        let kept = (mark.value - mark.flow + mark.tax_paid).to_f64();
        let own = (self.before > 0.0).then(|| kept / self.before - 1.0);
        check.both_or_none(file, &place, "pre_tax_return", (row.pre_tax_return, own, 1e-12));
        self.before = mark.value.to_f64();
        check.near(file, &place, "benchmark_return", (row.benchmark_return, earned, 1e-12));
        self.benchmark = self.benchmark * (1.0 + earned) + mark.flow.to_f64();
        let tolerance = 2e-4 + 1e-10 * self.benchmark.abs();
        check.near(file, &place, "benchmark_value", (row.benchmark_value, self.benchmark, tolerance));
        if row.te_ex_ante < 0.0 {
            check.fault(file, &place, "te_ex_ante", row.te_ex_ante, "zero or more");
        }
    }
}

/// Compares the rows of an arm, in order of time, with its marks and the returns of the policy mix.
pub(super) fn check_daily(marks: &[Mark], benchmark: &[f64], rows: &[DailyRow], check: &mut Check) {
    let mut daily = Daily::default();
    let mut rest = rows;
    for (mark, earned) in marks.iter().zip(benchmark) {
        rest = &rest[rest.partition_point(|r| r.date < mark.date)..];
        let (today, later) = rest.split_at(rest.partition_point(|r| r.date == mark.date));
        daily.check(mark, *earned, today, check);
        rest = later;
    }
}
