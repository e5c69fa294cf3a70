//! Collects the faults of one file.

use crate::failure::Failure;

/// Most faults listed for one file. A wrong file can have one on every line.
const MOST_FAULTS: usize = 20;

/// The messages about one file, up to a limit.
pub(crate) struct Faults {
    file: String,
    messages: Vec<String>,
    left_out: usize,
}

impl Faults {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), messages: Vec::new(), left_out: 0 }
    }

    /// Adds a fault on a line.
    pub(crate) fn add(&mut self, line: u64, message: &str) {
        if self.messages.len() < MOST_FAULTS {
            self.messages.push(format!("{}:{line}: {message}", self.file));
        } else {
            self.left_out += 1;
        }
    }

    /// Whether there are no faults.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Succeeds if there are no faults.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        if self.left_out > 0 {
            self.messages.push(format!("{}: and {} more faults", self.file, self.left_out));
        }
        if self.messages.is_empty() { Ok(()) } else { Err(Failure::Input(self.messages)) }
    }
}
