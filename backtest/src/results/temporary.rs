//! Temporary files and folders of a result. A killed command leaves them behind; the next command that writes
//! the same result removes them.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;

/// Prefix of the names of a result's temporary files and folders.
pub(super) fn prefix(result: &OsStr) -> String {
    format!(".{}.unisleeve-", result.to_string_lossy())
}

/// Locks a file or folder while this command works on it, where the system can. A folder on Windows can't be
/// locked and is never removed.
pub(super) fn hold(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    file.try_lock().is_ok().then_some(file)
}

/// Removes what killed commands left behind. Anything that can't be removed does no harm.
pub(super) fn remove_left_over(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(prefix) || hold(&path).is_none() {
            continue;
        }
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_over_goes_and_what_is_at_work_stays() {
        let place = tempfile::tempdir().unwrap();
        let prefix = prefix(OsStr::new("out"));
        assert_eq!(prefix, ".out.unisleeve-");
        let names = [".out.unisleeve-a", ".out.unisleeve-old-7", ".out-mine", ".other.unisleeve-b", "out"];
        for name in names {
            fs::create_dir(place.path().join(name)).unwrap();
            fs::write(place.path().join(name).join("file"), name).unwrap();
        }
        fs::write(place.path().join(".out.unisleeve-file"), "").unwrap();
        let held = hold(&place.path().join(names[0]));
        remove_left_over(place.path(), &prefix);
        let left = |name: &&str| place.path().join(name).exists();
        assert_eq!(names.iter().filter(|n| left(n)).count(), 4);
        assert!(left(&names[0]) && !left(&names[1]) && !left(&".out.unisleeve-file"));
        drop(held);
        remove_left_over(place.path(), &prefix);
        assert!(!left(&names[0]));
    }
}
