//! The law of one year for one filing status, read from its table.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use unisleeve_units::{Money, Rate};

use super::tables::YearTable;
use super::{before_2013, since_2013, tables};

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

    /// Place in a table by status.
    const fn index(self) -> usize {
        match self {
            Self::Single => 0,
            Self::Joint => 1,
            Self::Head => 2,
            Self::Separate => 3,
        }
    }
}

/// A tax year whose law is not included.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("tax year {0} is not known: expected {FIRST_YEAR} to {LAST_YEAR}")]
pub struct UnknownTaxYear(pub i32);

/// First year whose federal law is included.
pub const FIRST_YEAR: i32 = before_2013::YEARS[0].year;
/// Last year whose federal law is included.
pub const LAST_YEAR: i32 = since_2013::YEARS[since_2013::YEARS.len() - 1].year;

/// First year in which qualified dividends are taxed as net capital gain (P.L. 108-27, section 302).
const QUALIFIED_DIVIDENDS_FROM: i32 = 2003;
/// First year of the net investment income tax (P.L. 111-152, section 1402).
const NIIT_FROM: i32 = 2013;
/// Rate of the net investment income tax.
const NIIT_RATE: Rate = Rate::from_raw(38_000);

/// Flat rates that do not depend on income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlatRates {
    /// Rate on ordinary income and short-term gain.
    pub short: Rate,
    /// Rate on long-term gain and qualified dividends.
    pub long: Rate,
}

/// Federal law of one year for one filing status. Amounts in dollars, rates in millionths.
#[derive(Debug, Clone, PartialEq)]
pub struct Law {
    /// Year of the law. A law that is indexed keeps the year it comes from.
    pub year: i32,
    /// Filing status.
    pub status: FilingStatus,
    /// Growth of the brackets since `year`, as a factor.
    pub growth: f64,
    /// Ordinary rates, lowest bracket first.
    pub(crate) ordinary_rates: [i64; 7],
    /// Upper ends of all ordinary brackets except the last.
    pub(crate) ordinary_tops: [Money; 6],
    /// Taxable income at which the highest ordinary rate begins.
    pub(crate) top_bracket: Money,
    /// Rates on preferential income, lowest first.
    pub(crate) gains_rates: [i64; 3],
    /// Taxable income up to which the first and the second of these rates apply.
    pub(crate) gains_tops: [Money; 2],
    /// Whether qualified dividends are preferential income.
    pub(crate) prefers_dividends: bool,
    /// Rate of the net investment income tax.
    pub(crate) niit_rate: Rate,
    /// Modified adjusted gross income (MAGI) above which net investment income is taxed (IRC 1411(b); not
    /// indexed).
    pub(crate) niit_threshold: Money,
    /// The alternative minimum tax.
    pub(crate) amt: AmtLaw,
    /// Standard deduction.
    pub standard_deduction: Money,
    /// Net capital loss allowed against ordinary income, positive dollars (IRC 1211(b); not indexed).
    pub loss_limit: Money,
    /// Flat rates that replace all brackets, if set.
    pub(crate) flat: Option<FlatRates>,
}

/// The alternative minimum tax of one year for one filing status. Amounts in dollars, rates in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AmtLaw {
    /// Exemption.
    pub(crate) exemption: Money,
    /// Alternative minimum taxable income above which the exemption is phased out.
    pub(crate) phase_out_from: Money,
    /// Alternative minimum taxable income at which nothing is left of it.
    pub(crate) phase_out_to: Money,
    /// Exemption lost per dollar in between.
    pub(crate) phase_out: Rate,
    /// Income up to which the 26% rate applies; 28% above.
    pub(crate) first_rate_top: Money,
}

impl Law {
    /// The law of `year`.
    ///
    /// # Errors
    /// [`UnknownTaxYear`] unless the year is between [`FIRST_YEAR`] and [`LAST_YEAR`].
    pub fn of(year: i32, status: FilingStatus) -> Result<Self, UnknownTaxYear> {
        let table = table(year).ok_or(UnknownTaxYear(year))?;
        let (i, is_separate) = (status.index(), status == FilingStatus::Separate);
        let tops = table.tops[i];
        let last = tops.iter().rposition(|top| *top != tables::NO_TOP).unwrap_or(0);
        Ok(Self {
            year,
            status,
            growth: 1.0,
            ordinary_rates: table.rates,
            ordinary_tops: tops.map(Money::whole),
            top_bracket: Money::whole(tops[last]),
            gains_rates: table.gains_rates,
            gains_tops: table.gains_tops[i].map(Money::whole),
            prefers_dividends: year >= QUALIFIED_DIVIDENDS_FROM,
            niit_rate: if year >= NIIT_FROM { NIIT_RATE } else { Rate::ZERO },
            niit_threshold: Money::whole(match status {
                FilingStatus::Joint => 250_000,
                FilingStatus::Separate => 125_000,
                FilingStatus::Single | FilingStatus::Head => 200_000,
            }),
            amt: AmtLaw {
                exemption: Money::whole(table.amt.exemption[i]),
                phase_out_from: Money::whole(table.amt.phase_out_from[i]),
                phase_out_to: Money::whole(
                    table.amt.phase_out_from[i] + table.amt.exemption[i] * table.amt.steps(),
                ),
                phase_out: Rate::from_raw(table.amt.phase_out),
                first_rate_top: Money::whole(table.amt.first_rate_top / if is_separate { 2 } else { 1 }),
            },
            standard_deduction: Money::whole(table.standard[i]),
            loss_limit: status.loss_limit(),
            flat: None,
        })
    }

    /// The same law with flat rates instead of brackets, and without alternative minimum tax and net
    /// investment income tax.
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
            growth: self.growth * factor,
            ordinary_tops: self.ordinary_tops.map(grow),
            top_bracket: grow(self.top_bracket),
            gains_tops: self.gains_tops.map(grow),
            amt: AmtLaw {
                exemption: grow(self.amt.exemption),
                phase_out_from: grow(self.amt.phase_out_from),
                phase_out_to: grow(self.amt.phase_out_to),
                first_rate_top: grow(self.amt.first_rate_top),
                ..self.amt
            },
            standard_deduction: grow(self.standard_deduction),
            ..self.clone()
        }
    }

    /// Taxable income at which the highest ordinary bracket begins.
    pub fn top_bracket(&self) -> Money {
        self.top_bracket
    }
}

/// The table of a year.
fn table(year: i32) -> Option<&'static YearTable> {
    let place = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
    before_2013::YEARS.iter().chain(&since_2013::YEARS).nth(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Head, Joint, Separate, Single};

    fn all() -> impl Iterator<Item = &'static YearTable> {
        before_2013::YEARS.iter().chain(&since_2013::YEARS)
    }

    #[test]
    fn years_follow_each_other_and_others_are_refused() {
        for (i, table) in all().enumerate() {
            assert_eq!(table.year, FIRST_YEAR + i as i32);
            assert_eq!(Law::of(table.year, Joint).unwrap().year, table.year);
        }
        assert_eq!((FIRST_YEAR, LAST_YEAR), (2000, 2026));
        for year in [1999, 2027, i32::MIN, i32::MAX] {
            let message = Law::of(year, Single).unwrap_err().to_string();
            assert_eq!(message, format!("tax year {year} is not known: expected 2000 to 2026"));
        }
    }

    /// A separate return has half of a joint return's brackets, exemption and phase-out (IRC 1(d), 55(d)(1)(C))
    /// until P.L. 115-97 gave single and separate returns one start of the phase-out.
    #[test]
    fn separate_returns_have_half_of_joint_ones() {
        for t in all() {
            for k in 0..6 {
                let (joint, separate) = (t.tops[1][k], t.tops[3][k]);
                assert!(joint == tables::NO_TOP || joint == 2 * separate, "{} bracket {k}", t.year);
            }
            assert_eq!(t.amt.exemption[1], 2 * t.amt.exemption[3], "{}", t.year);
            let of = |k: usize| t.amt.phase_out_from[k];
            if t.year < 2018 {
                assert_eq!(of(1), 2 * of(3), "{}", t.year);
            } else {
                assert_eq!((of(1), of(0)), (2 * of(3), of(3)), "{}", t.year);
            }
        }
    }

    /// Brackets rise within a year, and from year to year they rise with prices, but for new laws (2018).
    #[test]
    fn brackets_rise() {
        for t in all() {
            for tops in t.tops {
                assert!(tops.windows(2).all(|w| w[0] < w[1] || w[1] == tables::NO_TOP), "{}", t.year);
            }
            assert!(
                t.rates.windows(2).all(|w| w[0] <= w[1]) && t.gains_rates.windows(2).all(|w| w[0] <= w[1])
            );
        }
        let years: Vec<_> = all().collect();
        for w in years.windows(2).filter(|w| w[0].rates == w[1].rates) {
            for s in 0..4 {
                for k in 0..6 {
                    let (before, after) = (f64::from(w[0].tops[s][k]), f64::from(w[1].tops[s][k]));
                    // Prices rose by at most 7.1% a year, and 2003's lowest bracket is $14,000 by law.
                    assert!((1.0..1.075).contains(&(after / before)), "{} {s} {k}", w[1].year);
                }
            }
        }
    }

    #[test]
    fn indexing_moves_brackets_but_not_the_statutory_amounts() {
        let law = Law::of(2026, Joint).unwrap();
        let later = law.indexed(0.03, 10);
        assert!(later.ordinary_tax(Money::whole(500_000)) < law.ordinary_tax(Money::whole(500_000)));
        assert_eq!(later.loss_limit, law.loss_limit);
        assert_eq!(later.niit_threshold, law.niit_threshold);
        assert_eq!(law.indexed(0.0, 10), law);
    }

    /// The highest rate of each year, and what a long-term gain and a dividend are taxed at in it.
    #[test]
    fn top_rates_of_the_years() {
        for (year, ordinary, gain, dividend) in [
            (2000, 396, 200, 396),
            (2001, 391, 200, 391),
            (2002, 386, 200, 386),
            (2003, 350, 150, 150),
            (2012, 350, 150, 150),
            (2013, 396, 200, 200),
            (2017, 396, 200, 200),
            (2018, 370, 200, 200),
            (2026, 370, 200, 200),
        ] {
            for status in [Single, Joint, Head, Separate] {
                let law = Law::of(year, status).unwrap();
                let thousand = Money::whole(1_000);
                let high = Money::whole(2_000_000);
                assert_eq!(
                    law.ordinary_tax(high + thousand) - law.ordinary_tax(high),
                    Money::whole(ordinary)
                );
                assert_eq!(law.gains_tax(high, thousand).tax, Money::whole(gain), "{year}");
                let taxed = if law.prefers_dividends { gain } else { ordinary };
                assert_eq!(taxed, dividend, "{year}");
            }
        }
    }
}
