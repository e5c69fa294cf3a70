//! Exact fractions: new shares per old share, or the part of a basis that goes to a spin-off.

use core::fmt;

use thiserror::Error;

use super::fixed::{div_half_even, narrow};
use super::{Money, ParseFixed, Price, Shares};

/// A positive fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    num: i64,
    den: i64,
}

/// The text is not a ratio that can be held exactly.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a ratio above zero, such as 3:1 or 1.5")]
pub struct ParseRatio;

impl From<ParseFixed> for ParseRatio {
    fn from(_: ParseFixed) -> Self {
        Self
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Ratio {
    /// One for one.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den` in lowest terms; `None` unless both are positive. If either needs more than 62 bits, both
    /// lose their lowest bits until they fit; `None` if one becomes zero.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if num <= 0 || den <= 0 {
            return None;
        }
        let common = gcd(num, den);
        let (mut num, mut den) = (num / common, den / common);
        while num >= 1 << 62 || den >= 1 << 62 {
            (num, den) = (num >> 1, den >> 1);
        }
        // Both are below 2^62 here, so the casts are exact.
        (num > 0 && den > 0).then_some(Self { num: num as i64, den: den as i64 })
    }

    /// Numerator and denominator.
    pub fn parts(self) -> (i128, i128) {
        (i128::from(self.num), i128::from(self.den))
    }

    /// Reads `3:1` (three for one) or `1.5` exactly, with at most 15 decimals on either side.
    ///
    /// # Errors
    /// [`ParseRatio`] if the text has neither form, is not above zero, or can't be held exactly.
    pub fn parse(text: &str) -> Result<Self, ParseRatio> {
        let (num, den) = text.split_once(':').unwrap_or((text, "1"));
        let ((num, num_decimals), (den, den_decimals)) = (decimal(num)?, decimal(den)?);
        // Scale both sides to the same number of decimals, so that both are integers.
        let decimals = num_decimals.max(den_decimals);
        let whole = |n: i128, own: u32| n.checked_mul(10i128.pow(decimals - own)).ok_or(ParseRatio);
        let (num, den) = (whole(num, num_decimals)?, whole(den, den_decimals)?);
        if num <= 0 || den <= 0 {
            return Err(ParseRatio);
        }
        // `new` would drop bits of a long fraction; a ratio that is read must stay exact.
        let common = gcd(num, den);
        let part = |n: i128| i64::try_from(n / common).ok().filter(|n| *n < 1 << 62).ok_or(ParseRatio);
        Ok(Self { num: part(num)?, den: part(den)? })
    }
}

/// Most decimals a ratio may be written with.
const MOST_DECIMALS: u32 = 15;

/// Reads a decimal: its digits as an integer, and the number of decimals.
fn decimal(text: &str) -> Result<(i128, u32), ParseRatio> {
    let text = text.trim();
    // This also accepts other spellings, such as 1e3, if six decimals hold the value exactly.
    if let Ok(parsed) = Shares::parse(text)
        && !parsed.rounded
    {
        return Ok((i128::from(parsed.value.raw()), Shares::DECIMALS));
    }
    let (whole, part) = text.split_once('.').ok_or(ParseRatio)?;
    let part = part.trim_end_matches('0');
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if part.len() > MOST_DECIMALS as usize || whole.len() > 13 || !digits(whole) || !digits(part) {
        return Err(ParseRatio);
    }
    let number = |t: &str| if t.is_empty() { Ok(0) } else { t.parse::<i128>().map_err(|_| ParseRatio) };
    let decimals = part.len() as u32;
    Ok((number(whole)? * 10i128.pow(decimals) + number(part)?, decimals))
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.num, self.den)
    }
}

impl Shares {
    /// This quantity times a ratio, rounded half-even.
    pub fn times(self, ratio: Ratio) -> Self {
        Self::from_raw(narrow(div_half_even(
            i128::from(self.raw()) * i128::from(ratio.num),
            i128::from(ratio.den),
        )))
    }
}

impl Price {
    /// Price of one new share after a split with this ratio, rounded half-even.
    pub fn split(self, ratio: Ratio) -> Self {
        Self::from_raw(narrow(div_half_even(
            i128::from(self.raw()) * i128::from(ratio.den),
            i128::from(ratio.num),
        )))
    }
}

impl Money {
    /// This amount times a ratio, rounded half-even.
    pub fn times(self, ratio: Ratio) -> Self {
        Self::from_raw(narrow(div_half_even(
            i128::from(self.raw()) * i128::from(ratio.num),
            i128::from(ratio.den),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_spellings_exactly() {
        assert_eq!(Ratio::parse("3:1"), Ratio::parse("3"));
        assert_eq!(Ratio::parse("3:2"), Ratio::parse("1.5"));
        assert_eq!(Ratio::parse(" 1 : 8 ").unwrap().to_string(), "1:8");
        for bad in
            ["", ":", "0", "1:0", "-2", "3:1:1", "x", ".", "0.00000000000000001", "1.-0000001", "1.0000001x"]
        {
            assert!(Ratio::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn more_decimals_than_shares_have_are_kept() {
        let of = |text: &str| Ratio::parse(text).unwrap();
        assert_eq!(of("0.0153846"), Ratio::new(153_846, 10_000_000).unwrap());
        assert_eq!(of("1:0.0000005"), Ratio::new(2_000_000, 1).unwrap());
        assert_eq!(Shares::whole(1_000).times(of("0.0153846154")), Shares::parse("15.384615").unwrap().value);
    }

    #[test]
    fn a_third_is_a_third() {
        let third = Ratio::parse("1:3").unwrap();
        assert_eq!(Shares::whole(300).times(third), Shares::whole(100));
        assert_eq!(Money::from_raw(5).times(Ratio::parse("1:2").unwrap()), Money::from_raw(2));
    }

    #[test]
    fn long_fractions_are_cut_not_wrapped() {
        let big = 1i128 << 100;
        assert_eq!(Ratio::new(big, big), Some(Ratio::ONE));
        let near = Ratio::new(big + 1, 2 * big).unwrap();
        assert_eq!(Money::whole(100).times(near), Money::whole(50));
        assert_eq!(Ratio::new(big + 1, 1), None);
    }
}
