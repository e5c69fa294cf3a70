//! Fixed-point numbers: integers that count units of the last decimal. All rounding is half-even.

use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Largest magnitude that is read from outside: a trillion dollars, shares, or dollars per share.
pub const LIMIT: i64 = 1_000_000_000_000;

/// Why a text can't be read as a fixed-point number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseFixed {
    /// Not a decimal number at all.
    #[error("expected a decimal number")]
    NotANumber,
    /// Larger than [`LIMIT`] in magnitude.
    #[error("expected a number of at most 1,000,000,000,000 in magnitude")]
    TooLarge,
}

/// A parsed decimal and whether digits had to be rounded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal<T> {
    /// The value, rounded half-even to the type's decimals.
    pub value: T,
    /// True when the text had more decimals than the type holds.
    pub rounded: bool,
}

/// `a × b / d` rounded half-even; `d` is positive.
///
/// Every valuation of a position calls this, so the common case is fast: most products fit into 64 bits,
/// where the compiler replaces the division by a constant with a multiplication. In WebAssembly a 128-bit
/// product is a function call.
#[inline]
fn mul_div_half_even(a: i64, b: i64, d: i64) -> i64 {
    if a.unsigned_abs().leading_zeros() + b.unsigned_abs().leading_zeros() > u64::BITS {
        let n = a * b;
        let (q, r) = (n.div_euclid(d), n.rem_euclid(d));
        return q + i64::from(r > d - r || (r == d - r && q & 1 == 1));
    }
    narrow(div_half_even(i128::from(a) * i128::from(b), i128::from(d)))
}

/// `n / d` rounded half-even; `d` is positive.
pub(super) fn div_half_even(n: i128, d: i128) -> i128 {
    // 64-bit division is several times faster, and most amounts fit.
    if let (Ok(n), Ok(d)) = (i64::try_from(n), i64::try_from(d)) {
        let (q, r) = (n.div_euclid(d), n.rem_euclid(d));
        let up = r > d - r || (r == d - r && q & 1 == 1);
        return i128::from(q) + i128::from(up);
    }
    let (q, r) = (n.div_euclid(d), n.rem_euclid(d));
    let up = r > d - r || (r == d - r && q & 1 == 1);
    q + i128::from(up)
}

/// Narrows to `i64`, saturating. Bounded inputs and the ledger's bound on its total keep real amounts far
/// below the limit.
pub(super) fn narrow(n: i128) -> i64 {
    i64::try_from(n).unwrap_or(if n < 0 { i64::MIN } else { i64::MAX })
}

/// Reads `[+-]digits[.digits][e[+-]digits]` and returns the integer at `decimals` places, and whether it was
/// rounded.
fn parse(text: &str, decimals: u32) -> Result<(i64, bool), ParseFixed> {
    let bytes = text.trim().as_bytes();
    let (negative, mut rest) = match bytes.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, bytes),
    };
    let mut exponent = 0i32;
    if let Some(at) = rest.iter().position(|b| *b == b'e' || *b == b'E') {
        let tail = core::str::from_utf8(&rest[at + 1..]).map_err(|_| ParseFixed::NotANumber)?;
        exponent = tail.parse::<i32>().map_err(|_| ParseFixed::NotANumber)?;
        if !(-60..=60).contains(&exponent) {
            return Err(if exponent > 0 { ParseFixed::TooLarge } else { ParseFixed::NotANumber });
        }
        rest = &rest[..at];
    }
    // Collect up to 36 significant digits; `scale` counts the digits after the point.
    let (mut n, mut scale, mut seen_point, mut digits, mut lost) = (0i128, 0i32, false, 0, false);
    for b in rest {
        match b {
            b'0'..=b'9' => {
                digits += 1;
                if n < 10i128.pow(35) {
                    n = n * 10 + i128::from(b - b'0');
                    scale += i32::from(seen_point);
                } else {
                    lost |= *b != b'0';
                    scale -= i32::from(!seen_point);
                }
            }
            b'.' if !seen_point => seen_point = true,
            _ => return Err(ParseFixed::NotANumber),
        }
    }
    if digits == 0 {
        return Err(ParseFixed::NotANumber);
    }
    let shift = decimals as i32 + exponent - scale;
    let (mut value, mut rounded) = if n == 0 {
        (0, false)
    } else if shift >= 0 {
        let factor = 10i128.checked_pow(shift as u32).ok_or(ParseFixed::TooLarge)?;
        (n.checked_mul(factor).ok_or(ParseFixed::TooLarge)?, false)
    } else if shift < -38 {
        (0, true)
    } else {
        let d = 10i128.pow((-shift) as u32);
        (div_half_even(n, d), n % d != 0)
    };
    rounded |= lost;
    if negative {
        value = -value;
    }
    if value.abs() > i128::from(LIMIT) * 10i128.pow(decimals) {
        return Err(ParseFixed::TooLarge);
    }
    Ok((narrow(value), rounded))
}

macro_rules! fixed {
    ($(#[$doc:meta])* $name:ident, $decimals:literal, $one:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(i64);

        impl $name {
            /// Zero.
            pub const ZERO: Self = Self(0);
            /// One unit.
            pub const ONE: Self = Self($one);
            /// Number of decimals stored.
            pub const DECIMALS: u32 = $decimals;

            /// Creates a value from its stored integer, in units of the last decimal.
            pub const fn from_raw(raw: i64) -> Self {
                Self(raw)
            }

            /// The stored integer, in units of the last decimal.
            pub const fn raw(self) -> i64 {
                self.0
            }

            /// Creates a value from whole units.
            pub const fn whole(units: i32) -> Self {
                Self(units as i64 * $one)
            }

            /// Reads a decimal number, rounded half-even.
            ///
            /// # Errors
            /// [`ParseFixed`] if the text is not a number or is larger than [`LIMIT`] in magnitude.
            pub fn parse(text: &str) -> Result<Decimal<Self>, ParseFixed> {
                parse(text, $decimals).map(|(raw, rounded)| Decimal { value: Self(raw), rounded })
            }

            /// Converts a float, rounded half-even; `None` if it is not finite or is beyond [`LIMIT`].
            #[inline]
            pub fn from_f64(x: f64) -> Option<Self> {
                let scaled = libm::rint(x * $one as f64);
                (scaled.abs() <= (LIMIT as f64) * $one as f64).then_some(Self(scaled as i64))
            }

            /// Converts to a float, for statistics and the optimizer.
            #[inline]
            pub fn to_f64(self) -> f64 {
                self.0 as f64 / $one as f64
            }

            /// Magnitude.
            pub const fn abs(self) -> Self {
                Self(self.0.abs())
            }

            /// Whether it is zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Whether it is above zero.
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// Whether it is below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::ZERO, |a, b| a + b)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Fill from the last digit backwards: up to 19 digits, the point, and a leading zero.
                let (mut text, mut at) = ([b'0'; 21], 21);
                let mut rest = self.0.unsigned_abs();
                while rest > 0 || 21 - at < $decimals as usize + 2 {
                    at -= 1;
                    if 20 - at == $decimals as usize {
                        text[at] = b'.';
                        continue;
                    }
                    text[at] = b'0' + (rest % 10) as u8;
                    rest /= 10;
                }
                // The bytes are ASCII, so the conversion can't fail. `pad_integral` applies the formatter's
                // width and sign.
                f.pad_integral(self.0 >= 0, "", core::str::from_utf8(&text[at..]).unwrap_or(""))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(self.to_f64())
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "number" })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let x = f64::deserialize(deserializer)?;
                Self::from_f64(x)
                    .ok_or_else(|| serde::de::Error::custom("expected a number of at most 1,000,000,000,000 in magnitude"))
            }
        }
    };
}

fixed!(
    /// Dollars, with 4 decimals.
    Money, 4, 10_000
);
fixed!(
    /// Dollars per share, with 6 decimals.
    Price, 6, 1_000_000
);
fixed!(
    /// A number of shares, with 6 decimals.
    Shares, 6, 1_000_000
);
fixed!(
    /// A fraction such as a tax rate, with 6 decimals: 0.238 is 23.8%.
    Rate, 6, 1_000_000
);

impl Money {
    /// `quantity × price`, rounded half-even to 4 decimals.
    #[inline]
    pub fn of(quantity: Shares, price: Price) -> Self {
        Self(mul_div_half_even(quantity.0, price.0, 100_000_000))
    }

    /// The part of this amount that belongs to `part` of `whole` shares, rounded half-even. If
    /// `part == whole`, it is the whole amount. `whole` must be positive.
    #[inline]
    pub fn prorate(self, part: Shares, whole: Shares) -> Self {
        if part == whole {
            return self;
        }
        Self(mul_div_half_even(self.0, part.0, whole.0.max(1)))
    }

    /// `rate × this`, rounded half-even.
    #[inline]
    pub fn at(self, rate: Rate) -> Self {
        Self(mul_div_half_even(self.0, rate.0, 1_000_000))
    }

    /// `this × numerator / denominator`, rounded half-even. Use it for ratios that no decimal rate can
    /// express, such as 2/37. A denominator of zero counts as one.
    #[inline]
    pub fn fraction(self, numerator: u32, denominator: u32) -> Self {
        Self(mul_div_half_even(self.0, i64::from(numerator), i64::from(denominator.max(1))))
    }

    /// This amount divided by `quantity` shares, rounded half-even; zero if `quantity` is not positive.
    #[inline]
    pub fn per_share(self, quantity: Shares) -> Price {
        if quantity.0 <= 0 {
            return Price::ZERO;
        }
        Price(narrow(div_half_even(i128::from(self.0) * 100_000_000, i128::from(quantity.0))))
    }

    /// The largest number of shares that this amount can buy at `price`, rounded down so that the cost never
    /// exceeds the amount. Zero if the price or the amount is not positive.
    pub fn shares_at(self, price: Price) -> Shares {
        if price.0 <= 0 || self.0 <= 0 {
            return Shares::ZERO;
        }
        Shares(narrow(i128::from(self.0) * 100_000_000 / i128::from(price.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_exactly() {
        for (text, raw, rounded) in [
            ("0", 0, false),
            ("-0.5", -5_000, false),
            ("1234.56785", 12_345_678, true),
            ("0.00015", 2, true),
            ("0.00025", 2, true),
            ("1e3", 10_000_000, false),
            ("1.5E-3", 15, false),
            (" +7. ", 70_000, false),
            (".25", 2_500, false),
        ] {
            let got = Money::parse(text).unwrap();
            assert_eq!((got.value.raw(), got.rounded), (raw, rounded), "{text}");
        }
        assert_eq!(Money::from_raw(-12_345).to_string(), "-1.2345");
        assert_eq!(Money::ZERO.to_string(), "0.0000");
        assert_eq!(Money::from_raw(i64::MIN).to_string(), "-922337203685477.5808");
        assert_eq!(Shares::from_raw(i64::MAX).to_string(), "9223372036854.775807");
        assert_eq!(format!("{:>8}|{:<8}|", Money::from_raw(5), Money::from_raw(-5)), "  0.0005|-0.0005 |");
        for bad in ["", ".", "-", "1.2.3", "nan", "inf", "1e", "0x1", "1,000", "1e61", "--1"] {
            assert!(Money::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Money::parse("1000000000000.1"), Err(ParseFixed::TooLarge));
        assert_eq!(Money::parse(&"9".repeat(200)), Err(ParseFixed::TooLarge));
    }

    #[test]
    fn rounds_half_to_even_both_signs() {
        assert_eq!(div_half_even(5, 10), 0);
        assert_eq!(div_half_even(15, 10), 2);
        assert_eq!(div_half_even(25, 10), 2);
        assert_eq!(div_half_even(-5, 10), 0);
        assert_eq!(div_half_even(-15, 10), -2);
        assert_eq!(div_half_even(-16, 10), -2);
        let big = i128::from(i64::MAX) * 10 + 5;
        assert_eq!(div_half_even(big, 10), i128::from(i64::MAX) + 1);
    }

    /// The 64-bit and the 128-bit path round alike.
    #[test]
    fn products_of_any_size_are_rounded_alike() {
        for a in [0, 1, -1, 5, -7, 99_999, -3_037_000_499, 3_037_000_500, i64::MAX, i64::MIN] {
            for b in [0, 1, -1, 10, 50_000_000, -4_294_967_296, 3_037_000_500, i64::MAX, i64::MIN] {
                for d in [1, 2, 10, 1_000_000, 100_000_000, i64::MAX] {
                    let wide = narrow(div_half_even(i128::from(a) * i128::from(b), i128::from(d)));
                    assert_eq!(mul_div_half_even(a, b, d), wide, "{a} {b} {d}");
                }
            }
        }
    }

    #[test]
    fn a_purchase_never_costs_more_than_the_cash() {
        for (cash, price) in [(1_000_000, 333_333), (7, 1), (999_999_999, 123_456_789)] {
            let (cash, price) = (Money::from_raw(cash), Price::from_raw(price));
            assert!(Money::of(cash.shares_at(price), price) <= cash);
        }
    }

    #[test]
    fn a_fraction_is_rounded_once() {
        assert_eq!(Money::whole(295_000).fraction(2, 37), Money::from_raw(159_459_459));
        assert_eq!(Money::from_raw(-5).fraction(1, 2), Money::from_raw(-2));
        assert_eq!(Money::ONE.fraction(1, 0), Money::ONE);
    }

    #[test]
    fn prorating_loses_nothing() {
        let (basis, whole) = (Money::from_raw(100_001), Shares::whole(3));
        let part = basis.prorate(Shares::ONE, whole);
        assert_eq!(part + (basis - part), basis);
        assert_eq!(basis.prorate(whole, whole), basis);
    }
}
