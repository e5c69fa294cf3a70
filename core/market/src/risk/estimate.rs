//! Estimates the risk model from a rolling window of total returns by session.

use serde::{Deserialize, Serialize};

use super::groups::{GroupFactors, take_out};
use super::median_or;
use super::shrinkage::{leading, own_variances};
use crate::{Security, View};
use unisleeve_numeric::RiskModel;
use unisleeve_numeric::{Subspace, loadings};
use unisleeve_units::SecurityId;

/// The risk model that decisions use, and how it is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default, deny_unknown_fields)]
pub struct RiskSettings {
    /// Where the model comes from: `estimated` from prices up to each date, or `scenario`, the factors that
    /// simulated futures are drawn from, without estimation error. The other keys act on estimates.
    #[serde(skip_serializing_if = "RiskSource::is_estimated")]
    pub source: RiskSource,
    /// Length of the rolling window in sessions.
    pub window: usize,
    /// Maximum number of statistical factors: principal components of the returns that the group factors
    /// leave.
    pub factors: usize,
    /// Named factors, for asset classes and sectors as given in the securities file.
    #[serde(skip_serializing_if = "RiskGroups::is_none")]
    pub groups: RiskGroups,
    /// Shrinkage of estimates toward their asset class, from 0 (none) to 1. Specific variances move toward
    /// the class median. Without group factors, exposures to the leading factor move toward the class mean,
    /// by this share of their estimated noise.
    #[serde(skip_serializing_if = "is_zero")]
    pub shrinkage: f64,
}

/// Where the risk model comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum RiskSource {
    /// Estimated from prices up to each date.
    #[default]
    Estimated,
    /// The factor model of the scenario that a future is drawn from. Real prices have none.
    Scenario,
}

impl RiskSource {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_estimated(&self) -> bool {
        *self == Self::Estimated
    }
}

/// Which named factors the risk model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum RiskGroups {
    /// No named factors; statistical factors only.
    #[default]
    None,
    /// One factor for each asset class of two or more securities.
    AssetClass,
    /// Asset classes, and one factor for each sector of two or more securities.
    Sector,
}

impl RiskGroups {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference; it is long on some platforms"
)]
fn is_zero(x: &f64) -> bool {
    *x == 0.0
}

impl Default for RiskSettings {
    fn default() -> Self {
        Self {
            source: RiskSource::Estimated,
            window: 504,
            factors: 6,
            groups: RiskGroups::None,
            shrinkage: 0.0,
        }
    }
}

/// Securities with fewer sessions of history than this get no exposures and the median variance of the
/// others.
const MIN_HISTORY: usize = 20;
/// A security without a price today counts as alive only if its price moved within this many sessions.
const RECENT: usize = 10;
/// Smallest specific variance, as a fraction of a security's total variance. A finite window can't show that
/// two securities are the same.
const MIN_SPECIFIC: f64 = 0.005;
/// Smallest specific variance, annual. It keeps the optimizer's problem strictly convex even for a constant
/// price.
const FLOOR: f64 = 1e-8;

/// Estimates risk models of one universe, date after date.
#[derive(Debug, Clone)]
pub struct Estimator<'a> {
    universe: &'a [SecurityId],
    settings: RiskSettings,
    subspace: Subspace,
}

impl<'a> Estimator<'a> {
    /// An estimator for a universe of securities.
    pub fn new(universe: &'a [SecurityId], settings: RiskSettings) -> Self {
        Self { universe, settings, subspace: Subspace::default() }
    }

    /// Estimates the model from the sessions up to the view's. The search for factors starts from those of
    /// the previous call. Securities for which `listed` is false are treated as having no history, since it
    /// is not known yet who will join an index.
    pub fn estimate(&mut self, view: &View<'_>, listed: &dyn Fn(SecurityId) -> bool) -> RiskModel {
        let (n, year) = (self.universe.len(), view.sessions_a_year());
        let length = self.settings.window.min(view.known_sessions() - 1);
        // Returns by session, the latest first; zero where a price is missing.
        let mut table = vec![0.0; length * n];
        let mut count = vec![0usize; n];
        let mut sum = vec![0.0; n];
        // A security that has no price today and has not moved lately is treated as ended.
        let mut alive: Vec<bool> = self.universe.iter().map(|s| view.close(*s).is_some()).collect();
        for (t, row) in table.chunks_exact_mut(n.max(1)).enumerate() {
            let Some((before, after)) = view.growth_over(t) else { break };
            for (i, s) in self.universe.iter().enumerate() {
                let (before, after) = (before[s.index()], after[s.index()]);
                if before > 0.0 {
                    let r = after / before - 1.0;
                    row[i] = r;
                    count[i] += 1;
                    sum[i] += r;
                    alive[i] |= t < RECENT && r != 0.0;
                }
            }
        }
        let seen: Vec<bool> =
            (0..n).map(|i| count[i] >= MIN_HISTORY && alive[i] && listed(self.universe[i])).collect();
        // Demeaned returns, scaled so that their squares add up to an annual variance.
        let mut total = vec![0.0; n];
        let about: Vec<(f64, f64)> = (0..n)
            .map(|i| {
                let count = count[i] as f64;
                if seen[i] { (sum[i] / count, (year / (count - 1.0)).sqrt()) } else { (0.0, 0.0) }
            })
            .collect();
        for (t, row) in table.chunks_exact_mut(n.max(1)).enumerate() {
            for i in 0..n {
                let (mean, scale) = about[i];
                row[i] = if seen[i] && t < count[i] { (row[i] - mean) * scale } else { 0.0 };
                total[i] += row[i] * row[i];
            }
        }
        let typical = median_or((0..n).filter(|i| seen[*i]).map(|i| total[i]).collect());
        let known = seen.iter().filter(|s| **s).count();
        let factors = self.settings.factors.min(known / 2);
        let classes = || self.by(view, |s| &s.asset_class);
        let sectors = || self.by(view, |s| &s.sector);
        let groups = match self.settings.groups {
            RiskGroups::None => GroupFactors::default(),
            RiskGroups::AssetClass => take_out(&mut table, &seen, &[classes()]),
            RiskGroups::Sector => take_out(&mut table, &seen, &[classes(), sectors()]),
        };
        let peers = if self.settings.shrinkage > 0.0 { peers(&classes(), &seen) } else { Vec::new() };
        let mut exposures = loadings(&table, n, factors, &mut self.subspace);
        if groups.factors == 0 {
            leading(&mut exposures, factors, &total, length, &peers, self.settings.shrinkage);
        }
        let (exposures, factors) = beside(&groups, exposures, factors, n);
        let mut specific: Vec<f64> = (0..n)
            .map(|i| {
                if !seen[i] {
                    return if typical > FLOOR { typical } else { FLOOR };
                }
                let common: f64 = exposures[i * factors..(i + 1) * factors].iter().map(|g| g * g).sum();
                let least = if MIN_SPECIFIC * total[i] > FLOOR { MIN_SPECIFIC * total[i] } else { FLOOR };
                if total[i] - common > least { total[i] - common } else { least }
            })
            .collect();
        own_variances(&mut specific, &peers, self.settings.shrinkage);
        RiskModel { factors, exposures, specific }
    }

    /// The group of each security by one text field, numbered in order of first appearance; `None` where the
    /// field is empty.
    fn by(&self, view: &View<'_>, word: impl Fn(&Security) -> &String) -> Vec<Option<usize>> {
        let mut words: Vec<&str> = Vec::new();
        let group = |s: &SecurityId| {
            let word = view.securities().get(s.index()).map(&word).filter(|w| !w.is_empty())?;
            Some(words.iter().position(|w| w == word).unwrap_or_else(|| {
                words.push(word);
                words.len() - 1
            }))
        };
        self.universe.iter().map(group).collect()
    }
}

/// Securities with a history, by asset class. Those without a class form one group.
fn peers(classes: &[Option<usize>], seen: &[bool]) -> Vec<Vec<usize>> {
    let count = classes.iter().flatten().max().map_or(0, |c| c + 1);
    let mut peers = vec![Vec::new(); count + 1];
    for (i, class) in classes.iter().enumerate().filter(|(i, _)| seen[*i]) {
        peers[class.unwrap_or(count)].push(i);
    }
    peers
}

/// Joins the exposures to group factors and to statistical factors in one table.
fn beside(groups: &GroupFactors, exposures: Vec<f64>, factors: usize, n: usize) -> (Vec<f64>, usize) {
    if groups.factors == 0 {
        return (exposures, factors);
    }
    let all = groups.factors + factors;
    let mut both = Vec::with_capacity(n * all);
    for i in 0..n {
        both.extend_from_slice(&groups.exposures[i * groups.factors..(i + 1) * groups.factors]);
        both.extend_from_slice(&exposures[i * factors..(i + 1) * factors]);
    }
    (both, all)
}
