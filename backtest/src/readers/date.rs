//! Parses dates in files.

use chrono::NaiveDate;

/// Parses a date, `2018-02-07` or `20180207`, optionally followed by a time, as in some exports.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| 10 * n + u32::from(b - b'0')))
    };
    let dashed = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let (month, day, end) = if dashed { ((5, 7), (8, 10), 10) } else { ((4, 6), (6, 8), 8) };
    let year = i32::try_from(number(0, 4)?).ok()?;
    let found = NaiveDate::from_ymd_opt(year, number(month.0, month.1)?, number(day.0, day.1)?);
    found.filter(|_| matches!(bytes.get(end), None | Some(b' ' | b'T')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_dashes_and_a_time_behind() {
        let day = NaiveDate::from_ymd_opt(2018, 2, 7);
        for text in
            ["2018-02-07", "20180207", "2018-02-07 00:00:00", "2018-02-07T00:00:00.000Z", "20180207 16:00"]
        {
            assert_eq!(date(text), day, "{text}");
        }
        for text in [
            "",
            "2018",
            "2018-2-7",
            "2018-13-01",
            "20181301",
            "2018-02-071",
            "201802070",
            "07/02/2018",
            "2018-0207",
            "é018-02-07",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
