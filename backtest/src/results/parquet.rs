//! Writes columns to a Parquet file. The same columns give the same bytes.

use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::Type;

use crate::failure::Failure;
use crate::readers::parquet::{Column, Values, epoch};

/// Encodes columns of equal length as a Parquet file, with metadata (`key`, `value`).
///
/// # Errors
/// When the columns differ in length or a name appears twice, which is a bug in the caller.
pub fn write_columns(columns: &[Column], notes: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
    write(columns, notes).map_err(|e| Failure::Environment(format!("can't make a Parquet file: {e}")))
}

fn write(columns: &[Column], notes: &[(&str, &str)]) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let notes = notes.iter().map(|(k, v)| KeyValue::new((*k).to_owned(), (*v).to_owned())).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("unisleeve".to_owned())
        .set_key_value_metadata(Some(notes))
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for column in columns {
        match &column.values {
            Values::Float(x) => put::<DoubleType>(&mut group, x.iter().copied())?,
            Values::Integer(x) => put::<Int64Type>(&mut group, x.iter().copied())?,
            Values::Flag(x) => put::<BoolType>(&mut group, x.iter().copied())?,
            Values::Date(x) => {
                let days = |d: &Option<chrono::NaiveDate>| d.map(|d| (d - epoch()).num_days() as i32);
                put::<Int32Type>(&mut group, x.iter().map(days))?;
            }
            Values::Text(x) => {
                let shared: Vec<ByteArray> = x.values.iter().map(|v| ByteArray::from(v.as_str())).collect();
                let rows = x.codes.iter().map(|c| c.and_then(|c| shared.get(c as usize).cloned()));
                put::<ByteArrayType>(&mut group, rows)?;
            }
        }
    }
    group.close()?;
    file.into_inner()
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match &column.values {
        Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Values::Float(_) => (Physical::DOUBLE, None),
        Values::Integer(_) => (Physical::INT64, None),
        Values::Date(_) => (Physical::INT32, Some(LogicalType::Date)),
        Values::Flag(_) => (Physical::BOOLEAN, None),
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    Ok(Arc::new(field.build()?))
}

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    rows: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut present) = (Vec::new(), Vec::new());
    for row in rows {
        present.push(i16::from(row.is_some()));
        values.extend(row);
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more columns than the schema has".to_owned()));
    };
    column.typed::<T>().write_batch(&values, Some(&present), None)?;
    column.close()
}
