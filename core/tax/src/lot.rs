//! Tax lots and the order in which they are sold (Reg. 1.1012-1(c): specific identification, or first in,
//! first out).

use core::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::gift::{Gift, GiftBasis, gift_basis};
use super::holding::last_long_start;
use unisleeve_units::{AccountId, LotId, Money, Price, Shares, SleeveId, Term};

/// Shares from one purchase, with one basis per share and one holding period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lot {
    /// Unique number of this piece. Pieces of the same purchase share `id`.
    pub piece: u32,
    /// The purchase.
    pub id: LotId,
    /// Account that holds the lot.
    pub account: AccountId,
    /// Sleeve that the lot belongs to.
    pub sleeve: SleeveId,
    /// Number of shares, positive.
    pub quantity: Shares,
    /// Adjusted basis of all shares, in dollars.
    pub basis: Money,
    /// Date of the purchase.
    pub acquired: NaiveDate,
    /// Start of the holding period; earlier than the purchase if these shares replaced others in a wash sale.
    pub holding_start: NaiveDate,
    /// Whether these shares may still replace shares sold at a loss. Purchased shares may, each share once
    /// (IRC 1091(a); Reg. 1.1091-1(e)). Shares from a gift or a spin-off may not, because they were not
    /// purchased.
    pub may_replace: bool,
    /// The second basis, for shares received by gift below the donor's basis.
    pub gift: Option<Gift>,
}

impl Lot {
    /// Splits off `quantity` shares with their part of the basis. Remainders from rounding stay in this lot.
    pub fn take(&mut self, quantity: Shares) -> Self {
        let gift = self.gift.map(|g| Gift { value: g.value.prorate(quantity, self.quantity), ..g });
        let part = Self { quantity, basis: self.basis.prorate(quantity, self.quantity), gift, ..*self };
        if let (Some(rest), Some(taken)) = (&mut self.gift, gift) {
            rest.value -= taken.value;
        }
        self.basis -= part.basis;
        self.quantity -= quantity;
        part
    }

    /// Basis and start of the holding period if the whole lot is sold for `net` proceeds.
    pub fn basis_at(&self, net: Money) -> (Money, NaiveDate) {
        let Some(gift) = self.gift else { return (self.basis, self.holding_start) };
        match gift_basis(self.basis, gift.value, net) {
            GiftBasis::Donor => (self.basis, self.holding_start),
            GiftBasis::Value => (gift.value, gift.date),
            GiftBasis::Neither => (net, self.holding_start),
        }
    }

    /// Gain from selling the whole lot at `price`, before costs; negative for a loss. Ignores the second
    /// basis of a gift.
    pub fn gain_at(&self, price: Price) -> Money {
        Money::of(self.quantity, price) - self.basis
    }
}

/// Flat tax rates by term, as fractions, used to choose lots and to value a liquidation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TaxRates {
    /// Rate on short-term gain.
    pub short: f64,
    /// Rate on long-term gain.
    pub long: f64,
}

impl TaxRates {
    /// The rate for `term`.
    pub fn of(self, term: Term) -> f64 {
        match term {
            Term::Short => self.short,
            Term::Long => self.long,
        }
    }
}

/// Which lots are sold first if the seller names none.
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

/// Sort key of a method; smaller goes first. The last fields break ties: the lot bought first goes first,
/// wherever it has been moved since.
type Key = (f64, f64, NaiveDate, NaiveDate, LotId, u32);

fn before(a: &Key, b: &Key) -> Ordering {
    a.0.total_cmp(&b.0)
        .then_with(|| a.1.total_cmp(&b.1))
        .then_with(|| (a.2, a.3, a.4, a.5).cmp(&(b.2, b.3, b.4, b.5)))
}

impl LotMethod {
    fn key(self, lot: &Lot, price: f64, long_from: NaiveDate, rates: TaxRates) -> Key {
        let basis = lot.basis.to_f64() / lot.quantity.to_f64();
        let (first, second) = match self {
            Self::MinTax => {
                let rate = if lot.holding_start <= long_from { rates.long } else { rates.short };
                (rate * (price - basis), -basis)
            }
            Self::Hifo => (-basis, 0.0),
            Self::Fifo => (0.0, 0.0),
        };
        match self {
            Self::Fifo => (first, second, lot.acquired, lot.holding_start, lot.id, lot.piece),
            _ => (first, second, lot.holding_start, lot.acquired, lot.id, lot.piece),
        }
    }

    /// Whether `one` is sold before `other` at `price`. `long_from` is the latest start of a holding period
    /// that is long-term.
    pub fn is_before(
        self,
        one: &Lot,
        other: &Lot,
        price: Price,
        long_from: NaiveDate,
        rates: TaxRates,
    ) -> bool {
        let key = |lot| self.key(lot, price.to_f64(), long_from, rates);
        before(&key(one), &key(other)).is_lt()
    }

    /// Chooses the pieces for a sale of `quantity` shares on `date` at `price`, in the method's order:
    /// `(piece, shares)`. The shares add up to less than `quantity` if the lots hold less.
    pub fn choose<'a>(
        self,
        lots: impl Iterator<Item = &'a Lot>,
        quantity: Shares,
        date: NaiveDate,
        price: Price,
        rates: TaxRates,
    ) -> Vec<(u32, Shares)> {
        let (price, long_from) = (price.to_f64(), last_long_start(date));
        let mut keyed: Vec<(Key, Shares)> =
            lots.map(|l| (self.key(l, price, long_from, rates), l.quantity)).collect();
        // The first piece alone fills most sales; then there is no need to sort.
        if let Some(first) = keyed.iter().min_by(|a, b| before(&a.0, &b.0))
            && first.1 >= quantity
        {
            return vec![(first.0.5, quantity)];
        }
        keyed.sort_unstable_by(|a, b| before(&a.0, &b.0));
        let (mut left, mut chosen) = (quantity, Vec::new());
        for (key, held) in keyed {
            let take = held.min(left);
            if !take.is_positive() {
                break;
            }
            chosen.push((key.5, take));
            left -= take;
        }
        chosen
    }
}
