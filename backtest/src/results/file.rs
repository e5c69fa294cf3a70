//! Writes single files. Each is first written beside its target; all are moved once they are complete.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::temporary::{prefix, remove_left_over};
use crate::failure::Failure;
use crate::readers::was_read;

/// Writes all files or none. The first file is moved last, so an interrupted run leaves it unchanged.
/// Replaces earlier files of the same name and creates missing folders.
///
/// # Errors
/// When a path is a folder, a link or a file that this command reads, or when writing fails. No partial file
/// remains.
pub fn write_files(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    for (to, _) in files {
        check_place(to)?;
    }
    let mut ready = Vec::new();
    for (to, content) in files {
        // A device or a pipe can't be replaced by moving a file, so it is written directly.
        if is_stream(to) {
            fs::write(to, content).map_err(|e| Failure::io("can't write", to, &e))?;
            continue;
        }
        ready.push((to, beside(to, content)?));
    }
    let mut done: Vec<(&PathBuf, Option<Vec<u8>>)> = Vec::new();
    for (to, fresh) in ready.into_iter().rev() {
        // The files are small. The old contents stay in memory until the last file is in place, so that they
        // can be restored.
        let old = fs::read(to).ok();
        if let Err(e) = fresh.persist(to) {
            for (path, old) in done {
                let _ = match old {
                    Some(old) => fs::write(path, old),
                    None => fs::remove_file(path),
                };
            }
            return Err(Failure::io("can't write", to, &e.error));
        }
        done.push((to, old));
    }
    for (to, _) in files {
        if let (Some(name), Ok(absolute)) = (to.file_name(), std::path::absolute(to)) {
            remove_left_over(absolute.parent().unwrap_or(Path::new(".")), &prefix(name));
        }
    }
    Ok(())
}

/// Refuses a path that no file may be written to. Call it before any work is done.
///
/// # Errors
/// As [`write_files`].
pub fn check_place(to: &Path) -> Result<(), Failure> {
    let refused =
        |what: &str| Err(Failure::input(format!("{}: {what}: expected the name of a file", to.display())));
    if is_stream(to) {
        return Ok(());
    }
    if to.is_dir() || to.file_name().is_none() {
        return refused("is a folder");
    }
    if fs::symlink_metadata(to).is_ok_and(|m| m.is_symlink()) {
        return refused("is a link");
    }
    if was_read(to).is_some() {
        return refused("would replace the file that is read");
    }
    Ok(())
}

/// Whether a path is a device, a pipe, or one of this process's own streams (`/dev/stdout`).
fn is_stream(to: &Path) -> bool {
    let own =
        ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"].iter().any(|own| to.starts_with(own));
    fs::metadata(to).is_ok_and(|m| !m.is_dir() && (own || !m.is_file()))
}

/// Writes a temporary file in the folder of `to`. It is deleted when dropped unless it is moved into place.
fn beside(to: &Path, content: &[u8]) -> Result<NamedTempFile, Failure> {
    let absolute = std::path::absolute(to).map_err(|e| Failure::io("can't use", to, &e))?;
    let parent = absolute.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| Failure::io("can't make", parent, &e))?;
    let mut file = tempfile::Builder::new()
        .prefix(&prefix(to.file_name().unwrap_or_default()))
        .tempfile_in(parent)
        .map_err(|e| Failure::io("can't write into", parent, &e))?;
    // The lock keeps a concurrent command that writes the same file from removing it as a leftover.
    let _ = file.as_file().try_lock();
    file.write_all(content)
        .and_then(|()| file.as_file().sync_all())
        .and_then(|()| share(file.path()))
        .map_err(|e| Failure::io("can't write", to, &e))?;
    Ok(file)
}

/// A temporary file is private to its owner. A result gets the permissions of an ordinary file.
fn share(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o644))?;
    }
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_appear_or_none() {
        let place = tempfile::tempdir().unwrap();
        let (first, folder) = (place.path().join("deep/a.csv"), place.path().join("b"));
        fs::create_dir(&folder).unwrap();
        let both = [(first.clone(), b"1".to_vec()), (folder.clone(), b"2".to_vec())];
        assert!(matches!(write_files(&both), Err(Failure::Input(_))));
        assert!(!first.exists());
        write_files(&both[..1]).unwrap();
        write_files(&[(first.clone(), b"3".to_vec())]).unwrap();
        assert_eq!(fs::read(&first).unwrap(), b"3");
        assert_eq!(fs::read_dir(place.path().join("deep")).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        let (file, link) = (place.path().join("a.csv"), place.path().join("link.csv"));
        fs::write(&file, "mine").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(write_files(&[(link.clone(), b"1".to_vec())]), Err(Failure::Input(_))));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"mine");
    }
}
