//! What goes wrong, and the exit code that says so.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Why a command ended without its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Bad or infeasible input: one message for each fault. Exit code 2.
    Input(Vec<String>),
    /// The environment: disk, port, a page that is not built. Exit code 3.
    Environment(String),
}

impl Failure {
    /// One fault of the input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input(vec![message.into()])
    }

    /// A file that can't be written, or a folder that can't be made.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::Environment(format!("{doing} {}: {error}", path.display()))
    }

    /// Prints the messages and gives the exit code.
    pub fn exit(&self) -> ExitCode {
        let (messages, code): (&[String], u8) = match self {
            Self::Input(messages) => (messages, 2),
            Self::Environment(message) => (std::slice::from_ref(message), 3),
        };
        for message in messages {
            // Where nobody can be told, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "unisleeve: {message}");
        }
        ExitCode::from(code)
    }
}
