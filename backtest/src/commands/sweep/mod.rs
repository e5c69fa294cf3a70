//! `unisleeve sweep`: varies keys of the configuration over lists, ranges and start dates, on all cores.

mod axis;
mod differences;
mod edit;
mod execute;
mod figures;
mod grid;
mod journal;
mod one_run;
mod page;
mod plan;
mod prepare;
mod prices;
mod risk;
mod shard;
mod spec;
mod summary;
mod table;
mod verdicts;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::args::{DataFolder, Threads};
use crate::failure::Failure;
use crate::results::{check_place, check_replaceable, write_folder};
use journal::{Done, Journal};
use plan::Plan;
use shard::Shard;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    /// What to vary (TOML); see docs/studies.md.
    grid: Option<PathBuf>,
    /// Folder for the results, or the file of a shard's part; an earlier result there is replaced.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    threads: Threads,
    /// Discard the progress of an interrupted sweep and start again.
    #[arg(long)]
    restart: bool,
    /// With GRID.toml: write the list of runs to this file instead of running them. With --shard: read the
    /// list from this file.
    #[arg(long, value_name = "PLAN.json")]
    plan: Option<PathBuf>,
    /// Run the K-th of N shards of a plan and write its part to --out.
    #[arg(long, value_name = "K/N", requires_all = ["plan", "out"], conflicts_with = "grid")]
    shard: Option<Shard>,
    /// Merge the parts of all shards.
    #[arg(long, value_name = "PART.parquet", num_args = 1.., conflicts_with_all = ["grid", "plan", "shard"])]
    merge: Vec<PathBuf>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

/// Runs the command and returns what it prints.
pub(crate) fn run(args: &SweepArgs) -> Result<String, Failure> {
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("out-sweep"));
    let data = &args.data;
    let threads = args.threads.count();
    if let (Some(plan), Some(shard)) = (&args.plan, args.shard) {
        let plan = shard::read_plan(plan)?;
        check_place(&out)?;
        let runs = shard::run_shard(&plan, shard, data, threads, &out)?;
        let answer = json!({ "shard": shard.to_string(), "runs": runs, "plan_hash": plan.spec.plan_hash });
        return Ok(said(args, &answer, &format!("Shard {shard}: {runs} runs in {}\n", out.display())));
    }
    if !args.merge.is_empty() {
        check_replaceable(&out)?;
        let (plan, done) = shard::merge(&args.merge)?;
        return finish(args, &plan, &done, &out);
    }
    let Some(grid) = &args.grid else {
        return Err(Failure::input("expected GRID.toml, or --plan with --shard, or --merge with parts"));
    };
    if let Some(to) = &args.plan {
        let (plan, _) = prepare::prepare(grid, data)?;
        shard::write_plan(&plan, to)?;
        let answer = json!({ "runs": plan.len(), "plan_hash": plan.spec.plan_hash });
        return Ok(said(args, &answer, &format!("{} runs planned in {}\n", plan.len(), to.display())));
    }
    check_replaceable(&out)?;
    let (plan, prices) = prepare::prepare(grid, data)?;
    check_replaceable(&out)?;
    let (mut journal, mut done) = Journal::open(&out, &plan, args.restart)?;
    let mut is_done = vec![false; plan.len()];
    for d in &done {
        is_done[d.run] = true;
    }
    let todo: Vec<usize> = (0..plan.len()).filter(|r| !is_done[*r]).collect();
    let before = done.len();
    let mut keep = |d: Done| {
        journal.add(&d)?;
        done.push(d);
        Ok(())
    };
    execute::execute(&plan, &prices, &todo, before, threads, &mut keep)?;
    done.sort_by_key(|d| d.run);
    let text = finish(args, &plan, &done, &out)?;
    journal.finish()?;
    Ok(text)
}

/// Reads a grid over the default configuration, then makes the configurations of its first and last runs.
/// This checks a grid without data files.
pub(crate) fn read_grid(text: &str, name: &str) -> Result<(), Failure> {
    let grid = grid::parse(text, name)?;
    let plan = Plan::new(name.to_owned(), text.to_owned(), grid, &unisleeve_core::mandates::sample_config())?;
    prepare::wrong_values(&plan)?;
    for run in [0, plan.len() - 1] {
        plan.run(run).map_err(|e| Failure::input(format!("{name}: {e}")))?;
    }
    Ok(())
}

/// Writes the result folder.
fn finish(args: &SweepArgs, plan: &Plan, done: &[Done], out: &Path) -> Result<String, Failure> {
    let summary = summary::summary(plan, done)?;
    let json = serde_json::to_string_pretty(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
    let page = page::page(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
    let columns = table::columns(plan, done)?;
    let spec = &plan.spec;
    let notes = [
        ("version", spec.version.as_str()),
        ("config_hash", &spec.config_hash),
        ("data_hash", &spec.data_hash),
        ("plan_hash", &spec.plan_hash),
    ];
    let files = [
        ("summary.json", json.clone().into_bytes()),
        ("report.html", page.into_bytes()),
        ("results.csv", table::csv(&columns)?),
        ("results.parquet", table::parquet(&columns, &notes)?),
    ];
    write_folder(out, &files)?;
    if args.json {
        return Ok(format!("{json}\n"));
    }
    let (rows, report) = (out.join("results.csv"), out.join("report.html"));
    Ok(format!("{}\nRows: {}\nReport: {}\n", summary::table(&summary), rows.display(), report.display()))
}

fn said(args: &SweepArgs, json: &serde_json::Value, text: &str) -> String {
    if args.json { format!("{json:#}\n") } else { text.to_owned() }
}
