//! One arm of a study.

use crate::measure::{ArmMeasures, TaxAlpha};
use unisleeve_engine::ArmResult;

/// One arm of a study with its figures.
#[derive(Debug, Clone)]
pub struct StudyArm {
    /// Name in result files: the name of the arm's kind, or `uma_equal_te`.
    pub name: &'static str,
    /// Risk aversion of the run.
    pub risk_aversion: f64,
    /// Result of the run.
    pub result: ArmResult,
    /// Figures of the run.
    pub measures: ArmMeasures,
    /// Tax alpha against the shadow portfolio.
    pub tax_alpha: Option<TaxAlpha>,
}
