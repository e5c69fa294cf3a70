//! Sets a key of the configuration, given by its dotted path, to another value.

use toml::Value;

/// Sets a key such as `policy.0.weight`. Missing tables on the path are created; missing entries of lists are
/// an error.
pub(super) fn set(root: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let mut place = root;
    let mut walked = String::new();
    for part in path.split('.') {
        if part.is_empty() {
            return Err(format!("`{path}`: expected a key such as trading.risk_aversion or policy.0.weight"));
        }
        place = match place {
            Value::Table(table) => table.entry(part).or_insert_with(|| Value::Table(toml::Table::new())),
            Value::Array(list) => {
                let length = list.len();
                let found = part.parse::<usize>().ok().and_then(|at| list.get_mut(at));
                found.ok_or_else(|| match length {
                    0 => format!("`{walked}` is empty: there is no `{part}`"),
                    n => format!("`{walked}` has the entries 0 to {}: there is no `{part}`", n - 1),
                })?
            }
            _ => return Err(format!("`{walked}` is a single value: there is no `{part}` in it")),
        };
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(part);
    }
    *place = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_set_and_what_is_no_key_is_told() {
        let mut root: Value =
            "a = 1\n[b]\nc = 2\n[[p]]\nw = 0.5\n[[p]]\nw = 0.5\n".parse::<toml::Table>().unwrap().into();
        for (path, x) in [("a", 5), ("b.c", 6), ("p.1.w", 7), ("new.deep", 8)] {
            set(&mut root, path, Value::Integer(x)).unwrap();
        }
        let expected = "a = 5\n[b]\nc = 6\n[new]\ndeep = 8\n[[p]]\nw = 0.5\n[[p]]\nw = 7\n";
        assert_eq!(root, expected.parse::<toml::Table>().unwrap().into());
        for (path, part) in [
            ("p.2.w", "`p` has the entries 0 to 1: there is no `2`"),
            ("p.x", "there is no `x`"),
            ("a.b", "`a` is a single value: there is no `b` in it"),
            ("a..b", "expected a key such as"),
            ("", "expected a key such as"),
        ] {
            let message = set(&mut root, path, Value::Integer(1)).unwrap_err();
            assert!(message.contains(part), "{path}: {message}");
        }
    }
}
