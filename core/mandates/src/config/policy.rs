//! The policy mix and its changes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Restrictions;

/// A sleeve of the policy: either a direct index (`stocks` or `index`) or a fund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct PolicySleeve {
    /// Name.
    pub name: String,
    /// Share of the portfolio.
    pub weight: f64,
    /// Symbols of a direct index; empty for a fund sleeve.
    pub stocks: Vec<String>,
    /// A direct index whose members change: the name of one of `data.indices`, instead of `stocks`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub index: String,
    /// Weights of the direct index, adding up to 1; empty = equal. They drift with total return.
    pub weights: Vec<f64>,
    /// Date of those weights; none = the start. An index that drifted since an earlier date must say so, or it is not the
    /// index of its fund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// The fund; for a direct index the fund of the same index, which the control arms hold.
    pub fund: String,
    /// Another fund of the same kind, not substantially identical: with it the arm of paired funds harvests at fund level.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pair: String,
    /// For the arm that holds a model-delivered core: how many of the index's largest stocks it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<usize>,
    /// Manager who runs it in a separately managed setup; empty = the direct-index manager for stocks, the advisor for funds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub manager: String,
    /// Accounts that may hold it; empty = every account for a fund, every taxable one for stocks. Where the taxable accounts start
    /// with less than the policy's weight of stocks, every account for stocks too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// A band of its own around the policy weight, beside its asset class's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<f64>,
    /// Asset class; empty = its name. `sma.band` holds for asset classes, and drift is shown by them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub asset_class: String,
}

impl PolicySleeve {
    /// Whether it holds an index's stocks rather than a fund.
    pub fn is_direct(&self) -> bool {
        !self.stocks.is_empty() || !self.index.is_empty()
    }

    /// Manager in a separately managed setup.
    pub fn manager_name(&self) -> &str {
        match (self.manager.as_str(), self.is_direct()) {
            ("", false) => ADVISOR,
            ("", true) => SPECIALIST,
            (name, _) => name,
        }
    }

    /// Asset class.
    pub fn class(&self) -> &str {
        if self.asset_class.is_empty() { &self.name } else { &self.asset_class }
    }
}

/// The manager of funds, of client flows and of taxes.
pub(crate) const ADVISOR: &str = "advisor";
/// The manager of a direct index, where no other is named.
pub(crate) const SPECIALIST: &str = "direct-index manager";

/// A change of strategy for the whole household.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// First session (or the next one) on which it holds.
    pub date: NaiveDate,
    /// The whole policy mix from then on; empty = as before. A sleeve that is not in it any more is sold down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<PolicySleeve>,
    /// The restrictions from then on; none = as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
}
