//! The policy mix and changes of strategy.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Restrictions;

/// A sleeve of the policy: a direct index (`stocks` or `index`) or a fund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct PolicySleeve {
    /// Name.
    pub name: String,
    /// Policy weight, a fraction of the portfolio.
    pub weight: f64,
    /// Symbols of the stocks of a direct index. Leave empty for a fund.
    pub stocks: Vec<String>,
    /// Instead of `stocks`, for a direct index whose members change: the name of one of `data.indices`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub index: String,
    /// Weights of `stocks`, which add up to 1. Default: equal. They drift with total return.
    pub weights: Vec<f64>,
    /// Date of `weights`. Default: the start of the run. Give it if the weights are of an earlier date;
    /// otherwise the index differs from the index of its fund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// Symbol of the fund. For a direct index, the fund of the same index, which the arms without single
    /// stocks hold.
    pub fund: String,
    /// Symbol of a similar fund that is not substantially identical. Whoever runs a fund sleeve harvests its
    /// losses with it, under separate managers if they have the habit `sma.harvest_funds`. The arm of fund
    /// pairs does so for every sleeve.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pair: String,
    /// Number of the index's largest stocks to hold, in the arm that holds a delivered model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<usize>,
    /// Manager under separate management. Default: the direct-index manager for stocks, the advisor for
    /// funds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub manager: String,
    /// Accounts that may hold the sleeve. Default: every account for a fund, every taxable account for a
    /// direct index. If the taxable accounts start with less than the policy's weight of direct indices,
    /// every account may hold them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// The sleeve's own band around its policy weight, a fraction of the portfolio. It applies in addition to
    /// the band of its asset class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<f64>,
    /// Asset class. Default: the name of the sleeve. `trading.band` applies to asset classes, and reports show
    /// drift by asset class.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub asset_class: String,
}

impl PolicySleeve {
    /// Whether it is a direct index, not a fund.
    pub fn is_direct(&self) -> bool {
        !self.stocks.is_empty() || !self.index.is_empty()
    }

    /// Name of its manager under separate management.
    pub fn manager_name(&self) -> &str {
        match (self.manager.as_str(), self.is_direct()) {
            ("", false) => ADVISOR,
            ("", true) => SPECIALIST,
            (name, _) => name,
        }
    }

    /// Its asset class.
    pub fn class(&self) -> &str {
        if self.asset_class.is_empty() { &self.name } else { &self.asset_class }
    }
}

/// Name of the manager of funds, client flows and taxes.
pub(crate) const ADVISOR: &str = "advisor";
/// Name of the manager of a direct index, if no other is given.
pub(crate) const SPECIALIST: &str = "direct-index manager";

/// A change of strategy for the whole household.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Date from which it applies; if it is not a session, the next one.
    pub date: NaiveDate,
    /// The whole policy mix from then on. Default: unchanged. A sleeve that is no longer in it is sold down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<PolicySleeve>,
    /// The restrictions from then on. Default: unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
}
