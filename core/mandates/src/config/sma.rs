//! How separate managers work: the habits of the advisor and of the specialists.

use serde::{Deserialize, Deserializer, Serialize};

use super::Cadence;
use unisleeve_units::Money;

/// A set of habits. Each key of `[sma]` changes one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Practice {
    /// The best that separate managers can do.
    Best,
    /// A careful advisor with the custodian's feed of lots.
    #[default]
    Diligent,
    /// The advisor sees a direct index as one line, and rebalances by the calendar without regard to tax.
    Typical,
}

impl Practice {
    /// All practices, best first.
    pub const ALL: [Self; 3] = [Self::Best, Self::Diligent, Self::Typical];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Diligent => "diligent",
            Self::Typical => "typical",
        }
    }
}

/// Which sleeves pay when the household needs cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// Those that cost least in tax, spreads and drift.
    LeastCost,
    /// The overweight sleeves, in proportion to what they are over; then all by value.
    OverweightFirst,
    /// All sleeves in proportion to their value.
    ProRata,
    /// The advisor's funds by value; then the specialists' sleeves by value.
    FundsFirst,
}

/// Which lots of a fund the advisor sells first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum FundLots {
    /// The lots with the least tax.
    MinTax,
    /// The lots with the highest basis per share.
    Hifo,
    /// The oldest lots, which is what the law takes if no lot is identified (Reg. 1.1012-1(c)).
    Fifo,
}

/// When a specialist learns of the household's gains from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// On the day of the gain. In files also `true`.
    AtOnce,
    /// On the first session of December, in the review before the year ends.
    Yearly,
    /// Never. In files also `false`.
    Never,
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Flag(bool),
            Word(String),
        }
        match Either::deserialize(from)? {
            Either::Flag(true) => Ok(Self::AtOnce),
            Either::Flag(false) => Ok(Self::Never),
            Either::Word(word) => match word.as_str() {
                "at_once" => Ok(Self::AtOnce),
                "yearly" => Ok(Self::Yearly),
                "never" => Ok(Self::Never),
                _ => Err(serde::de::Error::unknown_variant(&word, &["at_once", "yearly", "never"])),
            },
        }
    }
}

/// What the advisor weighs drift against tax by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum DriftBy {
    /// The household's risk aversion and the covariance of the sleeves.
    Risk,
    /// `drift_price`, a price for each dollar of drift.
    Price,
}

/// What a specialist takes a harvested loss to be worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum HarvestRate {
    /// What the household's tax return says, as far as the specialist sees it.
    Household,
    /// The top rates of the law, for every loss.
    Top,
}

/// How separate managers work. A key that is left out comes from `practice`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct SmaConfig {
    /// The set of habits that the keys below change: `best`, `diligent` or `typical`. Default: `diligent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practice: Option<Practice>,
    /// Which sleeves pay when the household needs cash. Closed forms except for `least_cost`, which needs the
    /// lots. Firms raise cash from overweight positions first (Sensible Financial, raising cash for clients).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// Whether the advisor rebalances within the bands at the least tax. If false, it rebalances to the policy
    /// weights without regard to tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_aware: Option<bool>,
    /// Whether the advisor sees the lots in the specialists' sleeves. Portfolio software often carries a
    /// separate account as one line with a dummy ticker (Tamarac's help).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sees_lots: Option<bool>,
    /// Which lots of a fund the advisor sells first. Custodians default to `fifo` (Schwab, cost basis methods).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fund_lots: Option<FundLots>,
    /// How often the advisor rebalances between sleeves by the calendar. Three in ten firms do so quarterly
    /// (Advyzon, survey of 300 firms). Default: `trading.cadence`, or quarterly if that is less often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cadence: Option<Cadence>,
    /// How often the advisor looks at the bands between its rebalancings, and acts if one is broken. `never`:
    /// not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<Cadence>,
    /// How often a specialist trades within its sleeves by the calendar. Default: `trading.cadence`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialist_cadence: Option<Cadence>,
    /// Trading days between the advisor's request and the specialist's trade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<u32>,
    /// Trading days between the specialist's trade and the arrival of the money. Until then the advisor pays
    /// from cash, then by selling funds. Raising cash takes 3 to 6 business days in all (Sensible Financial).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag: Option<u32>,
    /// Cash that each specialist keeps, as a fraction of what it manages. Default: `trading.cash_buffer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffer: Option<f64>,
    /// Whether whoever runs a fund sleeve may harvest its losses with the sleeve's `pair`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harvest_funds: Option<bool>,
    /// When a specialist learns of the household's gains from outside: `at_once`, `yearly` or `never`. An
    /// overlay manager has no line of sight to the client's other taxable assets (Envestnet, disclosure).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knows_outside_gains: Option<Told>,
    /// What a specialist takes a loss to be worth: `household` or `top`. Managers assume that every client
    /// prefers harvesting at once (Envestnet, disclosure).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harvest_rate: Option<HarvestRate>,
    /// Smallest move of money between managers, in dollars. Smaller moves are not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_transfer: Option<Money>,
    /// What the advisor weighs drift by: `risk`, or `price` for the key `drift_price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift_by: Option<DriftBy>,
    /// Tax in dollars that the advisor accepts to remove a dollar of drift within the band; used with
    /// `drift_by = "price"`. Default: 0.01.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift_price: Option<f64>,
    /// Former place of `trading.band`, which applies to every arm. Still read. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<f64>,
}
