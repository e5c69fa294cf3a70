//! Makes text from files safe for messages: one line, no terminal control characters, limited length.

use core::fmt::Write;

/// Maximum number of characters of a quoted value.
const MOST_SHOWN: usize = 60;

/// A value as messages quote it: escaped, and cut after 60 characters.
///
/// ```
/// use unisleeve_import::shown;
/// assert_eq!(shown("ten\nmore \u{1b}[31m"), "ten\\nmore \\u{1b}[31m");
/// assert!(shown(&"x".repeat(1_000)).ends_with("x..."));
/// ```
pub fn shown(text: &str) -> String {
    within(text, MOST_SHOWN)
}

/// An escaped text, cut after `most` characters of the original.
pub(super) fn within(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    for c in chars.by_ref().take(most) {
        push(&mut out, c);
    }
    if chars.next().is_some() {
        out.push_str("...");
    }
    out
}

/// A text of any length with its control characters escaped.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut out, c);
    }
    out
}

fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_hidden(c) => {
            // Writing to a `String` can't fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Control characters, and invisible ones that change how text looks: direction marks, zero-width characters,
/// line separators.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(escaped("a\u{7f}\u{9b}31m\u{202e}b\0\t\r"), "a\\u{7f}\\u{9b}31m\\u{202e}b\\u{0}\\t\\r");
        assert_eq!(escaped("Müller \"x\" \\ '"), "Müller \"x\" \\ '");
        assert_eq!(shown(&"ü".repeat(100)).chars().count(), MOST_SHOWN + 3);
    }
}
