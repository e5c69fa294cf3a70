//! `unisleeve tax`: federal and state tax of one year from the figures of a return.
//!
//! - `ordinary_taxable`: taxable income without `pref_income`. Net short-term gain is included, a deducted
//!   capital loss is subtracted.
//! - `pref_income`: net long-term gain plus qualified dividends.
//! - `net_short` and `net_long`: the year's results by term after losses carried in (Schedule D, lines 7 and
//!   15).
//! - `us_interest`: the part of `ordinary_taxable` that states may not tax.
//! - `qualified_dividends`: only checked against `pref_income`. No implemented rule taxes them differently
//!   from long-term gain.
//! - `magi`: adjusted gross income. A state's tax starts from it.
//! - `deduction`: `{"itemized": dollars, "salt": dollars}` of a return that itemizes. Without it, the standard
//!   deduction is what the alternative minimum tax adds back.
//! - `amt_preferences`: income that only the alternative minimum tax counts.
//! - `state_dependents`: dependents that the state's exemptions count (none without the key).
//! - `state_taxable`: the state's taxable income, given instead of computed.

mod bill;
mod fields;
mod figure;
mod repeated;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::failure::Failure;
pub(crate) use figure::figure;

/// Longest input read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct TaxArgs {
    /// The year's figures (JSON). Without a file, they are read from standard input.
    file: Option<PathBuf>,
    /// Print JSON instead of the table.
    #[arg(long)]
    json: bool,
}

/// Reads the input from `path` or from standard input. Returns what the command prints.
///
/// # Errors
/// When the input can't be read or has faults: one message for each.
pub(crate) fn run(args: &TaxArgs) -> Result<String, Failure> {
    let (path, json) = (args.file.as_deref(), args.json);
    let name = path.map_or_else(|| "standard input".to_owned(), |p| p.display().to_string());
    let text = read(path, &name)?;
    let bill = figure(&text)
        .map_err(|faults| Failure::Input(faults.iter().map(|fault| format!("{name}: {fault}")).collect()))?;
    if json {
        let text = serde_json::to_string_pretty(&bill).map_err(|e| Failure::Environment(e.to_string()))?;
        return Ok(format!("{text}\n"));
    }
    Ok(bill.table())
}

fn read(path: Option<&Path>, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let done = match path {
        Some(path) => crate::readers::open(path).and_then(|f| f.take(LONGEST + 1).read_to_end(&mut bytes)),
        None => std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes),
    };
    done.map_err(|e| Failure::input(format!("{name}: can't be read: {e}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::input(format!("{name}: longer than {LONGEST} bytes: expected one JSON object")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|e| Failure::input(format!("{name}: not UTF-8 at byte {}", e.utf8_error().valid_up_to())))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}
