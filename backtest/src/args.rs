//! Flags shared by several commands.

use std::path::{Path, PathBuf};

use clap::Args;

/// Sources of a replay's inputs.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Source {
    /// Configuration (TOML). Without it, the embedded sample is replayed.
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataFolder,
}

impl Source {
    /// A configuration from a command with its own flag for it.
    pub(crate) fn new(config: Option<PathBuf>, data: DataFolder) -> Self {
        Self { config, data }
    }

    /// The configuration's name in messages.
    pub(crate) fn name(&self) -> String {
        self.config.as_ref().map_or_else(|| "the embedded sample".to_owned(), |p| p.display().to_string())
    }
}

/// The folder of the data files.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DataFolder {
    /// Folder of the data files; replaces the configuration's `data.folder`.
    #[arg(long = "data", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl DataFolder {
    /// The folder, if one is given.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// Number of threads.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Threads {
    /// Number of threads (default: all cores). The results do not depend on it.
    #[arg(long = "threads", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    count: Option<u16>,
}

impl Threads {
    /// The number, if one is given.
    pub(crate) fn count(self) -> Option<usize> {
        self.count.map(usize::from)
    }
}
