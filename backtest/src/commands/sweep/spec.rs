//! The specification in plans, journals and parts. Any machine makes the same plan from it.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Everything that a plan depends on. It is the header of plans, journals and parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// Format version of this file.
    pub format: u32,
    /// Version of the command.
    pub version: String,
    /// Name of the grid's file, for messages.
    pub name: String,
    /// Text of the grid's file.
    pub grid: String,
    /// The base configuration as TOML.
    pub base: String,
    /// Folder of the data files, if the configuration names any.
    pub folder: Option<PathBuf>,
    /// First and last date of each vintage. Empty = the configuration's own dates.
    pub vintages: Vec<(NaiveDate, NaiveDate)>,
    /// SHA-256 of the base configuration.
    pub config_hash: String,
    /// SHA-256 of the prices.
    pub data_hash: String,
    /// SHA-256 of everything that results depend on.
    pub plan_hash: String,
    /// Caveats about the data, in sentences.
    pub notes: Vec<String>,
}

/// The file that `--plan` writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanFile {
    #[serde(rename = "plan")]
    pub spec: Spec,
    /// Key of each run.
    pub runs: Vec<String>,
}
