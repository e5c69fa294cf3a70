//! Flags that several commands share.

use std::path::{Path, PathBuf};

use clap::Args;

/// Where a replay's inputs come from.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Source {
    /// Configuration (TOML); without one the embedded sample is replayed.
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataFolder,
}

impl Source {
    /// A configuration that a command names in its own way.
    pub(crate) fn new(config: Option<PathBuf>, data: DataFolder) -> Self {
        Self { config, data }
    }

    /// The configuration's name in messages.
    pub(crate) fn name(&self) -> String {
        self.config.as_ref().map_or_else(|| "the embedded sample".to_owned(), |p| p.display().to_string())
    }
}

/// Where the data files are.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DataFolder {
    /// Folder of the data files, instead of the configuration's `data.folder`.
    #[arg(long = "data", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl DataFolder {
    /// The folder, where one is given.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// How many threads to use.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Threads {
    /// Threads; all cores without it. Results are the same with any number.
    #[arg(long = "threads", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    count: Option<u16>,
}

impl Threads {
    /// The number, where one is given.
    pub(crate) fn count(self) -> Option<usize> {
        self.count.map(usize::from)
    }
}
