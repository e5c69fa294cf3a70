//! Errors of a command and their exit codes.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use unisleeve_core::import::escaped;
use unisleeve_core::study::StudyError;

/// Longest message, in characters.
const LONGEST: usize = 480;
/// Longest word of a message, in characters. Paths and quoted text can be long.
const LONGEST_WORD: usize = 240;

/// Why a command produced no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Invalid or infeasible input, with one message per fault. Exit code 2.
    Input(Vec<String>),
    /// A fault of the environment: a disk, a port, a page that is not built. Exit code 3.
    Environment(String),
}

impl Failure {
    /// A single fault of the input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input(vec![message.into()])
    }

    /// An I/O error, for example a file that can't be written or a folder that can't be created.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::Environment(format!("{doing} {}: {error}", path.display()))
    }

    /// The error of a study, with the name of the file that requested it.
    pub(crate) fn study(name: &str, error: StudyError) -> Self {
        match error {
            StudyError::Config { faults } => {
                Self::Input(faults.iter().map(|f| format!("{name}: {}: {}", f.key, f.message)).collect())
            }
            StudyError::Run(e) => Self::input(format!("{name}: {e}")),
        }
    }

    /// Puts a file's name before each message about the input.
    #[must_use]
    pub fn named(self, file: &str) -> Self {
        match self {
            Self::Input(messages) => Self::Input(messages.iter().map(|m| format!("{file}: {m}")).collect()),
            environment @ Self::Environment(_) => environment,
        }
    }

    /// The messages, ready to print: each on one line, without control characters, and of limited length.
    pub fn messages(&self) -> Vec<String> {
        let messages = match self {
            Self::Input(messages) => messages.as_slice(),
            Self::Environment(message) => std::slice::from_ref(message),
        };
        messages.iter().map(|m| presentable(m)).collect()
    }

    /// Prints the messages and returns the exit code.
    pub fn exit(&self) -> ExitCode {
        for message in self.messages() {
            // If standard error can't be written, the exit code still reports the failure.
            let _ = writeln!(std::io::stderr(), "unisleeve: {message}");
        }
        ExitCode::from(match self {
            Self::Input(_) => 2,
            Self::Environment(_) => 3,
        })
    }
}

/// Puts a message on one line, without control characters. A message may quote a file at any length. Words
/// that are too long, and a message that is too long, lose their middle. The name at the front and the
/// expected value at the end remain.
fn presentable(message: &str) -> String {
    let words: Vec<String> =
        escaped(message).split(' ').map(|word| without_middle(word, LONGEST_WORD, 160, 60)).collect();
    without_middle(&words.join(" "), LONGEST, 200, 100)
}

/// Shortens a text of more than `most` characters to its first `first` and its last `last` characters.
fn without_middle(text: &str, most: usize, first: usize, last: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(first).collect();
    let end: String = text.chars().skip(length - last).collect();
    format!("{start}...{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_short_and_plain() {
        let shown = |message: String| Failure::input(message).messages().remove(0);
        assert_eq!(
            shown("a.csv:3: date \u{1b}[31mx\n: expected a date".to_owned()),
            "a.csv:3: date \\u{1b}[31mx\\n: expected a date"
        );
        for quoted in ["x".repeat(1_000_000), "x ".repeat(500_000), "\u{1b}".repeat(1_000)] {
            let message = shown(format!("a.csv:3: date {quoted}: expected a date such as 2018-02-07"));
            assert!(
                message.starts_with("a.csv:3: date ") && message.ends_with("a date such as 2018-02-07"),
                "{message}"
            );
            assert!(message.matches('x').count() <= 300 && message.chars().count() <= LONGEST, "{message}");
        }
        let path = format!("/{}/a.csv: No such file", "deep/".repeat(40));
        assert_eq!(shown(path.clone()), path);
    }
}
