//! `unisleeve import`: converts a file of a broker or index provider to our own formats.
//!
//! Without `--out`, the trades (or the index membership) go to standard output and the notes to standard
//! error. With `--out X.csv`, they go to that file. For an index, the securities go to `X.securities.csv`. If
//! the export calls an account an IRA, Roth, HSA or 401(k), the accounts go to `X.accounts.csv`. With
//! `--json`, standard output holds only a summary; without `--out`, nothing else is written then.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use unisleeve_core::import::{
    Account, Content, ImportFault, ImportOptions, Imported, Kind, LeftOut, accounts_csv, import,
    membership_csv, securities_csv, trades_csv,
};
use unisleeve_core::units::Money;

use crate::failure::Failure;
use crate::readers::table::plain_bytes;
use crate::results::write_files;

/// Longest file read, in bytes, before and after decompression.
const LONGEST: u64 = 256 << 20;

/// Most faults listed. A file of the wrong kind has one for each line.
const MOST_FAULTS: usize = 20;

/// Arguments of the command.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The export, plain or compressed with gzip. Its kind is recognized by its content.
    file: PathBuf,
    /// File X.csv for the result. An index also gets X.securities.csv; an export that calls an account an
    /// IRA, Roth, HSA or 401(k) also gets X.accounts.csv. Without it, standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Account of files that don't name one. A name such as `My IRA` also gives its kind.
    #[arg(long, default_value = "taxable", value_name = "NAME")]
    account: String,
    /// Take every cost basis as the price paid, without disallowed losses.
    #[arg(long)]
    basis_unadjusted: bool,
    /// Print a summary as JSON instead.
    #[arg(long)]
    json: bool,
}

/// What was imported.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    /// Kind of file that was recognized.
    kind: Kind,
    /// Number of trades or members written.
    rows: usize,
    /// First day of the trades, or the day of the weights.
    first_date: Option<String>,
    /// Last day of the trades, or the day of the weights.
    last_date: Option<String>,
    /// Accounts of the trades and their kinds.
    accounts: &'a [Account],
    /// Rows that have no place in the output.
    left_out: &'a [LeftOut],
    /// Losses that the broker reports as disallowed. They are not booked.
    disallowed_by_broker: Option<Money>,
    /// What a reader of the output should know.
    notes: &'a [String],
    /// Files written.
    files: Vec<String>,
}

/// Imports the file. Returns what the command prints on standard output and on standard error.
///
/// # Errors
/// When the file can't be read, has faults (one message for each) or the output can't be written.
pub(crate) fn run(args: &ImportArgs) -> Result<(String, String), Failure> {
    let (path, out) = (args.file.as_path(), args.out.as_deref());
    let options = ImportOptions { account: args.account.clone(), basis_unadjusted: args.basis_unadjusted };
    let name = path.display().to_string();
    check_account(&options.account)?;
    let bytes = plain_bytes(path, LONGEST, "a file exported by a broker")?;
    let imported = import(&bytes, &options).map_err(|faults| Failure::Input(messages(&name, &faults)))?;
    let files = files(&imported, out);
    if out.is_some() {
        write_files(&files)?;
    }
    let summary = Summary::of(&imported, if out.is_some() { &files } else { &[] });
    if args.json {
        let text = serde_json::to_string_pretty(&summary).map_err(|e| Failure::Environment(e.to_string()))?;
        return Ok((format!("{text}\n"), String::new()));
    }
    if out.is_some() {
        return Ok((summary.text(), String::new()));
    }
    Ok((main_csv(&imported), summary.text()))
}

/// The name is written to a CSV file and matched with ACCOUNTS.csv, so it must be plain.
fn check_account(account: &str) -> Result<(), Failure> {
    if account.trim().is_empty() || account != account.trim() || account.contains(char::is_control) {
        let expected = "expected a name without spaces around it";
        return Err(Failure::input(format!("--account {account:?}: {expected}")));
    }
    Ok(())
}

fn messages(name: &str, faults: &[ImportFault]) -> Vec<String> {
    let mut messages: Vec<String> = faults
        .iter()
        .take(MOST_FAULTS)
        .map(|fault| match fault.line {
            Some(line) => format!("{name}:{line}: {fault}"),
            None => format!("{name}: {fault}"),
        })
        .collect();
    if faults.len() > MOST_FAULTS {
        messages.push(format!("{name}: and {} more faults", faults.len() - MOST_FAULTS));
    }
    messages
}

fn main_csv(imported: &Imported) -> String {
    match &imported.content {
        Content::Trades(rows) => trades_csv(rows),
        Content::Index { date, members } => membership_csv(*date, members),
    }
}

/// The files that `--out` writes: path and content.
fn files(imported: &Imported, out: Option<&Path>) -> Vec<(PathBuf, Vec<u8>)> {
    let Some(out) = out else { return Vec::new() };
    let mut files = vec![(out.to_owned(), main_csv(imported).into_bytes())];
    if let Content::Index { members, .. } = &imported.content {
        files.push((out.with_extension("securities.csv"), securities_csv(members).into_bytes()));
    }
    if imported.accounts.iter().any(|a| a.kind != "taxable") {
        files.push((out.with_extension("accounts.csv"), accounts_csv(&imported.accounts).into_bytes()));
    }
    files
}

impl<'a> Summary<'a> {
    fn of(imported: &'a Imported, files: &[(PathBuf, Vec<u8>)]) -> Self {
        let (rows, first, last) = match &imported.content {
            Content::Trades(rows) => (rows.len(), rows.first().map(|r| r.date), rows.last().map(|r| r.date)),
            Content::Index { date, members } => (members.len(), Some(*date), Some(*date)),
        };
        Self {
            kind: imported.kind,
            rows,
            first_date: first.map(|d| d.to_string()),
            last_date: last.map(|d| d.to_string()),
            accounts: &imported.accounts,
            left_out: &imported.left_out,
            disallowed_by_broker: imported.disallowed_by_broker,
            notes: &imported.notes,
            files: files.iter().map(|(path, _)| path.display().to_string()).collect(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}: {} rows", self.kind.title(), self.rows);
        if let (Some(first), Some(last)) = (&self.first_date, &self.last_date) {
            let _ =
                if first == last { write!(text, ", {first}") } else { write!(text, ", {first} to {last}") };
        }
        text.push('\n');
        for left_out in self.left_out {
            let rows = if left_out.rows == 1 { "row" } else { "rows" };
            let weight = left_out.weight.map(|w| format!(", weight {w}")).unwrap_or_default();
            let _ = writeln!(text, "Left out: {} ({} {}{weight})", left_out.what, left_out.rows, rows);
        }
        for note in self.notes {
            let _ = writeln!(text, "Note: {note}.");
        }
        for file in &self.files {
            let _ = writeln!(text, "Written: {file}");
        }
        text
    }
}
