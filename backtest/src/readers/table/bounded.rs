//! A reader that stops with an error when a row or a file is too long.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::limits::{LONGEST_ROW, MOST_BYTES};

/// Bytes that a CSV reader may buffer before it looks for the end of a row.
const READ_AHEAD: u64 = 1 << 16;

/// File offset up to which the current row may reach. Shared between the reader and the code that finds row
/// starts.
#[derive(Debug, Clone)]
pub(super) struct RowEnd(Rc<Cell<u64>>);

impl RowEnd {
    /// The limit for the first row.
    pub(super) fn new() -> Self {
        let end = Self(Rc::default());
        end.begin(0);
        end
    }

    /// Sets the limit for a row that starts at this offset.
    pub(super) fn begin(&self, at: u64) {
        self.0.set(at.saturating_add(LONGEST_ROW + READ_AHEAD));
    }
}

/// Passes bytes through while neither the row nor the file is too long.
pub(super) struct Bounded<R> {
    from: R,
    read: u64,
    row: RowEnd,
}

impl<R: Read> Bounded<R> {
    /// Starts at the beginning of a file.
    pub(super) fn new(from: R, row: RowEnd) -> Self {
        Self { from, read: 0, row }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.read > self.row.0.get() {
            return Err(io::Error::other(format!(
                "a row is longer than {} MB: expected a table (a quote may be left open)",
                LONGEST_ROW >> 20
            )));
        }
        if self.read > MOST_BYTES {
            return Err(io::Error::other(format!("longer than {} GB: expected a table", MOST_BYTES >> 30)));
        }
        let read = self.from.read(to)?;
        self.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_an_end_is_not_read_for_ever() {
        let row = RowEnd::new();
        let mut endless = Bounded::new(io::repeat(b'x'), row.clone());
        let mut piece = vec![0; 1 << 16];
        let mut all = 0;
        let refused = loop {
            match endless.read(&mut piece) {
                Ok(read) => all += read as u64,
                Err(e) => break e.to_string(),
            }
        };
        assert!(refused.starts_with("a row is longer than 128 MB"), "{refused}");
        assert!((LONGEST_ROW..LONGEST_ROW + 4 * READ_AHEAD).contains(&all), "{all}");
        row.begin(all);
        assert!(endless.read(&mut piece).is_ok());
    }
}
