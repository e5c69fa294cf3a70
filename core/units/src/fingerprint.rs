//! A fingerprint of data: equal data have equal bits, natively and in WebAssembly.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

/// A SHA-256 over integers and the bits of floats, in a fixed order and byte order.
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

    /// Adds a float by its bits; both zeros count as one.
    pub fn float(&mut self, x: f64) {
        let x = if x == 0.0 { 0.0 } else { x };
        self.0.update(x.to_bits().to_le_bytes());
    }

    /// Adds a date.
    pub fn date(&mut self, d: NaiveDate) {
        self.int(i64::from(d.num_days_from_ce()));
    }

    /// The hash in hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|d| DIGITS.get(usize::from(d))).collect()
}
