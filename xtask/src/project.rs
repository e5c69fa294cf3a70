//! Paths of the project.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The folders of this checkout.
pub(crate) struct Project {
    /// Root folder of the workspace.
    pub(crate) root: PathBuf,
    /// Folder that cargo builds into.
    pub(crate) target: PathBuf,
    /// Whether to show the output of every step.
    pub(crate) verbose: bool,
}

impl Project {
    /// Finds the checkout through variables that cargo sets when it runs a command. A path fixed at compile
    /// time would be wrong where checkouts share a target folder.
    pub(crate) fn find(verbose: bool) -> Outcome<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let root = root.ok_or("Start this as `cargo xtask`: only cargo knows where the project is.")?;
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, target, verbose })
    }

    /// Target folder of a second toolchain. Cargo must not mix its files with those of the first.
    pub(crate) fn second_target(&self) -> PathBuf {
        if env::var_os("CARGO_TARGET_DIR").is_some() {
            self.target.join("second")
        } else {
            self.root.join("target-wasm")
        }
    }

    /// Folder of the page.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// Folder of the npm package.
    pub(crate) fn npm(&self) -> PathBuf {
        self.root.join("wasm/npm")
    }

    /// The version of a package in Cargo.lock.
    pub(crate) fn locked_version(&self, package: &str) -> Outcome<String> {
        let lock = read(&self.root.join("Cargo.lock"))?;
        version_in(&lock, package).ok_or_else(|| format!("Cargo.lock holds no package {package}."))
    }
}

/// The version of a package in the text of a lock file.
fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

/// Reads a file; an error names the file.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("Cannot read {}: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_found_by_the_whole_name() {
        let lock = "[[package]]\nname = \"ab\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"2.1.0\"\n";
        assert_eq!(version_in(lock, "a").as_deref(), Some("2.1.0"));
        assert_eq!(version_in(lock, "b"), None);
    }

    /// The generator and the crate share a format that changes from version to version.
    #[test]
    fn the_generator_has_the_version_of_the_crate() {
        let generator = version_in(include_str!("../bindgen/Cargo.lock"), "wasm-bindgen-cli-support");
        let library = version_in(include_str!("../../Cargo.lock"), "wasm-bindgen");
        assert!(library.is_some());
        assert_eq!(generator, library);
    }

    /// npm does not read Cargo.toml, so the version appears twice.
    #[test]
    fn the_npm_package_has_the_version_of_the_workspace() {
        let core = version_in(include_str!("../../Cargo.lock"), "unisleeve-core");
        let npm = include_str!("../../wasm/npm/package.json");
        let version = npm.lines().find_map(|l| l.trim().strip_prefix("\"version\": \"")?.strip_suffix("\","));
        assert_eq!(version, core.as_deref());
    }
}
