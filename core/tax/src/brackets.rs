//! Federal rates and thresholds (Rev. Proc. 2024-40 for 2025, Rev. Proc. 2025-32 for 2026; IRC 1(h), 1(j), 1411).

use core::ops::{AddAssign, SubAssign};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use unisleeve_units::{Money, Rate};

/// Filing status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum FilingStatus {
    /// Unmarried.
    Single,
    /// Married filing jointly.
    Joint,
    /// Head of household.
    Head,
    /// Married filing separately.
    Separate,
}

impl FilingStatus {
    /// Net capital loss that other income absorbs in a year (IRC 1211(b)); fixed in the statute.
    pub fn loss_limit(self) -> Money {
        Money::whole(if self == Self::Separate { 1_500 } else { 3_000 })
    }
}

/// A tax year whose figures are not held.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("tax year {0} is not known: expected 2025 or 2026")]
pub struct UnknownTaxYear(pub i32);

/// Ordinary rates, lowest bracket first (IRC 1(j)(2)).
const ORDINARY_RATES: [i64; 7] = [100_000, 120_000, 220_000, 240_000, 320_000, 350_000, 370_000];

/// The law of one year for one filing status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Tops of all ordinary brackets but the last.
    ordinary_tops: [Money; 6],
    /// Taxable income up to which gains are taxed at 0%.
    zero_top: Money,
    /// Taxable income up to which gains are taxed at 15%.
    fifteen_top: Money,
    /// MAGI above which net investment income is taxed (IRC 1411(b); not indexed).
    niit_threshold: Money,
    /// Capital loss allowed against ordinary income (IRC 1211(b); not indexed).
    pub loss_limit: Money,
    /// One rate on ordinary income and short-term gain and one on preferential income, instead of all brackets.
    flat: Option<FlatRates>,
}

/// Rates that do not depend on income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlatRates {
    /// On ordinary income and short-term gain.
    pub short: Rate,
    /// On long-term gain and qualified dividends.
    pub long: Rate,
}

/// Tax on preferential income and how much of it falls to each rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct GainsTax {
    /// Income taxed at 0%.
    pub at0: Money,
    /// Income taxed at 15%.
    pub at15: Money,
    /// Income taxed at 20%.
    pub at20: Money,
    /// The tax: of the rates above, or of the ordinary schedule where that is less.
    pub tax: Money,
}

impl Law {
    /// The law of `year`.
    ///
    /// # Errors
    /// When the year is not held.
    pub fn of(year: i32, status: FilingStatus) -> Result<Self, UnknownTaxYear> {
        use FilingStatus::{Head, Joint, Separate, Single};
        let (tops, zero_top, fifteen_top) = match (year, status) {
            (2025, Single) => ([11_925, 48_475, 103_350, 197_300, 250_525, 626_350], 48_350, 533_400),
            (2025, Joint) => ([23_850, 96_950, 206_700, 394_600, 501_050, 751_600], 96_700, 600_050),
            (2025, Separate) => ([11_925, 48_475, 103_350, 197_300, 250_525, 375_800], 48_350, 300_000),
            (2025, Head) => ([17_000, 64_850, 103_350, 197_300, 250_500, 626_350], 64_750, 566_700),
            (2026, Single) => ([12_400, 50_400, 105_700, 201_775, 256_225, 640_600], 49_450, 545_500),
            (2026, Joint) => ([24_800, 100_800, 211_400, 403_550, 512_450, 768_700], 98_900, 613_700),
            (2026, Separate) => ([12_400, 50_400, 105_700, 201_775, 256_225, 384_350], 49_450, 306_850),
            (2026, Head) => ([17_700, 67_450, 105_700, 201_750, 256_200, 640_600], 66_200, 579_600),
            _ => return Err(UnknownTaxYear(year)),
        };
        let niit_threshold = match status {
            Joint => 250_000,
            Separate => 125_000,
            Single | Head => 200_000,
        };
        Ok(Self {
            ordinary_tops: tops.map(Money::whole),
            zero_top: Money::whole(zero_top),
            fifteen_top: Money::whole(fifteen_top),
            niit_threshold: Money::whole(niit_threshold),
            loss_limit: status.loss_limit(),
            flat: None,
        })
    }

    /// The same with one rate for each kind of income, and no net investment income tax beside it.
    #[must_use]
    pub fn at_flat_rates(self, rates: FlatRates) -> Self {
        Self { flat: Some(rates), ..self }
    }

    /// The same law `years` later with brackets that grew by `inflation` a year. The loss limit and the threshold of
    /// the net investment income tax are fixed in the statute and stay.
    #[must_use]
    pub fn indexed(&self, inflation: f64, years: u32) -> Self {
        let mut factor = 1.0;
        for _ in 0..years {
            factor *= 1.0 + inflation;
        }
        let grow = |m: Money| Money::from_f64(m.to_f64() * factor).unwrap_or(m);
        Self {
            ordinary_tops: self.ordinary_tops.map(grow),
            zero_top: grow(self.zero_top),
            fifteen_top: grow(self.fifteen_top),
            ..self.clone()
        }
    }

    /// Taxable income above which the highest bracket begins.
    pub fn top_bracket(&self) -> Money {
        self.ordinary_tops[5]
    }

    /// Tax on ordinary taxable income.
    pub fn ordinary_tax(&self, income: Money) -> Money {
        if let Some(rates) = self.flat {
            return income.max(Money::ZERO).at(rates.short);
        }
        let (mut tax, mut bottom) = (Exact::default(), Money::ZERO);
        for (i, rate) in ORDINARY_RATES.iter().enumerate() {
            let top = self.ordinary_tops.get(i).copied().unwrap_or(income.max(bottom));
            if income <= bottom {
                break;
            }
            tax.add(income.min(top) - bottom, *rate);
            bottom = top;
        }
        tax.rounded()
    }

    /// Tax on net long-term gain and qualified dividends, stacked on top of ordinary taxable income (IRC 1(h)).
    ///
    /// Never more than the ordinary schedule would add for the same income: the rates of 1(h) apply only where they
    /// give less (Form 1040, Qualified Dividends and Capital Gain Tax Worksheet, lines 23 to 25; Schedule D Tax
    /// Worksheet, lines 45 to 47). It binds where the 0% rate ends a little below the 12% bracket. `at0`, `at15` and
    /// `at20` say where the income is stacked, also where the schedule is less.
    pub fn gains_tax(&self, ordinary: Money, preferential: Money) -> GainsTax {
        let ordinary = ordinary.max(Money::ZERO);
        let preferential = preferential.max(Money::ZERO);
        let at0 = (self.zero_top - ordinary).max(Money::ZERO).min(preferential);
        let below20 = (self.fifteen_top - ordinary).max(Money::ZERO).min(preferential);
        let at15 = below20 - at0;
        let at20 = preferential - below20;
        if let Some(rates) = self.flat {
            return GainsTax { at0, at15, at20, tax: preferential.at(rates.long) };
        }
        let mut tax = Exact::default();
        tax.add(at15, 150_000);
        tax.add(at20, 200_000);
        let scheduled = self.ordinary_tax(ordinary + preferential) - self.ordinary_tax(ordinary);
        GainsTax { at0, at15, at20, tax: tax.rounded().min(scheduled) }
    }

    /// Net investment income tax: 3.8% of the smaller of net investment income and MAGI above the threshold.
    pub fn niit(&self, net_investment_income: Money, magi: Money) -> Money {
        if self.flat.is_some() {
            return Money::ZERO;
        }
        let base = net_investment_income.min(magi - self.niit_threshold).max(Money::ZERO);
        base.at(Rate::from_raw(38_000))
    }
}

/// A sum of amounts times rates that rounds once, at the end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Exact(i128);

impl Exact {
    pub(super) fn add(&mut self, amount: Money, rate_millionths: i64) {
        self.0 += i128::from(amount.raw()) * i128::from(rate_millionths);
    }

    /// The share `part / whole` of it, rounded down in the tenth decimal; `whole` is positive.
    pub(super) fn share(self, part: Money, whole: Money) -> Self {
        Self(self.0 * i128::from(part.raw()) / i128::from(whole.raw().max(1)))
    }

    /// Half-even to 4 decimals. The sum is not negative.
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

    #[test]
    fn the_published_examples() {
        // Derived from Rev. Proc. 2025-32 by an independent program.
        let single = Law::of(2026, FilingStatus::Single).unwrap();
        assert_eq!(single.ordinary_tax(Money::whole(100_000)), Money::whole(16_712));
        let g = single.gains_tax(Money::whole(100_000), Money::whole(50_000));
        assert_eq!(
            (g.at0, g.at15, g.at20, g.tax),
            (Money::ZERO, Money::whole(50_000), Money::ZERO, Money::whole(7_500))
        );
        let joint = Law::of(2026, FilingStatus::Joint).unwrap();
        assert_eq!(joint.ordinary_tax(Money::whole(90_000)), Money::whole(10_304));
        let g = joint.gains_tax(Money::whole(90_000), Money::whole(20_000));
        assert_eq!((g.at0, g.at15, g.tax), (Money::whole(8_900), Money::whole(11_100), Money::whole(1_665)));
        assert_eq!(joint.niit(Money::whole(125_000), Money::whole(400_000)), Money::whole(4_750));
        assert_eq!(joint.niit(Money::whole(125_000), Money::whole(300_000)), Money::whole(1_900));
    }

    /// Single 2026: the 0% rate ends at 49,450, the 12% bracket at 50,400. Between them 15% would exceed the schedule.
    #[test]
    fn gains_are_never_taxed_above_the_schedule() {
        let law = Law::of(2026, FilingStatus::Single).unwrap();
        let g = law.gains_tax(Money::whole(49_450), Money::whole(950));
        assert_eq!((g.at15, g.tax), (Money::whole(950), Money::whole(114)));
        // 12% of 950 and 22% of the next 350 are still less than 15%; of the next 500, no longer.
        assert_eq!(law.gains_tax(Money::whole(49_450), Money::whole(1_300)).tax, Money::whole(191));
        assert_eq!(law.gains_tax(Money::whole(49_450), Money::whole(1_450)).tax, Money::from_raw(2_175_000));
        assert_eq!(law.gains_tax(Money::whole(40_000), Money::whole(10_000)).tax, Money::from_raw(825_000));
        for year in [2025, 2026] {
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

    #[test]
    fn indexing_moves_brackets_but_not_the_statutory_amounts() {
        let law = Law::of(2026, FilingStatus::Joint).unwrap();
        let later = law.indexed(0.03, 10);
        assert!(later.ordinary_tax(Money::whole(500_000)) < law.ordinary_tax(Money::whole(500_000)));
        assert_eq!(later.loss_limit, law.loss_limit);
        assert_eq!(later.niit_threshold, law.niit_threshold);
        assert_eq!(law.indexed(0.0, 10), law);
    }
}
