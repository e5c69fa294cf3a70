//! Describes the switches in plain words.

use unisleeve_core::mandates::Switch;

/// The meaning of a switch.
pub(crate) fn meaning(switch: Switch) -> &'static str {
    match switch {
        Switch::Wash => "every manager sees all of the household's trades, retirement accounts included",
        Switch::Gains => "every manager sees the household's gains as of today",
        Switch::Pool => "one pool of cash",
        Switch::Joint => "money between sleeves follows from the whole problem",
        Switch::Risk => "the whole portfolio is held to the policy mix",
        Switch::Lag => "no waiting for money from another manager",
        Switch::Fees => "the unified schedule of fees",
    }
}
