//! Parquet files as typed columns of one name each; anything nested is refused. No Arrow in between.

mod damage;
mod read;
mod text;
mod values;

pub use read::{ParquetFile, read_columns};
pub use text::Text;
pub(crate) use values::epoch;
pub use values::{Column, Values};

#[cfg(test)]
mod tests;
