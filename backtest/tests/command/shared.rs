//! Shared helpers: run the command in a folder and read its output as text.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in a folder.
pub(crate) fn unisleeve(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_unisleeve")).current_dir(folder).args(arguments).output().unwrap()
}

/// Command output as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
