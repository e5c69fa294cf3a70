//! Price files.

use serde::{Deserialize, Serialize};

/// Files to read prices from. Paths are relative to the configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Price files, long or wide.
    pub prices: Vec<PriceFile>,
    /// Names, sectors, asset classes and kinds of the securities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub securities: Option<String>,
}

/// One price file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceFile {
    /// CSV, or CSV compressed with gzip.
    pub file: String,
    /// What its closes contain.
    #[serde(default)]
    pub basis: PriceBasis,
}

/// What closes contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceBasis {
    /// As traded.
    Raw,
    /// Adjusted for splits; dividends come beside.
    #[default]
    Split,
    /// Adjusted for splits and dividends: a dividend column beside them would count twice.
    Total,
}
