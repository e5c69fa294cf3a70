//! Possible endings of a household's portfolio, side by side: kept, sold, left at death, given to a person,
//! given in part to charity.
//!
//! Endings are computed on the last day, in dollars, from the open lots of taxable accounts at their last
//! closes and from the tax return of the last year. All of them subtract tax accrued to that day and fees
//! owed. Cash and accounts without capital gains tax count at face value. No ending checks for wash sales or
//! includes estate or gift tax.

mod charity;
mod gift;
mod sale;
mod step_up;
mod terms;

use terms::Parcel;
pub use terms::{EndingTerms, Position};

use serde::Serialize;

use super::{Liquidation, liquidation};
use unisleeve_tax::{Carryforward, Income};
use unisleeve_units::Money;

pub use charity::CharityEnding;
pub use gift::GiftEnding;
pub use sale::BracketedSale;
pub use step_up::StepUp;

/// The portfolio is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Kept {
    /// Value less accrued tax and fees owed, with nothing sold.
    pub wealth: Money,
}

/// Everything is sold and taxed at flat rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct FlatSale {
    /// Wealth after the tax of the sale.
    pub wealth: Money,
    /// Tax of the sale.
    pub tax: Money,
}

/// All endings of one arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Endings {
    /// Income of the portfolio in the last year, before its ending.
    pub income: Income,
    /// Losses carried into that year.
    pub carried_in: Carryforward,
    /// Kept, with nothing sold.
    pub keep: Kept,
    /// Everything sold and taxed at flat rates by term: [`liquidation()`].
    pub liquidate: FlatSale,
    /// Everything sold and taxed within the household's return of the last year.
    pub liquidate_bracketed: BracketedSale,
    /// Left at death.
    pub step_up: StepUp,
    /// Given to a person, who sells at once.
    pub gift: GiftEnding,
    /// A fraction given to charity, and the rest kept.
    pub charity: CharityEnding,
}

/// Computes all endings of a position, and the liquidation at flat rates.
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
    use chrono::NaiveDate;
    use unisleeve_tax::{Carryforward, FilingStatus, Income, Law, Lot, Outside, TaxRates};
    use unisleeve_units::{AccountId, LotId, Price, Rate, Shares, SleeveId};

    pub(super) fn m(x: i32) -> Money {
        Money::whole(x)
    }

    pub(super) fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// `(shares, price, basis, is long-term)`.
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

    /// A couple with an income of one million: rates of 40.8% and 23.8%.
    pub(super) fn terms() -> EndingTerms {
        let rates = TaxRates { short: 0.408, long: 0.238 };
        EndingTerms {
            law: Law::of(2026, FilingStatus::Joint).unwrap(),
            outside: Outside::default(),
            rates,
            donee: rates,
            charity_share: Rate::from_raw(100_000),
        }
    }

    /// A long-term gain of 40,000, a short-term gain of 1,000 and a short-term loss of 5,000.
    #[test]
    fn side_by_side() {
        let mut position = position(
            &[(1_000, 100, 60_000, true), (100, 50, 4_000, false), (100, 50, 10_000, false)],
            10_000,
        );
        position.accrued_tax = m(500);
        let (e, _) = endings(&position, &terms());
        assert_eq!(e.keep.wealth, m(119_500));
        // Short-term -4,000 against long-term 40,000: 36,000 at 23.8%.
        assert_eq!((e.liquidate.tax, e.liquidate.wealth), (m(8_568), m(110_932)));
        assert_eq!(e.liquidate_bracketed.tax, m(8_568), "the top of the brackets is flat");
        assert_eq!(e.step_up.wealth, m(119_500));
        assert_eq!((e.step_up.gain_erased, e.step_up.loss_erased), (m(41_000), m(5_000)));
        // The loss does not pass on: 1,000 at 40.8% and 40,000 at 23.8%.
        assert_eq!(e.gift.tax, m(9_928));
        assert_eq!(e.gift.loss_not_passed_on, m(5_000));
        // A tenth of 120,000: 120 shares of the long-term lot.
        assert_eq!((e.charity.given, e.charity.gain_never_taxed), (m(12_000), m(4_800)));
    }

    /// A lot was received as a gift at 6,000, below the donor's basis of 10,000. Worth 8,000 now, it has
    /// neither gain nor loss. Worth 5,000 now, it has a loss from 6,000.
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

    /// Without gains or losses, every ending except charity leaves the same wealth.
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
