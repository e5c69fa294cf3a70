//! Files compressed with gzip. A few bytes can stand for terabytes: what unpacks to far more than a table would is refused.

use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::failure::Failure;

/// Bytes that every file may unpack to.
const ALWAYS: u64 = 64 << 20;
/// Beyond that, how many times its size. Price files unpack to some 5 times theirs; deflate can do a thousand.
const TIMES: u64 = 250;

/// Whether a file that begins so is compressed.
pub(crate) fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(&[0x1f, 0x8b])
}

/// Unpacks as it is read.
pub(crate) struct Unpacked<R> {
    from: MultiGzDecoder<R>,
    left: u64,
}

impl<R: Read> Unpacked<R> {
    /// Of a file of `size` bytes.
    pub(crate) fn new(from: R, size: u64) -> Self {
        Self { from: MultiGzDecoder::new(from), left: ALWAYS.max(size.saturating_mul(TIMES)) }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to)?;
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| {
            io::Error::other(format!(
                "it unpacks to more than {} MB and {TIMES} times its size: expected a table",
                ALWAYS >> 20
            ))
        })?;
        Ok(read)
    }
}

/// All of a file's bytes, unpacked where they are gzip.
///
/// # Errors
/// When the gzip is damaged or unpacks to more than a table would.
pub(crate) fn unpacked(bytes: Vec<u8>, path: &Path) -> Result<Vec<u8>, Failure> {
    if !is_gzip(&bytes) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let read = Unpacked::new(bytes.as_slice(), bytes.len() as u64).read_to_end(&mut plain);
    read.map_err(|e| Failure::input(format!("{}: damaged gzip: {e}", path.display())))?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn a_few_bytes_do_not_become_gigabytes() {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b'0'; ALWAYS as usize]).unwrap();
        let fits = bomb.finish().unwrap();
        let twice = [fits.clone(), fits.clone()].concat();
        let path = Path::new("p.csv.gz");
        assert_eq!(unpacked(fits, path).map(|plain| plain.len() as u64), Ok(ALWAYS));
        let refused = unpacked(twice, path).map(|plain| plain.len()).unwrap_err();
        let Failure::Input(m) = refused else { panic!() };
        assert!(m[0].contains("p.csv.gz: damaged gzip: it unpacks to more than 64 MB"), "{m:?}");
    }
}
