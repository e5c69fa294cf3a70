//! Splits Rust source into words and signs, without comments, strings and characters.

/// The tokens of a source text. Quoted text is left out because it contains no paths.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = quoted(rest) {
            length
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            found.push(&rest[..length]);
            length
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            if !first.is_whitespace() {
                found.push(&rest[..length]);
            }
            length
        };
        rest = &rest[length..];
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length of a block comment. Block comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Length of a string, character or lifetime at the start of a text.
fn quoted(text: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|p| {
        text.strip_prefix(p).is_some_and(|rest| {
            let hashes = rest.trim_start_matches('#');
            rest.starts_with('"') || (p.ends_with('r') && rest.starts_with('#') && hashes.starts_with('"'))
        })
    });
    if let Some(prefix) = prefix {
        let rest = &text[prefix.len()..];
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let start = prefix.len() + hashes + 1;
        let end = if prefix.ends_with('r') {
            let close = format!("\"{}", "#".repeat(hashes));
            text[start..].find(&close).map(|at| start + at + close.len())
        } else {
            unescaped(&text[start..], '"').map(|at| start + at)
        };
        return Some(end.unwrap_or(text.len()));
    }
    let rest = text.strip_prefix('\'')?;
    let mut characters = rest.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), _) => unescaped(rest, '\'').map(|at| 1 + at),
        (Some(c), Some('\'')) => Some(2 + c.len_utf8()),
        // A lifetime is a quote and a word.
        _ => Some(1 + rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
    }
}

/// The position after the first closing sign that no backslash escapes.
fn unescaped(text: &str, close: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == close => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_comments_hold_no_tokens() {
        let text = "a::b // crate::x\n/* one /* two */ crate::y */ \"crate::z \\\" \" r#\"crate::\" q\"# '\\'' 'x' &'a str";
        assert_eq!(tokens(text), ["a", "::", "b", "&", "str"]);
        assert_eq!(tokens("br\"a\" b'c' r"), ["b", "r"]);
    }
}
