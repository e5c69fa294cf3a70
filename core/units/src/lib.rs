//! Exact quantities, identifiers and dates: the layer that every other crate builds on.
//!
//! - Amounts: [`Money`] has 4 decimals; [`Price`], [`Shares`] and [`Rate`] have 6. All are stored as integers
//!   and round half-even. [`Ratio`] is an exact fraction, for splits and spin-offs.
//! - Identifiers: [`SecurityId`], [`AccountId`], [`SleeveId`], [`MandateId`], [`PocketId`], [`LotId`] and
//!   [`TradeIndex`] are indices into the lists that define them.
//! - Words of the domain: [`AccountKind`], [`Term`] and [`IncomeKind`].
//! - Helpers: [`Fingerprint`] hashes data, [`is_option`] recognizes option tickers, [`sessions_a_year`] tells
//!   daily from monthly prices.
//!
//! Nothing here knows a tax rule, a market or a file.
//!
//! Overflow: every input is bounded by [`LIMIT`] when it is read. The ledger stops booking once the sum of
//! absolute amounts it has booked passes the same bound. Sums of booked amounts therefore stay far below the
//! range of `i64`.
//!
//! ```
//! use unisleeve_units::{Money, Price, Rate, Shares};
//!
//! let value = Money::of(Shares::whole(3), Price::parse("33.335").unwrap().value);
//! assert_eq!(value, Money::parse("100.005").unwrap().value);
//! let tax = value.at(Rate::parse("0.238").unwrap().value);
//! assert_eq!(tax.to_string(), "23.8012");
//! ```

mod fingerprint;
mod fixed;
mod id;
mod option;
mod ratio;
mod sessions;
#[cfg(feature = "typescript")]
mod typescript;

pub use fingerprint::{Fingerprint, hex};
pub use fixed::{Decimal, LIMIT, Money, ParseFixed, Price, Rate, Shares};
pub use id::{AccountId, LotId, MandateId, PocketId, SecurityId, SleeveId, TradeIndex};
pub use option::is_option;
pub use ratio::{ParseRatio, Ratio};
pub use sessions::sessions_a_year;

use serde::{Deserialize, Serialize};

/// How an account is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// Gains, losses and income go on the household's tax return.
    Taxable,
    /// Traditional individual retirement account: gains and income are not taxed until money leaves the
    /// account.
    Ira,
    /// Roth account: gains and income are not taxed.
    Roth,
    /// Health savings account: gains and income are not taxed (IRC 223(e)).
    Hsa,
    /// Employer's retirement plan (IRC 401(k)): gains and income are not taxed until money leaves the
    /// account.
    #[serde(rename = "401k")]
    Plan401k,
}

impl AccountKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Taxable, Self::Ira, Self::Roth, Self::Hsa, Self::Plan401k];
    /// The words used in files, as a list for messages.
    pub const WORDS: &'static str = "taxable, ira, roth, hsa or 401k";

    /// Finds a kind by its word in files; case does not matter.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether gains and income inside the account are taxed in the year they occur.
    pub fn is_taxable(self) -> bool {
        self == Self::Taxable
    }

    /// Whether withdrawals from the account are ordinary income (IRC 408(d)(1)).
    pub fn is_tax_deferred(self) -> bool {
        matches!(self, Self::Ira | Self::Plan401k)
    }

    /// The order in which accounts pay bills and withdrawals: 0 for taxable accounts, 1 for tax-deferred
    /// ones, 2 for the rest.
    pub fn paying_turn(self) -> u8 {
        if self.is_taxable() {
            0
        } else if self.is_tax_deferred() {
            1
        } else {
            2
        }
    }

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taxable => "taxable",
            Self::Ira => "ira",
            Self::Roth => "roth",
            Self::Hsa => "hsa",
            Self::Plan401k => "401k",
        }
    }
}

/// Holding period class of a gain or loss (IRC 1222).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Term {
    /// Held for one year or less.
    Short,
    /// Held for more than one year.
    Long,
}

impl Term {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Long => "long",
        }
    }
}

/// How a distribution is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncomeKind {
    /// Qualified dividend.
    QualifiedDividend,
    /// Other dividend.
    OrdinaryDividend,
    /// Interest.
    Interest,
}

impl IncomeKind {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QualifiedDividend => "qualified",
            Self::OrdinaryDividend => "ordinary",
            Self::Interest => "interest",
        }
    }
}
