//! The deduction for gifts to public charities: limits, floor and carryover (IRC 170).
//!
//! - Amount that counts (170(e)(1)(A)): long-term property with a gain counts at market value. Other property
//!   counts at market value less the short-term gain that a sale would have realized, so a short-term lot
//!   with a gain counts at its basis. See [`counted`].
//! - Limits, as a share of the contribution base, which is adjusted gross income (170(b)(1)(H)): cash 60%
//!   ((b)(1)(G), permanent by P.L. 119-21, section 70425; 50% until 2017, 100% in 2020 and 2021); other property 50% less the cash allowed
//!   ((b)(1)(A), (G)(iii)); long-term property with a gain 30%, and at most what the others leave of the 50%
//!   ((b)(1)(C)(i)).
//! - Floor, from 2026 ((b)(1)(I), P.L. 119-21, section 70425): of the amount within the limits, the first
//!   0.5% of the contribution base is not deductible. The floor reduces long-term property first, then other
//!   property, then cash.
//! - Carryover ((d)(1), (b)(1)(C)(ii)): the excess over a limit carries forward for five years and keeps its
//!   kind. If a kind has an excess, the amount that the floor took from it carries forward too ((d)(1)(C));
//!   otherwise that amount is lost.
//!
//! Not modeled: private foundations (30% and 20%), the election to count property at its basis
//! ((b)(1)(C)(iii)), qualified conservation gifts, appraisals and records, the deduction for people who don't
//! itemize ((p)), amounts carried in from earlier years. It is not settled whether (d)(1)(C) looks at all
//! kinds of gifts together; here each kind carries forward by itself.

use serde::Serialize;

use unisleeve_units::{Money, Rate, Term};

/// Number of years into which an excess carries forward.
pub const CARRYOVER_YEARS: u32 = 5;

/// First year of the floor.
const FLOOR_FROM: i32 = 2026;
/// The floor, as a share of the contribution base.
const FLOOR: Rate = Rate::from_raw(5_000);
/// Limit for cash, as a share of the contribution base: 50% until 2017 ((b)(1)(A)), 60% since then, and all of it
/// in 2020 and 2021 for those who elect so (P.L. 116-136, section 2205; P.L. 116-260, division EE, section 213).
const fn cash_limit(year: i32) -> Rate {
    match year {
        ..=2017 => Rate::from_raw(500_000),
        2020 | 2021 => Rate::ONE,
        _ => Rate::from_raw(600_000),
    }
}
/// Limit for all property, as a share of the contribution base.
const PROPERTY: Rate = Rate::from_raw(500_000);
/// Limit for long-term property with a gain, as a share of the contribution base.
const APPRECIATED: Rate = Rate::from_raw(300_000);

/// Dollars by kind of gift; zero or positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Gifts {
    /// Long-term property with a gain, at market value.
    pub appreciated: Money,
    /// Other property, at the amount that counts.
    pub other: Money,
    /// Cash.
    pub cash: Money,
}

impl Gifts {
    /// Sum of all kinds.
    pub fn total(&self) -> Money {
        self.appreciated + self.other + self.cash
    }
}

/// What happens to a year's gifts. `allowed + carried + lost` equals the amount given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Deduction {
    /// Deductible this year, before the overall limit of section 68.
    pub allowed: Gifts,
    /// Carried forward into the next [`CARRYOVER_YEARS`] years.
    pub carried: Gifts,
    /// Taken by the floor and not carried forward.
    pub lost: Gifts,
}

/// Dollars that a lot given in kind counts for. `term` is the term that a sale on the same day would have.
pub fn counted(value: Money, basis: Money, term: Term) -> Money {
    match term {
        Term::Long => value,
        Term::Short => value.min(basis),
    }
}

/// The deduction for `gifts` under the law of `year` with this contribution base.
///
/// ```
/// use unisleeve_tax::charity::{Gifts, deduct};
/// use unisleeve_units::Money;
///
/// // Income of 1,000,000 and 300,000 of stock in 2026: all within 30%, and the floor takes 5,000.
/// let gifts = Gifts { appreciated: Money::whole(300_000), ..Gifts::default() };
/// let deduction = deduct(2026, Money::whole(1_000_000), gifts);
/// assert_eq!(deduction.allowed.total(), Money::whole(295_000));
/// assert_eq!(deduction.lost.total(), Money::whole(5_000));
/// ```
pub fn deduct(year: i32, contribution_base: Money, gifts: Gifts) -> Deduction {
    let base = contribution_base.max(Money::ZERO);
    let cash = gifts.cash.min(base.at(cash_limit(year)));
    let property = (base.at(PROPERTY) - cash).max(Money::ZERO);
    let other = gifts.other.min(property);
    let appreciated = gifts.appreciated.min(base.at(APPRECIATED)).min(property - other);

    let mut floor = if year < FLOOR_FROM { Money::ZERO } else { base.at(FLOOR) };
    // The floor takes from the kinds in this order.
    let appreciated = split(gifts.appreciated, appreciated, &mut floor);
    let other = split(gifts.other, other, &mut floor);
    let cash = split(gifts.cash, cash, &mut floor);
    let part = |of: usize| Gifts { appreciated: appreciated[of], other: other[of], cash: cash[of] };
    Deduction { allowed: part(0), carried: part(1), lost: part(2) }
}

/// Splits the gifts of one kind into `[allowed, carried, lost]`, if `within` of `given` is inside the limits.
/// Reduces `floor` by the part that is used here.
fn split(given: Money, within: Money, floor: &mut Money) -> [Money; 3] {
    let floored = within.min(*floor);
    *floor -= floored;
    let excess = given - within;
    let allowed = within - floored;
    if excess.is_positive() {
        [allowed, excess + floored, Money::ZERO]
    } else {
        [allowed, Money::ZERO, floored]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    fn gifts(appreciated: i32, other: i32, cash: i32) -> Gifts {
        Gifts { appreciated: m(appreciated), other: m(other), cash: m(cash) }
    }

    /// Chevy Chase Trust, "Does the One Big Beautiful Bill Act Change Your Charitable Giving Plan?": income
    /// of 1,000,000 and a gift of 300,000 in 2026.
    #[test]
    fn the_floor_of_2026() {
        for given in [gifts(300_000, 0, 0), gifts(0, 300_000, 0), gifts(0, 0, 300_000)] {
            let d = deduct(2026, m(1_000_000), given);
            assert_eq!((d.allowed.total(), d.lost.total()), (m(295_000), m(5_000)));
            assert_eq!(deduct(2025, m(1_000_000), given).allowed, given);
        }
        // A gift below the floor: nothing is deductible and nothing carries forward.
        let d = deduct(2026, m(1_000_000), gifts(4_000, 0, 0));
        assert_eq!((d.allowed.total(), d.carried.total(), d.lost.total()), (m(0), m(0), m(4_000)));
    }

    /// Tax Facts 9067: income of 600,000 and 200,000 of stock: 180,000 is deductible this year, 20,000
    /// carries forward.
    #[test]
    fn stock_at_thirty_percent() {
        let d = deduct(2025, m(600_000), gifts(200_000, 0, 0));
        assert_eq!((d.allowed, d.carried), (gifts(180_000, 0, 0), gifts(20_000, 0, 0)));
        // In 2026 the floor takes 3,000 of the 180,000; it carries forward with the rest (170(d)(1)(C)).
        let d = deduct(2026, m(600_000), gifts(200_000, 0, 0));
        assert_eq!(
            (d.allowed, d.carried, d.lost),
            (gifts(177_000, 0, 0), gifts(23_000, 0, 0), gifts(0, 0, 0))
        );
    }

    /// Publication 526 (2008), worksheet 2: income of 50,000, cash of 2,000 and 28,000 of land held
    /// long-term: 15,000 of the land is deductible, 13,000 carries forward.
    #[test]
    fn the_limits_stack() {
        let d = deduct(2025, m(50_000), gifts(28_000, 0, 2_000));
        assert_eq!((d.allowed, d.carried), (gifts(15_000, 0, 2_000), gifts(13_000, 0, 0)));
        // Cash of 60% leaves nothing of the 50% for property.
        let d = deduct(2025, m(100_000), gifts(10_000, 10_000, 70_000));
        assert_eq!((d.allowed, d.carried), (gifts(0, 0, 60_000), gifts(10_000, 10_000, 10_000)));
        // Cash of 30,000 and other property of 10,000 leave 10,000 for long-term property.
        let d = deduct(2025, m(100_000), gifts(25_000, 10_000, 30_000));
        assert_eq!(d.allowed, gifts(10_000, 10_000, 30_000));
    }

    #[test]
    fn the_floor_takes_long_property_first() {
        let d = deduct(2026, m(1_000_000), gifts(2_000, 1_000, 10_000));
        assert_eq!((d.allowed, d.lost), (gifts(0, 0, 8_000), gifts(2_000, 1_000, 2_000)));
    }

    #[test]
    fn every_dollar_is_allowed_carried_or_lost() {
        for year in [2010, 2020, 2025, 2026] {
            for base in [-5_000, 0, 100_000, 1_000_000] {
                for given in [gifts(0, 0, 0), gifts(400_000, 3, 70_000), gifts(1, 600_000, 900_000)] {
                    let d = deduct(year, m(base), given);
                    assert_eq!(d.allowed.total() + d.carried.total() + d.lost.total(), given.total());
                    assert!(d.allowed.total() <= m(base.max(0)).at(cash_limit(year)));
                }
            }
        }
    }

    /// 170(e)(1)(A): the short-term gain of a sale does not count; a loss is not added back.
    #[test]
    fn what_a_lot_counts_for() {
        assert_eq!(counted(m(100), m(60), Term::Long), m(100));
        assert_eq!(counted(m(100), m(60), Term::Short), m(60));
        assert_eq!(counted(m(50), m(60), Term::Short), m(50));
    }
}
