//! Massachusetts: 5%, 8.5% on short-term gain, and a 4% surtax above a threshold.
//!
//! General Laws chapter 62, section 4(a)(1) (short-term gain, 8.5% since 2023: chapter 50 of the Acts of
//! 2023), 4(b) and (c) (5%, including long-term gain on securities), 4(d) (4% surtax). The threshold is the
//! same in every filing status: $1,083,150 for 2025 (Form 1 instructions, 2025), $1,107,750 for 2026
//! (Department of Revenue, "4% Surtax on Taxable Income", threshold by year). Gains and losses net across
//! terms (Schedule B and Schedule D).
//!
//! Federal adjusted gross income serves as the state's. These amounts are subtracted from it:
//! - the personal exemption: $4,400; $8,800 on a joint return; $6,800 for a head of household (chapter 62,
//!   section 3(B)(b));
//! - $1,000 for each dependent;
//! - contributions to Social Security and Medicare, up to $2,000 (3(B)(a)(3)). All income that is not net
//!   investment income counts as the wages of one person.
//!
//! A net capital loss reduces interest and dividends by at most $2,000 (section 2(c)); any further loss
//! deducted on the federal return is added back.
//!
//! No tax is due on income up to $8,000 (single), or up to $7,600 plus the exemptions (joint, head of
//! household) (section 5(a)). Up to 1.75 times that amount, the tax is at most a tenth of the excess (section
//! 6(b), limited income credit).
//!
//! Not modeled: the contributions of a second earner, exemptions for the elderly and the blind, other
//! deductions and credits, the 12% rate on collectibles.

use super::{StateInput, each};
use crate::brackets::Exact;
use crate::{Carryforward, FilingStatus, net};
use unisleeve_units::{Money, Rate};

/// Rate of an employee's contributions to Social Security and Medicare (IRC 3101).
const CONTRIBUTIONS: Rate = Rate::from_raw(76_500);

/// Tax for 2025 and 2026, in dollars. `short` and `long` are the year's net results; losses are negative.
pub(super) fn tax(year: i32, status: FilingStatus, input: &StateInput, short: Money, long: Money) -> Money {
    let personal = Money::whole(match status {
        FilingStatus::Single | FilingStatus::Separate => 4_400,
        FilingStatus::Joint => 8_800,
        FilingStatus::Head => 6_800,
    });
    let exempt = personal + each(1_000, input.dependents);
    let deducted = input.deducted_loss(status);
    // Interest and dividends, including net gains. The federal figure is after the deducted loss, so that is
    // added back.
    let investment = if input.net_investment_income.is_positive() {
        input.net_investment_income + deducted
    } else {
        Money::ZERO
    };
    let allowed = if deducted.is_positive() {
        let loss = Money::ZERO - (short + long);
        loss.min(Money::whole(2_000)).min(investment)
    } else {
        Money::ZERO
    };
    let income = input.income() + deducted - allowed;
    let wages = (input.magi + deducted - investment).max(Money::ZERO);
    let contributions = wages.at(CONTRIBUTIONS).min(Money::whole(2_000));
    let tax = scheduled(year, input.taxable(income, exempt + contributions), short, long);
    let free = match status {
        _ if input.state_taxable.is_some() => return tax,
        FilingStatus::Separate => return tax,
        FilingStatus::Single => Money::whole(8_000),
        FilingStatus::Joint | FilingStatus::Head => Money::whole(7_600) + exempt,
    };
    if income <= free {
        Money::ZERO
    } else if income <= free.at(Rate::from_raw(1_750_000)) {
        tax.min((income - free).at(Rate::from_raw(100_000)))
    } else {
        tax
    }
}

/// Tax on taxable income `base`. `short` and `long` are the year's net results.
fn scheduled(year: i32, base: Money, short: Money, long: Money) -> Money {
    let threshold = Money::whole(if year == 2025 { 1_083_150 } else { 1_107_750 });
    let netted = net(short, long, Carryforward::default(), Money::ZERO);
    let mut tax = Exact::default();
    tax.add(base, 50_000);
    tax.add(netted.taxed_short.min(base), 35_000);
    tax.add((base - threshold).max(Money::ZERO), 40_000);
    tax.rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    #[test]
    fn short_term_gain_and_the_surtax() {
        assert_eq!(scheduled(2026, m(100_000), m(0), m(40_000)), m(5_000));
        assert_eq!(scheduled(2026, m(100_000), m(20_000), m(0)), m(5_700));
        // A long-term loss reduces the short-term gain.
        assert_eq!(scheduled(2026, m(100_000), m(20_000), m(-15_000)), m(5_175));
        assert_eq!(scheduled(2026, m(100_000), m(-20_000), m(15_000)), m(5_000));
        // 9% above the threshold, 12.5% on short-term gain.
        assert_eq!(scheduled(2026, m(1_207_750), m(0), m(0)), m(64_387) + Money::from_raw(5_000));
        assert_eq!(
            scheduled(2025, m(1_183_150), m(0), m(0)) - scheduled(2025, m(1_083_150), m(0), m(0)),
            m(9_000)
        );
    }

    fn of(status: FilingStatus, input: StateInput) -> Money {
        tax(2025, status, &input, input.net_short.unwrap(), input.net_long.unwrap())
    }

    fn wages(magi: i32) -> StateInput {
        StateInput { magi: m(magi), net_short: Some(m(0)), net_long: Some(m(0)), ..StateInput::default() }
    }

    #[test]
    fn exemptions_and_contributions() {
        assert_eq!(of(FilingStatus::Joint, wages(400_000)), m(19_460));
        assert_eq!(of(FilingStatus::Single, wages(60_000)), m(2_680));
        assert_eq!(of(FilingStatus::Head, StateInput { dependents: 1, ..wages(60_000) }), m(2_510));
        // All income is from investments, so there are no Social Security contributions.
        let invested = StateInput { net_investment_income: m(400_000), ..wages(400_000) };
        assert_eq!(of(FilingStatus::Joint, invested), m(19_560));
    }

    /// The federal return deducts 3,000. Massachusetts allows 2,000 of it against dividends, and nothing if
    /// there are none.
    #[test]
    fn a_net_loss_reduces_dividends_by_2_000_at_most() {
        let loss = StateInput { net_short: Some(m(-9_000)), ..wages(97_000) };
        assert_eq!(of(FilingStatus::Single, loss), of(FilingStatus::Single, wages(100_000)));
        let loss = StateInput { net_investment_income: m(7_000), ..loss };
        let without = StateInput { net_investment_income: m(10_000), ..wages(98_000) };
        assert_eq!(of(FilingStatus::Single, loss), of(FilingStatus::Single, without));
    }

    #[test]
    fn little_income_is_free_and_the_next_is_taxed_at_a_tenth_of_the_excess() {
        assert_eq!(of(FilingStatus::Single, wages(8_000)), m(0));
        assert_eq!(of(FilingStatus::Single, wages(8_100)), m(10));
        assert_eq!(of(FilingStatus::Joint, wages(16_400)), m(0));
        assert_eq!(of(FilingStatus::Joint, wages(17_000)), m(60));
    }
}
