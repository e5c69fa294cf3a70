//! A table held in memory.

use std::path::Path;

use super::faults::Faults;
use super::header::Header;
use super::limits::MOST_HELD;
use super::rows::Rows;
use crate::failure::Failure;

/// A table's header and its rows, each with the line it begins on.
pub(crate) struct Table {
    /// File name for messages.
    pub name: String,
    pub header: Header,
    /// Rows with their line numbers.
    pub rows: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    /// Reads a whole file.
    ///
    /// # Errors
    /// Every row that can't be read, or that the table is too large to hold.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let mut source = Rows::open(path)?;
        let mut faults = Faults::new(&source.name);
        let mut rows = Vec::new();
        let mut row = csv::StringRecord::new();
        let mut held = 0;
        while let Some(line) = source.next(&mut row, &mut faults) {
            held += (row.as_slice().len() + size_of_val(&row) + row.len() * size_of::<usize>()) as u64;
            if held > MOST_HELD {
                faults.add(line, &format!("more than {} GB: expected a smaller table", MOST_HELD >> 30));
                break;
            }
            rows.push((line, compact(&row)));
        }
        faults.finish()?;
        Ok(Self { name: source.name, header: source.header, rows })
    }
}

/// Copies a row without spare capacity. A clone would keep the capacity of the widest row read into its
/// buffer.
fn compact(row: &csv::StringRecord) -> csv::StringRecord {
    let mut copy = csv::StringRecord::with_capacity(row.as_slice().len(), row.len());
    row.iter().for_each(|field| copy.push_field(field));
    copy.set_position(row.position().cloned());
    copy
}
