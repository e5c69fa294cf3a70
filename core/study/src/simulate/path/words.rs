//! A path's figures as 64-bit words: the form in which a worker hands them over and in which they are hashed,
//! and the way back.
//!
//! Fields come in the order of the types. Lists start with their length. Dollars are in ten-thousandths,
//! fractions are the bits of a float, and a missing figure is the bits of NaN.

use super::{PathArm, PathResult};
use crate::difference::{Ending, PathDifference};
use crate::measure::TaxAlpha;
use unisleeve_mandates::ArmKind;
use unisleeve_units::Money;

/// Largest length of a list, which is the number of years of a path.
const LONGEST: i64 = 1_000;

fn fraction(x: Option<f64>) -> i64 {
    // Maps -0 to 0, so that equal figures have equal bits.
    x.map_or(f64::NAN.to_bits(), |x| if x == 0.0 { 0 } else { x.to_bits() }).cast_signed()
}

/// The word of an arm's name.
fn kind_of(name: &str) -> i64 {
    ArmKind::ALL.iter().position(|k| k.as_str() == name).unwrap_or_default() as i64
}

impl PathResult {
    /// The path's figures as words.
    pub fn words(&self) -> Vec<i64> {
        let mut w = vec![self.path as i64, self.arms.len() as i64];
        for a in &self.arms {
            w.push(kind_of(a.arm));
            w.extend([a.wealth.raw(), a.paid_out.raw()]);
            let list = |w: &mut Vec<i64>, all: &[Money]| {
                w.push(all.len() as i64);
                w.extend(all.iter().map(|m| m.raw()));
            };
            list(&mut w, &a.by_year);
            w.push(i64::from(a.tax_alpha.is_some()));
            w.push(fraction(a.tax_alpha.and_then(|t| t.before_liquidation)));
            w.push(fraction(a.tax_alpha.and_then(|t| t.after_liquidation)));
            w.push(fraction(a.tracking_error));
            w.push(a.tracking_error_by_year.len() as i64);
            w.extend(a.tracking_error_by_year.iter().map(|x| fraction(Some(*x))));
            list(&mut w, &a.taxes_by_year);
            list(&mut w, &a.losses_by_year);
            w.extend(a.endings.iter().map(|m| m.raw()));
            w.extend([a.tasks, a.tickets, a.transfers].map(|n| n as i64));
            w.extend([a.taxes_paid, a.losses_harvested, a.fees_at_end].map(Money::raw));
            w.push(fraction(a.drawdown));
            w.extend([a.orders as i64, i64::from(a.ruined)]);
        }
        w.push(self.differences.len() as i64);
        for d in &self.differences {
            w.push(kind_of(d.against));
            w.push(i64::from(d.ending == Ending::Kept));
            w.push(d.total.raw());
            w.extend(d.parts().map(Money::raw));
            w.push(d.risk.raw());
            w.extend([d.bp_a_year, d.dollar_years].map(|x| fraction(Some(x))));
        }
        w
    }

    /// Reads a path from its words. `None` unless the words form exactly one path.
    pub fn from_words(words: &[i64]) -> Option<Self> {
        let mut words = WordReader(words);
        let path = u64::try_from(words.next()?).ok()?;
        let count = words.next().filter(|n| (0..=ArmKind::ALL.len() as i64).contains(n))?;
        let arms = (0..count).map(|_| words.arm()).collect::<Option<Vec<PathArm>>>()?;
        let most = (ArmKind::SEPARATE.len() * Ending::ALL.len()) as i64;
        let count = words.next().filter(|n| (0..=most).contains(n))?;
        let differences = (0..count).map(|_| words.difference()).collect::<Option<Vec<PathDifference>>>()?;
        words.0.is_empty().then_some(Self { path, arms, differences })
    }
}

struct WordReader<'a>(&'a [i64]);

impl WordReader<'_> {
    fn next(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn money(&mut self) -> Option<Money> {
        Some(Money::from_raw(self.next()?))
    }

    /// A figure that may be missing.
    #[allow(clippy::option_option, reason = "outside: the words end; inside: no such figure")]
    fn fraction(&mut self) -> Option<Option<f64>> {
        let x = f64::from_bits(self.next()?.cast_unsigned());
        Some((!x.is_nan()).then_some(x))
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.next()?).ok()
    }

    fn list(&mut self) -> Option<Vec<Money>> {
        let length = self.next().filter(|n| (0..=LONGEST).contains(n))?;
        (0..length).map(|_| self.money()).collect()
    }

    fn fractions(&mut self) -> Option<Vec<f64>> {
        let length = self.next().filter(|n| (0..=LONGEST).contains(n))?;
        (0..length).map(|_| self.fraction()?).collect()
    }

    fn difference(&mut self) -> Option<PathDifference> {
        Some(PathDifference {
            against: ArmKind::ALL.get(self.count()?)?.as_str(),
            ending: *Ending::ALL.get(self.count()?)?,
            total: self.money()?,
            tax: self.money()?,
            fees: self.money()?,
            costs: self.money()?,
            cash: self.money()?,
            classes: self.money()?,
            names: self.money()?,
            unpaid: self.money()?,
            risk: self.money()?,
            bp_a_year: self.fraction()??,
            dollar_years: self.fraction()??,
        })
    }

    fn arm(&mut self) -> Option<PathArm> {
        Some(PathArm {
            arm: ArmKind::ALL.get(self.count()?)?.as_str(),
            wealth: self.money()?,
            paid_out: self.money()?,
            by_year: self.list()?,
            tax_alpha: {
                let is_known = self.next()? != 0;
                let (before_liquidation, after_liquidation) = (self.fraction()?, self.fraction()?);
                is_known.then_some(TaxAlpha { before_liquidation, after_liquidation })
            },
            tracking_error: self.fraction()?,
            tracking_error_by_year: self.fractions()?,
            taxes_by_year: self.list()?,
            losses_by_year: self.list()?,
            endings: [self.money()?, self.money()?, self.money()?, self.money()?],
            tasks: self.count()?,
            tickets: self.count()?,
            transfers: self.count()?,
            taxes_paid: self.money()?,
            losses_harvested: self.money()?,
            fees_at_end: self.money()?,
            drawdown: self.fraction()?,
            orders: self.count()?,
            ruined: self.next()? != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(arm: &'static str) -> PathArm {
        let m = Money::whole;
        PathArm {
            arm,
            wealth: m(5),
            paid_out: m(6),
            by_year: vec![m(1), m(-2)],
            tax_alpha: Some(TaxAlpha { before_liquidation: Some(0.01), after_liquidation: None }),
            tracking_error: None,
            tracking_error_by_year: vec![0.02, 0.0],
            taxes_by_year: vec![m(-3)],
            losses_by_year: vec![],
            endings: [m(1), m(2), m(3), m(4)],
            tasks: 7,
            tickets: 8,
            transfers: 13,
            taxes_paid: m(-9),
            losses_harvested: m(10),
            fees_at_end: m(12),
            drawdown: Some(0.0),
            orders: 11,
            ruined: true,
        }
    }

    #[test]
    fn there_and_back() {
        let shadow = PathArm { tax_alpha: None, ..arm("shadow") };
        let difference = PathDifference {
            against: "sma_best",
            ending: Ending::Kept,
            total: Money::whole(7),
            tax: Money::whole(1),
            fees: Money::whole(-1),
            costs: Money::whole(2),
            cash: Money::whole(-2),
            classes: Money::whole(3),
            names: Money::whole(4),
            unpaid: Money::ZERO,
            risk: Money::whole(5),
            bp_a_year: 0.25,
            dollar_years: 80_000.0,
        };
        let arms = vec![arm("uma"), arm("sma"), shadow];
        let path = PathResult { path: 3, arms, differences: vec![difference] };
        let words = path.words();
        assert_eq!(PathResult::from_words(&words), Some(path));
        // Words that are cut short, or followed by another word, are not a path.
        for end in 0..words.len() {
            assert_eq!(PathResult::from_words(&words[..end]), None, "{end}");
        }
        assert_eq!(PathResult::from_words(&[words.as_slice(), &[0]].concat()), None);
        assert_eq!(PathResult::from_words(&[0, i64::MAX]), None);
    }
}
