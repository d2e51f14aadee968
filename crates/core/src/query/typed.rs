//! Values written into a statement as literals of the types that the server finds for its parameters: what cannot be
//! prepared (a COPY, a session that is handed on) means the same as if it were.

use sqlx::FromRow;
use sqlx::postgres::PgConnection;

use super::parameter::{self, Bound};
use super::script::QueryParameter;
use crate::Result;
use crate::ident::QualifiedName;
use crate::sql::columns::{Unnamed, unnamed_columns};

/// The name that the server gives to a column that is a parameter and nothing else.
const NAMELESS: &str = " as \"?column?\"";

/// The statement with its values; none where their types are not all known, or where a column would lose the name that
/// the rest of the statement may know it by.
pub(super) fn bound(sql: &str, values: &[QueryParameter], types: &[QualifiedName]) -> Option<Bound> {
    let names = parameter::in_order(sql);
    if names.len() != types.len() {
        return None;
    }
    let Unnamed::At(columns) = unnamed_columns(&parameter::readable(sql)) else { return None };
    Some(Bound::filled(sql, |text, name, start| {
        let typed = names.iter().zip(types).find(|(own, _)| *own == name).map(|(_, typed)| typed);
        // In parentheses it may stand wherever a parameter may, with a subscript behind it too.
        let text = parameter::literal(text.push(" (cast("), parameter::value(values, name));
        let text = match typed {
            Some(typed) => text.push(" as ").name(typed).push("))"),
            None => text,
        };
        if columns.contains(&start) { text.push(NAMELESS) } else { text }
    }))
}

#[derive(FromRow)]
struct Named {
    schema: String,
    name: String,
}

/// The types by name; none where one cannot be written here: its schema is closed to the user.
///
/// # Errors
/// When the catalog cannot be asked. It is asked in the session itself: only there can types be seen that its open
/// transaction made.
pub(super) async fn names(session: &mut PgConnection, oids: &[u32]) -> Result<Option<Vec<QualifiedName>>> {
    let usual: Option<Vec<QualifiedName>> = oids.iter().map(|oid| usual(*oid)).collect();
    if usual.is_some() {
        return Ok(usual);
    }
    let asked: Vec<i64> = oids.iter().map(|oid| i64::from(*oid)).collect();
    let found: Vec<Named> =
        sqlx::query_as(include_str!("typed.sql")).persistent(false).bind(asked).fetch_all(session).await?;
    let named = found.iter().map(|found| QualifiedName::new(&found.schema, &found.name)).collect();
    Ok(Some(named).filter(|_| found.len() == oids.len()))
}

fn usual(oid: u32) -> Option<QualifiedName> {
    let (_, name) = USUAL.iter().find(|(known, _)| *known == oid)?;
    Some(QualifiedName::new("pg_catalog", *name))
}

/// Types whose oids are fixed (`pg_type.dat`), by the names that they have in the catalog.
const USUAL: &[(u32, &str)] = &[
    (16, "bool"),
    (17, "bytea"),
    (18, "char"),
    (19, "name"),
    (20, "int8"),
    (21, "int2"),
    (23, "int4"),
    (25, "text"),
    (26, "oid"),
    (114, "json"),
    (700, "float4"),
    (701, "float8"),
    (1007, "_int4"),
    (1009, "_text"),
    (1016, "_int8"),
    (1042, "bpchar"),
    (1043, "varchar"),
    (1082, "date"),
    (1083, "time"),
    (1114, "timestamp"),
    (1184, "timestamptz"),
    (1186, "interval"),
    (1700, "numeric"),
    (2950, "uuid"),
    (3802, "jsonb"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, types: &[&str], expected: Option<&str>) {
        let values = [("a", Some("it's")), ("1", None), ("2", Some("b\\"))]
            .map(|(name, value)| QueryParameter { name: name.into(), value: value.map(str::to_owned) });
        let types: Vec<_> = types.iter().map(|name| QualifiedName::new("pg_catalog", *name)).collect();
        let found = bound(sql, &values, &types);
        assert_eq!(found.as_ref().map(|bound| bound.message.as_str()), expected, "{sql}");
    }

    #[test]
    fn a_value_has_the_type_of_its_parameter_wherever_it_stands() {
        check(
            "select f($1), :a::int from t where b=:a",
            &["int4", "text"],
            Some(
                "select f( (cast(null as \"pg_catalog\".\"int4\"))),  (cast('it''s' as \"pg_catalog\".\"text\"))::int \
                 from t where b= (cast('it''s' as \"pg_catalog\".\"text\"))",
            ),
        );
        check("select 1 where $1", &[], None);
    }

    #[test]
    fn a_column_that_is_a_parameter_keeps_its_name() {
        check(
            "select :a, x from (select $1 as y) z",
            &["int4", "text"],
            Some(
                "select  (cast('it''s' as \"pg_catalog\".\"text\")) as \"?column?\", x from (select  (cast(null as \
                 \"pg_catalog\".\"int4\")) as y) z",
            ),
        );
        for sql in ["select ($1)", "select ($1)[1]", "select $1 collate \"C\""] {
            check(sql, &["int4"], None);
        }
    }
}
