//! Writes a result folder. All files go to a temporary folder beside it, which then replaces it in one step.
//! Where the system can swap two folders, a complete result exists at every moment: the earlier one or the
//! new one.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::exchange::exchange;
use super::ours::{MARK, check_replaceable, is_name, recognize, remove};
use super::temporary::{hold, prefix, remove_left_over};
use crate::failure::Failure;

/// A file's name and content.
pub type File = (&'static str, Vec<u8>);

/// Writes files as the folder `to`. Replaces an earlier result there and refuses anything else.
///
/// # Errors
/// When `to` holds something other than a result, or when writing fails. No partial result remains.
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
        debug_assert!(is_name(file), "{file}: expected a name that a result is recognized by");
        write(&fresh.path().join(file), content).map_err(|e| failed(file, &e))?;
    }
    for (file, content) in mark {
        let half = fresh.path().join("half-written");
        write(&half, content)
            .and_then(|()| fs::rename(&half, fresh.path().join(file)))
            .map_err(|e| failed(file, &e))?;
    }
    let fresh = fresh.keep();
    if let Err(e) = share(&fresh) {
        let _ = fs::remove_dir_all(&fresh);
        return Err(Failure::io("can't write", to, &e));
    }
    put(&fresh, to, &parent.join(format!("{prefix}old-{}", std::process::id())))?;
    drop(held);
    remove_left_over(parent, &prefix);
    Ok(())
}

/// Moves the folder `fresh` to `to` and then removes the earlier result. If `to` is no longer a result,
/// because it changed since the first check, it is put back. `aside` holds the earlier result on systems that
/// can't swap folders.
fn put(fresh: &Path, to: &Path, aside: &Path) -> Result<(), Failure> {
    let failed = |e: std::io::Error| {
        let _ = fs::remove_dir_all(fresh);
        Failure::io("can't write", to, &e)
    };
    if fs::symlink_metadata(to).is_err() {
        return fs::rename(fresh, to).map_err(failed);
    }
    match exchange(fresh, to) {
        Ok(()) => {
            if let Err(refused) = recognize(fresh, to) {
                exchange(fresh, to).map_err(|e| Failure::io("can't put back", to, &e))?;
                let _ = fs::remove_dir_all(fresh);
                return Err(refused);
            }
            remove(fresh).map_err(|e| Failure::io("can't remove", fresh, &e))
        }
        Err(e) if e.kind() == std::io::ErrorKind::Unsupported => {
            fs::rename(to, aside).map_err(failed)?;
            if let Err(e) = fs::rename(fresh, to) {
                // Restores the earlier result.
                let _ = fs::rename(aside, to);
                return Err(failed(e));
            }
            remove(aside).map_err(|e| Failure::io("can't remove", aside, &e))
        }
        Err(e) => Err(failed(e)),
    }
}

/// Writes a file and flushes it to disk, because some disks report only then that they are full.
fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A temporary folder is private to its owner. A result gets the permissions of an ordinary folder.
fn share(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(seed: u32) -> (&'static str, Vec<u8>) {
        let hash = "0".repeat(64);
        let text = format!("{{\"version\":\"0.1.0\",\"seed\":{seed},\"config_hash\":\"{hash}\"}}");
        (MARK, text.into_bytes())
    }

    fn refused(to: &Path) -> String {
        let Err(Failure::Input(messages)) = write_folder(to, &[summary(9)]) else {
            panic!("{}", to.display())
        };
        messages.join("\n")
    }

    #[test]
    fn a_result_is_replaced_and_nothing_else_is() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("deep/out");
        write_folder(&out, &[summary(1), ("daily.csv", b"arm,date\n".to_vec())]).unwrap();
        write_folder(&out, &[summary(2)]).unwrap();
        assert_eq!(fs::read(out.join(MARK)).unwrap(), summary(2).1);
        assert!(!out.join("daily.csv").exists());
        fs::remove_file(out.join(MARK)).unwrap();
        write_folder(&out, &[summary(3)]).unwrap();
        assert_eq!(fs::read_dir(place.path().join("deep")).unwrap().count(), 1);
        // A diary, a summary of another program, a summary beside files with our names but other content, and
        // a folder.
        let other = place.path().join("other");
        for (files, named) in [
            (vec![("diary.txt", &b"mine"[..])], "diary.txt"),
            (vec![(MARK, &b"{\"version\":\"1\"}"[..])], MARK),
            (vec![(MARK, &b"mine"[..]), ("a", b""), ("b", b"")], "a and 2 more"),
            (vec![(MARK, summary(1).1.as_slice()), ("notes.txt", b"mine")], "notes.txt"),
            (vec![(MARK, summary(1).1.as_slice()), ("prices.csv", b"date,AAA\n")], "prices.csv"),
            (vec![("daily.csv", &b"arm,date\n"[..])], "holds no summary.json"),
        ] {
            fs::create_dir(&other).unwrap();
            for (name, content) in &files {
                fs::write(other.join(name), content).unwrap();
            }
            let message = refused(&other);
            assert!(message.contains(named), "{named}: {message}");
            for (name, content) in &files {
                assert_eq!(fs::read(other.join(name)).unwrap(), *content);
            }
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
            fs::remove_dir_all(&other).unwrap();
        }
        fs::create_dir(out.join("report.html")).unwrap();
        assert!(refused(&out).contains("report.html"));
        assert!(refused(&out.join(MARK)).contains("is a file"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_replaced() {
        let place = tempfile::tempdir().unwrap();
        let (out, link) = (place.path().join("out"), place.path().join("link"));
        write_folder(&out, &[summary(1)]).unwrap();
        std::os::unix::fs::symlink(&out, &link).unwrap();
        assert!(refused(&link).contains("is a link"));
        fs::remove_dir_all(&out).unwrap();
        // A link is refused even if its target does not exist.
        assert!(refused(&link).contains("is a link"));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_folder_that_can_t_be_read_is_the_environment_s_fault() {
        let place = tempfile::tempdir().unwrap();
        for name in ["x".repeat(5_000), "\0".to_owned()] {
            let refused = write_folder(&place.path().join(name), &[summary(1)]);
            assert!(matches!(refused, Err(Failure::Environment(_))), "{refused:?}");
        }
    }
}
