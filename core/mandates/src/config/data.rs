//! Price files and other input files.

use core::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Input files. A file is searched for in `folder`, then beside the configuration file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Folder of the files, relative to the configuration file. Default: the folder of the configuration
    /// file. The option `--data` of the command replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Price files: long, wide, or one file for each security.
    pub prices: Vec<PriceFile>,
    /// One or more files with names, sectors, asset classes and kinds of the securities. The first file that
    /// lists a symbol counts.
    #[cfg_attr(feature = "schema", schemars(with = "OneOrSeveral"))]
    #[serde(deserialize_with = "one_or_several", skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<String>,
    /// Indices whose members change over time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<IndexConfig>,
    /// Your own risk model, instead of one estimated from prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskFiles>,
    /// Number of sessions without a price after which a symbol counts as reused by another security; the
    /// first listing ends there. Default: 120, about half a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reused_after: Option<usize>,
    /// Limits for the data check.
    #[serde(skip_serializing_if = "CheckConfig::is_default")]
    pub check: CheckConfig,
}

/// Files of your own risk model. All variances are annual. A row with a `date` applies from that date until
/// the next date in its file. A file without a `date` column applies to all dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct RiskFiles {
    /// File with factor exposures: `[date,]symbol,FACTOR,FACTOR,...`. The header names the factors.
    pub exposures: String,
    /// File with factor covariances: `[date,]factor,FACTOR,FACTOR,...`.
    pub covariance: String,
    /// File with specific variances: `[date,]symbol,variance`.
    pub specific: String,
}

/// An index whose members change over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct IndexConfig {
    /// Name, used in `policy.index`.
    pub name: String,
    /// Files of the index, recognized by their columns: `date,symbol,weight`; or `symbol,start,end` (without
    /// the end date) and, for market caps, `date,symbol,cap`.
    pub files: Vec<String>,
}

/// Limits for the data check. They change no result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct CheckConfig {
    /// Size of a one-session return, up or down, above which it is reported as a jump. 0.4 means 40%.
    pub jump: f64,
    /// Number of sessions with the same close after which a price is reported as stale.
    pub stale: usize,
}

impl CheckConfig {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for CheckConfig {
    fn default() -> Self {
        Self { jump: 0.4, stale: 10 }
    }
}

/// The two ways to write a list of files.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrSeveral {
    /// One file.
    One(String),
    /// Several files.
    Several(Vec<String>),
}

/// Reads `"a.csv"` or `["a.csv", "b.csv"]`.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a file name or a list of file names")
        }
        fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
            Ok(vec![name.to_owned()])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some(name) = names.next_element()? {
                all.push(name);
            }
            Ok(all)
        }
    }
    from.deserialize_any(Names)
}

/// A price file, or a folder with one file for each security.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct PriceFile {
    /// File name: CSV, CSV compressed with gzip, or Parquet.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Instead of `file`: files with one security each, such as `prices/*.csv`. The `*` stands for the
    /// symbol.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// Symbol of the security, for a `file` with a single security and no column `symbol`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub symbol: String,
    /// What the closes are adjusted for.
    pub basis: PriceBasis,
}

/// What closes are adjusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum PriceBasis {
    /// As traded, without adjustment.
    Raw,
    /// Adjusted for splits but not for dividends.
    #[default]
    Split,
    /// Adjusted for splits and dividends. A dividend column as well would count dividends twice.
    Total,
}
