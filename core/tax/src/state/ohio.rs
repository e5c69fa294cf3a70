//! Ohio: nothing on income up to $26,050, then an amount that starts there and a rate on the rest; gains are
//! ordinary income.
//!
//! Ohio Revised Code 5747.02 (House Bill 96 of 2025): in 2025, $342 and 2.75% above $26,050; $2,394.32 and
//! 3.125% above $100,000; in 2026, $332 and 2.75%. Exemptions (5747.025) of $2,400 a person, less at higher
//! income, and none above $750,000 (2025) or $500,000 (2026) of adjusted gross income. A credit of $20 a
//! person below $30,000 (5747.022). Form IT 1040. The steps at $26,050 are the statute's.
//!
//! Not modeled: city and school district taxes, the joint filing credit (both spouses need qualifying
//! income), business income, other credits.

use super::schedule::{excess, in_year};
use super::{StateInput, each, filers};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

/// Income up to which no tax is due.
const FREE: i32 = 26_050;

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let persons = filers(status).saturating_add(input.dependents);
    let taxable = input.taxable(input.income(), each(exemption(year, input.magi), persons));
    if taxable <= Money::whole(FREE) {
        return Money::ZERO;
    }
    let credit = if taxable < Money::whole(30_000) { each(20, persons) } else { Money::ZERO };
    (scheduled(year, taxable) - credit).max(Money::ZERO)
}

/// Tax on taxable income above [`FREE`].
fn scheduled(year: i32, taxable: Money) -> Money {
    let high = Money::whole(100_000);
    if year == 2025 && taxable > high {
        return Money::from_raw(23_943_200) + (taxable - high).at(Rate::from_raw(31_250));
    }
    in_year(year, [Money::whole(342), Money::whole(332)])
        + excess(taxable, Money::whole(FREE)).at(Rate::from_raw(27_500))
}

/// Exemption of one person, in dollars.
fn exemption(year: i32, gross: Money) -> i32 {
    let last = in_year(year, [750_000, 500_000]);
    let passed = [40_000, 80_000, last].iter().filter(|b| gross > Money::whole(**b)).count();
    [2_400, 2_150, 1_900, 0][passed]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedules_of_the_statute() {
        let of = |year, taxable: i32| {
            let input = StateInput { state_taxable: Some(Money::whole(taxable)), ..StateInput::default() };
            tax(year, FilingStatus::Single, &input)
        };
        assert_eq!(of(2025, 26_050), Money::ZERO);
        assert_eq!(of(2025, 36_050), Money::whole(617));
        assert_eq!(of(2025, 100_000), Money::parse("2375.625").unwrap().value);
        assert_eq!(of(2025, 110_000), Money::parse("2706.82").unwrap().value);
        assert_eq!(of(2026, 126_050), Money::whole(3_082));
        assert_eq!(of(2026, 28_000), Money::parse("365.625").unwrap().value);
    }

    #[test]
    fn exemptions_fall_in_steps() {
        assert_eq!(exemption(2025, Money::whole(40_000)), 2_400);
        assert_eq!(exemption(2025, Money::whole(80_001)), 1_900);
        assert_eq!(exemption(2025, Money::whole(750_001)), 0);
        assert_eq!(exemption(2026, Money::whole(500_001)), 0);
    }
}
