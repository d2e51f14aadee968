//! Where no database may be made: a schema of their own, inside one transaction that is rolled back.
//!
//! Only the scratch schema is on the search path, so a migration can touch nothing of the real one: what names
//! another schema, or needs what lies there, is not run but told.

use rand::Rng as _;
use sqlx::{PgConnection, Postgres, Transaction};

use super::Migration;
use crate::connection::Database;
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::sql::lex::{Token, TokenKind, tokens};
use crate::{Error, Result};

/// Opens a transaction with a scratch schema in it that is the only place for names; its name, or why not.
pub(super) async fn open(
    database: &Database,
    session: &mut PgConnection,
    migrations: &[&Migration],
    allowed: bool,
) -> Result<(String, Transaction<'static, Postgres>), String> {
    if !allowed {
        return Err("nor a schema".to_owned());
    }
    let schemas: Vec<String> = sqlx::query_scalar("select nspname::text from pg_namespace")
        .fetch_all(session)
        .await
        .map_err(|error| Error::from(error).message().to_owned())?;
    if let Some(why) = migrations.iter().find_map(|migration| leaves_its_schema(migration, &schemas)) {
        return Err(why);
    }
    begin(database).await.map_err(|error| error.message().to_owned())
}

async fn begin(database: &Database) -> Result<(String, Transaction<'static, Postgres>)> {
    let schema = format!("evaldesk_scratch_{:016x}", rand::rng().random::<u64>());
    let mut transaction = database.pool().begin().await?;
    let named = Ident::new(&schema);
    let begin =
        SafeSql::new("set local lock_timeout = '2s'; set local statement_timeout = '60s'; create schema ")
            .ident(&named)
            .push("; set local search_path = ")
            .ident(&named);
    sqlx::raw_sql(begin.to_query()).execute(&mut *transaction).await?;
    Ok((schema, transaction))
}

/// Why a migration cannot be held inside one schema, if it cannot.
fn leaves_its_schema(migration: &Migration, schemas: &[String]) -> Option<String> {
    let found = migration.up.statements.iter().find_map(|statement| {
        named_schema(&statement.text, schemas).map(|schema| (statement.line, schema))
    })?;
    let (line, schema) = found;
    Some(format!(
        "{} names the schema {schema} in line {line}, so it cannot run in a scratch schema",
        migration.up.file
    ))
}

/// The schema that a statement names, in itself or in the text of a function or a DO block.
fn named_schema(sql: &str, schemas: &[String]) -> Option<String> {
    let found = tokens(sql).ok()?;
    let words: Vec<&Token> = found.iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let dotted = words.windows(2).find_map(|pair| {
        let name = pair[0].text(sql).trim_matches('"').to_owned();
        let is_name = matches!(pair[0].kind, TokenKind::Word | TokenKind::QuotedName);
        let folded = if pair[0].kind == TokenKind::Word { name.to_lowercase() } else { name };
        (is_name && pair[1].text(sql) == "." && schemas.contains(&folded)).then_some(folded)
    });
    let sets_path = words.iter().any(|token| token.text(sql).eq_ignore_ascii_case("search_path"));
    let inside = || {
        let texts = words.iter().filter(|token| token.kind == TokenKind::Text).map(|token| token.text(sql));
        texts
            .flat_map(|text| schemas.iter().filter(move |schema| text.contains(&format!("{schema}."))))
            .next()
    };
    dotted.or_else(|| sets_path.then(|| "search_path".to_owned())).or_else(|| inside().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_found_wherever_a_statement_names_it() {
        let schemas = ["public", "app", "Odd"].map(str::to_owned);
        let check = |sql: &str| named_schema(sql, &schemas);
        assert_eq!(check("create table app.t (a int)").as_deref(), Some("app"));
        assert_eq!(check("create table APP . t (a int)").as_deref(), Some("app"));
        assert_eq!(check("create view v as select 1 from \"Odd\".t").as_deref(), Some("Odd"));
        assert_eq!(check("do $$ begin drop table public.t; end $$").as_deref(), Some("public"));
        assert_eq!(check("set search_path = app").as_deref(), Some("search_path"));
        assert_eq!(check("create view v as select t.a from t -- app.t"), None);
        assert_eq!(check("create table t (a numeric default 1.5)"), None);
    }
}
