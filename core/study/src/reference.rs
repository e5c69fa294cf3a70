//! The run of UMA that other runs over the same market are compared with.

use unisleeve_mandates::{ArmKind, Config};
use unisleeve_units::Money;

use super::difference::{Ending, Series, classes, series, split};
use super::{Bench, StudyArm, StudyError};

/// UMA at the household's own risk aversion.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    classes: Vec<String>,
    uma: Series,
}

impl Reference {
    /// Runs UMA, whose setup must be among those of the bench.
    pub(crate) fn new(bench: &Bench, config: &Config) -> Result<Self, StudyError> {
        let setup = bench.setups.iter().find(|s| s.kind == ArmKind::Uma);
        let setup = setup.ok_or(StudyError::Config { faults: Vec::new() })?;
        let uma = bench.arm(setup, ArmKind::Uma.as_str(), config, config.trading.risk_aversion)?;
        Ok(Self::of(&uma, bench, config))
    }

    /// A reference that ran already.
    pub(crate) fn of(uma: &StudyArm, bench: &Bench, config: &Config) -> Self {
        let classes = classes(std::slice::from_ref(uma));
        Self { uma: series(uma, &classes, config, bench), classes }
    }

    /// UMA's setup effect over another arm of the bench, after liquidation and before, in ten-thousandths of a
    /// dollar.
    pub(crate) fn setup_over(&self, arm: &StudyArm, bench: &Bench, config: &Config) -> [i64; 2] {
        let arm = series(arm, &self.classes, config, bench);
        Ending::ALL.map(|ending| {
            let parts = split(&self.uma, &arm, ending);
            let money = |x: f64| Money::from_f64(x).unwrap_or_default().raw();
            money(parts.tax) + money(parts.fees) + money(parts.costs)
        })
    }
}
