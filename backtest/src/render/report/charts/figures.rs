//! The table beside a chart.

use super::series::Years;
use crate::render::chart::Figures;

/// Formats a figure.
pub(super) type Write<'a> = &'a dyn Fn(Option<f64>) -> String;

/// One row per year under the given column names. A year without a figure is a dash.
pub(super) fn by_year(columns: Vec<(String, Years)>, first: &str, write: Write<'_>) -> Figures {
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
        foot: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::render::format::dollars;

    #[test]
    fn a_year_without_a_figure_is_a_dash() {
        let columns = vec![
            ("A".to_owned(), BTreeMap::from([(2000, 1.0)])),
            ("B".to_owned(), BTreeMap::from([(2001, f64::NAN)])),
        ];
        let f = by_year(columns, "Year", &dollars).and("All", ["$1".to_owned()]);
        assert_eq!(f.head, ["Year", "A", "B"]);
        assert_eq!(f.rows, [["2000", "$1", "–"], ["2001", "–", "–"]]);
        assert_eq!(f.foot, [["All", "$1"]]);
    }
}
