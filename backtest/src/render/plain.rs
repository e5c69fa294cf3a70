//! Escapes control characters in text for the terminal. Names come from files and must not move the cursor or
//! set colors.

use std::borrow::Cow;
use std::io::{self, Write};

use unisleeve_core::import::escaped;

/// Escapes all control characters except line ends and tabs. JSON has no others, and a CSV table has them
/// only in names from files.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_layout = |c: char| matches!(c, '\n' | '\t');
    if !text.chars().any(|c| c.is_control() && !is_layout(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_inclusive(is_layout).fold(String::new(), |all, piece| {
        let line = piece.trim_end_matches(is_layout);
        all + &escaped(line) + &piece[line.len()..]
    }))
}

/// A writer that passes text through [`plain`].
pub(crate) struct Plain<W>(pub W);

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(plain(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_control_characters_are_escaped() {
        assert!(matches!(plain("a\tb\n"), Cow::Borrowed(_)));
        let mut out = Plain(Vec::new());
        let erase = "\u{1b}[2J";
        write!(out, "a\n\n\t{erase}\r\u{9b}c\n").unwrap();
        assert_eq!(out.0, b"a\n\n\t\\u{1b}[2J\\r\\u{9b}c\n");
    }
}
