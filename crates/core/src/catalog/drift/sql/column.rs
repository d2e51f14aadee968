//! Columns: added, dropped, changed.

use super::super::pair::Pair;
use super::quoted;
use crate::catalog::fingerprint::{Column, Sequence};

/// The column as a `create table` takes it.
pub(in super::super) fn column_sql(column: &Column) -> String {
    let serial = match column.type_name.as_str() {
        "bigint" => Some("bigserial"),
        "integer" => Some("serial"),
        "smallint" => Some("smallserial"),
        _ => None,
    };
    let (type_name, value) = match serial.filter(|_| column.draws_from_its_sequence) {
        Some(serial) => (serial.to_owned(), None),
        None => {
            (column.type_name.clone(), column.value_in_words().filter(|_| !column.draws_from_its_sequence))
        }
    };
    let mut parts = vec![quoted(&column.name).to_string(), type_name];
    parts.extend(column.collation.as_ref().map(|name| format!("collate {name}")));
    parts.extend(column.not_null.then(|| "not null".to_owned()));
    parts.extend(value);
    parts.join(" ")
}

pub(in super::super) fn add_column(pair: &Pair<'_>, column: &Column) -> Vec<String> {
    let add = format!("alter table {} add column {}", pair.quoted(), column_sql(column));
    let warning = if column.not_null && column.value_in_words().is_none() {
        "-- fails on a table with rows: add it without \"not null\", fill it, and set that last\n"
    } else if column.draws_from_its_sequence || column.identity.is_some() || column.generation.is_some() {
        "-- writes every row, and lets nobody in meanwhile\n"
    } else {
        ""
    };
    vec![format!("{warning}{add}")]
}

pub(in super::super) fn drop_column(pair: &Pair<'_>, column: &Column) -> Vec<String> {
    let (table, name) = (&pair.actual.name, &column.name);
    let with: Vec<_> = pair
        .actual
        .indexes
        .iter()
        .filter(|index| index.keys.iter().chain(&index.included).any(|key| key == name))
        .map(|index| index.name.as_str())
        .collect();
    let with = if with.is_empty() { String::new() } else { format!(", and the indexes {}", with.join(", ")) };
    vec![format!(
        "-- dies: the values of {table}.{name} in every row{with}\nalter table {} drop column {}",
        pair.quoted(),
        quoted(name)
    )]
}

pub(in super::super) fn set_type(pair: &Pair<'_>, to: &Column) -> Vec<String> {
    let collate = to.collation.as_ref().map_or(String::new(), |name| format!(" collate {name}"));
    let column = quoted(&to.name);
    vec![format!(
        "-- may write the table and its indexes anew, lets nobody in meanwhile, and fails on a value that does not fit\n\
         alter table {} alter column {column} type {}{collate} using {column}::{}",
        pair.quoted(),
        to.type_name,
        to.type_name
    )]
}

/// NOT NULL by way of a check that is validated while others read and write: setting it then needs no scan.
pub(in super::super) fn set_not_null(pair: &Pair<'_>, to: &Column, from: &Column) -> Vec<String> {
    let (table, column) = (pair.quoted(), quoted(&to.name));
    if !to.not_null {
        return vec![format!("alter table {table} alter column {column} drop not null")];
    }
    if let Some(name) = &from.unchecked_not_null {
        return vec![format!("alter table {table} validate constraint {}", quoted(name))];
    }
    let check = quoted(&format!("{}_not_null", to.name)).to_string();
    vec![
        format!("alter table {table} add constraint {check} check ({column} is not null) not valid"),
        format!(
            "-- fails where a row holds NULL; others read and write meanwhile\nalter table {table} validate constraint {check}"
        ),
        format!("alter table {table} alter column {column} set not null"),
        format!("alter table {table} drop constraint {check}"),
    ]
}

/// `there` is the column's own sequence, where it has one that nothing draws from.
pub(in super::super) fn set_default(
    pair: &Pair<'_>,
    to: &Column,
    from: &Column,
    there: Option<&Sequence>,
) -> Vec<String> {
    let (table, column) = (pair.quoted(), quoted(&to.name));
    let alter = format!("alter table {table} alter column {column}");
    let mut sql = Vec::new();
    if from.identity.is_some() {
        sql.push(format!("-- dies: the sequence behind it\n{alter} drop identity"));
    }
    match (&to.identity, &to.default_value) {
        (Some(kind), _) => {
            let how = if kind == "a" { "always" } else { "by default" };
            sql.push(format!("{alter} add generated {how} as identity"));
        }
        (None, Some(_)) if to.draws_from_its_sequence => sql.extend(own_sequence(pair, to, there)),
        (None, Some(value)) => sql.push(format!("{alter} set default {value}")),
        (None, None) if from.identity.is_none() => sql.push(format!("{alter} drop default")),
        (None, None) => {}
    }
    sql
}

/// A sequence of its own that goes on after the largest number in use.
fn own_sequence(pair: &Pair<'_>, to: &Column, there: Option<&Sequence>) -> Vec<String> {
    let (table, column) = (pair.quoted(), quoted(&to.name));
    let named = format!("{}_{}_seq", pair.actual.name.name, to.name);
    let name =
        there.map_or_else(|| pair.actual.name.sibling(&named), |sequence| sequence.name.clone()).quoted();
    let literal = name.replace('\'', "''");
    let mut sql = Vec::new();
    if there.is_none() {
        sql.push(format!("create sequence {name} as {} owned by {table}.{column}", to.type_name));
    }
    sql.push(format!(
        "select setval('{literal}', coalesce((select max({column}) from {table}), 0) + 1, false)"
    ));
    sql.push(format!("alter table {table} alter column {column} set default nextval('{literal}')"));
    sql
}
