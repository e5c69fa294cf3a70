//! Writes a result folder: all files go to a temporary folder beside it, which then takes its place in one step. Where the system
//! can swap two folders, a whole result, the earlier or the new one, is there at any time.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::exchange::exchange;
use super::ours::{MARK, check_replaceable, is_name, recognize, remove};
use super::temporary::{hold, prefix, remove_left_over};
use crate::failure::Failure;

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

/// Moves the folder `fresh` to `to`. An earlier result there is removed afterwards; what has become something else since it was
/// looked at comes back. `aside` is where the earlier one waits on systems that can't exchange folders.
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
                // Back to what was there before.
                let _ = fs::rename(aside, to);
                return Err(failed(e));
            }
            remove(aside).map_err(|e| Failure::io("can't remove", aside, &e))
        }
        Err(e) => Err(failed(e)),
    }
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
        // A diary; a summary of something else; one beside files of the same names with other content; a folder.
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
        // Also where it leads nowhere.
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
