//! Decodes bytes to text, and counts lines.

use super::fault::ImportFault;

/// The text of a file, without its byte order mark.
///
/// # Errors
/// If it is empty, or not UTF-8; the fault then names the line.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, ImportFault> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(ImportFault::file("is UTF-16: expected UTF-8 (save it as CSV UTF-8)"));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let mut lines = Lines::new(bytes);
        ImportFault::line(lines.at(e.valid_up_to()), "not UTF-8: expected text in UTF-8")
    })?;
    // UTF-16 of plain English without a byte order mark is valid UTF-8, but every other character is NUL.
    if text.contains('\0') {
        return Err(ImportFault::file("holds NUL characters: expected text in UTF-8"));
    }
    if text.trim().is_empty() {
        return Err(ImportFault::file("is empty: expected a broker's export"));
    }
    Ok(text)
}

/// Counts lines up to byte positions, which must not decrease. CRLF, LF and CR end a line.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// Line of the byte at `position`.
    pub(super) fn at(&mut self, position: usize) -> u64 {
        let end = position.min(self.bytes.len());
        while self.at < end {
            let ended = match self.bytes[self.at] {
                b'\n' => true,
                b'\r' => self.bytes.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(ended);
            self.at += 1;
        }
        self.line
    }

    /// Line of the first byte from `position` on that is not a line end.
    pub(super) fn content_at(&mut self, position: usize) -> u64 {
        let blank = self.bytes.iter().skip(position).take_while(|b| matches!(b, b'\n' | b'\r')).count();
        self.at(position + blank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_named() {
        for (bytes, part) in [
            (&b"\xff\xfea\0"[..], "UTF-16"),
            (b"\xfe\xff\0a", "UTF-16"),
            (b"a\0b\0", "NUL"),
            (b"\xef\xbb\xbf \r\n", "empty"),
            (b"", "empty"),
        ] {
            let fault = decode(bytes).unwrap_err();
            assert!(fault.expected.contains(part), "{fault}");
        }
        assert_eq!(decode(b"a\r\nb\r\n\xe9").unwrap_err().line, Some(3));
        assert_eq!(decode(b"\xef\xbb\xbfa").unwrap(), "a");
    }

    #[test]
    fn every_line_ending_counts_once() {
        let mut lines = Lines::new(b"a\r\nb\n\rc");
        assert_eq!([0, 1, 2, 3, 5, 6].map(|at| lines.at(at)), [1, 1, 1, 2, 3, 4]);
        assert_eq!(Lines::new(b"a\r\n\r\n\nb").content_at(1), 4);
    }
}
