//! A hash over data. Equal data give equal hashes, natively and in WebAssembly.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

/// A SHA-256 hash over integers and floats. Bytes are little-endian; the hash depends on the order of the
/// calls.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Adds an integer.
    pub fn int(&mut self, x: i64) {
        self.0.update(x.to_le_bytes());
    }

    /// Adds a float by its bits. Negative zero counts as zero.
    pub fn float(&mut self, x: f64) {
        let x = if x == 0.0 { 0.0 } else { x };
        self.0.update(x.to_bits().to_le_bytes());
    }

    /// Adds a date, as its number of days from the start of the common era.
    pub fn date(&mut self, d: NaiveDate) {
        self.int(i64::from(d.num_days_from_ce()));
    }

    /// The hash: 64 hexadecimal digits.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Bytes in lowercase hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|d| DIGITS.get(usize::from(d))).collect()
}
