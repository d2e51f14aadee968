//! The statement of a page.
//!
//! Three layers: the inner one finds the rows (values still toasted), the middle one turns each into text once,
//! the outer one cuts. So a large cell is read on the server and never leaves it whole.

use super::cursor::{Cursor, Direction};
use super::filter;
use super::page::RowsQuery;
use super::shape::{Column, Shape};
use crate::sql::SafeSql;
use crate::{Ident, Result};

/// Characters of a cell that a page shows.
pub(super) const CELL_CHARACTERS: usize = 400;

/// A statement under construction and its parameters, all text.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) sql: SafeSql,
    pub(super) values: Vec<Option<String>>,
}

impl Built {
    pub(super) fn push(&mut self, text: &'static str) {
        self.sql = std::mem::take(&mut self.sql).push(text);
    }

    pub(super) fn column(&mut self, column: &Column) -> &mut Self {
        self.sql = std::mem::take(&mut self.sql).push("t.").ident(&Ident::new(&column.name));
        self
    }

    /// The column in a form that has operators.
    pub(super) fn comparable(&mut self, column: &Column) {
        self.column(column);
        if !column.ordered {
            self.push("::text");
        }
    }

    /// A parameter of the column's type.
    pub(super) fn value(&mut self, column: &Column, value: Option<String>) {
        self.text_or_null(value);
        if column.ordered {
            self.sql = std::mem::take(&mut self.sql).push("::").name(&column.type_reference());
        }
    }

    pub(super) fn text(&mut self, value: String) {
        self.text_or_null(Some(value));
    }

    fn text_or_null(&mut self, value: Option<String>) {
        self.values.push(value);
        let place = self.values.len();
        self.sql = std::mem::take(&mut self.sql).parameter(place).push("::text");
    }
}

/// The order of a page: what was asked for, then the rest of the primary key, so that no two rows are equal.
pub(super) fn order<'a>(shape: &'a Shape, query: &RowsQuery) -> Result<Vec<(&'a Column, bool)>> {
    let mut order = Vec::new();
    for sort in &query.sort {
        order.push((shape.column(&sort.column)?, sort.descending));
    }
    let descending = order.last().is_some_and(|(_, descending)| *descending);
    if shape.has_primary_key() {
        for part in shape.key() {
            if !order.iter().any(|(column, _)| column.name == part.name) {
                order.push((part, descending));
            }
        }
    }
    Ok(order)
}

pub(super) fn build(
    shape: &Shape,
    query: &RowsQuery,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Built> {
    let order = order(shape, query)?;
    let mut built = Built::default();
    outer(&mut built, shape, order.len());
    middle(&mut built, shape, &order);
    inner(&mut built, shape, query, cursor, &order)?;
    built.sql = std::mem::take(&mut built.sql).push(" limit ").number(i64::try_from(limit).unwrap_or(1000));
    if let Some(offset) = cursor.and_then(|cursor| cursor.offset) {
        built.sql = std::mem::take(&mut built.sql).push(" offset ").number(i64::from(offset));
    }
    built.push(") t offset 0) cells");
    Ok(built)
}

fn outer(built: &mut Built, shape: &Shape, order: usize) {
    built.push("select ");
    for at in 0..shape.columns.len() {
        let name = cell_name(at);
        built.sql = std::mem::take(&mut built.sql)
            .push("left(")
            .ident(&name)
            .push(", ")
            .number(i64::try_from(CELL_CHARACTERS + 1).unwrap_or(401))
            .push("), octet_length(")
            .ident(&name)
            .push(")::bigint, ");
    }
    for at in 0..shape.key().len() + order {
        built.sql = std::mem::take(&mut built.sql).ident(&key_name(at)).push(", ");
    }
    built.push("1 from (select ");
}

fn middle(built: &mut Built, shape: &Shape, order: &[(&Column, bool)]) {
    for (at, column) in shape.columns.iter().enumerate() {
        built.column(column).push("::text as ");
        built.sql = std::mem::take(&mut built.sql).ident(&cell_name(at)).push(", ");
    }
    let keys = shape.key().iter().chain(order.iter().map(|(column, _)| *column));
    for (at, column) in keys.enumerate() {
        built.column(column).push("::text as ");
        built.sql = std::mem::take(&mut built.sql).ident(&key_name(at)).push(", ");
    }
    built.push("1 from (select ");
    if shape.key().iter().any(|part| part.name == "ctid") {
        built.push("t.ctid, ");
    }
}

fn inner(
    built: &mut Built,
    shape: &Shape,
    query: &RowsQuery,
    cursor: Option<&Cursor>,
    order: &[(&Column, bool)],
) -> Result<()> {
    built.push("t.* from ");
    built.sql = std::mem::take(&mut built.sql).name(&shape.table.qualified()).push(" t where true");
    for condition in &query.filter {
        built.push(" and ");
        filter::push(built, shape, condition)?;
    }
    let backward = cursor.is_some_and(|cursor| cursor.direction == Direction::Previous);
    if let Some(cursor) = cursor.filter(|cursor| cursor.place.len() == order.len() && !order.is_empty()) {
        built.push(" and ");
        beyond(built, order, &cursor.place, backward);
    }
    for (at, (column, descending)) in order.iter().enumerate() {
        built.push(if at == 0 { " order by " } else { ", " });
        built.comparable(column);
        built.push(if *descending != backward { " desc" } else { " asc" });
    }
    Ok(())
}

/// Rows beyond a place. One row comparison where the index can serve it, else column by column.
fn beyond(built: &mut Built, order: &[(&Column, bool)], place: &[Option<String>], backward: bool) {
    let one_way = order.iter().all(|(_, descending)| *descending == order[0].1);
    let plain = order.iter().all(|(column, _)| column.not_null && column.ordered);
    if one_way && plain {
        row_comparison(built, order, place, order[0].1 != backward);
    } else {
        column_by_column(built, order, place, backward);
    }
}

fn row_comparison(built: &mut Built, order: &[(&Column, bool)], place: &[Option<String>], descending: bool) {
    for (at, (column, _)) in order.iter().enumerate() {
        built.push(if at == 0 { "(" } else { ", " });
        built.column(column);
    }
    built.push(if descending { ") < " } else { ") > " });
    for (at, ((column, _), value)) in order.iter().zip(place).enumerate() {
        built.push(if at == 0 { "(" } else { ", " });
        built.value(column, value.clone());
    }
    built.push(")");
}

/// PostgreSQL's order takes NULL for the greatest value, whichever the direction.
fn column_by_column(built: &mut Built, order: &[(&Column, bool)], place: &[Option<String>], backward: bool) {
    built.push("(false");
    for (at, (column, descending)) in order.iter().enumerate() {
        built.push(" or (");
        for ((same, _), value) in order.iter().zip(place).take(at) {
            built.comparable(same);
            built.push(" is not distinct from ");
            built.value(same, value.clone());
            built.push(" and ");
        }
        past(built, column, &place[at], *descending != backward);
        built.push(")");
    }
    built.push(")");
}

fn past(built: &mut Built, column: &Column, value: &Option<String>, descending: bool) {
    match (value, descending) {
        (None, true) => built.column(column).push(" is not null"),
        (None, false) => built.push("false"),
        (Some(value), descending) => {
            built.push("(");
            built.comparable(column);
            built.push(if descending { " < " } else { " > " });
            built.value(column, Some(value.clone()));
            if !descending {
                built.push(" or ");
                built.column(column).push(" is null");
            }
            built.push(")");
        }
    }
}

fn cell_name(at: usize) -> Ident {
    Ident::new(format!("c{at}"))
}

fn key_name(at: usize) -> Ident {
    Ident::new(format!("k{at}"))
}
