//! Conditions on columns.
//!
//! Values are parameters cast to the column's own type, so an index can serve them; types without an order
//! (json, xml, points) are compared as text.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::shape::{Column, Shape};
use super::statement::Built;
use crate::{Error, ErrorKind, Ident, Result};

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnFilter {
    pub column: String,
    pub op: FilterOp,
    /// Needed by all but `is_null` and `not_null`.
    #[serde(default)]
    pub value: Option<String>,
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FilterOp {
    Eq,
    /// Other than the value; NULL counts as other.
    Ne,
    Lt,
    Gt,
    /// The text contains it, whatever the case.
    Contains,
    IsNull,
    NotNull,
}

/// Appends the condition.
pub(super) fn push(built: &mut Built, shape: &Shape, filter: &ColumnFilter) -> Result<()> {
    let column = shape.column(&filter.column)?;
    let needs_value = !matches!(filter.op, FilterOp::IsNull | FilterOp::NotNull);
    let value = match &filter.value {
        Some(value) if needs_value => value.clone(),
        None if needs_value => return Err(without_value(&column.name)),
        _ => String::new(),
    };
    match filter.op {
        FilterOp::IsNull => built.column(column).push(" is null"),
        FilterOp::NotNull => built.column(column).push(" is not null"),
        FilterOp::Contains => contains(built, column, &value),
        FilterOp::Eq => compare(built, column, " = ", value),
        FilterOp::Ne => compare(built, column, " is distinct from ", value),
        FilterOp::Lt => compare(built, column, " < ", value),
        FilterOp::Gt => compare(built, column, " > ", value),
    }
    Ok(())
}

fn compare(built: &mut Built, column: &Column, operator: &'static str, value: String) {
    built.comparable(column);
    built.push(operator);
    built.value(column, Some(value));
}

fn contains(built: &mut Built, column: &Column, value: &str) {
    built.column(column).push("::text ilike ");
    built.text(format!("%{}%", escape_like(value)));
}

/// A percent sign in the search is a percent sign.
fn escape_like(value: &str) -> String {
    value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn without_value(column: &str) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("the filter on {} has no value", Ident::new(column)))
}
