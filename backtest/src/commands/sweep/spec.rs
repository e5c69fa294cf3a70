//! The specification that plans, journals and parts carry; any machine makes the same plan from it.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// All that a plan follows from. It is the header of plans, journals and parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// Version of this file.
    pub format: u32,
    /// Version of the command.
    pub version: String,
    /// The grid's file, for messages.
    pub name: String,
    /// Its text.
    pub grid: String,
    /// The base configuration, TOML.
    pub base: String,
    /// Where the data files of the base configuration are looked for, when it names any.
    pub folder: Option<PathBuf>,
    /// First and last date of each vintage; none = the configuration's own dates.
    pub vintages: Vec<(NaiveDate, NaiveDate)>,
    /// SHA-256 of the base configuration.
    pub config_hash: String,
    /// SHA-256 of the prices.
    pub data_hash: String,
    /// SHA-256 of what the results follow from.
    pub plan_hash: String,
    /// What the data are to be taken with, in sentences.
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
