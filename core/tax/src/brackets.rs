//! Federal tax rates and thresholds by year (Rev. Proc. 2024-40 for 2025, Rev. Proc. 2025-32 for 2026; IRC
//! 1(h), 1(j), 1411).

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
    /// Net capital loss that may be deducted from other income in a year, positive dollars (IRC 1211(b)). It
    /// is fixed in the statute.
    pub fn loss_limit(self) -> Money {
        Money::whole(if self == Self::Separate { 1_500 } else { 3_000 })
    }
}

/// A tax year whose law is not included.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("tax year {0} is not known: expected 2025 or 2026")]
pub struct UnknownTaxYear(pub i32);

/// Ordinary rates in millionths, lowest bracket first (IRC 1(j)(2)).
const ORDINARY_RATES: [i64; 7] = [100_000, 120_000, 220_000, 240_000, 320_000, 350_000, 370_000];

/// Federal law of one year for one filing status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Upper ends of all ordinary brackets except the last.
    ordinary_tops: [Money; 6],
    /// Taxable income up to which gains are taxed at 0%.
    zero_top: Money,
    /// Taxable income up to which gains are taxed at 15%.
    fifteen_top: Money,
    /// Modified adjusted gross income (MAGI) above which net investment income is taxed (IRC 1411(b); not
    /// indexed).
    niit_threshold: Money,
    /// Net capital loss allowed against ordinary income, positive dollars (IRC 1211(b); not indexed).
    pub loss_limit: Money,
    /// Flat rates that replace all brackets, if set.
    flat: Option<FlatRates>,
}

/// Flat rates that do not depend on income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlatRates {
    /// Rate on ordinary income and short-term gain.
    pub short: Rate,
    /// Rate on long-term gain and qualified dividends.
    pub long: Rate,
}

/// Tax on preferential income, and how much of the income falls under each rate. All dollars, zero or
/// positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct GainsTax {
    /// Income taxed at 0%.
    pub at0: Money,
    /// Income taxed at 15%.
    pub at15: Money,
    /// Income taxed at 20%.
    pub at20: Money,
    /// The tax: at the rates above, or at the ordinary rates if that is less.
    pub tax: Money,
}

impl Law {
    /// The law of `year`.
    ///
    /// # Errors
    /// [`UnknownTaxYear`] unless the year is 2025 or 2026.
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

    /// The same law with flat rates instead of brackets, and without net investment income tax.
    #[must_use]
    pub fn at_flat_rates(self, rates: FlatRates) -> Self {
        Self { flat: Some(rates), ..self }
    }

    /// The same law `years` later, with brackets that grow by `inflation` a year. The loss limit and the
    /// threshold of the net investment income tax stay, because the statute fixes them.
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

    /// Taxable income at which the highest ordinary bracket begins.
    pub fn top_bracket(&self) -> Money {
        self.ordinary_tops[5]
    }

    /// Tax on ordinary taxable income; zero for negative income.
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

    /// Tax on net long-term gain and qualified dividends, stacked on top of ordinary taxable income (IRC
    /// 1(h)).
    ///
    /// The tax never exceeds what the ordinary rates would add for the same income: the rates of 1(h) apply
    /// only if they give less (Form 1040, Qualified Dividends and Capital Gain Tax Worksheet, lines 23 to 25;
    /// Schedule D Tax Worksheet, lines 45 to 47). This matters where the 0% rate ends a little below the top
    /// of the 12% bracket. `at0`, `at15` and `at20` always show the stacking by 1(h), even if the ordinary
    /// rates give less.
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

    /// Net investment income tax: 3.8% of net investment income or of MAGI above the threshold, whichever is
    /// smaller; never negative (IRC 1411).
    pub fn niit(&self, net_investment_income: Money, magi: Money) -> Money {
        if self.flat.is_some() {
            return Money::ZERO;
        }
        let base = net_investment_income.min(magi - self.niit_threshold).max(Money::ZERO);
        base.at(Rate::from_raw(38_000))
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

    #[test]
    fn the_published_examples() {
        // Computed from Rev. Proc. 2025-32 by an independent program.
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

    /// Single 2026: the 0% rate ends at 49,450 and the 12% bracket at 50,400. In between, 15% would exceed
    /// the ordinary rate.
    #[test]
    fn gains_are_never_taxed_above_the_schedule() {
        let law = Law::of(2026, FilingStatus::Single).unwrap();
        let g = law.gains_tax(Money::whole(49_450), Money::whole(950));
        assert_eq!((g.at15, g.tax), (Money::whole(950), Money::whole(114)));
        // 12% of 950 plus 22% of 350 is still less than 15% of the sum; with 500 instead of 350 it is more.
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
