//! Management fees: fractions of value a year, charged in arrears by the day.

use unisleeve_mandates::{ArmKind, FeesConfig, Setup, Switch};
use unisleeve_units::Money;

/// Days in the year that yearly rates are divided by.
const DAYS: f64 = 365.0;

/// The fee for `days` days on a household worth `value`, of which specialists run `specialists`. Funds-only arms pay the
/// advisor; the shadow portfolio is a yardstick and pays nobody. Fees do not lower anybody's tax (IRC 67(g)).
pub(super) fn fee_due(
    setup: &Setup,
    fees: &FeesConfig,
    value: Money,
    specialists: Money,
    days: i64,
) -> Money {
    let (total, theirs) = (value.to_f64(), specialists.to_f64());
    let yearly = match setup.kind {
        ArmKind::Shadow => 0.0,
        ArmKind::Funds | ArmKind::FundPairs => fees.advisor * total,
        _ if setup.switches.has(Switch::Fees) => fees.uma * total,
        _ => fees.advisor * total + fees.direct_index * theirs,
    };
    Money::from_f64(yearly * days as f64 / DAYS).unwrap_or(Money::ZERO).max(Money::ZERO)
}
