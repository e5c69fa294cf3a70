//! Reads files compressed with gzip. A few bytes can expand to terabytes, so a file that expands far more
//! than a table would is refused.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::limits::{ALWAYS_UNPACKED, TIMES_UNPACKED};

/// Whether these first bytes are those of a gzip file.
pub(super) fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(&[0x1f, 0x8b])
}

/// Decompresses while reading.
pub(super) struct Unpacked<R> {
    from: MultiGzDecoder<R>,
    left: u64,
}

impl<R: Read> Unpacked<R> {
    /// Starts decompression of a file of `size` bytes.
    pub(super) fn new(from: R, size: u64) -> Self {
        let left = ALWAYS_UNPACKED.max(size.saturating_mul(TIMES_UNPACKED));
        Self { from: MultiGzDecoder::new(from), left }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to)?;
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| {
            io::Error::other(format!(
                "it unpacks to more than {} MB and {TIMES_UNPACKED} times its size: expected a table",
                ALWAYS_UNPACKED >> 20
            ))
        })?;
        Ok(read)
    }
}
