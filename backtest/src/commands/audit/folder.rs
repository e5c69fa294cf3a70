//! A result folder: reads it, works out what happened and every figure, and compares. Reading, working out and
//! comparing are separate steps, so that many comparisons need one replay.

use std::path::Path;

use super::arm::{self, Outcome, World};
use super::difference::{self, Parts};
use super::facts::Facts;
use super::figures::{FILE, Figures};
use super::policy::{ArmPolicy, Policies};
use super::prices::Prices;
use super::report::Check;
use super::rows::{self, ArmRows, Words};
use super::series::{self, Series};
use super::{measures, shadow, study, value, vintages};
use crate::failure::Failure;
use crate::readers::result_table::Names;

/// A result folder, read.
pub(super) struct Folder {
    pub(super) facts: Facts,
    /// summary.json as written.
    pub(super) text: String,
    pub(super) prices: Prices,
    pub(super) words: Words,
    pub(super) policies: Policies,
    pub(super) arms: Names,
    /// Rows of each arm, in the order of `arms`.
    pub(super) rows: Vec<ArmRows>,
    /// Findings that belong to no arm.
    pub(super) general: Check,
}

impl Folder {
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let mut general = Check::new("");
        let (facts, text) = Facts::read(folder)?;
        let prices = Prices::read(folder, &mut general)?;
        let mut arms = Names::default();
        for arm in facts.arms.keys() {
            arms.id(arm);
        }
        let mut words = Words { symbols: prices.symbols.clone(), ..Words::default() };
        for account in &facts.accounts {
            words.accounts.id(&account.account);
        }
        let rows = rows::read(folder, &mut arms, &mut words)?;
        let policies = Policies::read(folder, &mut words)?;
        Ok(Self { facts, text, prices, words, policies, arms, rows, general })
    }

    fn world(&self) -> World<'_> {
        World {
            facts: &self.facts,
            prices: &self.prices,
            words: &self.words,
            policies: &self.policies,
            taxable: self.facts.accounts.iter().map(|a| a.kind.is_taxable()).collect(),
        }
    }

    /// Works out what happened to each arm, and checks the files that say so.
    pub(super) fn replay(&self) -> Result<(Vec<Outcome>, Vec<Check>), Failure> {
        let (world, none) = (self.world(), ArmPolicy::default());
        let (mut outcomes, mut checks) = (Vec::new(), Vec::new());
        for (name, rows) in self.arms.all().iter().zip(&self.rows) {
            let mut check = Check::new(name);
            let policy = self.policies.arms.get(name).unwrap_or(&none);
            if policy.phases.is_empty() {
                check.fault("sleeves.csv", "", "arm", "no row", "the arm's sleeves");
            }
            outcomes.push(arm::audit(&world, name, (rows, policy), &mut check)?);
            checks.push(check);
        }
        Ok((outcomes, checks))
    }

    /// Works out the figures of each arm.
    pub(super) fn figures(&self, outcomes: &[Outcome]) -> Result<Vec<Figures>, Failure> {
        let (world, none) = (self.world(), ArmPolicy::default());
        let mut all = Vec::new();
        for ((name, rows), outcome) in self.arms.all().iter().zip(&self.rows).zip(outcomes) {
            let policy = self.policies.arms.get(name).unwrap_or(&none);
            all.push(measures::figures(&world, policy, rows, outcome)?);
        }
        if let Some(at) = self.arms.find("shadow").map(|at| at as usize) {
            let shadow = (&outcomes[at], all[at].clone());
            for (outcome, figures) in outcomes.iter().zip(&mut all) {
                let more = shadow::against_shadow(&self.facts, (outcome, figures), (shadow.0, &shadow.1));
                figures.extend(more);
            }
        }
        Ok(all)
    }

    /// What each arm did, session by session and class by class. `None` for an arm without a policy.
    pub(super) fn series(
        &self,
        outcomes: &[Outcome],
        figures: &[Figures],
    ) -> Result<(Vec<String>, Vec<Option<Series>>), Failure> {
        let mut classes: Vec<String> = Vec::new();
        let phases = self.arms.all().iter().filter_map(|name| self.policies.arms.get(name));
        for spec in phases.flat_map(|p| &p.phases).flat_map(|(_, specs)| specs) {
            if !classes.contains(&spec.asset_class) {
                classes.push(spec.asset_class.clone());
            }
        }
        let world = self.world();
        let of_arm = |((name, rows), of): ((&String, &ArmRows), _)| {
            let policy = self.policies.arms.get(name);
            policy.map(|p| series::series(&world, (p, rows), of, &classes)).transpose()
        };
        let arms = self.arms.all().iter().zip(&self.rows).zip(outcomes.iter().zip(figures));
        let all = arms.map(of_arm).collect::<Result<_, Failure>>()?;
        Ok((classes, all))
    }

    /// Splits UMA minus each setup with separate managers that summary.json compares it with.
    pub(super) fn parts(&self, series: &[Option<Series>]) -> Parts {
        let mut parts = Parts::new();
        let of = |name: &str| series.get(self.arms.find(name)? as usize)?.as_ref();
        for name in self.facts.difference.iter().filter_map(|row| row.get("against")?.as_str()) {
            let Some((uma, sma)) = of("uma").zip(of(name)) else { continue };
            for is_sold in [true, false] {
                if let Some(split) = difference::split(uma, sma, is_sold) {
                    parts.insert((name.to_owned(), is_sold), split);
                }
            }
        }
        parts
    }
}

/// What follows from the facts of a folder.
pub(super) struct WorkedOut<'a> {
    pub(super) outcomes: &'a [Outcome],
    pub(super) figures: &'a [Figures],
    pub(super) parts: &'a Parts,
}

/// Compares daily.csv with an arm's marks.
pub(super) fn check_daily(prices: &Prices, rows: &ArmRows, outcome: &Outcome, check: &mut Check) {
    let daily = arm::in_order("daily.csv", &rows.daily, prices, |r| (r.date, r.line), check);
    value::check_daily(&outcome.marks, &outcome.sleeves.benchmark, &daily, check);
}

/// Compares summary.json with the figures of the arms. `text` is the file as written.
pub(super) fn compare(
    facts: &Facts,
    text: &str,
    (arms, worked_out): (&[String], &WorkedOut<'_>),
    checks: &mut [Check],
    general: &mut Check,
) -> Result<(), Failure> {
    for ((name, figures), check) in arms.iter().zip(worked_out.figures).zip(checks) {
        match facts.arms.get(name) {
            Some(stated) => figures.compare(&format!("arms.{name}"), stated, check),
            None => check.fault(FILE, "arms", "arm", "nothing", name),
        }
    }
    let marks =
        arms.iter().zip(worked_out.outcomes).map(|(name, o)| (name.as_str(), o.marks.as_slice())).collect();
    vintages::check_vintages(facts, &marks, general);
    study::check_study(facts, text, (&marks, worked_out.parts), general)
}
