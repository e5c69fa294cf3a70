//! What couples the mandates of a household: seven switches, all off in a separately managed setup, all on in a unified one.

use serde::Serialize;

/// One way in which a unified account differs from separate ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// A mandate sees the household's trades and lots, retirement accounts included, and not only its own.
    Wash,
    /// A mandate sees the household's tax position as of today, and not only its own with last year's figures of the others.
    Gains,
    /// One cash target over all mandates, and any of them pays; otherwise each keeps its own.
    Pool,
    /// The sleeves' dollars follow from the household's own problem, within the policy's bands; otherwise the advisor fixes them
    /// first.
    Joint,
    /// The whole portfolio is held to the policy mix; otherwise each mandate to its own index.
    Risk,
    /// Money asked of a manager is there at once; otherwise after `sma.lag` sessions.
    Lag,
    /// The unified setup's fees; otherwise the separate managers'.
    Fees,
}

impl Switch {
    /// All seven, in the order of the ladder.
    pub const ALL: [Self; 7] =
        [Self::Wash, Self::Gains, Self::Pool, Self::Joint, Self::Risk, Self::Lag, Self::Fees];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wash => "wash",
            Self::Gains => "gains",
            Self::Pool => "pool",
            Self::Joint => "joint",
            Self::Risk => "risk",
            Self::Lag => "lag",
            Self::Fees => "fees",
        }
    }
}

/// A set of switches that are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Switches(u8);

impl Switches {
    /// None: a separately managed setup.
    pub const NONE: Self = Self(0);
    /// All: a unified setup.
    pub const ALL: Self = Self(0x7f);

    /// The set whose `i`-th switch is on where bit `i` is; higher bits are left out.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// One bit for each switch, in the order of [`Switch::ALL`].
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The switches that are on in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether a switch is on.
    pub fn has(self, switch: Switch) -> bool {
        self.0 & (1 << switch as u8) != 0
    }

    /// The set with a switch on.
    #[must_use]
    pub fn with(self, switch: Switch) -> Self {
        Self(self.0 | 1 << switch as u8)
    }

    /// `sma` with the switches that are on: `sma+wash+gains`; `uma` for all.
    pub fn name(self) -> String {
        if self == Self::ALL {
            return "uma".to_owned();
        }
        let on = Switch::ALL.into_iter().filter(|s| self.has(*s)).map(Switch::as_str);
        ["sma"].into_iter().chain(on).collect::<Vec<_>>().join("+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bits() {
        assert_eq!(Switches::NONE.name(), "sma");
        assert_eq!(Switches::ALL.name(), "uma");
        let some = Switches::NONE.with(Switch::Gains).with(Switch::Fees);
        assert_eq!((some.name().as_str(), some.bits()), ("sma+gains+fees", 0b100_0010));
        assert_eq!(Switch::ALL.into_iter().fold(Switches::NONE, Switches::with), Switches::ALL);
        assert_eq!(Switches::from_bits(255), Switches::ALL);
    }
}
