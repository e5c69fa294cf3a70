//! Accepts TOML dates without quotes: `start = 2021-01-04` means `start = "2021-01-04"`.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Puts quotes around TOML dates, so that one reader accepts both forms. Line numbers stay the same. Text
/// that is not TOML is returned unchanged.
pub(crate) fn quoted_dates(text: &str) -> Cow<'_, str> {
    let mut places = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        for value in table.get_ref().values() {
            collect(value, &mut places);
        }
    }
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    places.sort_by_key(|p| p.start);
    let (mut quoted, mut done) = (String::with_capacity(text.len() + 2 * places.len()), 0);
    for place in places {
        let (Some(before), Some(date)) = (text.get(done..place.start), text.get(place.clone())) else {
            continue;
        };
        for part in [before, "\"", date, "\""] {
            quoted.push_str(part);
        }
        done = place.end;
    }
    quoted.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(quoted)
}

fn collect(value: &Spanned<DeValue<'_>>, places: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Datetime(_) => places.push(value.span()),
        DeValue::Array(all) => all.iter().for_each(|v| collect(v, places)),
        DeValue::Table(table) => table.values().for_each(|v| collect(v, places)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_quoted_wherever_they_stand() {
        let text = "start = 2021-01-04 # first\ntext = \"2021-01-04\"\nfrom = [ 2000-01-03,\n  2001-01-02 ]\n[[a]]\nb = { c = 1999-12-31, d = 1 }\n";
        let expected = "start = \"2021-01-04\" # first\ntext = \"2021-01-04\"\nfrom = [ \"2000-01-03\",\n  \"2001-01-02\" ]\n[[a]]\nb = { c = \"1999-12-31\", d = 1 }\n";
        assert_eq!(quoted_dates(text), expected);
        assert_eq!(quoted_dates(expected), expected);
        assert_eq!(quoted_dates("start = 2021-13-04"), "start = 2021-13-04");
    }
}
