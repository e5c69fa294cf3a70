//! Questionable data by kind: how many cases, how the run treats them, and the first ones by name.

use serde::Serialize;

use crate::readers::{Finding, by_kind};
use crate::render::format::{MISSING, number};

/// Most securities named for each kind.
const NAMED: usize = 5;

/// One kind of fault.
#[derive(Debug, Serialize)]
pub(super) struct FaultKind {
    title: String,
    count: String,
    treatment: &'static str,
    /// The first securities, with their days.
    first: Vec<String>,
}

/// Groups faults by kind, in the order of the kinds.
pub(super) fn fault_kinds(findings: &[Finding]) -> Vec<FaultKind> {
    by_kind(findings)
        .into_iter()
        .map(|(kind, of)| {
            // A security with several faults is named once.
            let mut names: Vec<&Finding> = Vec::new();
            for f in &of {
                if !names.iter().any(|n| n.symbol == f.symbol) {
                    names.push(f);
                }
            }
            let mut first: Vec<String> = names.iter().take(NAMED).map(|f| named(f)).collect();
            if names.len() > NAMED {
                first.push(format!("and {} more", number((names.len() - NAMED) as f64, 0)));
            }
            FaultKind {
                title: capital(kind.title()),
                count: number(of.len() as f64, 0),
                treatment: kind.treatment(),
                first,
            }
        })
        .collect()
}

/// Formats a name with its days: `AAPL (2014-06-09)`.
fn named(f: &Finding) -> String {
    let name = if f.symbol.is_empty() { MISSING } else { f.symbol.as_str() };
    match (f.from, f.to) {
        (Some(from), Some(to)) if from != to => format!("{name} ({from} to {to})"),
        (Some(day), _) => format!("{name} ({day})"),
        _ => name.to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::readers::FindingKind;

    #[test]
    fn kinds_are_counted_and_the_first_named() {
        let day = |d| NaiveDate::from_ymd_opt(2014, 6, d);
        let finding = |kind, symbol: &str, from, to| Finding {
            kind,
            symbol: symbol.to_owned(),
            from,
            to,
            count: 1,
            detail: String::new(),
        };
        let mut all: Vec<Finding> = ["A", "B", "A", "C", "D", "E", "F", "G"]
            .map(|s| finding(FindingKind::Jump, s, day(9), day(9)))
            .to_vec();
        all.push(finding(FindingKind::MissingPrice, "<Z>", day(1), day(3)));
        let kinds = fault_kinds(&all);
        assert_eq!(kinds.len(), 2);
        assert_eq!(kinds[0].first, ["<Z> (2014-06-01 to 2014-06-03)"]);
        assert_eq!((kinds[0].count.as_str(), kinds[1].count.as_str()), ("1", "8"));
        let named = |d: &str| format!("{d} (2014-06-09)");
        assert_eq!(
            kinds[1].first,
            [named("A"), named("B"), named("C"), named("D"), named("E"), "and 2 more".to_owned()]
        );
        assert_eq!(kinds[1].title, "Securities with a jump in price");
    }
}
