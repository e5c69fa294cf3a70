//! The seven switches that connect the mandates of a household. All are off in SMA and on in UMA.

use serde::Serialize;

/// One difference between separate managers and one manager. Each comment says what the switch does when it
/// is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Each mandate sees trades and lots of the whole household, retirement accounts included. Off: only its
    /// own.
    Wash,
    /// Each mandate sees the household's tax position as of today. Off: its own gains of the year, and the
    /// other mandates' gains of last year.
    Gains,
    /// The household has one cash target, and any mandate's cash can pay. Off: each mandate keeps its own
    /// target.
    Pool,
    /// The household's joint problem sets the dollars of each sleeve, within the policy's bands. Off: the
    /// advisor sets them beforehand.
    Joint,
    /// Tracking error is measured for the whole portfolio against the policy mix. Off: for each mandate
    /// against its own indices.
    Risk,
    /// Money requested from a manager arrives at once. Off: after `sma.notice` and `sma.lag` trading days.
    Lag,
    /// The household pays the fee of the one manager. Off: the fees of the separate managers.
    Fees,
}

impl Switch {
    /// All seven, in the order of the ladder from SMA to UMA.
    pub const ALL: [Self; 7] =
        [Self::Wash, Self::Gains, Self::Pool, Self::Joint, Self::Risk, Self::Lag, Self::Fees];

    /// Name used in files.
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

/// Set of the switches that are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Switches(u8);

impl Switches {
    /// No switch: SMA.
    pub const NONE: Self = Self(0);
    /// All switches: UMA.
    pub const ALL: Self = Self(0x7f);

    /// The set with switch `i` on if bit `i` is set, in the order of [`Switch::ALL`]. Higher bits are
    /// ignored.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The set as bits, in the order of [`Switch::ALL`].
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Switches that are on in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether a switch is on.
    pub fn has(self, switch: Switch) -> bool {
        self.0 & (1 << switch as u8) != 0
    }

    /// The set with one more switch on.
    #[must_use]
    pub fn with(self, switch: Switch) -> Self {
        Self(self.0 | 1 << switch as u8)
    }

    /// `sma` followed by the switches that are on, as in `sma+wash+gains`; `uma` if all are on.
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
