//! Restrictions on what is held, bought and sold.

use serde::{Deserialize, Serialize};

/// Restrictions on single securities, the same in every arm. They do not apply to the holdings of funds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Restrictions {
    /// Symbols that must not be held. They are sold at the next rebalancing, within the gains budget if there
    /// is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Sectors whose stocks must not be held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_sectors: Vec<String>,
    /// Names of lists (see `lists`) whose symbols must not be held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_lists: Vec<String>,
    /// Symbols that must not be sold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub do_not_sell: Vec<String>,
    /// Largest position in a stock that purchases may reach, as a fraction of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position_cap: Option<f64>,
}

impl Restrictions {
    /// Whether there are no restrictions.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
