//! Recognizes files of one security whose header does not name it.

/// The message for a file without a column `symbol` whose columns are those of one security. `None` when it
/// may be a wide table.
pub(super) fn one_security(header: &[String], has_close: bool) -> Option<String> {
    /// Column names that are not used as tickers.
    const TELLING: [&str; 6] = ["close", "adj close", "adj_close", "adjclose", "close/last", "volume"];
    /// Some tickers equal one or two of these names, so all three are needed to recognize a table of one
    /// security.
    const THREE: [&str; 3] = ["open", "high", "low"];
    /// Other common names of the symbol column.
    const SYMBOLS: [&str; 9] =
        ["ticker", "sid", "asset", "permno", "isin", "cusip", "instrument", "tic", "ric"];
    let has = |name: &str| header.iter().any(|h| h.eq_ignore_ascii_case(name));
    if !(has_close || TELLING.iter().any(|n| has(n)) || THREE.iter().all(|n| has(n))) {
        return None;
    }
    if let Some(other) = header.iter().find(|h| SYMBOLS.iter().any(|s| s.eq_ignore_ascii_case(h))) {
        return Some(format!(
            "no column `symbol`: expected one, or `symbol = \"{other}\"` under [columns] to say that `{other}` holds it"
        ));
    }
    let mut columns = header.iter().filter(|h| !h.eq_ignore_ascii_case("date"));
    let named = columns.by_ref().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if columns.next().is_some() { ", ..." } else { "" };
    Some(format!(
        "the columns {named}{more} of one security and no column `symbol`, so no wide table: expected the security's `symbol` \
         beside the file ({{ file = \"AAA.csv\", symbol = \"AAA\" }}), a folder with a file for each security \
         ({{ folder = \"prices/*.csv\" }}), or a column `symbol`, perhaps under another name that [columns] gives"
    ))
}
