//! Tax lots and the order in which they are sold (Reg. 1.1012-1(c): specific identification, or first in, first out).

use core::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::term;
use crate::units::{AccountId, LotId, Money, Price, Shares, SleeveId, Term};

/// Shares of one purchase with one basis per share and one holding period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lot {
    /// Names this piece among all; the pieces of a purchase share `id`.
    pub piece: u32,
    /// The purchase.
    pub id: LotId,
    /// Account that holds it.
    pub account: AccountId,
    /// Sleeve it belongs to.
    pub sleeve: SleeveId,
    /// Shares, positive.
    pub quantity: Shares,
    /// Adjusted basis.
    pub basis: Money,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period, tacked where these shares replaced others.
    pub holding_start: NaiveDate,
    /// Whether these shares have served as replacement shares: each may do so once (Reg. 1.1091-1(e)).
    pub replacement: bool,
}

impl Lot {
    /// Gain of selling all of it at `price`, before costs.
    pub fn gain_at(&self, price: Price) -> Money {
        Money::of(self.quantity, price) - self.basis
    }
}

/// Flat rates by term, for the choice of lots and for liquidation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TaxRates {
    /// On short-term gain.
    pub short: f64,
    /// On long-term gain.
    pub long: f64,
}

impl TaxRates {
    /// The rate of a term.
    pub fn of(self, term: Term) -> f64 {
        match term {
            Term::Short => self.short,
            Term::Long => self.long,
        }
    }
}

/// Which lot is sold first when the seller names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LotMethod {
    /// Least tax per share first.
    #[default]
    MinTax,
    /// Highest basis per share first.
    Hifo,
    /// Oldest first.
    Fifo,
}

impl LotMethod {
    /// Whether `a` is sold before `b` on `date` at `price`. A total order: ties go to the older piece.
    pub fn compare(self, a: &Lot, b: &Lot, date: NaiveDate, price: Price, rates: TaxRates) -> Ordering {
        let per_share = |l: &Lot| l.basis.to_f64() / l.quantity.to_f64();
        let tax = |l: &Lot| rates.of(term(l.holding_start, date)) * (price.to_f64() - per_share(l));
        let age = |l: &Lot| (l.holding_start, l.acquired, l.piece);
        match self {
            Self::MinTax => tax(a).total_cmp(&tax(b)).then_with(|| per_share(b).total_cmp(&per_share(a))),
            Self::Hifo => per_share(b).total_cmp(&per_share(a)),
            Self::Fifo => a.acquired.cmp(&b.acquired),
        }
        .then_with(|| age(a).cmp(&age(b)))
    }
}
