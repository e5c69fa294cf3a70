//! Reads `report.html`. Anybody who can write to the folder could replace the file, so it is checked.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// Largest report that is shown, in bytes.
pub(super) const MOST_BYTES: u64 = 16_000_000;

/// Why there is no report to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoReport {
    /// No file with that name.
    Missing,
    /// A link, a folder, a device, too large, or not readable.
    Unfit,
}

/// Opens a regular file of at most [`MOST_BYTES`]. Refuses a symbolic link and does not block on a pipe.
pub(super) fn open(path: &Path) -> Result<File, NoReport> {
    let file = open_itself(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => NoReport::Missing,
        _ => NoReport::Unfit,
    })?;
    let is_fit = file.metadata().is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES);
    is_fit.then_some(file).ok_or(NoReport::Unfit)
}

/// Reads a regular file of at most [`MOST_BYTES`].
pub(super) fn read(path: &Path) -> Result<Vec<u8>, NoReport> {
    let mut content = Vec::new();
    // The file may have grown since it was opened.
    let read = open(path)?.take(MOST_BYTES + 1).read_to_end(&mut content);
    if read.is_ok_and(|bytes| bytes as u64 <= MOST_BYTES) { Ok(content) } else { Err(NoReport::Unfit) }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn open_itself(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn open_itself(path: &Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path)?.is_file() {
        return File::open(path);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file"))
}
