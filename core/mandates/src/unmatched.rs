//! Finds restrictions that match nothing in a market, so that reports can say that they have no effect.

use serde::Serialize;

use super::{Config, Restrictions};
use unisleeve_market::Market;

/// A name in the restrictions that matches nothing in the market.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Unmatched {
    /// Key of the name, such as `restrictions.exclude[0]`.
    pub key: String,
    /// Symbol, sector or name of a list.
    pub name: String,
}

/// Whether a name matches something in the market.
type Known<'a> = &'a dyn Fn(&str) -> bool;

/// All names in the restrictions that match no security of the market. Case is ignored. A list is unmatched
/// if none of its symbols is in the market.
pub fn unmatched(config: &Config, market: &Market) -> Vec<Unmatched> {
    let securities = market.securities();
    let symbol = |name: &str| securities.iter().any(|s| s.symbol.eq_ignore_ascii_case(name));
    let sector =
        |name: &str| securities.iter().any(|s| !s.sector.is_empty() && s.sector.eq_ignore_ascii_case(name));
    let list = |name: &str| config.lists.get(name).is_some_and(|l| l.iter().any(|s| symbol(s)));
    let mut all = Vec::new();
    let mut look = |place: &str, r: &Restrictions| {
        let lists: [(&str, &[String], Known<'_>); 4] = [
            ("exclude", &r.exclude, &symbol),
            ("exclude_sectors", &r.exclude_sectors, &sector),
            ("exclude_lists", &r.exclude_lists, &list),
            ("do_not_sell", &r.do_not_sell, &symbol),
        ];
        for (field, names, is_known) in lists {
            for (i, name) in names.iter().enumerate().filter(|(_, name)| !is_known(name)) {
                all.push(Unmatched { key: format!("{place}.{field}[{i}]"), name: name.clone() });
            }
        }
    };
    look("restrictions", &config.restrictions);
    for (i, change) in config.changes.iter().enumerate() {
        if let Some(r) = &change.restrictions {
            look(&format!("changes[{i}].restrictions"), r);
        }
    }
    all
}

/// Sentence for the assumptions of a report. `None` if everything is matched.
pub fn unmatched_sentence(all: &[Unmatched]) -> Option<String> {
    let named: Vec<String> = all.iter().map(|u| [&u.name, " (`", &u.key, "`)"].concat()).collect();
    (!all.is_empty()).then(|| {
        ["Restrictions that match nothing in this market, and change nothing: ", &named.join(", "), "."]
            .concat()
    })
}
