//! Reads columns of a Parquet file from any writer.

use std::fs::File;
use std::path::{Path, PathBuf};

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use chrono::{NaiveDate, TimeDelta};

use super::damage::guarded;
use super::{Text, Values, epoch};
use crate::failure::Failure;

/// Rows decoded at a time.
const BATCH: usize = 32_768;

/// Number of values that any file may have.
const ALWAYS: u64 = 16 << 20;
/// Values allowed per byte of the file beyond [`ALWAYS`]. A few bytes can claim that one value repeats a
/// billion times.
const VALUES_A_BYTE: u64 = 250;

/// Powers of ten that an f64 holds exactly.
const TENS: [f64; 19] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

/// Reads columns by name, ignoring case.
///
/// # Errors
/// When the file can't be read, is not a Parquet file, lacks a column, or a column holds an unsupported type.
pub fn read_columns(path: &Path, names: &[&str]) -> Result<Vec<Values>, Failure> {
    let file = ParquetFile::open(path)?;
    names.iter().map(|n| file.read(n)).collect()
}

/// An open Parquet file.
pub struct ParquetFile {
    path: PathBuf,
    reader: SerializedFileReader<File>,
    /// Number of rows that each column must have.
    rows: usize,
}

impl ParquetFile {
    /// Opens a file.
    ///
    /// # Errors
    /// When the file can't be read or is not a Parquet file.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let fault = |e: &dyn std::fmt::Display| {
            Failure::input(format!("{}: {e}: expected a Parquet file", path.display()))
        };
        let file = crate::readers::open(path).map_err(|e| fault(&e))?;
        guarded(path, || {
            let size = file.metadata().map_or(0, |m| m.len());
            let reader = SerializedFileReader::new(file).map_err(|e| fault(&e))?;
            let metadata = reader.metadata().file_metadata();
            let columns = metadata.schema_descr().num_columns().max(1) as u64;
            let most = ALWAYS.max(size.saturating_mul(VALUES_A_BYTE)) / columns;
            let groups = reader.metadata().row_groups().iter();
            let rows = groups.map(|g| u64::try_from(g.num_rows()).unwrap_or(u64::MAX));
            let rows = rows.fold(0, u64::saturating_add);
            if rows > most {
                return Err(fault(&format!("{rows} rows in {size} bytes")));
            }
            Ok(Self { path: path.to_path_buf(), reader, rows: rows as usize })
        })
    }

    /// Names of the columns that can be read, which are those that are not nested.
    pub fn columns(&self) -> Vec<&str> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        schema.columns().iter().filter(|c| is_plain(c)).map(|c| c.name()).collect()
    }

    /// The value of a metadata key that the writer stored in the file.
    pub fn note(&self, key: &str) -> Option<&str> {
        let notes = self.reader.metadata().file_metadata().key_value_metadata()?;
        notes.iter().find(|n| n.key == key)?.value.as_deref()
    }

    /// Reads a column by name, ignoring case.
    ///
    /// # Errors
    /// As [`read_columns`].
    pub fn read(&self, name: &str) -> Result<Values, Failure> {
        guarded(&self.path, || self.read_column(name))
    }

    fn read_column(&self, name: &str) -> Result<Values, Failure> {
        let fault = |what: String| Failure::input(format!("{}: {what}", self.path.display()));
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let fits = |c: &ColumnDescriptor| is_plain(c) && c.name().eq_ignore_ascii_case(name);
        let Some(at) = schema.columns().iter().position(|c| fits(c)) else {
            let known = self.columns().join(", ");
            return Err(fault(format!("no column `{name}`: the file has {known}")));
        };
        let column = schema.column(at);
        let Some(mut values) = empty(&column) else {
            let kind = column.physical_type();
            return Err(fault(format!(
                "column {name}: {kind} can't be read: expected text, numbers or dates"
            )));
        };
        for group in 0..self.reader.num_row_groups() {
            let readers = self.reader.get_row_group(group);
            let read = readers
                .and_then(|g| g.get_column_reader(at))
                .and_then(|r| fill(r, &column, &mut values, self.rows));
            read.map_err(|e| fault(format!("column {name}: {e}")))?;
        }
        if values.len() != self.rows {
            let (found, expected) = (values.len(), self.rows);
            return Err(fault(format!("column {name}: {found} rows: expected {expected}, as the file says")));
        }
        Ok(values)
    }
}

fn is_plain(column: &ColumnDescriptor) -> bool {
    column.path().parts().len() == 1 && column.max_rep_level() == 0 && column.max_def_level() <= 1
}

/// What the integers of a column represent.
enum Meaning {
    Number,
    Days,
    /// A timestamp; the field is the number of units in a day.
    Instants(i64),
    /// A decimal; the field is the divisor.
    Decimal(f64),
}

fn meaning(column: &ColumnDescriptor) -> Option<Meaning> {
    const DAY: i64 = 86_400_000;
    let scaled = |scale: i32| TENS.get(usize::try_from(scale).ok()?).copied().map(Meaning::Decimal);
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Meaning::Days),
        (Some(LogicalType::Timestamp(t)), _) => Some(Meaning::Instants(match t.unit {
            TimeUnit::MILLIS => DAY,
            TimeUnit::MICROS => DAY * 1_000,
            TimeUnit::NANOS => DAY * 1_000_000,
        })),
        (None, ConvertedType::TIMESTAMP_MILLIS) => Some(Meaning::Instants(DAY)),
        (None, ConvertedType::TIMESTAMP_MICROS) => Some(Meaning::Instants(DAY * 1_000)),
        (Some(LogicalType::Decimal(d)), _) => scaled(d.scale),
        (None, ConvertedType::DECIMAL) => scaled(column.type_scale()),
        (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => {
            None
        }
        _ => Some(Meaning::Number),
    }
}

/// An empty column of the matching type; `None` for types that are not supported.
fn empty(column: &ColumnDescriptor) -> Option<Values> {
    Some(match column.physical_type() {
        Physical::BOOLEAN => Values::Flag(Vec::new()),
        Physical::INT32 | Physical::INT64 => match meaning(column)? {
            Meaning::Number => Values::Integer(Vec::new()),
            Meaning::Days | Meaning::Instants(_) => Values::Date(Vec::new()),
            Meaning::Decimal(_) => Values::Float(Vec::new()),
        },
        Physical::INT96 => Values::Date(Vec::new()),
        Physical::FLOAT | Physical::DOUBLE => Values::Float(Vec::new()),
        Physical::BYTE_ARRAY => match meaning(column)? {
            Meaning::Decimal(_) => Values::Float(Vec::new()),
            _ => Values::Text(Text::default()),
        },
        Physical::FIXED_LEN_BYTE_ARRAY => match meaning(column)? {
            Meaning::Decimal(_) => Values::Float(Vec::new()),
            _ => return None,
        },
    })
}

fn day(days: i64) -> Option<NaiveDate> {
    epoch().checked_add_signed(TimeDelta::try_days(days)?)
}

/// Converts a big-endian two's complement decimal to its unscaled value. `None` beyond 16 bytes, which no
/// price needs.
fn unscaled(bytes: &[u8]) -> Option<f64> {
    let first = *bytes.first()?;
    let sign = if first & 0x80 == 0 { 0 } else { -1 };
    (bytes.len() <= 16).then(|| bytes.iter().fold(sign, |x: i128, b| x << 8 | i128::from(*b)) as f64)
}

fn whole(meaning: &Meaning, values: &mut Values, x: Option<i64>) {
    match (values, meaning) {
        (Values::Integer(rows), _) => rows.push(x),
        (Values::Date(rows), Meaning::Instants(a_day)) => {
            rows.push(x.and_then(|x| day(x.div_euclid(*a_day))));
        }
        (Values::Date(rows), _) => rows.push(x.and_then(day)),
        (Values::Float(rows), Meaning::Decimal(by)) => rows.push(x.map(|x| x as f64 / by)),
        _ => (),
    }
}

/// Adds a row group's values, up to `most` values in the whole file.
fn fill(
    reader: ColumnReader,
    column: &ColumnDescriptor,
    values: &mut Values,
    most: usize,
) -> Result<(), ParquetError> {
    let left = most.saturating_sub(values.len());
    let has_nulls = column.max_def_level() > 0;
    let meaning = meaning(column).unwrap_or(Meaning::Number);
    let mut is_text = true;
    match (reader, &mut *values) {
        (ColumnReader::BoolColumnReader(r), Values::Flag(rows)) => {
            drain(r, has_nulls, left, |x| rows.push(x.copied()))?;
        }
        (ColumnReader::FloatColumnReader(r), Values::Float(rows)) => {
            drain(r, has_nulls, left, |x| rows.push(x.map(|x| f64::from(*x))))?;
        }
        (ColumnReader::DoubleColumnReader(r), Values::Float(rows)) => {
            drain(r, has_nulls, left, |x| rows.push(x.copied()))?;
        }
        (ColumnReader::Int96ColumnReader(r), Values::Date(rows)) => {
            drain(r, has_nulls, left, |x| rows.push(x.and_then(|x| day(x.to_seconds().div_euclid(86_400)))))?;
        }
        (ColumnReader::ByteArrayColumnReader(r), Values::Text(rows)) => {
            drain(r, has_nulls, left, |x| is_text &= rows.push_bytes(x.map(ByteArray::data)))?;
        }
        (ColumnReader::ByteArrayColumnReader(r), Values::Float(rows)) => {
            let Meaning::Decimal(by) = meaning else { return Ok(()) };
            drain(r, has_nulls, left, |x| rows.push(x.and_then(|x| Some(unscaled(x.data())? / by))))?;
        }
        (ColumnReader::FixedLenByteArrayColumnReader(r), Values::Float(rows)) => {
            let Meaning::Decimal(by) = meaning else { return Ok(()) };
            drain(r, has_nulls, left, |x| rows.push(x.and_then(|x| Some(unscaled(x.data())? / by))))?;
        }
        (ColumnReader::Int32ColumnReader(r), rows) => {
            drain(r, has_nulls, left, |x| whole(&meaning, rows, x.map(|x| i64::from(*x))))?;
        }
        (ColumnReader::Int64ColumnReader(r), rows) => {
            drain(r, has_nulls, left, |x| whole(&meaning, rows, x.copied()))?;
        }
        _ => return Err(ParquetError::General("its type changes within the file".to_owned())),
    }
    if is_text { Ok(()) } else { Err(ParquetError::General("a value is no UTF-8 text".to_owned())) }
}

/// Passes every row to the callback.
fn drain<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    has_nulls: bool,
    mut left: usize,
    mut push: impl FnMut(Option<&T::T>),
) -> Result<(), ParquetError> {
    let (mut values, mut present): (Vec<T::T>, Vec<i16>) = (Vec::new(), Vec::new());
    loop {
        values.clear();
        present.clear();
        let (rows, _, _) =
            reader.read_records(BATCH, has_nulls.then_some(&mut present), None, &mut values)?;
        if rows == 0 {
            return Ok(());
        }
        left = left
            .checked_sub(rows)
            .ok_or_else(|| ParquetError::General("more rows than the file says".to_owned()))?;
        if !has_nulls {
            for value in &values {
                push(Some(value));
            }
            continue;
        }
        let mut next = values.iter();
        for p in &present {
            push(if *p == 0 { None } else { next.next() });
        }
    }
}
