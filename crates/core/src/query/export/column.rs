//! What a column's type means for a file.

use std::collections::HashSet;

/// A type as far as formats differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int16,
    Int32,
    Int64,
    Float32,
    Float64,
    /// With the precision and scale that the column declares, where it does.
    Numeric(Option<(u8, u8)>),
    Boolean,
    Date,
    Timestamp,
    TimestampTz,
    Uuid,
    Json,
    Bytes,
    Text,
}

impl Kind {
    /// By the type's name as `format_type` writes it; what is not known is text.
    pub(super) fn of(type_name: &str) -> Self {
        let (name, modifier) = parts(type_name);
        match name.as_str() {
            "smallint" => Self::Int16,
            "integer" => Self::Int32,
            "bigint" | "oid" => Self::Int64,
            "real" => Self::Float32,
            "double precision" => Self::Float64,
            "numeric" => Self::Numeric(modifier.and_then(precision)),
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "timestamp without time zone" => Self::Timestamp,
            "timestamp with time zone" => Self::TimestampTz,
            "uuid" => Self::Uuid,
            "json" | "jsonb" => Self::Json,
            "bytea" => Self::Bytes,
            _ => Self::Text,
        }
    }

    /// Whether its text is a number, but for NaN and the infinities.
    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Self::Int16 | Self::Int32 | Self::Int64 | Self::Float32 | Self::Float64 | Self::Numeric(_)
        )
    }
}

/// The name without its modifier, and the modifier: `timestamp(3) without time zone`.
fn parts(type_name: &str) -> (String, Option<&str>) {
    match (type_name.find('('), type_name.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let name = format!("{}{}", &type_name[..open], &type_name[close + 1..]);
            (name, Some(&type_name[open + 1..close]))
        }
        _ => (type_name.to_owned(), None),
    }
}

/// What fits a decimal of 128 bits.
fn precision(modifier: &str) -> Option<(u8, u8)> {
    let (precision, scale) = modifier.split_once(',').unwrap_or((modifier, "0"));
    let (precision, scale) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
    ((1..=38).contains(&precision) && scale <= precision).then_some((precision, scale))
}

/// Names that differ from one another, for formats that cannot hold one twice: the second `a` is `a_2`.
pub(super) fn distinct(names: &[String]) -> Vec<String> {
    let all: HashSet<&String> = names.iter().collect();
    let mut taken = HashSet::new();
    let mut distinct = Vec::with_capacity(names.len());
    for name in names {
        let mut unique = name.clone();
        let mut number = 1;
        while taken.contains(&unique) || (number > 1 && all.contains(&unique)) {
            number += 1;
            unique = format!("{name}_{number}");
        }
        taken.insert(unique.clone());
        distinct.push(unique);
    }
    distinct
}
