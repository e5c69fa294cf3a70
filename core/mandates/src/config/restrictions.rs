//! What a client does not want held, bought or sold.

use serde::{Deserialize, Serialize};

/// Restrictions, the same in every arm. Funds are looked at as funds: what is inside them is not restricted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct Restrictions {
    /// Symbols that must not be held: sold at the next rebalancing, within the gains budget where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Sectors whose stocks must not be held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_sectors: Vec<String>,
    /// Lists (see `lists`) whose symbols must not be held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_lists: Vec<String>,
    /// Symbols none of whose lots may be sold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub do_not_sell: Vec<String>,
    /// No stock is bought beyond this fraction of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position_cap: Option<f64>,
}

impl Restrictions {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
