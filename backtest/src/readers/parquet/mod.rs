//! Reads Parquet files as flat, typed columns; nested columns are refused. Arrow is not used.

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
