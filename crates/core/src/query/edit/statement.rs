//! The statements of staged edits. A value is a literal without a type: the server gives it the column's own.

use std::collections::BTreeMap;

use super::target::{Compared, Target};
use super::{QueryEdit, QueryEditValue};
use crate::query::QueryColumn;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Ident, Result};

/// A row as it was read; NULL is `None`, and what is no UTF-8 is an error when it is needed.
pub(super) type ReadRow = Vec<Option<Vec<u8>>>;

/// What edits of a row come to.
enum Change {
    Delete,
    Update(BTreeMap<u32, Option<String>>),
}

/// One statement a row: those that go first, then those that change, then those that come.
///
/// # Errors
/// `InvalidArguments` for a column that cannot be set, and for a value that SQL cannot spell.
pub(super) fn statements(
    target: &Target,
    columns: &[QueryColumn],
    rows: &BTreeMap<u64, ReadRow>,
    edits: &[QueryEdit],
) -> Result<Vec<SafeSql>> {
    let writer = Writer { target, columns };
    let (mut deleted, mut updated, mut inserted) = (Vec::new(), Vec::new(), Vec::new());
    for (row, change) in changes(edits) {
        let read = rows.get(&row).ok_or_else(|| gone(row))?;
        match change {
            Change::Delete => deleted.push(writer.delete(read)?),
            Change::Update(values) => updated.push(writer.update(read, &values)?),
        }
    }
    for edit in edits {
        if let QueryEdit::Insert { values } = edit {
            inserted.push(writer.insert(values)?);
        }
    }
    deleted.append(&mut updated);
    deleted.append(&mut inserted);
    Ok(deleted)
}

/// The last value of a cell counts, and a row that goes is not changed before.
fn changes(edits: &[QueryEdit]) -> BTreeMap<u64, Change> {
    let mut changes = BTreeMap::new();
    for edit in edits {
        match edit {
            QueryEdit::Delete { row } => drop(changes.insert(*row, Change::Delete)),
            QueryEdit::Update { row, column, value } => {
                let change = changes.entry(*row).or_insert_with(|| Change::Update(BTreeMap::new()));
                if let Change::Update(values) = change {
                    values.insert(*column, value.clone());
                }
            }
            QueryEdit::Insert { .. } => {}
        }
    }
    changes
}

struct Writer<'a> {
    target: &'a Target,
    columns: &'a [QueryColumn],
}

impl Writer<'_> {
    fn update(&self, read: &ReadRow, values: &BTreeMap<u32, Option<String>>) -> Result<SafeSql> {
        let mut sql = SafeSql::new("update ").name(&self.target.table.qualified()).push("\nset ");
        for (at, (column, value)) in values.iter().enumerate() {
            sql = if at == 0 { sql } else { sql.push(", ") };
            sql = literal(sql.ident(&Ident::new(self.settable(*column)?)).push(" = "), value.as_deref())?;
        }
        let changed: Vec<u32> = values.keys().copied().collect();
        self.matching(sql, read, &changed)
    }

    /// Every column that was read has to be as it was.
    fn delete(&self, read: &ReadRow) -> Result<SafeSql> {
        let sql = SafeSql::new("delete from ").name(&self.target.table.qualified());
        let of_the_table = (0..).zip(self.columns).filter(|(_, column)| column.column.is_some());
        self.matching(sql, read, &of_the_table.map(|(at, _)| at).collect::<Vec<u32>>())
    }

    fn insert(&self, values: &[QueryEditValue]) -> Result<SafeSql> {
        let sql = SafeSql::new("insert into ").name(&self.target.table.qualified());
        if values.is_empty() {
            return Ok(sql.push(" default values"));
        }
        let (mut sql, mut list) = (sql.push(" ("), SafeSql::default());
        for (at, QueryEditValue { column, value }) in values.iter().enumerate() {
            if at > 0 {
                (sql, list) = (sql.push(", "), list.push(", "));
            }
            sql = sql.ident(&Ident::new(self.settable(*column)?));
            list = literal(list, value.as_deref())?;
        }
        Ok(sql.push(")\nvalues (").sql(&list).push(")"))
    }

    /// The row by its key, and the cells as they were read.
    fn matching(&self, sql: SafeSql, read: &ReadRow, also: &[u32]) -> Result<SafeSql> {
        let mut sql = sql.push("\nwhere ");
        let key = self.target.key.iter().filter_map(|name| self.place(name));
        let mut places: Vec<u32> = key.collect();
        places.extend(also.iter().copied().filter(|at| !places.contains(at)).collect::<Vec<_>>());
        for (at, place) in places.into_iter().enumerate() {
            sql = if at == 0 { sql } else { sql.push("\n  and ") };
            sql = self.as_it_was(sql, read, place)?;
        }
        Ok(sql)
    }

    fn as_it_was(&self, sql: SafeSql, read: &ReadRow, place: u32) -> Result<SafeSql> {
        let name = self.name(place)?;
        let sql = sql.ident(&Ident::new(name));
        let Some(bytes) = read.get(place as usize).and_then(Option::as_deref) else {
            return Ok(sql.push(" is null"));
        };
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Error::new(ErrorKind::Precondition, format!("the column {name} holds what is no UTF-8"))
                .hint("Change this row by a statement of your own.")
        })?;
        let sql = match self.target.compared.get(name) {
            Some(Compared::AsText) | None => sql.push("::text"),
            Some(_) => sql,
        };
        literal(sql.push(" = "), Some(text))
    }

    fn place(&self, name: &str) -> Option<u32> {
        let at = self.columns.iter().position(|column| column.column.as_deref() == Some(name))?;
        u32::try_from(at).ok()
    }

    fn name(&self, place: u32) -> Result<&str> {
        let column = self.columns.get(place as usize);
        column.and_then(|column| column.column.as_deref()).ok_or_else(|| {
            let name = column.map_or("?", |column| column.name.as_str());
            Error::new(ErrorKind::InvalidArguments, format!("{name} is computed and cannot be edited"))
                .hint("Edit the columns that it is computed from.")
        })
    }

    fn settable(&self, place: u32) -> Result<&str> {
        let name = self.name(place)?;
        match self.target.compared.get(name) {
            Some(Compared::Generated) => Err(Error::new(
                ErrorKind::InvalidArguments,
                format!("{name} is generated from other columns"),
            )
            .hint("Edit the columns that it is generated from.")),
            _ => Ok(name),
        }
    }
}

fn literal(sql: SafeSql, value: Option<&str>) -> Result<SafeSql> {
    match value {
        None => Ok(sql.push("null")),
        Some(value) if value.contains('\0') => {
            Err(Error::new(ErrorKind::InvalidArguments, "a value contains a zero byte")
                .hint("PostgreSQL keeps no text with a zero byte in it."))
        }
        Some(value) => Ok(sql.literal(value)),
    }
}

fn gone(row: u64) -> Error {
    Error::new(ErrorKind::NotFound, format!("the result has no row {}", row + 1))
        .hint("Run the statement again.")
}
