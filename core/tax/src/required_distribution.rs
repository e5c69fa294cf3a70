//! Required minimum distributions from an individual retirement account (IRC 401(a)(9), 408(a)(6)).
//!
//! - First year: that in which the owner reaches 70 1/2, for owners who do so before 2020 (401(a)(9)(C) before P.L.
//!   116-94, section 114); 72 for those born in 1950 or before; 73 for those born from 1951 to 1959; 75 for those
//!   born later (P.L. 117-328, section 107).
//! - Amount: the balance at the end of the year before, divided by the factor of the Uniform Lifetime Table for
//!   the owner's age at the end of the year (Reg. 1.401(a)(9)-9(c); until 2021 the table of T.D. 8987).
//! - None in 2009 (P.L. 110-458, section 201) and 2020 (P.L. 116-136, section 2203).
//!
//! Not modeled: a spouse more than ten years younger (another table), inherited accounts, the delay of the first
//! distribution to April 1 of the next year, several accounts taken together, the excise tax on what is missed
//! (4974).

use chrono::{Datelike, NaiveDate};

use unisleeve_units::Money;

/// The Uniform Lifetime Table from 2022: tenths of a year from age 72 on; the last holds for all higher ages.
const FACTORS_2022: [u32; 49] = [
    274, 265, 255, 246, 237, 229, 220, 211, 202, 194, 185, 177, 168, 160, 152, 144, 137, 129, 122, 115, 108,
    101, 95, 89, 84, 78, 73, 68, 64, 60, 56, 52, 49, 46, 43, 41, 39, 37, 35, 34, 33, 31, 30, 29, 28, 27, 25,
    23, 20,
];
/// The table until 2021, from age 70 on.
const FACTORS_2002: [u32; 46] = [
    274, 265, 256, 247, 238, 229, 220, 212, 203, 195, 187, 179, 171, 163, 155, 148, 141, 134, 127, 120, 114,
    108, 102, 96, 91, 86, 81, 76, 71, 67, 63, 59, 55, 52, 49, 45, 42, 39, 37, 34, 31, 29, 26, 24, 21, 19,
];

/// First year in which the owner must take a distribution.
pub fn first_year(born: NaiveDate) -> i32 {
    // Half a year after the 70th birthday falls into the same year for those born in the first half of a year.
    let at_70_and_a_half = born.year() + if born.month() <= 6 { 70 } else { 71 };
    match born.year() {
        _ if at_70_and_a_half < 2020 => at_70_and_a_half,
        ..=1950 => born.year() + 72,
        1951..=1959 => born.year() + 73,
        _ => born.year() + 75,
    }
}

/// The least that must be withdrawn in a year, in dollars. `balance` is the account's value at the end of the
/// year before.
///
/// ```
/// use chrono::NaiveDate;
/// use unisleeve_tax::required_distribution::required;
/// use unisleeve_units::Money;
///
/// // Age 75 in 2026: a factor of 24.6.
/// let born = NaiveDate::from_ymd_opt(1951, 5, 2).unwrap();
/// assert_eq!(required(born, 2026, Money::whole(246_000)), Money::whole(10_000));
/// assert_eq!(required(born, 2023, Money::whole(246_000)), Money::ZERO);
/// ```
pub fn required(born: NaiveDate, year: i32, balance: Money) -> Money {
    if year < first_year(born) || matches!(year, 2009 | 2020) || !balance.is_positive() {
        return Money::ZERO;
    }
    let age = year - born.year();
    let (from, factors): (i32, &[u32]) = if year < 2022 { (70, &FACTORS_2002) } else { (72, &FACTORS_2022) };
    let place = usize::try_from(age - from).unwrap_or(0).min(factors.len() - 1);
    balance.fraction(10, factors[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Publication 590-B: born June 30, 1949: 70 1/2 on December 30, 2019; born a day later: 72 in 2021.
    #[test]
    fn first_years() {
        for (born, year) in [
            ("1930-02-01", 2000),
            ("1930-08-01", 2001),
            ("1949-06-30", 2019),
            ("1949-07-01", 2021),
            ("1950-12-31", 2022),
            ("1951-01-01", 2024),
            ("1959-12-31", 2032),
            ("1960-01-01", 2035),
        ] {
            assert_eq!(first_year(day(born)), year, "{born}");
        }
    }

    /// Publication 590-B (2021), example: age 74 at the end of 2021, $200,000 on December 31, 2020: a factor of
    /// 23.8. From 2022 on: 72 27.4, 80 20.2, 100 6.4, 120 and over 2.0.
    #[test]
    fn factors_of_the_tables() {
        let hundred_thousand = Money::whole(100_000);
        let of = |age: i32, year: i32| {
            let born = NaiveDate::from_ymd_opt(year - age, 1, 1).unwrap();
            hundred_thousand.to_f64() / required(born, year, hundred_thousand).to_f64()
        };
        for (age, year, factor) in [
            (74, 2021, 23.8),
            (70, 2005, 27.4),
            (90, 2010, 11.4),
            (115, 2010, 1.9),
            (72, 2022, 27.4),
            (80, 2026, 20.2),
            (100, 2030, 6.4),
            (119, 2030, 2.3),
            (120, 2030, 2.0),
            (140, 2030, 2.0),
        ] {
            assert!((of(age, year) - factor).abs() < 1e-4, "{age} in {year}: {}", of(age, year));
        }
        for year in [2009, 2020] {
            assert_eq!(required(day("1930-01-01"), year, hundred_thousand), Money::ZERO);
        }
    }
}
