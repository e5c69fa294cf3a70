//! A result folder: everything is written beside its place and moved there in one step.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::temporary::{hold, prefix, remove_left_over};
use crate::failure::Failure;

/// The file by which a folder is known as a result. It comes last and whole: what a kill leaves has none.
const MARK: &str = "summary.json";

/// A file's name and content.
pub type File = (&'static str, Vec<u8>);

/// Writes files as the folder `to`. An earlier result there is replaced; anything else is left alone and refused.
///
/// # Errors
/// When `to` holds something that is no result of ours, or the disk does not take it. Nothing half-written stays.
pub fn write_folder(to: &Path, files: &[File]) -> Result<(), Failure> {
    let absolute = std::path::absolute(to).map_err(|e| Failure::io("can't use", to, &e))?;
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(Failure::input(format!("--out {}: expected the name of a folder", to.display())));
    };
    check_replaceable(to)?;
    fs::create_dir_all(parent).map_err(|e| Failure::io("can't make", parent, &e))?;
    let prefix = prefix(name);
    let fresh = tempfile::Builder::new()
        .prefix(&prefix)
        .tempdir_in(parent)
        .map_err(|e| Failure::io("can't write into", parent, &e))?;
    let held = hold(fresh.path());
    let (mark, others): (Vec<&File>, Vec<&File>) = files.iter().partition(|(name, _)| *name == MARK);
    let failed = |file: &str, e: &std::io::Error| Failure::io("can't write", &to.join(file), e);
    for (file, content) in others {
        write(&fresh.path().join(file), content).map_err(|e| failed(file, &e))?;
    }
    for (file, content) in mark {
        let half = fresh.path().join("half-written");
        write(&half, content)
            .and_then(|()| fs::rename(&half, fresh.path().join(file)))
            .map_err(|e| failed(file, &e))?;
    }
    let old: Option<PathBuf> =
        to.exists().then(|| parent.join(format!("{prefix}old-{}", std::process::id())));
    if let Some(old) = &old {
        fs::rename(to, old).map_err(|e| Failure::io("can't replace", to, &e))?;
    }
    let fresh = fresh.keep();
    if let Err(e) = share(&fresh).and_then(|()| fs::rename(&fresh, to)) {
        // Back to what was there before.
        let _ = fs::remove_dir_all(&fresh);
        if let Some(old) = &old {
            let _ = fs::rename(old, to);
        }
        return Err(Failure::io("can't write", to, &e));
    }
    if let Some(old) = old {
        fs::remove_dir_all(&old).map_err(|e| Failure::io("can't remove", &old, &e))?;
    }
    drop(held);
    remove_left_over(parent, &prefix);
    Ok(())
}

/// Writes a file to the disk itself: some disks say only then that they are full.
fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A temporary folder is its owner's alone; a result is as readable as any folder.
fn share(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    let _ = folder;
    Ok(())
}

/// Refuses to replace what is not a result: early, before any work is done.
///
/// # Errors
/// When `to` is a file or a folder that holds something else.
pub fn check_replaceable(to: &Path) -> Result<(), Failure> {
    if !to.exists() {
        return Ok(());
    }
    let entries = fs::read_dir(to)
        .map_err(|_| Failure::input(format!("--out {}: is a file: expected a folder", to.display())))?;
    let empty = entries.count() == 0;
    if empty || to.join(MARK).is_file() {
        return Ok(());
    }
    Err(Failure::input(format!(
        "--out {}: holds something else: expected a new folder, an empty one or an earlier result",
        to.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_replaced_and_nothing_else_is() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("deep/out");
        write_folder(&out, &[("summary.json", b"1".to_vec()), ("old.csv", b"x".to_vec())]).unwrap();
        write_folder(&out, &[("summary.json", b"2".to_vec())]).unwrap();
        assert_eq!(fs::read(out.join("summary.json")).unwrap(), b"2");
        assert!(!out.join("old.csv").exists());
        assert_eq!(fs::read_dir(place.path().join("deep")).unwrap().count(), 1);
        let other = place.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("diary.txt"), "mine").unwrap();
        assert!(matches!(write_folder(&other, &[]), Err(Failure::Input(_))));
        assert!(matches!(write_folder(&other.join("diary.txt"), &[]), Err(Failure::Input(_))));
        assert_eq!(fs::read(other.join("diary.txt")).unwrap(), b"mine");
    }
}
