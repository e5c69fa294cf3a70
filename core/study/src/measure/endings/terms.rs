//! What an ending is computed from: lots with their gains, and the terms of each ending.

use chrono::NaiveDate;
use unisleeve_tax::{Carryforward, Income, Law, Lot, Outside, TaxRates, term};
use unisleeve_units::{Money, Price, Rate, Shares, Term};

/// Inputs of the endings that all arms share.
#[derive(Debug, Clone, PartialEq)]
pub struct EndingTerms {
    /// Law of the year whose return the endings enter, with brackets indexed to that year.
    pub law: Law,
    /// The household's finances outside the portfolio.
    pub outside: Outside,
    /// The household's flat rates.
    pub rates: TaxRates,
    /// Flat rates of a person who receives the portfolio.
    pub donee: TaxRates,
    /// Fraction of the final value given to charity, 0 to 1.
    pub charity_share: Rate,
}

/// State of a portfolio on its last day.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Last day.
    pub date: NaiveDate,
    /// Holdings plus cash, in dollars.
    pub value: Money,
    /// Tax accrued and not yet paid, in dollars; positive is owed.
    pub accrued_tax: Money,
    /// Fees due and not paid, in dollars.
    pub owed: Money,
    /// Open lots of taxable accounts at their last closes.
    pub lots: Vec<(Lot, Price)>,
    /// Income of the portfolio in the last year.
    pub income: Income,
    /// Losses carried into the last year.
    pub carried_in: Carryforward,
    /// Losses carried out of the last year.
    pub carried_out: Carryforward,
}

impl Position {
    /// Value less accrued tax and fees owed.
    pub fn wealth(&self) -> Money {
        self.value - self.accrued_tax - self.owed
    }

    pub(super) fn parcels(&self) -> Vec<Parcel> {
        let parcel = |(lot, price): &(Lot, Price)| {
            let value = Money::of(lot.quantity, *price);
            // For a lot that was itself received as a gift: the basis that applies to a sale at this price.
            let (basis, start) = lot.basis_at(value);
            Parcel { quantity: lot.quantity, price: *price, value, basis, term: term(start, self.date) }
        };
        self.lots.iter().map(parcel).collect()
    }
}

/// A lot with the figures that endings need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parcel {
    pub(super) quantity: Shares,
    pub(super) price: Price,
    pub(super) value: Money,
    pub(super) basis: Money,
    pub(super) term: Term,
}

impl Parcel {
    pub(super) fn gain(&self) -> Money {
        self.value - self.basis
    }
}
