//! Turns GRID.toml into a plan with its prices. Every fault of the grid is reported before anything runs.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use rayon::prelude::*;
use unisleeve_core::mandates::{Config, ConfigFault, arm, sample_config};
use unisleeve_core::study::simulate::{SimulateError, Simulator};

use super::axis::show;
use super::grid;
use super::grid::Vintages;
use super::plan::Plan;
use super::prices::AllPrices;
use crate::args::{DataFolder, Source};
use crate::failure::Failure;
use crate::readers::load_config;
use crate::studies::windows as window;

/// Reads a grid, its configuration and its prices. `data` replaces the configuration's `data.folder`.
pub(super) fn prepare(path: &Path, data: &DataFolder) -> Result<(Plan, AllPrices), Failure> {
    let name = path.display().to_string();
    let text = crate::readers::read_text(path)
        .map_err(|e| Failure::input(format!("{name}: {e}: expected a grid in TOML")))?;
    let grid = grid::parse(&text, &name)?;
    let base_path = grid.config.as_ref().map(|c| path.parent().unwrap_or(Path::new(".")).join(c));
    let base = base_path.as_deref().map_or_else(|| Ok(sample_config()), load_config)?;
    // Data files are looked up beside the configuration. Without one, they are looked up beside the grid.
    let beside = base_path.unwrap_or_else(|| path.to_path_buf());
    let source = Source::new(Some(beside.clone()), data.clone());
    let mut plan = Plan::new(name, text, grid, &base)?;
    wrong_values(&plan)?;
    let configs = configurations(&plan)?;
    if configs.iter().any(|c| c.data.is_some()) {
        let folder = std::path::absolute(Path::new(".").join(beside.parent().unwrap_or(Path::new(""))));
        plan.spec.folder = Some(folder.map_err(|e| Failure::io("can't find", path, &e))?);
    }
    let prices = AllPrices::load(&plan, &configs, &source)?;
    if let Some(vintages) = plan.grid.vintages {
        let last = prices.last().unwrap_or(base.end);
        plan.spec.vintages = windows(&plan, vintages, (base.start, base.end), last)?;
    }
    plan.check_size()?;
    if plan.grid.futures.is_some() {
        check_futures(&plan, &configs)?;
    } else {
        check(&plan, &configs, &prices)?;
    }
    plan.spec.notes.clone_from(&prices.notes);
    plan.spec.data_hash = prices.hash();
    plan.spec.plan_hash = plan.hash();
    Ok((plan, prices))
}

/// Reads the prices of a plan made elsewhere. They must be the same as in the plan.
pub(super) fn prices_of(plan: &Plan, data: &DataFolder) -> Result<AllPrices, Failure> {
    let config = plan.spec.folder.as_ref().map(|f| f.join("plan"));
    let source = Source::new(config, data.clone());
    let prices = AllPrices::load(plan, &configurations(plan)?, &source)?;
    if prices.hash() != plan.spec.data_hash {
        return Err(Failure::input(format!(
            "{}: these prices (SHA-256 {}) are not those of the plan ({}): expected the same files",
            plan.spec.name,
            prices.hash(),
            plan.spec.data_hash
        )));
    }
    Ok(prices)
}

/// Checks every value alone: keys that don't exist, and values of the wrong type.
pub(super) fn wrong_values(plan: &Plan) -> Result<(), Failure> {
    let mut faults = Vec::new();
    for axis in &plan.grid.axes {
        for setting in &axis.settings {
            // Apply one edit at a time, so that the message names its key and other edits of a case can't
            // hide the fault.
            for edit in &setting.edits {
                if let Err(e) = plan.edited(std::iter::once(edit)) {
                    let place = grid::place(&plan.spec.grid, &plan.spec.name, &edit.0);
                    faults.push(format!("{place}: {} = {}: {e}", edit.0, show(&edit.1)));
                }
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Input(faults)) }
}

fn configurations(plan: &Plan) -> Result<Vec<Config>, Failure> {
    let each = (0..plan.combinations()).into_par_iter().map(|c| plan.configuration(c));
    each.collect::<Result<_, _>>().map_err(|e| Failure::input(format!("{}: {e}", plan.spec.name)))
}

fn windows(
    plan: &Plan,
    v: Vintages,
    (start, end): (NaiveDate, NaiveDate),
    last: NaiveDate,
) -> Result<Vec<(NaiveDate, NaiveDate)>, Failure> {
    let (from, to) = (v.from.unwrap_or(start), v.to.unwrap_or(end).min(last));
    let windows = window::windows(from, to, v.years, v.every_months);
    if windows.is_empty() {
        let place = grid::place(&plan.spec.grid, &plan.spec.name, "years");
        return Err(Failure::input(format!(
            "{place}: years: {}: from {from} the prices and the configuration reach to {to}: expected fewer years",
            v.years
        )));
    }
    Ok(windows)
}

/// Checks every configuration at every start date, then every single value against the prices.
fn check(plan: &Plan, configs: &[Config], prices: &AllPrices) -> Result<(), Failure> {
    let faulty = |run: usize| {
        let Some(config) = configs.get(plan.combination(run)) else { return Vec::new() };
        let faults = plan.at_window(config.clone(), run % plan.windows()).faults();
        faults.into_iter().map(|f| (run, f.key, f.message)).collect()
    };
    let mut found: Vec<(usize, String, String)> =
        (0..plan.len()).into_par_iter().flat_map_iter(faulty).collect();
    if found.is_empty() {
        found = unknown_names(plan, configs, prices);
    }
    // Report a fault that many runs share only once.
    let mut faults: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for (run, key, message) in found {
        faults.entry((key, message)).or_insert((run, 0)).1 += 1;
    }
    if faults.is_empty() {
        return Ok(());
    }
    let tell = |((key, message), (run, count)): ((String, String), (usize, usize))| {
        let dotted = key.replace('[', ".").replace(']', "");
        let place = grid::place(&plan.spec.grid, &plan.spec.name, &dotted);
        let more = if count > 1 { format!(", and in {} more", count - 1) } else { String::new() };
        let run = plan.key(run);
        let run = if run.is_empty() { "the configuration's own dates".to_owned() } else { run };
        format!("{place}: {key}: {message} (in the run {run}{more})")
    };
    Err(Failure::Input(faults.into_iter().map(tell).collect()))
}

/// Checks every configuration for its futures, and its arms against the first future.
fn check_futures(plan: &Plan, configs: &[Config]) -> Result<(), Failure> {
    let faulty = |(c, config): (usize, &Config)| -> Vec<String> {
        let made = match &config.simulation {
            None => {
                let key = "simulation".to_owned();
                let message = "none: expected a scenario for the futures".to_owned();
                Err(SimulateError::Config { faults: vec![ConfigFault { key, message }] })
            }
            Some(_) => Simulator::new(config, None).and_then(|s| s.bench(0)),
        };
        let Err(error) = made else { return Vec::new() };
        let run = plan.settings(c);
        let run = if run.is_empty() { "the configuration".to_owned() } else { run };
        let SimulateError::Config { faults } = error else {
            return vec![format!("{}: {error} (in {run})", plan.spec.name)];
        };
        let tell = |f: ConfigFault| {
            let place = grid::place(&plan.spec.grid, &plan.spec.name, &f.key);
            format!("{place}: {}: {} (in {run})", f.key, f.message)
        };
        faults.into_iter().map(tell).collect()
    };
    let found: Vec<String> = configs.par_iter().enumerate().flat_map_iter(faulty).collect();
    if found.is_empty() { Ok(()) } else { Err(Failure::Input(found)) }
}

/// Faults that depend on the prices, such as a symbol without prices. Checks each value once, with all other
/// axes at their first value.
fn unknown_names(plan: &Plan, configs: &[Config], prices: &AllPrices) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    let mut stride = plan.combinations();
    let mut combinations = vec![0];
    for axis in &plan.grid.axes {
        stride /= axis.settings.len();
        combinations.extend((1..axis.settings.len()).map(|at| at * stride));
    }
    for c in combinations {
        let (Some(config), Some(prices)) = (configs.get(c), prices.of(c)) else { continue };
        let config = plan.at_window(config.clone(), 0);
        let mut market = prices.market.clone();
        let mut faults = Vec::new();
        for kind in &plan.grid.arms {
            faults.extend(arm(*kind, &config, &mut market).err().unwrap_or_default());
        }
        faults.sort_by(|a, b| (&a.key, &a.message).cmp(&(&b.key, &b.message)));
        faults.dedup();
        found.extend(faults.into_iter().map(|f| (c * plan.windows(), f.key, f.message)));
    }
    found
}
