//! Price files.

use core::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Files to read. A file is looked for in `folder`, then beside the configuration.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Where the files are, relative to the configuration file; none = beside it. `--data` of the command replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Price files: long, wide, or one for each security.
    pub prices: Vec<PriceFile>,
    /// Names, sectors, asset classes and kinds of the securities: a file or several. The first that names a symbol counts.
    #[cfg_attr(feature = "schema", schemars(with = "OneOrSeveral"))]
    #[serde(deserialize_with = "one_or_several", skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<String>,
    /// Indices whose members change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<IndexConfig>,
    /// Risk figures of one's own, in place of estimates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskFiles>,
    /// Sessions without a price after which a symbol is another share's: the first listing ends. None = 120, half a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reused_after: Option<usize>,
    /// What the data check reports.
    #[serde(skip_serializing_if = "CheckConfig::is_default")]
    pub check: CheckConfig,
}

/// Risk figures of one's own. All variances are annual. A row with a `date` holds from it until the next date of its file; files
/// without the column hold throughout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct RiskFiles {
    /// `[date,]symbol,FACTOR,FACTOR,...`: exposures to the factors that the header names.
    pub exposures: String,
    /// `[date,]factor,FACTOR,FACTOR,...`: covariances of the factors.
    pub covariance: String,
    /// `[date,]symbol,variance`: what is a security's own.
    pub specific: String,
}

/// An index whose members change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct IndexConfig {
    /// Name, for `policy.index`.
    pub name: String,
    /// Its files, known by their columns: `date,symbol,weight`; or `symbol,start,end` (the end excluded) and, for market caps,
    /// `date,symbol,cap`.
    pub files: Vec<String>,
}

/// What the data check reports. It changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct CheckConfig {
    /// A return over one session beyond this is a jump (0.4 = 40%, either way).
    pub jump: f64,
    /// As many sessions with one and the same close make a stale price.
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

/// What a file may say for it.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrSeveral {
    /// A file.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// `"a.csv"` or `["a.csv", "b.csv"]`.
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

/// One price file, or a folder with one for each security.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct PriceFile {
    /// CSV, CSV compressed with gzip, or Parquet.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Instead of `file`, files of one security each, such as `prices/*.csv`: `*` stands for the symbol.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// The security of a `file` that has one alone and no column `symbol`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub symbol: String,
    /// What its closes contain.
    pub basis: PriceBasis,
}

/// What closes contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
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
