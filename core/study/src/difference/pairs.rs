//! UMA against each setup with separate managers on one path.

use super::of_arm::{classes, series};
use super::row::{Ending, PathDifference};
use super::series::Series;
use super::split::split;
use crate::measure::years;
use crate::{Bench, StudyArm};
use unisleeve_mandates::{ArmKind, Config};
use unisleeve_units::Money;

/// Splits UMA minus each setup with separate managers among `arms`, by ending. Empty without UMA or such a
/// setup.
pub fn differences(arms: &[StudyArm], config: &Config, bench: &Bench) -> Vec<PathDifference> {
    let find = |kind: ArmKind| arms.iter().find(|a| a.name == kind.as_str());
    let against: Vec<&StudyArm> = ArmKind::SEPARATE.into_iter().filter_map(find).collect();
    let Some(uma) = find(ArmKind::Uma).filter(|_| !against.is_empty()) else { return Vec::new() };
    let classes = classes(arms);
    let of_uma = series(uma, &classes, config, bench);
    let mut all = Vec::new();
    for sma in against {
        let of_sma = series(sma, &classes, config, bench);
        for ending in Ending::ALL {
            all.push(difference((uma, &of_uma), (sma, &of_sma), ending, config));
        }
    }
    all
}

/// The split of one pair at one ending.
fn difference(
    (uma, of_uma): (&StudyArm, &Series),
    (sma, of_sma): (&StudyArm, &Series),
    ending: Ending,
    config: &Config,
) -> PathDifference {
    let parts = split(of_uma, of_sma, ending);
    let total = match ending {
        Ending::Liquidated => uma.measures.liquidated_and_paid() - sma.measures.liquidated_and_paid(),
        Ending::Kept => uma.measures.kept_and_paid() - sma.measures.kept_and_paid(),
    };
    let money = |x: f64| Money::from_f64(x).unwrap_or_default();
    let [tax, fees, costs] = [parts.tax, parts.fees, parts.costs].map(money);
    let [cash, classes, unpaid] = [parts.cash, parts.classes, parts.unpaid].map(money);
    let mean_value = 0.5 * (of_uma.mean_value() + of_sma.mean_value());
    let dollar_years = mean_value * years(&uma.result.journal.marks).unwrap_or(0.0);
    let variance = |arm: &StudyArm| arm.measures.tracking_error_ex_post.map_or(0.0, |te| te * te);
    let gamma = config.trading.risk_aversion;
    let setup = (tax + fees + costs).to_f64();
    PathDifference {
        against: sma.name,
        ending,
        total,
        tax,
        fees,
        costs,
        cash,
        classes,
        // With what rounding leaves, so that the parts add up to the cent.
        names: total - tax - fees - costs - cash - classes - unpaid,
        unpaid,
        risk: money(0.5 * gamma * (variance(sma) - variance(uma)) * dollar_years),
        bp_a_year: if dollar_years > 0.0 { 10_000.0 * setup / dollar_years } else { 0.0 },
        dollar_years,
    }
}
