//! The household's accounts, holdings and flows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use unisleeve_units::{AccountKind, Money, Shares};

/// The account that every household has: taxable; client flows, fees and taxes go through it.
pub const MAIN_ACCOUNT: &str = "taxable";

/// Wealth and flows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct HouseholdConfig {
    /// Cash that the main account, `taxable`, starts with.
    pub cash: Money,
    /// Contributions to and withdrawals from the main account; none where the key is left out (the sample's where there is no
    /// `data`).
    pub flows: Vec<Flow>,
    /// Accounts beside the main one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountConfig>,
    /// Lots that the household brings along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LegacyLot>,
    /// Gifts of appreciated shares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gifts: Vec<Gift>,
    /// Accounts that are closed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closings: Vec<Closing>,
}

/// An account beside the main one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct AccountConfig {
    /// Name.
    pub name: String,
    /// How it is taxed.
    pub kind: AccountKind,
    /// Cash that it starts with.
    #[serde(default)]
    pub cash: Money,
}

/// A lot that is there before the first session, transferred in at its basis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct LegacyLot {
    /// Account; none = the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Symbol.
    pub symbol: String,
    /// Shares.
    pub quantity: Shares,
    /// Cost basis in dollars, of all shares together.
    pub basis: Money,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Whether the lot must not be sold.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keep: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(x: &bool) -> bool {
    !x
}

/// A gift in kind out of taxable accounts: long-term lots with the most gain for each dollar go first (IRC 170, 1015).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Gift {
    /// Dollars each time, at the close.
    pub amount: Money,
    /// How often.
    pub every: Every,
    /// From this date on.
    pub from: NaiveDate,
    /// Up to this date; none = to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// How an account is emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Everything is sold, and the cash taken out.
    Cash,
    /// Shares leave as they are, and the cash with them.
    InKind,
}

/// An account that the client closes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Account; none = the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Session (or the next one).
    pub date: NaiveDate,
    /// How.
    pub how: How,
}

/// How often something repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// On one date.
    Once,
    /// On the first session of each month.
    Month,
    /// On the first session of each year.
    Year,
}

/// A client's flow: positive is a contribution, negative a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Dollars each time.
    pub amount: Money,
    /// How often.
    pub every: Every,
    /// From this date on (for `once`: on this date or the next session).
    pub from: NaiveDate,
    /// Up to this date; none = to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

impl Default for HouseholdConfig {
    fn default() -> Self {
        Self {
            cash: Money::whole(1_000_000),
            flows: Vec::new(),
            accounts: Vec::new(),
            lots: Vec::new(),
            gifts: Vec::new(),
            closings: Vec::new(),
        }
    }
}
