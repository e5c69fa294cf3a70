//! Opens the files that a command reads. Refuses devices, which have no end, and named pipes, which may have
//! no writer. Remembers the paths that were read, so that no output overwrites an input.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Canonical paths of the files read so far. `None` when this code runs as a library in another process:
/// there, the input of one call may be the output of another.
static READ: Mutex<Option<BTreeSet<PathBuf>>> = Mutex::new(None);

/// Starts recording the files that are read. The command calls this when it starts.
pub(crate) fn remember_reads() {
    if let Ok(mut read) = READ.lock() {
        read.get_or_insert_default();
    }
}

/// The first recorded file at this path or, if the path is a folder, inside it.
pub(crate) fn was_read(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let read = READ.lock().ok()?;
    let found = read.as_ref()?.iter().find(|file| file.starts_with(&path));
    found.cloned()
}

/// Opens a file for reading.
///
/// # Errors
/// System errors, or when the path is a folder, a device or a named pipe.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    refuse_endless(path)?;
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    if let (Ok(mut read), Ok(place)) = (READ.lock(), path.canonicalize())
        && let Some(read) = read.as_mut()
    {
        read.insert(place);
    }
    Ok(file)
}

/// Reads all bytes of a file.
///
/// # Errors
/// As [`open`].
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let size = file.metadata().map_or(0, |m| m.len());
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).min(1 << 30));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file as text, without its byte order mark.
///
/// # Errors
/// As [`open`], and when it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let text = String::from_utf8(read(path)?).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        io::Error::new(io::ErrorKind::InvalidData, format!("not UTF-8 at byte {at}"))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(unix)]
fn refuse_endless(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    let refused = |what| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    // This process's own streams and `<(...)` are links to pipes that are already open.
    if fs::symlink_metadata(path)?.file_type().is_fifo() {
        return refused("is a named pipe");
    }
    let kind = fs::metadata(path)?.file_type();
    let is_own = [0, 1, 2].iter().any(|fd| path == Path::new(&format!("/dev/fd/{fd}")))
        || path == Path::new("/dev/stdin")
        || path == Path::new("/dev/null");
    if kind.is_block_device() || kind.is_char_device() && !is_own {
        return refused("is a device");
    }
    if kind.is_socket() {
        return refused("is a socket");
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_endless(path: &Path) -> io::Result<()> {
    fs::metadata(path).map(|_| ())
}
