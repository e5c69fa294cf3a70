//! Exact quantities and identifiers. Money has 4 decimals, prices, shares and rates 6, all held as integers.
//!
//! Overflow: every input is bounded by [`LIMIT`] when it is read, and the ledger refuses to book once the absolute
//! sum of all that it booked passes the same bound, so sums of booked amounts stay far inside an `i64`.

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
    /// Gains, losses and income enter the household's return.
    Taxable,
    /// Traditional individual retirement account: nothing inside is taxed as it happens.
    Ira,
    /// Roth account: nothing inside is taxed.
    Roth,
    /// Health savings account: nothing inside is taxed (IRC 223(e)).
    Hsa,
    /// Employer's plan (IRC 401(k)): nothing inside is taxed as it happens.
    #[serde(rename = "401k")]
    Plan401k,
}

impl AccountKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Taxable, Self::Ira, Self::Roth, Self::Hsa, Self::Plan401k];
    /// Their words, for messages.
    pub const WORDS: &'static str = "taxable, ira, roth, hsa or 401k";

    /// By its word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether gains and income inside the account enter the year's return.
    pub fn is_taxable(self) -> bool {
        self == Self::Taxable
    }

    /// Whether money that leaves the account is ordinary income (IRC 408(d)(1)).
    pub fn is_tax_deferred(self) -> bool {
        matches!(self, Self::Ira | Self::Plan401k)
    }

    /// When the account pays what a household asks for: taxable accounts first, then tax-deferred ones, then untaxed ones.
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

/// Short-term or long-term (IRC 1222).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Term {
    /// Held one year or less.
    Short,
    /// Held more than one year.
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

/// What kind of income a distribution is.
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
