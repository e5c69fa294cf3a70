//! Entry points for fuzz targets. They expose readers that are otherwise private; none of them runs a study.

use std::path::Path;

use chrono::NaiveDate;
use unisleeve_core::mandates::PolicySleeve;

use crate::commands::{book, sweep, tax as tax_command};
use crate::failure::Failure;

/// Reads a grid of `unisleeve sweep` and builds the configurations of its first and its last run.
///
/// # Errors
/// All faults of the grid.
pub fn grid(text: &str) -> Result<(), Failure> {
    sweep::read_grid(text, "grid.toml")
}

/// Reads a book whose lots were bought on or before `start`. Returns the number of clients.
///
/// # Errors
/// All faults of the file.
pub fn book(path: &Path, start: NaiveDate) -> Result<usize, Failure> {
    let mut book = book::Book::open(path, start)?;
    let clients = std::iter::from_fn(|| book.next()).count();
    book.finish().map(|()| clients)
}

/// Reads the terms of a book's clients. Returns the number of clients.
///
/// # Errors
/// All faults of the file.
pub fn clients(path: &Path) -> Result<usize, Failure> {
    book::clients::read(path).map(|clients| clients.len())
}

/// Reads the policies of a book. Returns the number of policies.
///
/// # Errors
/// All faults of the file.
pub fn policies(path: &Path, sleeves: &[PolicySleeve]) -> Result<usize, Failure> {
    book::policies::read(path, sleeves).map(|policies| policies.len())
}

/// Computes the tax of a year from JSON.
///
/// # Errors
/// All faults of the text.
pub fn tax(text: &str) -> Result<(), Failure> {
    tax_command::figure(text).map(|_| ()).map_err(Failure::Input)
}
