//! How a household's portfolio may end, side by side: kept, sold, left at death, given to a person, given to charity.
//!
//! Every ending is figured on the last day, from the open lots of the taxable accounts at their last closes and from the
//! return of the last year, in dollars. Tax accrued up to that day is subtracted in all of them. What cash and the accounts
//! without capital gains tax hold counts at its face. No ending tests for wash sales, and none counts estate or gift tax.

mod charity;
mod gift;
mod sale;
mod step_up;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Liquidation, liquidation};
use unisleeve_tax::{Carryforward, Income, Law, Lot, Outside, TaxRates, term};
use unisleeve_units::{Money, Price, Rate, Shares, Term};

pub use charity::CharityEnding;
pub use gift::GiftEnding;
pub use sale::BracketedSale;
pub use step_up::StepUp;

/// What the endings of every arm rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct EndingTerms {
    /// Law of the year whose return the endings enter, brackets as indexed by then.
    pub law: Law,
    /// Tax year of the law, which decides what charity rules hold.
    pub law_year: i32,
    /// The household outside the portfolio.
    pub outside: Outside,
    /// The household's flat rates.
    pub rates: TaxRates,
    /// The flat rates of a person who is given the portfolio.
    pub donee: TaxRates,
    /// Part of the final value that goes to charity, 0 to 1.
    pub charity_share: Rate,
}

/// Where a portfolio stands on its last day.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// The last day.
    pub date: NaiveDate,
    /// Holdings plus cash.
    pub value: Money,
    /// Tax accrued and not paid: positive is owed.
    pub accrued_tax: Money,
    /// Fees owed and not paid.
    pub owed: Money,
    /// Open lots of taxable accounts at their last closes.
    pub lots: Vec<(Lot, Price)>,
    /// What the portfolio brought into the last year.
    pub income: Income,
    /// Losses carried into the last year.
    pub carried_in: Carryforward,
    /// Losses carried out of it.
    pub carried_out: Carryforward,
}

impl Position {
    /// Value less accrued tax and fees owed.
    pub fn wealth(&self) -> Money {
        self.value - self.accrued_tax - self.owed
    }

    fn parcels(&self) -> Vec<Parcel> {
        let parcel = |(lot, price): &(Lot, Price)| {
            let value = Money::of(lot.quantity, *price);
            // Of a lot that was itself received by gift, the basis that a sale at this price would use.
            let (basis, start) = lot.basis_at(value);
            Parcel { quantity: lot.quantity, price: *price, value, basis, term: term(start, self.date) }
        };
        self.lots.iter().map(parcel).collect()
    }
}

/// A lot as an ending sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parcel {
    quantity: Shares,
    price: Price,
    value: Money,
    basis: Money,
    term: Term,
}

impl Parcel {
    fn gain(&self) -> Money {
        self.value - self.basis
    }
}

/// A plain amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Kept {
    /// Value less accrued tax, nothing sold.
    pub wealth: Money,
}

/// Sold at flat rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct FlatSale {
    /// What is left.
    pub wealth: Money,
    /// Tax of the sale.
    pub tax: Money,
}

/// All endings of one arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Endings {
    /// What the portfolio brought into the last year, before its ending.
    pub income: Income,
    /// Losses carried into that year.
    pub carried_in: Carryforward,
    /// Nothing sold.
    pub keep: Kept,
    /// Everything sold at flat rates by term: [`liquidation`].
    pub liquidate: FlatSale,
    /// Everything sold within the household's return of the last year.
    pub liquidate_bracketed: BracketedSale,
    /// Left at death.
    pub step_up: StepUp,
    /// Given to a person, who sells at once.
    pub gift: GiftEnding,
    /// A part given to charity in kind, the rest kept.
    pub charity: CharityEnding,
}

/// Figures every ending of a position.
pub fn endings(position: &Position, terms: &EndingTerms) -> (Endings, Liquidation) {
    let parcels = position.parcels();
    let sale = liquidation(&position.lots, position.date, position.carried_out, terms.rates);
    let wealth = position.wealth();
    let endings = Endings {
        income: position.income,
        carried_in: position.carried_in,
        keep: Kept { wealth },
        liquidate: FlatSale { wealth: wealth - sale.tax, tax: sale.tax },
        liquidate_bracketed: sale::bracketed(position, &sale, terms),
        step_up: step_up::step_up(position, &parcels),
        gift: gift::gift(wealth, &parcels, terms.donee),
        charity: charity::charity(position, &parcels, terms),
    };
    (endings, sale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use unisleeve_tax::FilingStatus;
    use unisleeve_units::{AccountId, LotId, SleeveId};

    pub(super) fn m(x: i32) -> Money {
        Money::whole(x)
    }

    pub(super) fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// `(shares, price, basis, long)`.
    pub(super) fn lot(piece: u32, (shares, price, basis, long): (i32, i32, i32, bool)) -> (Lot, Price) {
        let acquired = d(if long { "2020-01-02" } else { "2026-06-01" });
        let lot = Lot {
            piece,
            id: LotId(piece),
            account: AccountId::MAIN,
            sleeve: SleeveId(0),
            quantity: Shares::whole(shares),
            basis: m(basis),
            acquired,
            holding_start: acquired,
            may_replace: true,
            gift: None,
        };
        (lot, Price::whole(price))
    }

    pub(super) fn position(lots: &[(i32, i32, i32, bool)], cash: i32) -> Position {
        let lots: Vec<_> = lots.iter().enumerate().map(|(i, l)| lot(i as u32, *l)).collect();
        let held: Money = lots.iter().map(|(l, p)| Money::of(l.quantity, *p)).sum();
        Position {
            date: d("2026-12-31"),
            value: held + m(cash),
            accrued_tax: Money::ZERO,
            owed: Money::ZERO,
            lots,
            income: Income::default(),
            carried_in: Carryforward::default(),
            carried_out: Carryforward::default(),
        }
    }

    /// A couple with an income of a million: 40.8% and 23.8%.
    pub(super) fn terms() -> EndingTerms {
        let rates = TaxRates { short: 0.408, long: 0.238 };
        EndingTerms {
            law: Law::of(2026, FilingStatus::Joint).unwrap(),
            law_year: 2026,
            outside: Outside::default(),
            rates,
            donee: rates,
            charity_share: Rate::from_raw(100_000),
        }
    }

    /// A gain of 40,000 held long, one of 1,000 and a loss of 5,000 held short.
    #[test]
    fn side_by_side() {
        let mut position = position(
            &[(1_000, 100, 60_000, true), (100, 50, 4_000, false), (100, 50, 10_000, false)],
            10_000,
        );
        position.accrued_tax = m(500);
        let (e, _) = endings(&position, &terms());
        assert_eq!(e.keep.wealth, m(119_500));
        // Short -4,000 against long 40,000: 36,000 at 23.8%.
        assert_eq!((e.liquidate.tax, e.liquidate.wealth), (m(8_568), m(110_932)));
        assert_eq!(e.liquidate_bracketed.tax, m(8_568), "the top of the brackets is flat");
        assert_eq!(e.step_up.wealth, m(119_500));
        assert_eq!((e.step_up.gain_erased, e.step_up.loss_erased), (m(41_000), m(5_000)));
        // The loss does not pass: 1,000 at 40.8% and 40,000 at 23.8%.
        assert_eq!(e.gift.tax, m(9_928));
        assert_eq!(e.gift.loss_not_passed_on, m(5_000));
        // A tenth of 120,000: 120 shares of the long lot.
        assert_eq!((e.charity.given, e.charity.gain_never_taxed), (m(12_000), m(4_800)));
    }

    /// A lot received by gift at 6,000 below the donor's 10,000 and now worth 8,000 has neither gain nor loss; now worth
    /// 5,000, it has a loss from 6,000.
    #[test]
    fn lots_received_by_gift() {
        for (price, loss) in [(80, 0), (50, 1_000)] {
            let mut position = position(&[(100, price, 10_000, true)], 0);
            position.lots[0].0.gift =
                Some(unisleeve_tax::gift::Gift { value: m(6_000), date: d("2026-06-01") });
            let (e, sale) = endings(&position, &terms());
            assert_eq!((e.step_up.gain_erased, e.step_up.loss_erased), (m(0), m(loss)));
            assert_eq!((sale.short, sale.long), (m(-loss), m(0)));
        }
    }

    /// Without gains or losses every ending but charity leaves the same.
    #[test]
    fn nothing_gained_nothing_taxed() {
        let position = position(&[(10, 100, 1_000, true), (5, 20, 100, false)], 400);
        let none = EndingTerms { charity_share: Rate::ZERO, ..terms() };
        let (e, _) = endings(&position, &none);
        for wealth in [
            e.liquidate.wealth,
            e.liquidate_bracketed.wealth,
            e.step_up.wealth,
            e.gift.wealth,
            e.charity.wealth,
        ] {
            assert_eq!(wealth, e.keep.wealth);
        }
    }
}
