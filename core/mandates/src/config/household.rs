//! The household's accounts, holdings and flows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use unisleeve_tax::{IncomeChange, OutsideGain};
use unisleeve_units::{AccountKind, Money, Shares};

/// Name of the main account, which every household has. It is taxable; client flows, fees and taxes go
/// through it.
pub const MAIN_ACCOUNT: &str = "taxable";

/// The household's accounts, holdings and flows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct HouseholdConfig {
    /// Cash in the main account, `taxable`, at the start, in dollars.
    pub cash: Money,
    /// Contributions to and withdrawals from the main account. Default: none; without `data`, those of the
    /// sample.
    pub flows: Vec<Flow>,
    /// Accounts in addition to the main account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountConfig>,
    /// Lots that the household holds at the start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LegacyLot>,
    /// Gifts of appreciated shares to charity or to a person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gifts: Vec<Gift>,
    /// Accounts to be closed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closings: Vec<Closing>,
    /// Dated gains from outside the portfolio, such as the sale of a business. They enter the household's tax
    /// return with and without the portfolio. `sma.knows_outside_gains` says when a specialist learns of
    /// them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside_gains: Vec<OutsideGain>,
    /// Changes of the income from outside the portfolio, such as at retirement, oldest first. Managers know the
    /// income of the year, not that of later years.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside_income: Vec<IncomeChange>,
}

/// An account in addition to the main account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct AccountConfig {
    /// Name.
    pub name: String,
    /// How it is taxed.
    pub kind: AccountKind,
    /// Cash at the start, in dollars.
    #[serde(default)]
    pub cash: Money,
    /// Date of birth of an IRA's owner. With it, the account makes the distributions that the law requires from a
    /// certain age on, in December, to the main account (IRC 401(a)(9)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<NaiveDate>,
}

/// A lot held before the first session. It is transferred in with its basis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct LegacyLot {
    /// Name of the account. Default: the main account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Symbol.
    pub symbol: String,
    /// Number of shares.
    pub quantity: Shares,
    /// Cost basis of the whole lot, in dollars.
    pub basis: Money,
    /// Date of purchase.
    pub acquired: NaiveDate,
    /// Whether the lot must never be sold.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keep: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(x: &bool) -> bool {
    !x
}

/// A gift in kind from taxable accounts. Long-term lots with the largest gain per dollar are given first (IRC
/// 170, 1015).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Gift {
    /// Value of each gift at the close, in dollars.
    pub amount: Money,
    /// How often the gift is made.
    pub every: Every,
    /// First date.
    pub from: NaiveDate,
    /// Last date. Default: the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// How an account is emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Sell everything and pay out the cash.
    Cash,
    /// Transfer the shares out unsold, and the cash with them.
    InKind,
}

/// An account to be closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Name of the account. Default: the main account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Date of closing; if it is not a session, the next one.
    pub date: NaiveDate,
    /// How the account is emptied.
    pub how: How,
}

/// How often something is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// Once, on one date.
    Once,
    /// Monthly, on the first session of each month.
    Month,
    /// Yearly, on the first session of each year.
    Year,
}

/// A client flow: positive for a contribution, negative for a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Dollars of each flow.
    pub amount: Money,
    /// How often the flow occurs.
    pub every: Every,
    /// First date. A flow with `once` falls on this date or on the next session.
    pub from: NaiveDate,
    /// Last date. Default: the end of the run.
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
            outside_gains: Vec::new(),
            outside_income: Vec::new(),
        }
    }
}
