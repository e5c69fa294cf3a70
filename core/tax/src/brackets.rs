//! Tax by brackets: ordinary income (IRC 1(a) to (d), (j)), preferential income (1(h)) and net investment income
//! (1411). The figures of each year are in [`law`](super::law).

use core::ops::{AddAssign, SubAssign};

use super::Law;
use unisleeve_units::{Money, Rate};

/// Tax on preferential income, and how much of the income falls under each rate. All dollars, zero or
/// positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GainsTax {
    /// Rates of the year, lowest first.
    pub rates: [Rate; 3],
    /// Income taxed at each of these rates.
    pub amounts: [Money; 3],
    /// The tax: at the rates above, or at the ordinary rates if that is less.
    pub tax: Money,
}

impl GainsTax {
    /// Income taxed at a rate, in percent; zero if the year has no such rate.
    pub fn at(&self, percent: i64) -> Money {
        let rate = Rate::from_raw(10_000 * percent);
        self.rates.iter().zip(self.amounts).filter(|(r, _)| **r == rate).map(|(_, amount)| amount).sum()
    }
}

impl Law {
    /// Tax on ordinary taxable income; zero for negative income.
    pub fn ordinary_tax(&self, income: Money) -> Money {
        if let Some(rates) = self.flat {
            return income.max(Money::ZERO).at(rates.short);
        }
        let (mut tax, mut bottom) = (Exact::default(), Money::ZERO);
        for (i, rate) in self.ordinary_rates.iter().enumerate() {
            let top = self.ordinary_tops.get(i).copied().unwrap_or(income.max(bottom));
            if income <= bottom {
                break;
            }
            tax.add(income.min(top) - bottom, *rate);
            bottom = top;
        }
        tax.rounded()
    }

    /// Tax on net long-term gain and qualified dividends, stacked on top of ordinary taxable income (IRC
    /// 1(h)).
    ///
    /// The tax never exceeds what the ordinary rates would add for the same income: the rates of 1(h) apply
    /// only if they give less (Form 1040, Qualified Dividends and Capital Gain Tax Worksheet, lines 23 to 25;
    /// Schedule D Tax Worksheet, lines 45 to 47). This matters where the 0% rate ends a little below the top
    /// of the 12% bracket. The amounts by rate always show the stacking by 1(h), even if the ordinary rates
    /// give less.
    pub fn gains_tax(&self, ordinary: Money, preferential: Money) -> GainsTax {
        let ordinary = ordinary.max(Money::ZERO);
        let preferential = preferential.max(Money::ZERO);
        let below = |top: Money| (top - ordinary).max(Money::ZERO).min(preferential);
        let first = below(self.gains_tops[0]);
        let second = below(self.gains_tops[1]);
        let amounts = [first, second - first, preferential - second];
        let rates = self.gains_rates.map(Rate::from_raw);
        if let Some(flat) = self.flat {
            return GainsTax { rates, amounts, tax: preferential.at(flat.long) };
        }
        let mut tax = Exact::default();
        for (amount, rate) in amounts.into_iter().zip(self.gains_rates) {
            tax.add(amount, rate);
        }
        let scheduled = self.ordinary_tax(ordinary + preferential) - self.ordinary_tax(ordinary);
        GainsTax { rates, amounts, tax: tax.rounded().min(scheduled) }
    }

    /// Net investment income tax: 3.8% of net investment income or of MAGI above the threshold, whichever is
    /// smaller; never negative (IRC 1411).
    pub fn niit(&self, net_investment_income: Money, magi: Money) -> Money {
        if self.flat.is_some() {
            return Money::ZERO;
        }
        let base = net_investment_income.min(magi - self.niit_threshold).max(Money::ZERO);
        base.at(self.niit_rate)
    }
}

/// A sum of amounts times rates, which rounds only once, at the end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Exact(i128);

impl Exact {
    pub(super) fn add(&mut self, amount: Money, rate_millionths: i64) {
        self.0 += i128::from(amount.raw()) * i128::from(rate_millionths);
    }

    /// `part / whole` of the sum, rounded toward zero in the tenth decimal; `whole` is positive.
    pub(super) fn share(self, part: Money, whole: Money) -> Self {
        Self(self.0 * i128::from(part.raw()) / i128::from(whole.raw().max(1)))
    }

    /// The sum in dollars, rounded half-even to 4 decimals. The sum must not be negative.
    pub(super) fn rounded(self) -> Money {
        let (q, r) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let up = r > 500_000 || (r == 500_000 && q % 2 == 1);
        Money::from_raw(i64::try_from(q + i128::from(up)).unwrap_or(i64::MAX))
    }
}

impl AddAssign for Exact {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Exact {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FilingStatus;

    #[test]
    fn the_published_examples() {
        // Computed from Rev. Proc. 2025-32 by an independent program.
        let single = Law::of(2026, FilingStatus::Single).unwrap();
        assert_eq!(single.ordinary_tax(Money::whole(100_000)), Money::whole(16_712));
        let g = single.gains_tax(Money::whole(100_000), Money::whole(50_000));
        assert_eq!(
            (g.at(0), g.at(15), g.at(20), g.tax),
            (Money::ZERO, Money::whole(50_000), Money::ZERO, Money::whole(7_500))
        );
        let joint = Law::of(2026, FilingStatus::Joint).unwrap();
        assert_eq!(joint.ordinary_tax(Money::whole(90_000)), Money::whole(10_304));
        let g = joint.gains_tax(Money::whole(90_000), Money::whole(20_000));
        assert_eq!(
            (g.at(0), g.at(15), g.tax),
            (Money::whole(8_900), Money::whole(11_100), Money::whole(1_665))
        );
        assert_eq!(joint.niit(Money::whole(125_000), Money::whole(400_000)), Money::whole(4_750));
        assert_eq!(joint.niit(Money::whole(125_000), Money::whole(300_000)), Money::whole(1_900));
    }

    /// Single 2026: the 0% rate ends at 49,450 and the 12% bracket at 50,400. In between, 15% would exceed
    /// the ordinary rate.
    #[test]
    fn gains_are_never_taxed_above_the_schedule() {
        let law = Law::of(2026, FilingStatus::Single).unwrap();
        let g = law.gains_tax(Money::whole(49_450), Money::whole(950));
        assert_eq!((g.at(15), g.tax), (Money::whole(950), Money::whole(114)));
        // 12% of 950 plus 22% of 350 is still less than 15% of the sum; with 500 instead of 350 it is more.
        assert_eq!(law.gains_tax(Money::whole(49_450), Money::whole(1_300)).tax, Money::whole(191));
        assert_eq!(law.gains_tax(Money::whole(49_450), Money::whole(1_450)).tax, Money::from_raw(2_175_000));
        assert_eq!(law.gains_tax(Money::whole(40_000), Money::whole(10_000)).tax, Money::from_raw(825_000));
        for year in [2000, 2003, 2013, 2025, 2026] {
            for status in
                [FilingStatus::Single, FilingStatus::Joint, FilingStatus::Head, FilingStatus::Separate]
            {
                let law = Law::of(year, status).unwrap();
                for ordinary in (0..800_000).step_by(950) {
                    for preferential in [1, 700, 5_000, 400_000] {
                        let (o, p) = (Money::whole(ordinary), Money::whole(preferential));
                        assert!(law.gains_tax(o, p).tax + law.ordinary_tax(o) <= law.ordinary_tax(o + p));
                    }
                }
            }
        }
    }
}
