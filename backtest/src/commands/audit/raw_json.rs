//! A member of a JSON text as it is written, without spaces. The hash of a configuration is taken of it.

/// Position after the string that begins at `at`.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut i = at + 1;
    while i < text.len() && text[i] != b'"' {
        i += if text[i] == b'\\' { 2 } else { 1 };
    }
    (i + 1).min(text.len())
}

/// The object or list under a key of the outermost object, without the spaces between its parts. `None` if the
/// key is absent or has another kind of value.
pub(super) fn compact_member(text: &str, key: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut from = None;
    let (mut depth, mut i) = (0_usize, 0);
    let mut compact = Vec::new();
    while i < bytes.len() {
        match bytes[i] {
            b'"' => {
                let end = string_end(bytes, i);
                if from.is_some() {
                    compact.extend_from_slice(&bytes[i..end]);
                } else if depth == 1 && bytes.get(i + 1..end - 1) == Some(key.as_bytes()) {
                    let rest = text.get(end..)?;
                    let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
                    if let Some(value) = value.filter(|v| v.starts_with(['{', '['])) {
                        i = text.len() - value.len();
                        from = Some(depth);
                        continue;
                    }
                }
                i = end;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if from.is_some() && !bytes[i].is_ascii_whitespace() {
            compact.push(bytes[i]);
        }
        if from == Some(depth) && !compact.is_empty() {
            return String::from_utf8(compact).ok();
        }
        i += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_of_the_outermost_object_is_found() {
        let text = r#"{ "a": {"config": [1]}, "s": "config", "config" : { "x": "a \" {b", "y": [1.50, 2e3 ] } , "z": 1}"#;
        assert_eq!(compact_member(text, "config").unwrap(), r#"{"x":"a \" {b","y":[1.50,2e3]}"#);
        assert_eq!(compact_member(text, "z"), None);
        assert_eq!(compact_member(r#"{"config": {"#, "config"), None);
        assert_eq!(compact_member(r#"{"config"#, "config"), None);
    }
}
