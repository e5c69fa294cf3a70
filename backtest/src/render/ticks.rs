//! Axis ticks at round numbers and dates.

use chrono::{Datelike, NaiveDate};

use super::format::{grouped, month};

/// The unit of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Dollars,
    /// Fractions, shown as percentages.
    Percent,
    /// Fractions, shown as basis points.
    BasisPoints,
    /// Numbers of things.
    Count,
}

/// Evenly spaced ticks that cover a range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ticks {
    /// Tick values in ascending order; at least two.
    pub(crate) values: Vec<f64>,
    step: f64,
}

/// Ticks at multiples of 1, 2 or 5 times a power of ten. The first is at or below `low`, the last at or above
/// `high`. There are at most `most` of them, or three if fewer are requested.
pub(crate) fn nice(low: f64, high: f64, most: usize) -> Ticks {
    let (mut low, mut high) =
        if low.is_finite() && high.is_finite() && low <= high { (low, high) } else { (0.0, 1.0) };
    if high - low <= f64::EPSILON * (1.0 + high.abs()) {
        // A flat line is drawn in the middle.
        let room = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
        low -= room;
        high += room;
    }
    let most = most.max(3);
    let mut power = 1.0;
    while power * 10.0 < high - low {
        power *= 10.0;
    }
    while power > high - low {
        power /= 10.0;
    }
    power /= 100.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            let step = power * factor;
            let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
            if last - first + 1.0 <= most as f64 {
                let values = (0..=(last - first) as usize).map(|i| (first + i as f64) * step).collect();
                return Ticks { values, step };
            }
        }
        power *= 10.0;
    }
}

impl Ticks {
    pub(crate) fn low(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    pub(crate) fn high(&self) -> f64 {
        self.values.last().copied().unwrap_or(1.0)
    }

    /// Each tick with its label. All labels share one scale and one number of decimals.
    pub(crate) fn labeled(&self, unit: Unit) -> Vec<(f64, String)> {
        let largest = if self.low().abs() > self.high().abs() { self.low().abs() } else { self.high().abs() };
        self.values.iter().map(|v| (*v, label(*v, self.step, largest, unit))).collect()
    }
}

/// Label of the tick `v` on an axis whose ticks are `step` apart and at most `largest` in magnitude.
pub(crate) fn label(v: f64, step: f64, largest: f64, unit: Unit) -> String {
    let (scale, prefix, suffix) = match unit {
        Unit::Percent => (0.01, "", "%"),
        Unit::BasisPoints => (1e-4, "", " bp"),
        Unit::Count => (1.0, "", ""),
        Unit::Dollars if largest >= 1e6 => (1e6, "$", "m"),
        Unit::Dollars if largest >= 1e4 => (1e3, "$", "k"),
        Unit::Dollars => (1.0, "$", ""),
    };
    if v == 0.0 {
        return format!("{prefix}0{}", if unit == Unit::Dollars { "" } else { suffix });
    }
    let mut decimals = 0;
    let mut step = step / scale;
    while decimals < 4 && (step - step.round()).abs() > 1e-6 {
        step *= 10.0;
        decimals += 1;
    }
    let sign = if v < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{prefix}{}{suffix}", grouped(v / scale, decimals))
}

/// Dates that divide a span: the first day of every n-th month or year. At most `most` years, or half as many
/// months, because month labels are twice as wide. If fewer than two dates fit, the two ends of the span.
pub(crate) fn dates(from: NaiveDate, to: NaiveDate, most: usize) -> Vec<(NaiveDate, String)> {
    let months = |d: NaiveDate| d.year() * 12 + d.month0() as i32;
    for step in [1, 2, 3, 6, 12, 24, 60, 120, 240, 600] {
        let first = months(from) + i32::from(from.day() > 1);
        let ticks: Vec<NaiveDate> = (first..=months(to))
            .filter(|m| m.rem_euclid(step) == 0)
            .filter_map(|m| NaiveDate::from_ymd_opt(m.div_euclid(12), m.rem_euclid(12) as u32 + 1, 1))
            .collect();
        let most = if step < 12 { most.div_ceil(2) } else { most };
        if ticks.len() <= most && ticks.len() >= 2 {
            let label = |d: NaiveDate| {
                if step >= 12 {
                    d.year().to_string()
                } else {
                    format!("{} {}", month(d).get(..3).unwrap_or_default(), d.year())
                }
            };
            return ticks.into_iter().map(|d| (d, label(d))).collect();
        }
    }
    vec![(from, from.to_string()), (to, to.to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    fn labels(low: f64, high: f64, most: usize, unit: Unit) -> Vec<String> {
        nice(low, high, most).labeled(unit).into_iter().map(|(_, l)| l).collect()
    }

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        assert_eq!(
            labels(812_000.0, 3_570_000.0, 6, Unit::Dollars),
            ["$0m", "$1m", "$2m", "$3m", "$4m"].map(|l| if l == "$0m" { "$0" } else { l })
        );
        assert_eq!(
            labels(-19_000.0, 117_000.0, 6, Unit::Dollars),
            ["\u{2212}$50k", "$0", "$50k", "$100k", "$150k"]
        );
        assert_eq!(
            labels(0.0, 0.0121, 6, Unit::Percent),
            ["0.0%", "0.5%", "1.0%", "1.5%"].map(|l| if l == "0.0%" { "0%" } else { l })
        );
        for (low, high) in [(0.1, 0.100_001), (-7.0, -6.9), (1e9, 3e9), (0.0, 1e-7), (99.0, 101.0)] {
            let t = nice(low, high, 7);
            assert!(
                t.low() <= low + 1e-9 && t.high() >= high - 1e-9 && t.values.len() <= 7,
                "{low} {high}: {t:?}"
            );
        }
    }

    #[test]
    fn a_flat_or_empty_range_still_has_an_axis() {
        for (low, high) in [(0.0, 0.0), (5.0, 5.0), (f64::NAN, 1.0), (f64::INFINITY, f64::NEG_INFINITY)] {
            let t = nice(low, high, 5);
            assert!(t.values.len() >= 2 && t.values.iter().all(|v| v.is_finite()), "{low} {high}: {t:?}");
        }
    }

    #[test]
    fn few_ticks_are_never_asked_in_vain() {
        assert!(nice(-1.0, 1.0, 0).values.len() >= 2);
    }

    #[test]
    fn dates_fall_on_years_of_a_long_span_and_on_months_of_a_short_one() {
        let text = |from, to, most| dates(from, to, most).into_iter().map(|(_, l)| l).collect::<Vec<_>>();
        assert_eq!(text(day(2000, 1, 3), day(2016, 12, 30), 4), ["2005", "2010", "2015"]);
        assert_eq!(text(day(2015, 1, 2), day(2015, 12, 31), 6), ["Apr 2015", "Jul 2015", "Oct 2015"]);
        assert_eq!(text(day(2015, 1, 5), day(2015, 1, 20), 4), ["2015-01-05", "2015-01-20"]);
    }
}
