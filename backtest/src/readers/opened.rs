//! Opens the files that a command reads. Devices and named pipes are refused: a device has no end, a pipe may have no writer.
//! Paths that were read are remembered, so that no output overwrites an input.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Files read so far, by their true paths; none where this is not the command but a library in somebody's process, where
/// the input of one call may be the output of another.
static READ: Mutex<Option<BTreeSet<PathBuf>>> = Mutex::new(None);

/// Remembers from now on what is read. The command does so when it starts.
pub(crate) fn remember_reads() {
    if let Ok(mut read) = READ.lock() {
        read.get_or_insert_default();
    }
}

/// The first file read so far that is at this path or, if it is a folder, in it.
pub(crate) fn was_read(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let read = READ.lock().ok()?;
    let found = read.as_ref()?.iter().find(|file| file.starts_with(&path));
    found.cloned()
}

/// Opens a file to read it.
///
/// # Errors
/// Those of the system, and when the path is a folder, a device or a named pipe.
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

/// All bytes of a file.
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

/// The text of a file, without its byte order mark.
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
    // The streams of this command and of `<(...)` are links to pipes that are open.
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
