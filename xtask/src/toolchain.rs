//! Which compiler builds for WebAssembly.
//!
//! Rust's own target where it is installed or can be fetched; otherwise Debian's second Rust, which builds the standard
//! library from its source. The two never share a target folder, and no result may depend on which of them it was.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;
use crate::apt;
use crate::project::Project;
use crate::run::Run;

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_PACKAGES: &[&str] =
    &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "lld-19"];
/// Vectors of 128 bits, which all current browsers have.
const TARGET_FEATURES: &str = "-Ctarget-feature=+simd128";
const PURPOSE: &str = "Building for WebAssembly";
/// Where the server cannot be reached, rustup hangs rather than fails: it gets little time if there is another way.
const RUSTUP_LIMIT: Duration = Duration::from_secs(20);
const RUSTUP_LIMIT_WITHOUT_APT: Duration = Duration::from_mins(10);

/// A compiler that can build for WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one that builds everything else.
    First,
    /// Debian's, beside it.
    Debian,
}

/// Finds a toolchain or installs one; returns a remark.
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
    /// The toolchain that is installed.
    pub(crate) fn find(project: &Project) -> Outcome<Self> {
        if has_target(project)? {
            Ok(Self::First)
        } else if debian_complete() {
            Ok(Self::Debian)
        } else {
            Err("No toolchain for WebAssembly is installed: run `cargo xtask setup`.".to_owned())
        }
    }

    /// The folder it builds into.
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
                // The standard library is not there compiled, and a stable compiler builds it under this name alone.
                .words("-Z build-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO", "/usr/bin/cargo")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                // It points at the libraries of the toolchain that started us.
                .without_env("LD_LIBRARY_PATH"),
        };
        run.words("--profile wasm --target")
            .arg(TARGET)
            .arg("--target-dir")
            .arg(self.target_folder(project))
            // Instead of the caller's own flags, so that the file is the same everywhere.
            .env("CARGO_ENCODED_RUSTFLAGS", rust_flags().join("\x1f"))
    }
}

/// Flags of the compiler. Panics name their place in the source: the path of this machine's cargo folder is cut off it.
fn rust_flags() -> Vec<String> {
    let mut flags = vec![TARGET_FEATURES.to_owned()];
    let home = env::var("CARGO_HOME").ok().map(PathBuf::from);
    if let Some(home) = home.or_else(|| env::home_dir().map(|folder| folder.join(".cargo"))) {
        flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
    }
    flags
}

/// Given `clippy`, cargo would look in its home folder first, and find the other toolchain's.
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
