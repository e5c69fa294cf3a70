//! Missouri: capital gains are not taxed from 2025 on (Revised Statutes 143.121, House Bill 594 of 2025),
//! short-term gains included. Dividends are.
//!
//! Brackets: 143.011, with the indexed amounts of 2025 and 2026. The federal deduction is subtracted
//! (143.131), then a part of the federal income tax: 35% up to $25,000 of Missouri adjusted gross income, 25%
//! up to $50,000, 15% up to $100,000, 5% up to $125,000, nothing above; at most $5,000, or $10,000 on a joint
//! return (143.171). A head of household deducts $1,400 (143.161). Form MO-1040.
//!
//! Without `net_short` only the net long-term gain is known and exempt.
//!
//! Not modeled: the local tax of Kansas City and St. Louis, credits, other deductions.

use super::schedule::{By, Scale, in_year};
use super::{StateInput, schedule};
use crate::FilingStatus;
use unisleeve_units::{Money, Rate};

const RATES_2025: Scale = By([&[
    (0, 0),
    (1_313, 20_000),
    (2_626, 25_000),
    (3_939, 30_000),
    (5_252, 35_000),
    (6_565, 40_000),
    (7_878, 45_000),
    (9_191, 47_000),
]; 4]);
const RATES_2026: Scale = By([&[
    (0, 0),
    (1_348, 20_000),
    (2_696, 25_000),
    (4_044, 30_000),
    (5_392, 35_000),
    (6_740, 40_000),
    (8_088, 45_000),
    (9_436, 47_000),
]; 4]);

/// Missouri adjusted gross income up to which a part of the federal tax is deducted, and that part in
/// millionths.
const FEDERAL: [(i32, i64); 4] =
    [(25_000, 350_000), (50_000, 250_000), (100_000, 150_000), (125_000, 50_000)];

/// Tax for 2025 and 2026, in dollars.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput) -> Money {
    let gross = (input.income() - input.all_capital_gain()).max(Money::ZERO);
    let head = By([0, 0, 1_400, 0]).dollars(status);
    let allowed = input.federal_deduction() + federal(status, input, gross) + head;
    schedule(in_year(year, [RATES_2025, RATES_2026]).of(status), input.taxable(gross, allowed)).rounded()
}

/// Deduction for the federal income tax.
fn federal(status: FilingStatus, input: &StateInput, gross: Money) -> Money {
    let most = By([5_000, 10_000, 5_000, 5_000]).dollars(status);
    let part = FEDERAL.iter().find(|(to, _)| gross <= Money::whole(*to)).map_or(0, |(_, part)| *part);
    (input.federal_tax + input.niit).max(Money::ZERO).at(Rate::from_raw(part)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FilingStatus::{Joint, Single};

    #[test]
    fn gains_are_exempt() {
        let of = |wages: i32, gain: i32, short: i32| {
            let input = StateInput {
                ordinary_taxable: Money::whole(wages + short - 31_500),
                pref_income: Money::whole(gain),
                magi: Money::whole(wages + gain + short),
                net_short: Some(Money::whole(short)),
                net_long: Some(Money::whole(gain)),
                ..StateInput::default()
            };
            tax(2025, Joint, &input)
        };
        assert_eq!(of(150_000, 300_000, 50_000), of(150_000, 0, 0));
        // A net loss is deducted elsewhere and does not count as a gain.
        assert_eq!(of(150_000, 40_000, -30_000), of(150_000, 10_000, 0));
    }

    #[test]
    fn a_part_of_the_federal_tax_is_deducted() {
        let of = |status, gross, tax: i32| {
            let input = StateInput { federal_tax: Money::whole(tax), ..StateInput::default() };
            federal(status, &input, Money::whole(gross))
        };
        assert_eq!(of(Single, 25_000, 1_000), Money::whole(350));
        assert_eq!(of(Single, 60_000, 6_000), Money::whole(900));
        assert_eq!(of(Single, 60_000, 60_000), Money::whole(5_000));
        assert_eq!(of(Joint, 60_000, 60_000), Money::whole(9_000));
        assert_eq!(of(Joint, 125_001, 60_000), Money::ZERO);
    }
}
