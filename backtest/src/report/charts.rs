//! The charts and the yearly figures behind them, from the journals.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use unisleeve_core::journal::Mark;
use unisleeve_core::measure::RealizedYear;
use unisleeve_core::study::{Study, StudyArm};
use unisleeve_core::units::Money;

use super::arms::words;
use super::format::{dollars, more_dollars, percent};
use super::svg::{BarChart, Bars, Line, LineChart, NARROW, WIDE};
use super::ticks::Unit;

/// Figures behind a chart.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A chart as the page shows it.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    title: String,
    /// How to read it.
    note: String,
    wide: String,
    narrow: String,
    figures: Figures,
}

type Series = Vec<(NaiveDate, f64)>;

/// All charts that the study has data for.
pub(super) fn charts(study: &Study) -> Vec<Chart> {
    let (uma, sma) = (study.arm("uma"), study.arm("sma"));
    let pair: Vec<&StudyArm> = [uma, sma].into_iter().flatten().collect();
    let taxed: Vec<&StudyArm> = pair.iter().copied().chain(study.arm("shadow")).collect();
    let all = [
        wealth(study),
        uma.zip(sma).and_then(|(u, s)| difference(u, s)),
        gains_and_losses(&pair),
        harvest_to_date(&pair),
        taxes(&taxed),
        tracking_error(&pair),
        harvest_yield(&pair),
        realized(&taxed, "short-term", |y| y.net_short),
        realized(&taxed, "long-term", |y| y.net_long),
    ];
    all.into_iter().flatten().collect()
}

fn after_tax(m: &Mark) -> f64 {
    (m.value - m.accrued_tax).to_f64()
}

fn marks(arm: &StudyArm) -> &[Mark] {
    &arm.result.journal.marks
}

fn short(arm: &StudyArm) -> String {
    words(arm.name, false).short.to_owned()
}

fn series(arm: &StudyArm, value: impl Fn(&Mark) -> f64) -> Series {
    marks(arm).iter().map(|m| (m.date, value(m))).collect()
}

/// The first point and the last of each month.
fn monthly(points: &[(NaiveDate, f64)]) -> Series {
    let month = |d: NaiveDate| (d.year(), d.month());
    let ends = points.chunk_by(|a, b| month(a.0) == month(b.0)).filter_map(<[_]>::last).copied();
    let mut kept: Series = points.first().copied().into_iter().chain(ends).collect();
    kept.dedup_by_key(|p| p.0);
    kept
}

/// The last point of each year.
fn yearly(points: &[(NaiveDate, f64)]) -> BTreeMap<i32, f64> {
    points.iter().map(|(d, v)| (d.year(), *v)).collect()
}

/// Yearly rows under the columns' names.
fn figures(
    columns: Vec<(String, BTreeMap<i32, f64>)>,
    first: &str,
    write: &dyn Fn(Option<f64>) -> String,
) -> Figures {
    let mut years: Vec<i32> = columns.iter().flat_map(|(_, c)| c.keys().copied()).collect();
    years.sort_unstable();
    years.dedup();
    Figures {
        rows: years
            .iter()
            .map(|y| {
                let cells = columns.iter().map(|(_, c)| write(c.get(y).copied()));
                std::iter::once(y.to_string()).chain(cells).collect()
            })
            .collect(),
        head: std::iter::once(first.to_owned()).chain(columns.into_iter().map(|(name, _)| name)).collect(),
    }
}

fn line_chart(title: String, note: &str, chart: &LineChart, figures: Figures) -> Option<Chart> {
    Some(Chart {
        wide: chart.svg(&WIDE)?,
        narrow: chart.svg(&NARROW)?,
        title,
        note: note.to_owned(),
        figures,
    })
}

fn bar_chart(title: String, note: &str, chart: &BarChart, figures: Figures) -> Option<Chart> {
    Some(Chart {
        wide: chart.svg(&WIDE)?,
        narrow: chart.svg(&NARROW)?,
        title,
        note: note.to_owned(),
        figures,
    })
}

/// Each arm's class, name and points.
fn lines(arms: &[(&StudyArm, Series)]) -> Vec<Line> {
    // In the order of the table, the first arm drawn last, on top.
    let line = |(arm, points): &(&StudyArm, Series)| Line {
        class: words(arm.name, false).class,
        name: short(arm),
        points: monthly(points),
    };
    arms.iter().rev().map(line).collect()
}

fn columns(arms: &[(&StudyArm, Series)]) -> Vec<(String, BTreeMap<i32, f64>)> {
    arms.iter().map(|(arm, points)| (short(arm), yearly(points))).collect()
}

/// `UMA $3,566,000, SMA $3,449,000` of the last points.
fn ends(arms: &[(&StudyArm, Series)], write: &dyn Fn(Option<f64>) -> String) -> String {
    let end =
        |(arm, points): &(&StudyArm, Series)| format!("{} {}", short(arm), write(points.last().map(|p| p.1)));
    arms.iter().map(end).collect::<Vec<_>>().join(", ")
}

fn wealth(study: &Study) -> Option<Chart> {
    let arms: Vec<(&StudyArm, Series)> = study.arms.iter().map(|a| (a, series(a, after_tax))).collect();
    let pair: Vec<(&StudyArm, Series)> =
        arms.iter().filter(|(a, _)| matches!(a.name, "uma" | "sma")).cloned().collect();
    let chart = LineChart {
        label: format!(
            "After-tax wealth over time, before liquidation. At the end: {}.",
            ends(&arms, &dollars)
        ),
        unit: Unit::Dollars,
        from_zero: true,
        sides: None,
        lines: lines(&arms),
    };
    line_chart(
        format!("After-tax wealth: {}", ends(&pair, &dollars)),
        "Holdings and cash less tax accrued and not yet paid, before liquidation, at month ends.",
        &chart,
        figures(columns(&arms), "Year end", &dollars),
    )
}

fn difference(uma: &StudyArm, sma: &StudyArm) -> Option<Chart> {
    let less = |a: &Series, b: &Series| -> Series {
        let b: BTreeMap<NaiveDate, f64> = b.iter().copied().collect();
        a.iter().filter_map(|(d, v)| Some((*d, v - b.get(d)?))).collect()
    };
    let wealth = less(&series(uma, after_tax), &series(sma, after_tax));
    // What SMA has been taxed so far less what UMA has: plain dollars, nothing earned on them.
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
        from_zero: true,
        sides: Some(("UMA ahead".to_owned(), "SMA ahead".to_owned())),
        lines: vec![line("saved", "Tax alone", &saved), line("uma", "Wealth", &wealth)],
    };
    line_chart(
        format!("UMA less SMA: {} at the end", at_end(&wealth)),
        "Wealth: the difference in after-tax wealth. Tax alone: tax paid and accrued so far, SMA less UMA, with nothing \
         earned on it. The space between them is pre-tax return and what the tax not paid has earned.",
        &chart,
        figures(
            vec![("Wealth".to_owned(), yearly(&wealth)), ("Tax alone".to_owned(), yearly(&saved))],
            "Year end",
            &more_dollars,
        ),
    )
}

fn tax_to_date(arm: &StudyArm) -> Series {
    let mut paid = 0.0;
    series(arm, |m| m.accrued_tax.to_f64())
        .into_iter()
        .zip(marks(arm))
        .map(|((date, accrued), m)| {
            paid += m.tax_paid.to_f64();
            (date, paid + accrued)
        })
        .collect()
}

/// Recognised gains (positive) and losses (negative) of each trade row in taxable accounts.
fn recognised(arm: &StudyArm) -> Series {
    let taxable = |account: usize| arm.result.accounts.get(account).is_none_or(|a| a.kind.is_taxable());
    let rows = arm.result.journal.trade_rows();
    let rows = rows.iter().filter(|r| taxable(r.trade.account.index()));
    rows.map(|r| (r.trade.date, r.recognized().to_f64())).filter(|(_, v)| *v != 0.0).collect()
}

/// Years of the run.
fn years(arms: &[&StudyArm]) -> Vec<i32> {
    let days = || arms.iter().flat_map(|a| marks(a)).map(|m| m.date.year());
    match (days().min(), days().max()) {
        (Some(first), Some(last)) => (first..=last).collect(),
        _ => Vec::new(),
    }
}

fn gains_and_losses(arms: &[&StudyArm]) -> Option<Chart> {
    let years = years(arms);
    let mut series = Vec::new();
    let mut columns = Vec::new();
    let mut totals = Vec::new();
    for arm in arms {
        let (mut gains, mut losses) = (BTreeMap::new(), BTreeMap::new());
        for year in &years {
            gains.insert(*year, 0.0);
            losses.insert(*year, 0.0);
        }
        for (date, v) in recognised(arm) {
            *(if v > 0.0 { &mut gains } else { &mut losses }).entry(date.year()).or_insert(0.0) += v;
        }
        let at = |m: &BTreeMap<i32, f64>, y: &i32| m.get(y).copied().unwrap_or(0.0);
        series.push(Bars {
            class: words(arm.name, false).class,
            name: short(arm),
            values: years.iter().map(|y| vec![at(&gains, y), at(&losses, y)]).collect(),
        });
        let total = |m: &BTreeMap<i32, f64>| dollars(Some(m.values().sum::<f64>().abs()));
        totals.push(format!(
            "{} recognised {} of losses and {} of gains",
            short(arm),
            total(&losses),
            total(&gains)
        ));
        columns.push((format!("{} gains", short(arm)), gains));
        columns.push((format!("{} losses", short(arm)), losses));
    }
    let chart = BarChart {
        label: format!("Capital gains and losses recognised in each year. {}.", totals.join("; ")),
        unit: Unit::Dollars,
        sides: ("gains".to_owned(), "losses".to_owned()),
        categories: years.iter().map(ToString::to_string).collect(),
        series,
    };
    bar_chart(
        "Gains and losses recognised each year".to_owned(),
        &format!("{}. Washed losses are left out.", totals.join("; ")),
        &chart,
        figures(columns, "Year", &dollars),
    )
}

fn harvest_to_date(arms: &[&StudyArm]) -> Option<Chart> {
    let to_date = |arm: &StudyArm| -> Series {
        let mut losses: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        for (date, v) in recognised(arm).into_iter().filter(|(_, v)| *v < 0.0) {
            *losses.entry(date).or_insert(0.0) -= v;
        }
        let mut sum = 0.0;
        let mut add = |m: &Mark| {
            sum += losses.get(&m.date).copied().unwrap_or(0.0);
            (m.date, sum)
        };
        marks(arm).iter().map(&mut add).collect()
    };
    let arms: Vec<(&StudyArm, Series)> = arms.iter().map(|a| (*a, to_date(a))).collect();
    let chart = LineChart {
        label: format!("Losses harvested since the start. At the end: {}.", ends(&arms, &dollars)),
        unit: Unit::Dollars,
        from_zero: true,
        sides: None,
        lines: lines(&arms),
    };
    line_chart(
        format!("Losses harvested: {}", ends(&arms, &dollars)),
        "Losses recognised since the start. The line flattens as the lots that are left have gained too much to show a loss.",
        &chart,
        figures(columns(&arms), "Year end", &dollars),
    )
}

fn taxes(arms: &[&StudyArm]) -> Option<Chart> {
    let columns: Vec<(String, BTreeMap<i32, f64>)> = arms
        .iter()
        .map(|a| (short(a), a.result.journal.tax_years.iter().map(|y| (y.year, y.tax.to_f64())).collect()))
        .collect();
    let years = years(arms);
    let series = arms.iter().zip(&columns).map(|(arm, (_, tax))| Bars {
        class: words(arm.name, false).class,
        name: short(arm),
        values: years.iter().map(|y| tax.get(y).copied().into_iter().collect()).collect(),
    });
    let totals: Vec<String> =
        columns.iter().map(|(name, tax)| format!("{name} {}", dollars(Some(tax.values().sum())))).collect();
    let chart = BarChart {
        label: format!("The portfolio's tax for each year. All years together: {}.", totals.join(", ")),
        unit: Unit::Dollars,
        sides: ("tax".to_owned(), "saving".to_owned()),
        categories: years.iter().map(ToString::to_string).collect(),
        series: series.collect(),
    };
    bar_chart(
        "The portfolio's tax for each year".to_owned(),
        &format!(
            "Household tax with the portfolio less without it, paid on 15 April of the next year (the last year is still \
             owed). All years: {}.",
            totals.join(", ")
        ),
        &chart,
        figures(columns, "Tax year", &dollars),
    )
}

fn tracking_error(arms: &[&StudyArm]) -> Option<Chart> {
    let arms: Vec<(&StudyArm, Series)> = arms.iter().map(|a| (*a, series(a, |m| m.te_ex_ante))).collect();
    let write = |x| percent(x, 2);
    let chart = LineChart {
        label: format!("Ex-ante tracking error a year over time. At the end: {}.", ends(&arms, &write)),
        unit: Unit::Percent,
        from_zero: true,
        sides: None,
        lines: lines(&arms),
    };
    line_chart(
        format!("Forecast tracking error: {} at the end", ends(&arms, &write)),
        "Ex ante, a year, of the whole portfolio against the policy mix, at month ends.",
        &chart,
        figures(columns(&arms), "Year end", &write),
    )
}

/// Bars by year, one for each arm, with a table.
fn yearly_bars(
    arms: &[(&StudyArm, BTreeMap<i32, f64>)],
    (title, label, note): (String, String, &str),
    unit: Unit,
    (above, below): (&str, &str),
    first: &str,
) -> Option<Chart> {
    let mut years: Vec<i32> = arms.iter().flat_map(|(_, m)| m.keys().copied()).collect();
    years.sort_unstable();
    years.dedup();
    let series = arms.iter().map(|(arm, values)| Bars {
        class: words(arm.name, false).class,
        name: short(arm),
        values: years.iter().map(|y| values.get(y).copied().into_iter().collect()).collect(),
    });
    let chart = BarChart {
        label,
        unit,
        sides: (above.to_owned(), below.to_owned()),
        categories: years.iter().map(ToString::to_string).collect(),
        series: series.collect(),
    };
    let columns = arms.iter().map(|(arm, values)| (short(arm), values.clone())).collect();
    let write = |x| if unit == Unit::Percent { percent(x, 2) } else { dollars(x) };
    bar_chart(title, note, &chart, figures(columns, first, &write))
}

fn harvest_yield(arms: &[&StudyArm]) -> Option<Chart> {
    let by_year = |a: &StudyArm| -> BTreeMap<i32, f64> {
        let years = a.measures.harvest_yield.iter();
        years.filter_map(|y| Some((i32::try_from(y.year).ok()?, y.harvest_yield?))).collect()
    };
    let arms: Vec<(&StudyArm, BTreeMap<i32, f64>)> = arms.iter().map(|a| (*a, by_year(a))).collect();
    let first: Vec<String> =
        arms.iter().map(|(a, m)| format!("{} {}", short(a), percent(m.get(&1).copied(), 2))).collect();
    let first = first.join(", ");
    yearly_bars(
        &arms,
        (
            format!("Loss harvest yield: {first} in the first year"),
            format!(
                "Losses recognised over average value, by year since the start. In the first year: {first}."
            ),
            "Losses recognised in each year since the start over the average value of that year. The last year may be a part \
             of one. Contributions bring new lots, and with them new losses.",
        ),
        Unit::Percent,
        ("losses", ""),
        "Year of the run",
    )
}

fn realized(arms: &[&StudyArm], term: &str, of: fn(&RealizedYear) -> Money) -> Option<Chart> {
    let by_year = |a: &StudyArm| -> BTreeMap<i32, f64> {
        a.measures.realized_by_year.iter().map(|y| (y.year, of(y).to_f64())).collect()
    };
    let arms: Vec<(&StudyArm, BTreeMap<i32, f64>)> = arms.iter().map(|a| (*a, by_year(a))).collect();
    let total = |(a, m): &(&StudyArm, BTreeMap<i32, f64>)| {
        format!("{} {}", short(a), dollars(Some(m.values().sum())))
    };
    let totals = arms.iter().map(total).collect::<Vec<_>>().join(", ");
    yearly_bars(
        &arms,
        (
            format!("Net {term} gains realised each year"),
            format!("Net {term} gains realised in each tax year. All years together: {totals}."),
            "Gains less losses of the term as the year’s return has them, before carryforwards.",
        ),
        Unit::Dollars,
        ("gains", "losses"),
        "Tax year",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    #[test]
    fn months_keep_the_first_day_and_their_last() {
        let points = [
            (day(2000, 1, 3), 1.0),
            (day(2000, 1, 31), 2.0),
            (day(2000, 2, 1), 3.0),
            (day(2000, 2, 29), 4.0),
        ];
        assert_eq!(monthly(&points), [points[0], points[1], points[3]]);
        assert_eq!(monthly(&points[..1]), [points[0]]);
        assert!(monthly(&[]).is_empty());
    }

    #[test]
    fn a_year_ends_at_its_last_point() {
        let points = [(day(2000, 1, 3), 1.0), (day(2000, 12, 29), 2.0), (day(2001, 1, 2), 3.0)];
        assert_eq!(yearly(&points), BTreeMap::from([(2000, 2.0), (2001, 3.0)]));
    }

    #[test]
    fn a_year_without_a_figure_is_a_dash() {
        let columns = vec![
            ("A".to_owned(), BTreeMap::from([(2000, 1.0)])),
            ("B".to_owned(), BTreeMap::from([(2001, f64::NAN)])),
        ];
        let f = figures(columns, "Year", &dollars);
        assert_eq!(f.head, ["Year", "A", "B"]);
        assert_eq!(f.rows, [["2000", "$1", "–"], ["2001", "–", "–"]]);
    }
}
