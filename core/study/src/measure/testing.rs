//! Journal entries for tests.

use chrono::NaiveDate;

use unisleeve_books::journal::{Mark, SleeveMark, TaxYearRow};
use unisleeve_units::{Money, SleeveId};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A close without cash, tax or flow.
pub(super) fn mark(date: &str, value: i32) -> Mark {
    Mark {
        date: day(date),
        value: Money::whole(value),
        cash: Money::ZERO,
        accrued_tax: Money::ZERO,
        owed: Money::ZERO,
        flow: Money::ZERO,
        tax_paid: Money::ZERO,
        benchmark_return: 0.0,
        benchmark_value: 0.0,
        te_ex_ante: 0.0,
    }
}

/// A sleeve's close without costs or income.
pub(super) fn sleeve_mark(
    date: &str,
    sleeve: u16,
    value: i32,
    net: i32,
    index_return: Option<f64>,
) -> SleeveMark {
    SleeveMark {
        date: day(date),
        sleeve: SleeveId(sleeve),
        value: Money::whole(value),
        net: Money::whole(net),
        cost: Money::ZERO,
        income: Money::ZERO,
        index_return,
    }
}

/// A tax year with gains by term, dividends as `(qualified, other)`, and tax.
pub(super) fn tax_year(year: i32, gains: (i32, i32), dividends: (i32, i32), tax: i32) -> TaxYearRow {
    TaxYearRow {
        year,
        net_short: Money::whole(gains.0),
        net_long: Money::whole(gains.1),
        dividends_qualified: Money::whole(dividends.0),
        dividends_ordinary: Money::whole(dividends.1),
        interest: Money::ZERO,
        distributions: Money::ZERO,
        ordinary_offset: Money::ZERO,
        carry_short: Money::ZERO,
        carry_long: Money::ZERO,
        tax: Money::whole(tax),
        paid_on: None,
    }
}
