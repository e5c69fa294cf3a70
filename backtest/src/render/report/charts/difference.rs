//! UMA minus SMA over time: wealth, and tax alone.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unisleeve_core::books::journal::Mark;
use unisleeve_core::study::StudyArm;
use unisleeve_core::units::Money;

use super::figures::by_year;
use super::series::{Series, after_tax, daily, marks, monthly, yearly};
use crate::render::chart::Chart;
use crate::render::chart::line_chart;
use crate::render::format::more_dollars;
use crate::render::svg::{Axes, Line, LineChart};
use crate::render::ticks::Unit;

/// Builds the chart.
pub(super) fn chart(uma: &StudyArm, sma: &StudyArm) -> Option<Chart> {
    let less = |a: &Series, b: &Series| -> Series {
        let b: BTreeMap<NaiveDate, f64> = b.iter().copied().collect();
        a.iter().filter_map(|(d, v)| Some((*d, v - b.get(d)?))).collect()
    };
    // Money paid to the client counts. Otherwise an arm that ran out of money, or paid less, would appear to
    // be ahead.
    let paid: BTreeMap<NaiveDate, f64> = less(&taken_to_date(uma), &taken_to_date(sma)).into_iter().collect();
    let wealth: Series = less(&daily(uma, after_tax), &daily(sma, after_tax))
        .into_iter()
        .map(|(date, lead)| (date, lead + paid.get(&date).copied().unwrap_or(0.0)))
        .collect();
    // Tax of SMA so far minus tax of UMA so far, in plain dollars without investment earnings.
    let saved = less(&tax_to_date(sma), &tax_to_date(uma));
    let at_end = |s: &Series| more_dollars(s.last().map(|p| p.1));
    let line =
        |class, name: &str, points: &Series| Line { class, name: name.to_owned(), points: monthly(points) };
    let chart = LineChart {
        label: format!(
            "UMA less SMA, after-tax wealth over time: {} at the end. Of this, tax that UMA did not bear so far: {}.",
            at_end(&wealth),
            at_end(&saved)
        ),
        unit: Unit::Dollars,
        axes: Axes { up: "UMA less SMA, dollars", along: "month ends" },
        reach: vec![0.0],
        sides: Some(("UMA ahead", "SMA ahead")),
        lines: vec![line("saved", "Tax alone", &saved), line("uma", "Wealth", &wealth)],
    };
    line_chart(
        format!("UMA less SMA: {} at the end; tax alone {}", at_end(&wealth), at_end(&saved)),
        "Wealth: the difference in after-tax wealth and in what was paid out before. Tax alone: tax paid and accrued so far, \
         SMA less UMA, with nothing earned on it. The space between them is pre-tax return and what the tax not paid has \
         earned."
            .to_owned(),
        &chart,
        by_year(
            vec![("Wealth".to_owned(), yearly(&wealth)), ("Tax alone".to_owned(), yearly(&saved))],
            "Year end",
            &more_dollars,
        ),
    )
}

/// Withdrawals so far minus contributions so far, dollars.
fn taken_to_date(arm: &StudyArm) -> Series {
    let mut taken = Money::ZERO;
    let so_far = |m: &Mark| {
        taken -= m.flow;
        (m.date, taken.to_f64())
    };
    marks(arm).iter().map(so_far).collect()
}

fn tax_to_date(arm: &StudyArm) -> Series {
    let mut paid = 0.0;
    daily(arm, |m| m.accrued_tax.to_f64())
        .into_iter()
        .zip(marks(arm))
        .map(|((date, accrued), m)| {
            paid += m.tax_paid.to_f64();
            (date, paid + accrued)
        })
        .collect()
}
