//! Finds price files of one security each: `prices/*.csv`.

use std::path::PathBuf;

use crate::failure::Failure;

/// File name endings that are not part of a symbol.
const ENDS: [&str; 5] = [".gz", ".csv", ".txt", ".parquet", ".pq"];

/// The files that match a pattern, each with its symbol, sorted by symbol. `*` matches any text in the file
/// name. A folder without a pattern means all of its tables.
///
/// # Errors
/// When the folder can't be read or no file matches.
pub(crate) fn files(
    pattern: &str,
    resolve: &dyn Fn(&str) -> PathBuf,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    let fault = |what: &str| {
        Failure::input(format!(
            "data.prices: folder {pattern}: {what}: expected files of one security each, such as prices/*.csv"
        ))
    };
    let (place, name) = match pattern.rsplit_once('/') {
        _ if !pattern.contains('*') => (pattern, "*"),
        Some((place, name)) => (place, name),
        None => (".", pattern),
    };
    if place.contains('*') {
        return Err(fault("`*` in the name of a folder"));
    }
    let folder = resolve(place);
    let entries = std::fs::read_dir(&folder).map_err(|e| fault(&format!("{}: {e}", folder.display())))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| fault(&format!("{}: {e}", folder.display())))?.path();
        let Some(file) = path.file_name().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
        let is_table = name != "*" || ENDS.iter().any(|end| has_end(&file, end));
        if !file.starts_with('.') && is_table && fits(name.as_bytes(), file.as_bytes()) && path.is_file() {
            found.push((symbol(name, &file), path));
        }
    }
    if found.is_empty() {
        return Err(fault("no such file"));
    }
    found.sort();
    Ok(found)
}

/// The symbol of a file: the text that `*` matches, or the file name without its endings. Text without a
/// capital letter is converted to capitals.
pub(crate) fn symbol(pattern: &str, file: &str) -> String {
    let before = pattern.split('*').next().unwrap_or_default();
    let after = pattern.rsplit('*').next().unwrap_or_default();
    let mut open = file.strip_prefix(before).unwrap_or(file);
    open = open.strip_suffix(after).unwrap_or(open);
    while let Some(end) = ENDS.iter().find(|end| has_end(open, end)) {
        open = open.get(..open.len() - end.len()).unwrap_or_default();
    }
    if open.chars().any(char::is_uppercase) { open.to_owned() } else { open.to_uppercase() }
}

fn has_end(name: &str, end: &str) -> bool {
    name.len()
        .checked_sub(end.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|e| e.eq_ignore_ascii_case(end))
}

/// Whether a name matches a pattern in which `*` stands for any text.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    // Where to resume if the last `*` has to match one more character.
    let (mut p, mut n, mut again) = (0, 0, None);
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            again = Some((p + 1, n));
            p += 1;
        } else if pattern.get(p) == name.get(n) {
            (p, n) = (p + 1, n + 1);
        } else if let Some((after, from)) = again {
            again = Some((after, from + 1));
            (p, n) = (after, from + 1);
        } else {
            return false;
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_what_the_pattern_leaves_open() {
        for (pattern, file, expected) in [
            ("*.csv", "AAA.csv", "AAA"),
            ("*.csv", "BRK.B.csv", "BRK.B"),
            ("*.us.txt", "aapl.us.txt", "AAPL"),
            ("*", "AAA.csv.gz", "AAA"),
            ("px_*.parquet", "px_KO.parquet", "KO"),
            ("*.csv*", "T.csv.gz", "T"),
        ] {
            assert!(fits(pattern.as_bytes(), file.as_bytes()), "{pattern} {file}");
            assert_eq!(symbol(pattern, file), expected, "{pattern} {file}");
        }
        assert!(!fits(b"*.csv", b"AAA.csv.gz") && !fits(b"a*b*c", b"abcb") && fits(b"a*b*c", b"abcbc"));
    }
}
