//! Netting of gains and losses, the limit on losses against ordinary income, and the carryforward (IRC
//! 1211(b), 1212(b), 1222; Schedule D and its Capital Loss Carryover Worksheet).

use serde::Serialize;

use unisleeve_units::Money;

/// Losses carried from one year into the next, in dollars, zero or positive. They keep their character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Carryforward {
    /// Short-term.
    pub short: Money,
    /// Long-term.
    pub long: Money,
}

/// Result of netting one year. All amounts are dollars, zero or positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Netted {
    /// Net gain taxed as ordinary income.
    pub taxed_short: Money,
    /// Net gain taxed at the preferential rates.
    pub taxed_long: Money,
    /// Loss deducted from ordinary income.
    pub ordinary_offset: Money,
    /// Losses carried forward into the next year.
    pub carry: Carryforward,
}

/// Nets a year's short-term and long-term results after subtracting the losses carried in. Gains are
/// positive, losses negative. At most `limit` of a net loss is deducted from ordinary income, short-term
/// losses first.
pub fn net(short: Money, long: Money, carried_in: Carryforward, limit: Money) -> Netted {
    let short = short - carried_in.short;
    let long = long - carried_in.long;
    let total = short + long;
    if !total.is_negative() {
        // The long-term part of the total is preferential and the rest is ordinary. A loss in one term has
        // already reduced the other.
        let taxed_long = long.max(Money::ZERO).min(total);
        return Netted { taxed_short: total - taxed_long, taxed_long, ..Netted::default() };
    }
    let short_loss = (-short).max(Money::ZERO) - long.max(Money::ZERO);
    let long_loss = (-long).max(Money::ZERO) - short.max(Money::ZERO);
    let (short_loss, long_loss) = (short_loss.max(Money::ZERO), long_loss.max(Money::ZERO));
    let from_short = short_loss.min(limit);
    let from_long = long_loss.min(limit - from_short);
    Netted {
        taxed_short: Money::ZERO,
        taxed_long: Money::ZERO,
        ordinary_offset: from_short + from_long,
        carry: Carryforward { short: short_loss - from_short, long: long_loss - from_long },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(x: i32) -> Money {
        Money::whole(x)
    }

    #[test]
    fn nets_as_schedule_d_does() {
        let none = Carryforward::default();
        // A short-term loss larger than a long-term gain: what exceeds the limit carries forward as
        // short-term.
        let n = net(m(-15_500), m(7_100), none, m(3_000));
        assert_eq!((n.ordinary_offset, n.carry), (m(3_000), Carryforward { short: m(5_400), long: m(0) }));
        // Losses in both terms: the limit uses short-term losses first.
        let n = net(m(-2_000), m(-6_000), none, m(3_000));
        assert_eq!((n.ordinary_offset, n.carry), (m(3_000), Carryforward { short: m(0), long: m(5_000) }));
        // A long-term loss against a short-term gain.
        let n = net(m(10_000), m(-4_000), none, m(3_000));
        assert_eq!((n.taxed_short, n.taxed_long), (m(6_000), m(0)));
        // A short-term loss against a long-term gain.
        let n = net(m(-4_000), m(10_000), none, m(3_000));
        assert_eq!((n.taxed_short, n.taxed_long), (m(0), m(6_000)));
        // A carried loss reduces gains of its own term first.
        let n = net(m(1_000), m(5_000), Carryforward { short: m(4_000), long: m(0) }, m(3_000));
        assert_eq!((n.taxed_short, n.taxed_long), (m(0), m(2_000)));
        let n = net(m(-4_000), m(0), none, m(1_500));
        assert_eq!((n.ordinary_offset, n.carry.short), (m(1_500), m(2_500)));
    }

    #[test]
    fn nothing_is_lost() {
        for s in [-9_000, -3_000, -1, 0, 1, 5_000] {
            for l in [-8_000, -2_999, 0, 7, 12_000] {
                for (cs, cl) in [(0, 0), (1_000, 0), (0, 4_000), (500, 700)] {
                    let n = net(m(s), m(l), Carryforward { short: m(cs), long: m(cl) }, m(3_000));
                    let gain = n.taxed_short + n.taxed_long;
                    let loss = n.ordinary_offset + n.carry.short + n.carry.long;
                    assert_eq!(gain - loss, m(s + l - cs - cl));
                    assert!(gain.is_zero() || loss.is_zero());
                }
            }
        }
    }
}
