//! Swaps two paths in one step, where the system supports it.

use std::io;
use std::path::Path;

/// Swaps two existing paths on the same disk. Both exist at every moment.
///
/// # Errors
/// Of the kind `Unsupported` where the system or the disk can't swap paths. In that case nothing has changed.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).map_err(|e| match e {
        // Error codes of old kernels and some network disks.
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::Error::from(io::ErrorKind::Unsupported),
        e => e.into(),
    })
}

/// Not supported on this system.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}
