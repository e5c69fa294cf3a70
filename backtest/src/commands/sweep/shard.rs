//! Shards of a sweep: a plan, its shards run on any machine, and their parts merged. This code does not
//! depend on what starts the shards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::execute::execute;
use super::journal::Done;
use super::plan::Plan;
use super::prepare::prices_of;
use super::spec::{PlanFile, Spec};
use super::table;
use crate::args::DataFolder;
use crate::failure::Failure;
use crate::readers::json;
use crate::readers::parquet::ParquetFile;
use crate::results::write_files;

/// Name of the note in a part's file that identifies plan and shard.
const NOTE: &str = "unisleeve_sweep";

/// The k-th of N shards (1-based). It has the runs `i` with `i mod N == k - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shard {
    k: usize,
    n: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((k, n)) if k >= 1 && k <= n => Ok(Self { k, n }),
            _ => Err("expected K/N with K from 1 to N, such as 2/8".to_owned()),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.k, self.n)
    }
}

impl Shard {
    fn runs(self, plan: &Plan) -> Vec<usize> {
        (self.k - 1..plan.len()).step_by(self.n).collect()
    }
}

#[derive(Serialize, Deserialize)]
struct Note {
    plan: Spec,
    shard: Shard,
}

/// Writes a plan.
pub(super) fn write_plan(plan: &Plan, to: &Path) -> Result<(), Failure> {
    let file = PlanFile { spec: plan.spec.clone(), runs: (0..plan.len()).map(|r| plan.key(r)).collect() };
    let text = serde_json::to_vec_pretty(&file).map_err(|e| Failure::Environment(e.to_string()))?;
    write_files(&[(to.to_path_buf(), text)])
}

/// Reads a plan.
///
/// # Errors
/// When the file can't be read or its content was changed by hand.
pub(super) fn read_plan(path: &Path) -> Result<Plan, Failure> {
    let name = path.display().to_string();
    let fault = |e: &dyn std::fmt::Display| {
        Failure::input(format!("{name}: {e}: expected a plan of unisleeve sweep"))
    };
    let text = crate::readers::read(path).map_err(|e| fault(&e))?;
    let file: PlanFile = json::from_bytes(&text).map_err(|e| fault(&e))?;
    let plan = Plan::of(file.spec, &name)?;
    let same =
        file.runs.len() == plan.len() && file.runs.iter().enumerate().all(|(r, key)| *key == plan.key(r));
    if same { Ok(plan) } else { Err(fault(&"its runs are not those of its grid")) }
}

/// Runs a shard and writes its part, completely or not at all. The same shard gives the same bytes. Returns
/// the number of runs.
pub(super) fn run_shard(
    plan: &Plan,
    shard: Shard,
    data: &DataFolder,
    threads: Option<usize>,
    to: &Path,
) -> Result<usize, Failure> {
    let prices = prices_of(plan, data)?;
    let todo = shard.runs(plan);
    let mut done = Vec::new();
    let mut keep = |d: Done| {
        done.push(d);
        Ok(())
    };
    execute(plan, &prices, &todo, 0, threads, &mut keep)?;
    done.sort_by_key(|d| d.run);
    let note = serde_json::to_string(&Note { plan: plan.spec.clone(), shard });
    let note = note.map_err(|e| Failure::Environment(e.to_string()))?;
    let bytes = table::parquet(&table::columns(plan, &done)?, &[(NOTE, &note)])?;
    write_files(&[(to.to_path_buf(), bytes)])?;
    Ok(todo.len())
}

/// Merges the parts of one plan.
///
/// # Errors
/// When runs are missing, appear twice or belong to another plan.
pub(super) fn merge(parts: &[PathBuf]) -> Result<(Plan, Vec<Done>), Failure> {
    let mut faults = Vec::new();
    let mut plan: Option<Plan> = None;
    // The part that each run came from.
    let mut from: Vec<Option<usize>> = Vec::new();
    let mut all: Vec<Done> = Vec::new();
    for (at, path) in parts.iter().enumerate() {
        let name = path.display().to_string();
        let file = ParquetFile::open(path)?;
        let note: Option<Note> = file.note(NOTE).and_then(|n| serde_json::from_str(n).ok());
        let is_shard = |s: Shard| s.k >= 1 && s.k <= s.n;
        let Some(note) = note.filter(|n| is_shard(n.shard)) else {
            faults.push(format!("{name}: expected a part that unisleeve sweep --shard wrote"));
            continue;
        };
        let of = Plan::of(note.plan, &name)?;
        let plan = plan.get_or_insert_with(|| of.clone());
        if plan.spec.plan_hash != of.spec.plan_hash {
            faults.push(format!(
                "{name}: belongs to another plan ({}, {}) than {}: expected parts of one plan",
                of.spec.name,
                of.spec.plan_hash,
                parts[0].display()
            ));
            continue;
        }
        from.resize(plan.len(), None);
        let (mut strange, mut double) = (Vec::new(), BTreeMap::new());
        for done in table::read(&file, path, plan)? {
            if done.run % note.shard.n != note.shard.k - 1 {
                strange.push(done.key);
            } else if let Some(other) = from[done.run] {
                double.entry(other).or_insert_with(Vec::new).push(done.key);
            } else {
                from[done.run] = Some(at);
                all.push(done);
            }
        }
        if let Some(first) = strange.first() {
            let count = strange.len();
            faults.push(format!(
                "{name}: {count} of its runs are not of shard {}, the first is {first}",
                note.shard
            ));
        }
        for (other, keys) in double {
            let (count, first, other) = (keys.len(), &keys[0], parts[other].display());
            faults.push(format!("{name}: {count} of its runs are in {other} already, the first is {first}"));
        }
    }
    let Some(plan) = plan else { return Err(Failure::Input(faults)) };
    let missing: Vec<usize> = (0..plan.len()).filter(|r| from.get(*r).is_none_or(Option::is_none)).collect();
    if let Some(first) = missing.first() {
        faults.push(format!(
            "{} of {} runs are missing, the first is run {first} ({}): expected the parts of all shards",
            missing.len(),
            plan.len(),
            plan.key(*first)
        ));
    }
    if !faults.is_empty() {
        return Err(Failure::Input(faults));
    }
    all.sort_by_key(|d| d.run);
    Ok((plan, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!("2/8".parse(), Ok(Shard { k: 2, n: 8 }));
        for bad in ["0/8", "9/8", "1", "1/0", "a/b", "", "-1/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
