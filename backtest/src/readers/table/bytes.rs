//! Reads all bytes of a file and decompresses gzip.

use std::io::Read;
use std::path::Path;

use super::gzip::{Unpacked, is_gzip};
use crate::failure::Failure;
use crate::readers::opened::open;

/// Reads a file of at most `most` bytes, both before and after decompression. `what` names the expected
/// content in messages, such as `a CSV file`.
///
/// # Errors
/// When the file can't be read, is too long, or its gzip is damaged.
pub(crate) fn plain_bytes(path: &Path, most: u64, what: &str) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let fault = |e: &dyn std::fmt::Display| {
        Failure::input(format!("{name}: {e}: expected {what}, plain or compressed with gzip"))
    };
    let file = open(path).map_err(|e| fault(&e))?;
    let size = file.metadata().map_or(0, |m| m.len()).min(most);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).min(1 << 30));
    file.take(most + 1).read_to_end(&mut bytes).map_err(|e| fault(&e))?;
    if is_gzip(&bytes) && bytes.len() as u64 <= most {
        let mut plain = Vec::new();
        Unpacked::new(bytes.as_slice(), bytes.len() as u64)
            .take(most + 1)
            .read_to_end(&mut plain)
            .map_err(|e| Failure::input(format!("{name}: damaged gzip: {e}")))?;
        bytes = plain;
    }
    if bytes.len() as u64 > most {
        return Err(Failure::input(format!("{name}: longer than {most} bytes: expected {what}")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::limits::{ALWAYS_UNPACKED, MOST_HELD};
    use super::*;

    fn read(bytes: &[u8], most: u64) -> Result<u64, String> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("p.csv.gz");
        std::fs::write(&path, bytes).unwrap();
        let read = plain_bytes(&path, most, "a CSV file").map(|plain| plain.len() as u64);
        read.map_err(|e| e.messages().join("\n"))
    }

    #[test]
    fn a_few_bytes_do_not_become_gigabytes() {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b'0'; ALWAYS_UNPACKED as usize]).unwrap();
        let fits = bomb.finish().unwrap();
        let twice = [fits.clone(), fits.clone()].concat();
        assert_eq!(read(&fits, MOST_HELD), Ok(ALWAYS_UNPACKED));
        let refused = read(&twice, MOST_HELD).unwrap_err();
        assert!(refused.contains("p.csv.gz: damaged gzip: it unpacks to more than 64 MB"), "{refused}");
        let refused = read(&fits, 1 << 20).unwrap_err();
        assert!(refused.ends_with("p.csv.gz: longer than 1048576 bytes: expected a CSV file"), "{refused}");
    }

    #[test]
    fn a_long_file_is_refused() {
        assert_eq!(read(b"abc", 3), Ok(3));
        assert!(read(b"abcd", 3).unwrap_err().contains("longer than 3 bytes"));
    }
}
