//! A fraction of the portfolio is given to a public charity and the rest is kept.
//!
//! Lots are given until the amount is reached, whole lots and part of the last one, in this order:
//!
//! 1. Long-term lots with a gain, in kind, with the highest gain per dollar first. They count at market
//!    value, and the gain is never taxed.
//! 2. Lots without a gain, sold, with the highest loss per dollar first. The proceeds are given as cash: a
//!    charity can't use the loss, but the household's return can.
//! 3. Short-term lots with a gain, in kind, with the lowest gain per dollar first. They only count at their
//!    basis.
//!
//! Cash and holdings of nontaxable accounts are not given, so the gift may be smaller than requested. The
//! household is assumed to itemize without the gift already. The flat state rate follows the federal
//! deduction. Deductions carried forward are shown but have no value here.

use core::cmp::Ordering;

use serde::Serialize;

use super::{EndingTerms, Parcel, Position};
use unisleeve_tax::charity::{Deduction, Gifts, counted, deduct};
use unisleeve_tax::itemised::reduction;
use unisleeve_tax::{Income, Outside, bill};
use unisleeve_units::{Money, Term};

/// A gift to charity out of a portfolio. Amounts in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct CharityEnding {
    /// Wealth of the household: value less accrued tax, fees owed and the gift, plus the tax saved.
    pub wealth: Money,
    /// Requested gift.
    pub asked: Money,
    /// Gift at market value.
    pub given: Money,
    /// Part of the gift that is proceeds of lots sold.
    pub given_in_cash: Money,
    /// Unrealized gain of the lots given in kind, never taxed.
    pub gain_never_taxed: Money,
    /// Short-term loss of the lots sold, positive.
    pub loss_realized_short: Money,
    /// Long-term loss of the lots sold, positive.
    pub loss_realized_long: Money,
    /// Adjusted gross income of the year, on which the limits are based.
    pub contribution_base: Money,
    /// Amounts of the gift deductible this year, carried forward and lost.
    pub deduction: Deduction,
    /// Reduction of this year's deduction by the overall limit on itemized deductions (section 68).
    pub section_68: Money,
    /// Tax saved this year by the deduction.
    pub tax_saved_by_deduction: Money,
    /// Tax saved this year by the losses of the lots sold.
    pub tax_saved_by_losses: Money,
    /// Deduction carried into the next five years, all kinds together.
    pub carried_deduction: Money,
}

/// The lots picked so far.
#[derive(Debug, Default)]
struct Basket {
    left: Money,
    given: Money,
    gain: Money,
    gifts: Gifts,
    loss: Income,
}

/// Orders lots by gain per dollar of value. Values are positive.
fn by_gain(a: &Parcel, b: &Parcel) -> Ordering {
    let cross = |gain: Money, value: Money| i128::from(gain.raw()) * i128::from(value.raw());
    cross(a.gain(), b.value).cmp(&cross(b.gain(), a.value))
}

impl Basket {
    /// Takes parcels in order until the requested amount is reached.
    fn take(&mut self, parcels: &[Parcel], mut give: impl FnMut(&mut Self, &Parcel)) {
        for parcel in parcels {
            let part = if parcel.value <= self.left {
                *parcel
            } else {
                let quantity = self.left.shares_at(parcel.price).min(parcel.quantity);
                let basis = parcel.basis.prorate(quantity, parcel.quantity);
                Parcel { quantity, value: Money::of(quantity, parcel.price), basis, ..*parcel }
            };
            self.given += part.value;
            give(self, &part);
            if part.quantity < parcel.quantity {
                self.left = Money::ZERO;
            }
            self.left -= part.value.min(self.left);
            if self.left.is_zero() {
                return;
            }
        }
    }

    fn in_kind(&mut self, part: &Parcel) {
        let counts = counted(part.value, part.basis, part.term);
        match part.term {
            Term::Long => self.gifts.appreciated += counts,
            Term::Short => self.gifts.other += counts,
        }
        self.gain += part.gain();
    }

    fn sold(&mut self, part: &Parcel) {
        self.gifts.cash += part.value;
        match part.term {
            Term::Long => self.loss.net_long += part.gain(),
            Term::Short => self.loss.net_short += part.gain(),
        }
    }
}

fn basket(asked: Money, parcels: &[Parcel]) -> Basket {
    let mut basket = Basket { left: asked, ..Basket::default() };
    if !asked.is_positive() {
        return basket;
    }
    let of = |want: &dyn Fn(&Parcel) -> bool| -> Vec<Parcel> {
        let mut some: Vec<Parcel> =
            parcels.iter().filter(|p| p.value.is_positive() && want(p)).copied().collect();
        some.sort_by(by_gain);
        some
    };
    let mut long = of(&|p| p.gain().is_positive() && p.term == Term::Long);
    // Both sorts are stable: among equal gains per dollar, the earlier lot comes first.
    long.sort_by(|a, b| by_gain(b, a));
    let none = of(&|p| !p.gain().is_positive());
    let short = of(&|p| p.gain().is_positive() && p.term == Term::Short);
    for (parcels, give) in
        [(long, Basket::in_kind as fn(&mut Basket, &Parcel)), (none, Basket::sold), (short, Basket::in_kind)]
    {
        if basket.left.is_positive() {
            basket.take(&parcels, give);
        }
    }
    basket
}

pub(super) fn charity(position: &Position, parcels: &[Parcel], terms: &EndingTerms) -> CharityEnding {
    let EndingTerms { law, outside, charity_share, .. } = terms;
    let asked = position.value.max(Money::ZERO).at(*charity_share);
    let basket = basket(asked, parcels);
    let income = position.income + basket.loss;
    let before = bill(law, outside, &position.income, position.carried_in);
    let sold = bill(law, outside, &income, position.carried_in);
    let deduction = deduct(law.year, sold.agi, basket.gifts);
    let allowed = deduction.allowed.total();
    let section_68 = reduction(law, allowed, sold.taxable_income);
    let less = Outside { ordinary_taxable: outside.ordinary_taxable - (allowed - section_68), ..*outside };
    let after = bill(law, &less, &income, position.carried_in);
    let tax_saved_by_losses = before.total() - sold.total();
    let tax_saved_by_deduction = sold.total() - after.total();
    CharityEnding {
        wealth: position.wealth() - basket.given + tax_saved_by_losses + tax_saved_by_deduction,
        asked,
        given: basket.given,
        given_in_cash: basket.gifts.cash,
        gain_never_taxed: basket.gain,
        loss_realized_short: -basket.loss.net_short,
        loss_realized_long: -basket.loss.net_long,
        contribution_base: sold.agi.max(Money::ZERO),
        deduction,
        section_68,
        tax_saved_by_deduction,
        tax_saved_by_losses,
        carried_deduction: deduction.carried.total(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{m, position, terms};
    use super::*;
    use crate::measure::endings::endings;
    use unisleeve_units::Rate;

    fn share(percent: i64) -> EndingTerms {
        EndingTerms { charity_share: Rate::from_raw(percent * 10_000), ..terms() }
    }

    /// A joint income of 1,000,000, and 40,000 of long-term stock. 5,000 are below the floor. The other
    /// 35,000 count, all in the top bracket, and lose 2/37 of their value: 35% of 35,000 is saved.
    #[test]
    fn the_floor_and_the_cap_of_2026() {
        let position = position(&[(100, 1_000, 20_000, true), (300, 1_000, 290_000, true)], 0);
        let (e, _) = endings(&position, &share(10));
        let c = e.charity;
        assert_eq!((c.given, c.gain_never_taxed, c.contribution_base), (m(40_000), m(32_000), m(1_000_000)));
        assert_eq!((c.deduction.allowed.total(), c.deduction.lost.total()), (m(35_000), m(5_000)));
        assert!(
            (c.tax_saved_by_deduction - m(12_250)).abs() <= Money::from_raw(1),
            "{}",
            c.tax_saved_by_deduction
        );
        assert_eq!(c.wealth, m(360_000) + c.tax_saved_by_deduction);
        // The law of 2025 has neither the floor nor the cap.
        let law = unisleeve_tax::Law::of(2025, unisleeve_tax::FilingStatus::Joint).unwrap();
        let (e, _) = endings(&position, &EndingTerms { law, ..share(10) });
        assert_eq!(e.charity.tax_saved_by_deduction, m(14_800));
    }

    /// 30% of 1,000,000 counts this year. The rest is carried, with the amount below the floor.
    #[test]
    fn more_than_thirty_percent_is_carried() {
        let (e, _) = endings(&position(&[(500, 1_000, 20_000, true)], 0), &share(100));
        let c = e.charity;
        assert_eq!((c.given, c.gain_never_taxed), (m(500_000), m(480_000)));
        assert_eq!((c.deduction.allowed.appreciated, c.carried_deduction), (m(295_000), m(205_000)));
        // The top bracket starts at 768,700. Of the 295,000, 231,300 lie above it and are cut by 2/37.
        assert_eq!(c.section_68, m(231_300).fraction(2, 37));
    }

    /// Long-term gains first, then losses as cash, then short-term gains at their basis.
    #[test]
    fn what_is_given_in_which_order() {
        let lots = [
            (10, 1_000, 9_000, false),
            (10, 1_000, 15_000, true),
            (10, 1_000, 6_000, true),
            (20, 1_000, 21_000, false),
        ];
        let at = |percent| endings(&position(&lots, 0), &share(percent)).0.charity;
        let c = at(20);
        assert_eq!((c.given, c.gain_never_taxed, c.given_in_cash), (m(10_000), m(4_000), m(0)));
        // 5,000 more: half of the long-term lot, which has the highest loss per dollar.
        let c = at(30);
        assert_eq!((c.given, c.given_in_cash, c.loss_realized_long), (m(15_000), m(5_000), m(2_500)));
        // -2,500 at 37%, since there are no gains to offset.
        assert_eq!(c.tax_saved_by_losses, m(925));
        let c = at(100);
        assert_eq!((c.given, c.given_in_cash, c.gain_never_taxed), (m(50_000), m(30_000), m(5_000)));
        assert_eq!((c.loss_realized_short, c.loss_realized_long), (m(1_000), m(5_000)));
        assert_eq!(c.deduction.allowed.total() + c.deduction.lost.total(), m(10_000 + 30_000 + 9_000));
    }

    #[test]
    fn cash_is_not_given() {
        let c = endings(&position(&[(1, 100, 50, true)], 900), &share(50)).0.charity;
        assert_eq!((c.asked, c.given, c.tax_saved_by_deduction), (m(500), m(100), m(0)));
        let c = endings(&position(&[(1, 100, 50, true)], -900), &share(50)).0.charity;
        assert_eq!((c.asked, c.given), (m(0), m(0)));
    }
}
