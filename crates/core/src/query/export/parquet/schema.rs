//! Which type of Parquet a column has (<https://github.com/apache/parquet-format/blob/master/LogicalTypes.md>).

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::Result;
use parquet::schema::types::{Type, TypePtr};

use super::super::column::Kind;
use super::super::writer::Columns;
use super::decimal;

/// Every column may be NULL: a result does not say of any that it is not.
pub(super) fn schema(columns: &Columns) -> Result<TypePtr> {
    let named = columns.distinct.iter().zip(&columns.kinds);
    let fields = named.map(|(name, kind)| column(name, *kind).map(Arc::new)).collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("result").with_fields(fields).build()?))
}

fn column(name: &str, kind: Kind) -> Result<Type> {
    let (physical, logical) = types(kind);
    let mut builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if let Kind::Numeric(Some((precision, scale))) = kind {
        builder = builder.with_precision(precision.into()).with_scale(scale.into());
    }
    if physical == Physical::FIXED_LEN_BYTE_ARRAY {
        builder = builder.with_length(16);
    }
    builder.build()
}

fn types(kind: Kind) -> (Physical, Option<LogicalType>) {
    match kind {
        Kind::Int16 => (Physical::INT32, Some(LogicalType::integer(16, true))),
        Kind::Int32 => (Physical::INT32, None),
        Kind::Int64 => (Physical::INT64, None),
        Kind::Float32 => (Physical::FLOAT, None),
        Kind::Float64 => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS))),
        Kind::TimestampTz => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Kind::Uuid => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid)),
        Kind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        Kind::Bytes => (Physical::BYTE_ARRAY, None),
        Kind::Numeric(Some((precision, scale))) => {
            (decimal::physical(precision), Some(LogicalType::decimal(scale.into(), precision.into())))
        }
        Kind::Numeric(None) | Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    }
}

/// A column's type in words.
pub(super) fn described(kind: Kind) -> String {
    let (physical, logical) = types(kind);
    match logical {
        Some(LogicalType::Decimal(decimal)) => {
            format!("{physical} decimal({},{})", decimal.precision, decimal.scale)
        }
        Some(LogicalType::Timestamp(_)) if kind == Kind::TimestampTz => {
            format!("{physical} timestamp, microseconds, UTC")
        }
        Some(LogicalType::Timestamp(_)) => format!("{physical} timestamp, microseconds, without zone"),
        Some(LogicalType::Integer(_)) => format!("{physical} int16"),
        Some(LogicalType::Date) => format!("{physical} date"),
        Some(LogicalType::Uuid) => format!("{physical} uuid"),
        Some(LogicalType::Json) => format!("{physical} json"),
        Some(LogicalType::String) => format!("{physical} string"),
        _ => physical.to_string(),
    }
}
