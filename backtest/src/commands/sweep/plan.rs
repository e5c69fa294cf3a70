//! A plan: every run of a sweep in order, with its key, configuration and seed. It depends only on the grid,
//! the base configuration and the start dates or futures, so any machine makes the same plan.

use std::fmt::Write as _;

use serde::Deserialize;
use toml::Value;
use unisleeve_core::mandates::Config;
use unisleeve_core::units::Fingerprint;

use super::axis::show;
use super::edit::set;
use super::grid;
use super::grid::Grid;
use super::spec::Spec;
use crate::failure::Failure;
use crate::studies::windows::between;

/// Format version. Increase it when runs of an older command can no longer be continued or merged.
const FORMAT: u32 = 1;

/// Most runs of one plan.
const MOST: usize = 5_000_000;

/// Every run in order: settings in the order of the grid, then start dates or futures.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub spec: Spec,
    pub grid: Grid,
    base: Value,
}

impl Plan {
    /// A plan over the configuration's own dates. The caller fills in the hashes.
    pub(super) fn new(name: String, text: String, grid: Grid, base: &Config) -> Result<Self, Failure> {
        let broken =
            |e: &dyn std::fmt::Display| Failure::Environment(format!("can't keep the configuration: {e}"));
        let value = Value::try_from(base).map_err(|e| broken(&e))?;
        let spec = Spec {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            name,
            grid: text,
            base: toml::to_string(&value).map_err(|e| broken(&e))?,
            folder: None,
            vintages: Vec::new(),
            config_hash: unisleeve_core::study::config_hash(base),
            data_hash: String::new(),
            plan_hash: String::new(),
            notes: Vec::new(),
        };
        let plan = Self { spec, grid, base: value };
        plan.check_size()?;
        Ok(plan)
    }

    /// Restores the plan from the header of a file.
    pub(super) fn of(spec: Spec, file: &str) -> Result<Self, Failure> {
        if spec.format != FORMAT || spec.version != env!("CARGO_PKG_VERSION") {
            return Err(Failure::input(format!(
                "{file}: made by version {} (format {}): expected {} (format {FORMAT}): plan anew",
                spec.version,
                spec.format,
                env!("CARGO_PKG_VERSION")
            )));
        }
        let grid = grid::parse(&spec.grid, &spec.name)?;
        let base: toml::Table = spec
            .base
            .parse()
            .map_err(|e: toml::de::Error| Failure::input(format!("{file}: base: {}", e.message())))?;
        let plan = Self { grid, base: Value::Table(base), spec };
        plan.check_size()?;
        if plan.hash() != plan.spec.plan_hash {
            return Err(Failure::input(format!("{file}: plan_hash does not fit its content: plan anew")));
        }
        Ok(plan)
    }

    /// Refuses a plan with too many runs.
    pub(super) fn check_size(&self) -> Result<(), Failure> {
        let sizes = self.grid.axes.iter().map(|a| a.settings.len()).chain([self.windows()]);
        let runs = sizes.into_iter().try_fold(1usize, usize::checked_mul);
        if runs.is_none_or(|n| n > MOST) {
            let name = &self.spec.name;
            return Err(Failure::input(format!(
                "{name}: more than {MOST} runs: expected fewer values or start dates"
            )));
        }
        Ok(())
    }

    /// Number of sets of settings (start dates not counted).
    pub(super) fn combinations(&self) -> usize {
        self.grid.axes.iter().map(|a| a.settings.len()).product()
    }

    /// Number of start dates, or of futures.
    pub(super) fn windows(&self) -> usize {
        self.grid.futures.unwrap_or(self.spec.vintages.len()).max(1)
    }

    /// Number of the future of a run; `None` if the runs are of history.
    pub(super) fn path(&self, run: usize) -> Option<u64> {
        self.grid.futures.map(|_| (run % self.windows()) as u64)
    }

    /// Number of runs.
    pub(super) fn len(&self) -> usize {
        self.combinations() * self.windows()
    }

    /// Index of the set of settings of a run.
    pub(super) fn combination(&self, run: usize) -> usize {
        run / self.windows()
    }

    /// Position of a set of settings on each axis. The last axis varies fastest.
    pub(super) fn places(&self, combination: usize) -> Vec<usize> {
        let mut rest = combination;
        let mut places: Vec<usize> = Vec::new();
        for axis in self.grid.axes.iter().rev() {
            places.push(rest % axis.settings.len());
            rest /= axis.settings.len();
        }
        places.reverse();
        places
    }

    /// The settings as text: `tax.status="joint" trading.risk_aversion=20`.
    pub(super) fn settings(&self, combination: usize) -> String {
        let places = self.places(combination);
        let each = self.grid.axes.iter().zip(places);
        each.map(|(a, at)| format!("{}={}", a.name, show(&a.settings[at].label)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Key of a run: its settings and, with start dates, its dates.
    pub(super) fn key(&self, run: usize) -> String {
        let mut key = self.settings(self.combination(run));
        if let Some((start, end)) = self.spec.vintages.get(run % self.windows()) {
            key.push_str(if key.is_empty() { "" } else { " " });
            let _ = write!(key, "start={start} end={end}");
        }
        if let Some(path) = self.path(run) {
            key.push_str(if key.is_empty() { "" } else { " " });
            let _ = write!(key, "path={path}");
        }
        key
    }

    /// The configuration with a set of settings, before the start date is applied.
    pub(super) fn configuration(&self, combination: usize) -> Result<Config, String> {
        let edits =
            self.grid.axes.iter().zip(self.places(combination)).flat_map(|(a, at)| &a.settings[at].edits);
        self.edited(edits)
    }

    /// The base configuration with edits.
    pub(super) fn edited<'a>(
        &self,
        edits: impl Iterator<Item = &'a (String, Value)>,
    ) -> Result<Config, String> {
        let mut value = self.base.clone();
        for (path, to) in edits {
            set(&mut value, path, to.clone())?;
        }
        Config::deserialize(value).map_err(|e| e.message().replace('\n', " "))
    }

    /// A configuration moved to a start date.
    pub(super) fn at_window(&self, config: Config, window: usize) -> Config {
        match self.spec.vintages.get(window) {
            Some(window) => between(config, *window),
            None => config,
        }
    }

    /// The configuration of a run, with the run's own seed. Futures share the configuration's seed: all
    /// settings see the same futures.
    pub(super) fn run(&self, run: usize) -> Result<Config, String> {
        let config = self.configuration(self.combination(run))?;
        if self.grid.futures.is_some() {
            return Ok(config);
        }
        let mut config = self.at_window(config, run % self.windows());
        config.seed = seed(config.seed, &self.key(run));
        Ok(config)
    }

    /// SHA-256 of everything that results depend on. Comments in the grid and locations of files are not part
    /// of it.
    pub(super) fn hash(&self) -> String {
        let mut hash = Fingerprint::default();
        let mut part = |text: &str| {
            hash.int(text.len() as i64);
            hash.bytes(text.as_bytes());
        };
        let s = &self.spec;
        [&s.version, &s.base, &s.data_hash, self.grid.equal.as_str()].into_iter().for_each(&mut part);
        for arm in &self.grid.arms {
            part(arm.as_str());
        }
        for axis in &self.grid.axes {
            part(&axis.name);
            for setting in &axis.settings {
                part(&show(&setting.label));
                setting.edits.iter().for_each(|(k, v)| part(&format!("{k}={}", show(v))));
            }
        }
        part(&self.grid.futures.map_or_else(String::new, |n| format!("futures {n}")));
        for (start, end) in &s.vintages {
            part(&format!("{start} {end}"));
        }
        hash.finish()
    }
}

/// Seed of a run. It depends only on the configuration's seed and the run's key, so shards and threads have
/// no influence.
pub(super) fn seed(seed: u64, key: &str) -> u64 {
    let mut hash = Fingerprint::default();
    hash.int(seed as i64);
    hash.bytes(key.as_bytes());
    // Take 16 of the 64 hexadecimal digits and drop one bit, because integers in files are signed.
    u64::from_str_radix(hash.finish().get(..16).unwrap_or_default(), 16).unwrap_or_default() >> 1
}

#[cfg(test)]
mod tests {
    use unisleeve_core::mandates::sample_config;

    use chrono::NaiveDate;

    use super::*;

    pub(in crate::commands::sweep) fn plan(text: &str) -> Plan {
        let grid = grid::parse(text, "g.toml").unwrap();
        Plan::new("g.toml".to_owned(), text.to_owned(), grid, &sample_config()).unwrap()
    }

    #[test]
    fn runs_have_keys_and_configurations_of_their_own() {
        let mut plan =
            plan("[grid]\n'tax.status' = ['single', 'joint']\n'trading.risk_aversion' = [20, 40, 80]\n");
        let date = |y| NaiveDate::from_ymd_opt(y, 1, 3).unwrap();
        plan.spec.vintages = vec![(date(2000), date(2005)), (date(2001), date(2006))];
        assert_eq!(plan.len(), 12);
        assert_eq!(
            plan.key(3),
            "tax.status=\"single\" trading.risk_aversion=40 start=2001-01-03 end=2006-01-03"
        );
        let config = plan.run(3).unwrap();
        assert_eq!((config.trading.risk_aversion, config.start), (40.0, date(2001)));
        let seeds: std::collections::BTreeSet<u64> = (0..12).map(|r| plan.run(r).unwrap().seed).collect();
        assert_eq!(seeds.len(), 12);
        assert_eq!(seed(7, "a"), seed(7, "a"));
    }

    #[test]
    fn the_base_is_kept_to_the_bit() {
        let plan = plan("");
        assert_eq!(plan.edited([].iter()).unwrap(), sample_config());
        let mut spec = plan.spec.clone();
        spec.plan_hash = plan.hash();
        let again = Plan::of(spec.clone(), "p.json").unwrap();
        assert_eq!(again.edited([].iter()).unwrap(), sample_config());
        spec.base = spec.base.replace("25", "26");
        assert!(Plan::of(spec, "p.json").is_err(), "a plan that was changed by hand");
    }

    #[test]
    fn a_change_of_strategy_before_the_start_has_happened() {
        let mut plan = plan("");
        let date = |y| NaiveDate::from_ymd_opt(y, 1, 3).unwrap();
        plan.spec.vintages = vec![(date(2004), date(2006))];
        let mut config = sample_config();
        let mut policy = config.policy.clone();
        policy[0].weight = 0.5;
        policy[1].weight = 0.1;
        let change = |y, policy: &[_]| unisleeve_core::mandates::Change {
            date: date(y),
            policy: policy.to_vec(),
            restrictions: None,
        };
        config.changes = vec![change(2002, &policy), change(2005, &[])];
        let config = plan.at_window(config, 0);
        assert_eq!((config.policy, config.changes.len()), (policy, 1));
        assert_eq!(sample_config().faults(), []);
    }

    #[test]
    fn too_many_runs_are_refused() {
        let range = "{ from = 0, to = 9999, step = 1 }";
        let text = format!("[grid]\n'a.b' = {range}\n'c.d' = {range}\n");
        let grid = grid::parse(&text, "g.toml").unwrap();
        assert!(Plan::new("g.toml".to_owned(), text, grid, &sample_config()).is_err());
    }
}
