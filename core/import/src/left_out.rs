//! Counts the rows that are left out, by kind, and names their securities.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::shown;
use super::record::LeftOut;

/// At most this many securities are named for each kind of row.
const MOST_NAMED: usize = 10;

/// Rows left out so far, by kind: their number and their securities.
#[derive(Default)]
pub(super) struct Named {
    rows: BTreeMap<String, (u64, BTreeSet<String>)>,
}

impl Named {
    /// Counts a row; `symbol` is the security to name.
    pub(super) fn add(&mut self, what: &str, symbol: Option<&str>) {
        if !self.rows.contains_key(what) {
            self.rows.insert(what.to_owned(), (0, BTreeSet::new()));
        }
        let Some((count, names)) = self.rows.get_mut(what) else { return };
        *count += 1;
        if let Some(symbol) = symbol.filter(|s| !names.contains(*s)) {
            names.insert(symbol.to_owned());
        }
    }

    /// One entry for each kind of row.
    pub(super) fn list(self) -> Vec<LeftOut> {
        let entry = |(what, (rows, names)): (String, (u64, BTreeSet<String>))| {
            let some: Vec<String> = names.iter().take(MOST_NAMED).map(|n| shown(n)).collect();
            let more = names.len() - some.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let of = if some.is_empty() { String::new() } else { format!(" of {}{more}", some.join(", ")) };
            LeftOut::rows(&format!("{what}{of}"), rows)
        };
        self.rows.into_iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_and_securities_named_once() {
        let mut named = Named::default();
        named.add("options", None);
        for at in 0..24 {
            named.add("lots in CHF", Some(&format!("S{:02}", at / 2)));
        }
        assert_eq!(
            named.list(),
            [
                LeftOut::rows(
                    "lots in CHF of S00, S01, S02, S03, S04, S05, S06, S07, S08, S09 and 2 more",
                    24
                ),
                LeftOut::rows("options", 1)
            ]
        );
    }
}
