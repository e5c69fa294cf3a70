//! Loss harvest yield by year since inception: the losses recognized in a year over the average value in that
//! year.
//!
//! Years run from the first session to the day before its anniversary. Losses are those of taxable accounts
//! by trade date, without losses disallowed as wash sales. The value is that of the whole portfolio, averaged
//! over the closes of the year. The last year may be incomplete; nothing is annualized.

use chrono::{Days, Months, NaiveDate};
use serde::Serialize;
use unisleeve_numeric::mean;

use unisleeve_books::journal::Mark;
use unisleeve_units::Money;

/// One year of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct HarvestYear {
    /// Number of the year, from 1.
    pub year: u32,
    /// First day.
    pub from: NaiveDate,
    /// Last day: the day before the anniversary, or the last day of the run.
    pub to: NaiveDate,
    /// Recognized losses in dollars, positive.
    pub losses: Money,
    /// Average value at the closes, in dollars.
    pub average_value: Option<f64>,
    /// Losses over average value, a fraction.
    pub harvest_yield: Option<f64>,
}

/// Harvest yields by year. `recognized` holds recognized gains and losses by date, in any order; gains are
/// ignored.
pub fn harvest_yield(marks: &[Mark], recognized: &[(NaiveDate, Money)]) -> Vec<HarvestYear> {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return Vec::new() };
    let mut years = Vec::new();
    for year in 1.. {
        let day = |n: u32| first.date.checked_add_months(Months::new(12 * n));
        let (Some(from), Some(next)) = (day(year - 1), day(year)) else { break };
        if from > last.date {
            break;
        }
        let within = |d: NaiveDate| from <= d && d < next;
        let values: Vec<f64> = marks.iter().filter(|m| within(m.date)).map(|m| m.value.to_f64()).collect();
        let lost = |(d, x): &&(NaiveDate, Money)| within(*d) && x.is_negative();
        let losses: Money = recognized.iter().filter(lost).map(|(_, x)| -*x).sum();
        let average_value = mean(&values).filter(|v| *v > 0.0);
        years.push(HarvestYear {
            year,
            from,
            to: next.checked_sub_days(Days::new(1)).unwrap_or(next).min(last.date),
            losses,
            average_value,
            harvest_yield: average_value.map(|v| losses.to_f64() / v),
        });
    }
    years
}

#[cfg(test)]
mod tests {
    use super::super::testing::{day, mark};
    use super::*;

    #[test]
    fn years_begin_on_the_anniversary() {
        let marks = [
            mark("2001-06-04", 900),
            mark("2002-06-03", 1_100),
            mark("2002-06-04", 2_000),
            mark("2003-01-02", 0),
        ];
        let loss = |d: &str, x: i32| (day(d), Money::whole(x));
        let trades = [
            loss("2001-06-04", -30),
            loss("2002-06-03", -20),
            loss("2002-06-04", -7),
            loss("2002-07-01", 500),
        ];
        let years = harvest_yield(&marks, &trades);
        let seen: Vec<_> = years.iter().map(|y| (y.year, y.to, y.losses, y.harvest_yield)).collect();
        assert_eq!(
            seen,
            [
                (1, day("2002-06-03"), Money::whole(50), Some(0.05)),
                (2, day("2003-01-02"), Money::whole(7), Some(0.007)),
            ]
        );
        assert!(harvest_yield(&[], &trades).is_empty());
        assert_eq!(harvest_yield(&marks[3..], &[])[0].harvest_yield, None, "an empty portfolio has no yield");
    }
}
