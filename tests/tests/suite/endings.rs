//! Relations between the endings of a portfolio that the law implies for any lots.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use unisleeve_core::study::measure::endings::{EndingTerms, Endings, Position, endings};
use unisleeve_core::tax::{Carryforward, FilingStatus, Income, Law, Lot, Outside, TaxRates};
use unisleeve_core::units::{AccountId, LotId, Money, Price, Rate, Shares, SleeveId};

/// Tolerance for products with a float rate: a few rounding steps.
const ROUNDING: Money = Money::from_raw(10);

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).unwrap()
}

/// Shares and prices in millionths, basis as a percentage of value, days held.
fn lot() -> impl Strategy<Value = (Lot, Price)> {
    (1i64..2_000_000_000, 0i64..500_000_000, 0i64..300, 0u64..2_000).prop_map(
        |(quantity, price, percent, days)| {
            let acquired = last_day() - Days::new(days);
            let value = Money::of(Shares::from_raw(quantity), Price::from_raw(price));
            let lot = Lot {
                piece: 0,
                id: LotId(0),
                account: AccountId(0),
                sleeve: SleeveId(0),
                quantity: Shares::from_raw(quantity),
                basis: value.at(Rate::from_raw(percent * 10_000)),
                acquired,
                holding_start: acquired,
                may_replace: true,
                gift: None,
            };
            (lot, Price::from_raw(price))
        },
    )
}

fn money(low: i32, high: i32) -> impl Strategy<Value = Money> {
    (low..high).prop_map(Money::whole)
}

fn position() -> impl Strategy<Value = Position> {
    let income = (
        money(-50_000, 50_000),
        money(-50_000, 50_000),
        money(0, 20_000),
        money(0, 20_000),
        money(0, 20_000),
    )
        .prop_map(|(net_short, net_long, qualified, ordinary, interest)| Income {
            net_short,
            net_long,
            qualified,
            ordinary,
            interest,
            distributions: Money::ZERO,
        });
    let carry =
        || (money(0, 100_000), money(0, 100_000)).prop_map(|(short, long)| Carryforward { short, long });
    (
        proptest::collection::vec(lot(), 0..12),
        money(0, 50_000),
        money(-20_000, 20_000),
        income,
        carry(),
        carry(),
    )
        .prop_map(|(lots, cash, accrued_tax, income, carried_in, carried_out)| {
            let held: Money = lots.iter().map(|(l, p)| Money::of(l.quantity, *p)).sum();
            Position {
                date: last_day(),
                value: held + cash,
                accrued_tax,
                owed: Money::ZERO,
                lots,
                income,
                carried_in,
                carried_out,
            }
        })
}

fn terms() -> impl Strategy<Value = EndingTerms> {
    let status = prop_oneof![
        Just(FilingStatus::Single),
        Just(FilingStatus::Joint),
        Just(FilingStatus::Head),
        Just(FilingStatus::Separate)
    ];
    (2025..=2026, status, 0i32..2_000_000, 0i64..150_000, 0.0..0.6f64, 0.0..0.4f64, 0i64..=1_000_000)
        .prop_map(|(year, status, wages, state, short, long, share)| {
            let rates = TaxRates { short, long };
            EndingTerms {
                law: Law::of(year, status).unwrap(),
                outside: Outside {
                    ordinary_taxable: Money::whole(wages),
                    magi: Money::whole(wages + 30_000),
                    state_rate: Rate::from_raw(state),
                    ..Outside::default()
                },
                rates,
                donee: rates,
                charity_share: Rate::from_raw(share),
            }
        })
}

/// The same position with every lot at a gain, or every lot at a loss.
fn one_sided(position: &Position, gains: bool) -> Position {
    let mut position = position.clone();
    for (lot, price) in &mut position.lots {
        let value = Money::of(lot.quantity, *price);
        lot.basis = if gains { lot.basis.min(value) } else { lot.basis.max(value) };
    }
    position
}

fn of(position: &Position, terms: &EndingTerms) -> Endings {
    endings(position, terms).0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Keeping is worth value less accrued tax, and leaving at death is worth as much. A sale at flat rates
    /// takes the tax or nothing. A donee at the same rates pays at least as much, because no loss or
    /// carryforward reduces the gains.
    #[test]
    fn kept_at_least_sold_at_least_given(position in position(), terms in terms()) {
        let e = of(&position, &terms);
        prop_assert_eq!(e.keep.wealth, position.value - position.accrued_tax);
        prop_assert_eq!(e.step_up.wealth, e.keep.wealth);
        prop_assert!(e.keep.wealth >= e.liquidate.wealth);
        prop_assert!(e.liquidate.wealth >= e.gift.wealth - ROUNDING, "{:?}", e);
        prop_assert_eq!(
            e.step_up.gain_erased - e.step_up.loss_erased,
            e.gift.gain_short + e.gift.gain_long - e.gift.loss_not_passed_on
        );
    }

    /// In the brackets, gains never save tax and losses never cost any.
    #[test]
    fn the_brackets_follow_the_sign(position in position(), terms in terms()) {
        let gains = of(&one_sided(&position, true), &terms).liquidate_bracketed;
        prop_assert!(gains.tax >= -ROUNDING, "{gains:?}");
        let losses = of(&one_sided(&position, false), &terms).liquidate_bracketed;
        prop_assert!(losses.tax <= ROUNDING, "{losses:?}");
    }

    /// A charity gets no more than was asked. The counted amount is allowed, carried or lost, and no more
    /// than was given. A deduction saves between nothing and 40% with the state's rate: 37% at the top, or
    /// 35% where it also moves a dollar of gain from 20% to 15%, because the 15% rate ends inside that
    /// bracket. Every dollar goes to the family, to the charity or into saved tax.
    #[test]
    fn a_gift_to_charity_adds_up(position in position(), terms in terms()) {
        let e = of(&position, &terms);
        let c = e.charity;
        prop_assert!(c.given <= c.asked && !c.given.is_negative());
        let d = c.deduction;
        prop_assert!(d.allowed.total() + d.carried.total() + d.lost.total() <= c.given);
        prop_assert!(c.section_68 <= d.allowed.total());
        let most = d.allowed.total().at(Rate::from_raw(400_000)) + d.allowed.total().at(terms.outside.state_rate);
        prop_assert!(c.tax_saved_by_deduction >= -ROUNDING && c.tax_saved_by_deduction <= most + ROUNDING, "{:?}", c);
        prop_assert!(c.tax_saved_by_losses >= -ROUNDING);
        prop_assert!(!c.gain_never_taxed.is_negative() && c.gain_never_taxed <= e.step_up.gain_erased);
        prop_assert_eq!(c.wealth + c.given - c.tax_saved_by_deduction - c.tax_saved_by_losses, e.keep.wealth);
        // With nothing asked, nothing is given and nothing changes.
        let nothing = of(&position, &EndingTerms { charity_share: Rate::ZERO, ..terms });
        prop_assert_eq!(nothing.charity.wealth, e.keep.wealth);
    }
}
