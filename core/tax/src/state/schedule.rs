//! Graduated brackets of a state.

use super::super::brackets::Exact;
use unisleeve_units::Money;

/// A bracket: its start in whole dollars and its rate in millionths.
pub(super) type Bracket = (i32, i64);

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
