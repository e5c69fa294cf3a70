//! `unisleeve check`: lists questionable data of a configuration and how a run treats them. It refuses the
//! same input as `backtest`, with the same messages.

use core::fmt::Write;

use clap::Args;
use serde::Serialize;
use unisleeve_core::study::{Scope, prepare};

use crate::args::Source;
use crate::failure::Failure;
use crate::readers::inputs::Inputs;
use crate::readers::{Finding, by_kind};
use crate::studies::fit::{Fit, weekdays};

/// Arguments of `unisleeve check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    source: Source,
    /// List every finding, not only the first ones of each kind.
    #[arg(long)]
    all: bool,
    /// Print JSON instead of the list.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Checked<'a> {
    version: &'static str,
    data_hash: &'a str,
    sessions: usize,
    securities: usize,
    findings: Vec<Row<'a>>,
    /// Tests of fit. They don't count as findings.
    fit: Vec<Fit>,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    treatment: &'static str,
}

/// Runs the command. Returns whether nothing was found, and what it prints.
pub(crate) fn run(args: &CheckArgs) -> Result<(bool, String), Failure> {
    let inputs = args.source.load()?;
    // What `backtest` refuses before it runs is refused here too.
    prepare(&inputs.config, &inputs.market, Scope::Full)
        .map_err(|e| Failure::study(&args.source.name(), e))?;
    let clean = inputs.findings.is_empty();
    if !args.json {
        return Ok((clean, text(&inputs, args.all)));
    }
    let checked = Checked {
        version: env!("CARGO_PKG_VERSION"),
        data_hash: inputs.market.hash(),
        sessions: inputs.market.dates().len(),
        securities: inputs.market.securities().len(),
        findings: inputs
            .findings
            .iter()
            .map(|finding| Row { finding, treatment: finding.kind.treatment() })
            .collect(),
        fit: weekdays(inputs.market.dates()).into_iter().collect(),
    };
    let json = serde_json::to_string_pretty(&checked).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok((clean, format!("{json}\n")))
}

fn text(inputs: &Inputs, all: bool) -> String {
    const SHOWN: usize = 8;
    let dates = inputs.market.dates();
    let span = dates.first().zip(dates.last()).map_or(String::new(), |(a, b)| format!(", {a} to {b}"));
    let mut text =
        format!("{} securities, {} sessions{span}.\n", inputs.market.securities().len(), dates.len());
    if let Some(fit) = weekdays(dates) {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{}", fit.sentence());
    }
    if inputs.findings.is_empty() {
        text.push_str("Nothing questionable found.\n");
        return text;
    }
    for (kind, of) in by_kind(&inputs.findings) {
        // Writing to a String does not fail.
        let _ = writeln!(text, "\n{} {}: {}", of.len(), kind.title(), kind.treatment());
        let shown = if all { of.len() } else { SHOWN };
        for f in of.iter().take(shown) {
            let days = match (f.from, f.to) {
                (Some(from), Some(to)) if from == to => format!("{from}: "),
                (Some(from), Some(to)) => format!("{from} to {to}: "),
                _ => String::new(),
            };
            let _ = writeln!(text, "  {:<8} {days}{}", f.symbol, f.detail);
        }
        if of.len() > shown {
            let _ = writeln!(text, "  and {} more (--all lists them)", of.len() - shown);
        }
    }
    text
}
