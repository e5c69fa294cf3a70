//! Brackets, amounts by filing status, and phase-outs of a state.

use super::super::brackets::Exact;
use crate::FilingStatus;
use unisleeve_units::Money;

/// A bracket: its start in whole dollars and its rate in millionths.
pub(super) type Bracket = (i32, i64);

/// Brackets for each filing status.
pub(super) type Scale = By<&'static [Bracket]>;

/// A value for each filing status, in this order: single, joint, head of household, separate.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<T>(pub(super) [T; 4]);

impl<T: Copy> By<T> {
    pub(super) fn of(&self, status: FilingStatus) -> T {
        let [single, joint, head, separate] = self.0;
        match status {
            FilingStatus::Single => single,
            FilingStatus::Joint => joint,
            FilingStatus::Head => head,
            FilingStatus::Separate => separate,
        }
    }
}

impl By<i32> {
    /// The amount in dollars.
    pub(super) fn dollars(&self, status: FilingStatus) -> Money {
        Money::whole(self.of(status))
    }
}

/// Tax on `income` under progressive brackets, lowest first; the first starts at zero.
pub(super) fn schedule(brackets: &[Bracket], income: Money) -> Exact {
    let mut tax = Exact::default();
    for (i, (bottom, rate)) in brackets.iter().enumerate() {
        let bottom = Money::whole(*bottom);
        if income <= bottom {
            break;
        }
        let top = brackets.get(i + 1).map_or(income, |(top, _)| Money::whole(*top).min(income));
        tax.add(top - bottom, *rate);
    }
    tax
}

/// The amount of `of` that applies in `year`: the first for 2025, the second for 2026.
pub(super) fn in_year<T: Copy>(year: i32, of: [T; 2]) -> T {
    let [first, second] = of;
    if year == 2025 { first } else { second }
}

/// `income` above `limit`, at least zero.
pub(super) fn excess(income: Money, limit: Money) -> Money {
    (income - limit).max(Money::ZERO)
}

/// Number of steps of `step` dollars in `excess`, where a part of a step counts as a whole one.
pub(super) fn steps(excess: Money, step: i32) -> i64 {
    let step = Money::whole(step).raw().max(1);
    (excess.raw() + step - 1) / step
}

/// What is left of `amount` after it falls evenly to zero over an excess of `width` dollars.
pub(super) fn phased_out(amount: Money, excess: Money, width: i32) -> Money {
    let width = Money::whole(width);
    let left = (width - excess).max(Money::ZERO);
    let mut whole = Exact::default();
    whole.add(amount, 1_000_000);
    whole.share(left, width).rounded()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_phase_outs() {
        let m = Money::whole;
        assert_eq!(steps(m(0), 2_500), 0);
        assert_eq!(steps(Money::from_raw(1), 2_500), 1);
        assert_eq!(steps(m(2_500), 2_500), 1);
        assert_eq!(steps(m(2_501), 2_500), 2);
        assert_eq!(phased_out(m(30_000), m(0), 150_000), m(30_000));
        assert_eq!(phased_out(m(30_000), m(50_000), 150_000), m(20_000));
        assert_eq!(phased_out(m(30_000), m(999_999), 150_000), m(0));
        assert_eq!(excess(m(5), m(7)), m(0));
    }
}
