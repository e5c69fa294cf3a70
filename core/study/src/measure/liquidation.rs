//! Liquidation: everything is sold on the last day and taxed at flat rates by term.

use chrono::NaiveDate;
use serde::Serialize;

use unisleeve_tax::{Carryforward, Lot, TaxRates, net, term};
use unisleeve_units::{Money, Price, Term};

/// Tax of selling everything. Amounts in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Liquidation {
    /// Gain of the open short-term lots.
    pub short: Money,
    /// Gain of the open long-term lots.
    pub long: Money,
    /// Tax. Never negative, since an unused loss has no flat rate.
    pub tax: Money,
    /// Short-term loss left over.
    pub unused_short: Money,
    /// Long-term loss left over.
    pub unused_long: Money,
}

/// Sells the lots at their prices on `date`. The carryforward first offsets gains of its own term, then of
/// the other. The rest is reported and has no value here.
pub fn liquidation(
    lots: &[(Lot, Price)],
    date: NaiveDate,
    carry: Carryforward,
    rates: TaxRates,
) -> Liquidation {
    let (mut short, mut long) = (Money::ZERO, Money::ZERO);
    for (lot, price) in lots {
        let value = Money::of(lot.quantity, *price);
        let (basis, start) = lot.basis_at(value);
        match term(start, date) {
            Term::Short => short += value - basis,
            Term::Long => long += value - basis,
        }
    }
    let netted = net(short, long, carry, Money::ZERO);
    let tax = |m: Money, rate: f64| Money::from_f64(m.to_f64() * rate).unwrap_or(Money::ZERO);
    Liquidation {
        short,
        long,
        tax: tax(netted.taxed_short, rates.short) + tax(netted.taxed_long, rates.long),
        unused_short: netted.carry.short,
        unused_long: netted.carry.long,
    }
}
