//! The table beside a chart.

use serde::Serialize;

use super::series::Years;

/// Figures behind a chart.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// What sums the rows up.
    pub(crate) foot: Vec<Vec<String>>,
}

/// How a figure is written.
pub(super) type Write<'a> = &'a dyn Fn(Option<f64>) -> String;

/// Yearly rows under the columns' names; a year without a figure is a dash.
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

impl Figures {
    /// One more row at the foot.
    pub(super) fn and(mut self, name: &str, cells: impl IntoIterator<Item = String>) -> Self {
        self.foot.push(std::iter::once(name.to_owned()).chain(cells).collect());
        self
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
