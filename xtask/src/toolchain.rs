//! Chooses the compiler that builds for WebAssembly.
//!
//! This is Rust's own target if it is installed or can be downloaded. Otherwise it is Debian's second Rust,
//! which builds the standard library from source. The two use separate target folders, and no result may
//! depend on which of them is used.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;
use crate::apt;
use crate::project::Project;
use crate::run::Run;

/// Name of the compilation target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_PACKAGES: &[&str] =
    &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "lld-19"];
/// Vectors of 128 bits, which all current browsers support.
const TARGET_FEATURES: &str = "-Ctarget-feature=+simd128";
const PURPOSE: &str = "Building for WebAssembly";
/// If the server can't be reached, rustup hangs instead of failing. The limit is short when apt offers an
/// alternative.
const RUSTUP_LIMIT: Duration = Duration::from_secs(20);
const RUSTUP_LIMIT_WITHOUT_APT: Duration = Duration::from_mins(10);

/// A compiler that can build for WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The toolchain that builds everything else.
    First,
    /// Debian's Rust, installed beside the first toolchain.
    Debian,
}

/// Finds or installs a toolchain; returns a remark.
pub(crate) fn install(project: &Project) -> Outcome<String> {
    if has_target(project)? {
        return Ok("installed with Rust".to_owned());
    }
    if debian_complete() {
        return Ok(format!("there already: {}", debian_version(project)?));
    }
    let limit = if apt::present() { RUSTUP_LIMIT } else { RUSTUP_LIMIT_WITHOUT_APT };
    let rustup = Run::new(project, "rustup").words("target add").arg(TARGET).limit(limit);
    let Err(no_rustup) = rustup.finish(project) else {
        return Ok("added by rustup".to_owned());
    };
    if !apt::present() {
        return Err(format!("{no_rustup}\n\n{PURPOSE} needs `rustup target add {TARGET}` to succeed."));
    }
    apt::install(project, DEBIAN_PACKAGES, PURPOSE)?;
    Ok(format!("rustup cannot fetch it; installed {}", debian_version(project)?))
}

impl Toolchain {
    /// Finds an installed toolchain.
    pub(crate) fn find(project: &Project) -> Outcome<Self> {
        if has_target(project)? {
            Ok(Self::First)
        } else if debian_complete() {
            Ok(Self::Debian)
        } else {
            Err("No toolchain for WebAssembly is installed: run `cargo xtask setup`.".to_owned())
        }
    }

    /// The target folder of this toolchain.
    pub(crate) fn target_folder(self, project: &Project) -> PathBuf {
        match self {
            Self::First => project.target.clone(),
            Self::Debian => project.second_target(),
        }
    }

    /// `cargo SUBCOMMAND` for WebAssembly, with the profile of the page.
    pub(crate) fn cargo(self, project: &Project, subcommand: &str) -> Run {
        let run = match self {
            Self::First => Run::new(project, "cargo").words(subcommand),
            Self::Debian => Run::new(project, debian_program(subcommand))
                .words(subcommand)
                // The standard library is not installed in compiled form. A stable compiler builds it only if
                // this variable is set.
                .words("-Z build-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO", "/usr/bin/cargo")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                // This variable points at the libraries of the toolchain that runs xtask.
                .without_env("LD_LIBRARY_PATH"),
        };
        run.words("--profile wasm --target")
            .arg(TARGET)
            .arg("--target-dir")
            .arg(self.target_folder(project))
            // Replaces the caller's own flags, so that the output is the same everywhere.
            .env("CARGO_ENCODED_RUSTFLAGS", rust_flags().join("\x1f"))
    }
}

/// Flags of the compiler. Panic messages contain source paths; the remapping removes the local cargo folder
/// from them.
fn rust_flags() -> Vec<String> {
    let mut flags = vec![TARGET_FEATURES.to_owned()];
    let home = env::var("CARGO_HOME").ok().map(PathBuf::from);
    if let Some(home) = home.or_else(|| env::home_dir().map(|folder| folder.join(".cargo"))) {
        flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
    }
    flags
}

/// For `clippy`, cargo would look in its home folder first and find the other toolchain's clippy.
fn debian_program(subcommand: &str) -> &'static str {
    if subcommand == "clippy" { "/usr/bin/cargo-clippy" } else { "/usr/bin/cargo" }
}

fn has_target(project: &Project) -> Outcome<bool> {
    let sysroot = Run::new(project, "rustc").words("--print sysroot").output()?;
    let libraries = Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib");
    Ok(fs::read_dir(libraries).is_ok_and(|mut entries| entries.next().is_some()))
}

fn debian_complete() -> bool {
    ["rustc", "cargo", "cargo-clippy", "wasm-ld-19"]
        .iter()
        .all(|name| Path::new("/usr/bin").join(name).exists())
        && Path::new("/usr/lib/rustlib/src/rust/library/Cargo.lock").exists()
}

fn debian_version(project: &Project) -> Outcome<String> {
    let version =
        Run::new(project, "/usr/bin/rustc").words("--version").without_env("LD_LIBRARY_PATH").output()?;
    Ok(format!("Debian's {}", version.split_whitespace().take(2).collect::<Vec<_>>().join(" ")))
}
