//! Recognizes result folders: they contain a valid summary and only files that a command writes.

use std::fs;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use crate::failure::Failure;
use crate::readers::was_read;

/// The file that marks a folder as a result. It is written last and in one step, so an interrupted run leaves
/// none.
pub(super) const MARK: &str = "summary.json";

/// Every file name that a result folder of any command may hold, and how that file begins.
const FILES: [(&str, &str); 25] = [
    (MARK, "{"),
    ("report.html", "<!doctype html>"),
    ("daily.csv", "arm,"),
    ("trades.csv", "arm,"),
    ("cash.csv", "arm,"),
    ("lots.csv", "arm,"),
    ("tax_years.csv", "arm,"),
    ("class_weights.csv", "arm,"),
    ("prices.csv", "date,symbol,close,dividend,dividend_kind,"),
    ("sleeves.csv", "arm,from,"),
    ("indices.csv", "date,index,"),
    ("index_weights.csv", "index,"),
    ("expenses.csv", "symbol,expense_ratio"),
    ("rebalancings.csv", "arm,date"),
    ("tickets.csv", "arm,"),
    ("transfers.csv", "arm,"),
    ("solves.csv", "arm,"),
    ("data_faults.csv", "kind,"),
    ("paths.csv", "path,"),
    ("fans.csv", "arm,"),
    ("clients.csv", "client,"),
    ("differences.csv", "client,"),
    ("runs.csv", "start,"),
    ("results.csv", "run,"),
    ("results.parquet", "PAR1"),
];

/// Keys of every summary. Other keys depend on the command.
#[derive(Deserialize)]
struct Mark {
    version: String,
    config_hash: String,
}

/// Whether a result folder may hold a file of this name.
pub(super) fn is_name(name: &str) -> bool {
    FILES.iter().any(|(known, _)| *known == name)
}

/// Refuses to replace anything other than a result. Call it before any work is done.
///
/// # Errors
/// When `to` is a file or a link, when it is a folder with foreign entries (the message names the first), or
/// when it holds a file that this command has read. An environment failure when `to` can't be read.
pub fn check_replaceable(to: &Path) -> Result<(), Failure> {
    recognize(to, to)?;
    if let Some(file) = was_read(to) {
        return Err(Failure::input(format!(
            "--out {}: would replace {}, which is read: expected another folder",
            to.display(),
            file.display()
        )));
    }
    Ok(())
}

/// Checks the folder `at`; messages call it `to`.
pub(super) fn recognize(at: &Path, to: &Path) -> Result<(), Failure> {
    let refused = |what: &str| Err(Failure::input(format!("--out {}: {what}", to.display())));
    let unreadable = |e: &std::io::Error| Failure::io("can't read", to, e);
    let kind = match fs::symlink_metadata(at) {
        Ok(metadata) => metadata.file_type(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(unreadable(&e)),
    };
    if kind.is_symlink() {
        return refused("is a link: expected a folder itself");
    }
    if !kind.is_dir() {
        return refused("is a file: expected a folder");
    }
    let (mut is_empty, mut has_mark) = (true, false);
    let mut foreign: Vec<String> = Vec::new();
    for entry in fs::read_dir(at).map_err(|e| unreadable(&e))? {
        let entry = entry.map_err(|e| unreadable(&e))?;
        is_empty = false;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().map_err(|e| unreadable(&e))?.is_file();
        let is_ours = is_file && begins_as(&entry.path(), &name).map_err(|e| unreadable(&e))?;
        if !is_ours {
            foreign.push(name);
        } else if name == MARK {
            has_mark = true;
        }
    }
    // Directory entries come in no fixed order.
    foreign.sort();
    let expected = "expected a new folder, an empty one or an earlier result";
    if let Some(first) = foreign.first() {
        let more = foreign.len() - 1;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        return refused(&format!("holds something else, {first}{more}: {expected}"));
    }
    if !is_empty && !has_mark {
        return refused(&format!("holds no {MARK} of a result: {expected}"));
    }
    Ok(())
}

/// Whether a file with this name begins as ours does. A summary is parsed in full.
fn begins_as(path: &Path, name: &str) -> std::io::Result<bool> {
    let Some((_, start)) = FILES.iter().find(|(known, _)| *known == name) else { return Ok(false) };
    let mut file = fs::File::open(path)?;
    if name == MARK {
        let mark: Option<Mark> = serde_json::from_reader(BufReader::new(file)).ok();
        return Ok(mark.is_some_and(|m| {
            !m.version.is_empty()
                && m.config_hash.len() == 64
                && m.config_hash.bytes().all(|b| b.is_ascii_hexdigit())
        }));
    }
    let mut found = vec![0; start.len()];
    match file.read_exact(&mut found) {
        Ok(()) => Ok(found == start.as_bytes()),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

/// Removes the files of a result and then the folder. Fails if anything else has been added.
pub(super) fn remove(folder: &Path) -> std::io::Result<()> {
    for (name, _) in FILES {
        match fs::remove_file(folder.join(name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    fs::remove_dir(folder)
}
