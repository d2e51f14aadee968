//! Where no database may be made: a schema of their own, inside one transaction that is rolled back.
//!
//! Only the scratch schema is on the search path, so a migration can touch nothing of the real one: what names
//! another schema, or needs what lies there, is not run but told.

use rand::Rng as _;
use sqlx::{Connection as _, PgConnection};

use super::{Migration, run};
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use crate::connection::Database;
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::sql::lex::{Token, TokenKind, tokens};
use crate::{Error, Result};

/// Why it cannot be done this way.
#[derive(Debug)]
pub(super) struct NotHere(pub(super) String);

/// Runs the migrations in a scratch schema of the real database and takes everything back.
pub(super) async fn produce(
    database: &Database,
    session: &mut PgConnection,
    migrations: &[&Migration],
    allowed: bool,
) -> Result<SchemaSnapshot, NotHere> {
    if !allowed {
        return Err(NotHere("nor a schema".to_owned()));
    }
    let schemas: Vec<String> = sqlx::query_scalar("select nspname::text from pg_namespace")
        .fetch_all(session)
        .await
        .map_err(|error| in_words(error.into()))?;
    if let Some(why) = migrations.iter().find_map(|migration| leaves_its_schema(migration, &schemas)) {
        return Err(NotHere(why));
    }
    let mut own = database.dedicated().await.map_err(in_words)?;
    let read = rolled_back(&mut own, migrations).await;
    // A session that ends takes its transaction with it.
    let _ = own.close().await;
    read.map_err(in_words)
}

async fn rolled_back(session: &mut PgConnection, migrations: &[&Migration]) -> Result<SchemaSnapshot> {
    let schema = format!("evaldesk_scratch_{:016x}", rand::rng().random::<u64>());
    let mut transaction = session.begin().await?;
    let named = Ident::new(&schema);
    let begin =
        SafeSql::new("set local lock_timeout = '2s'; set local statement_timeout = '60s'; create schema ")
            .ident(&named)
            .push("; set local search_path = ")
            .ident(&named);
    sqlx::raw_sql(begin.to_query()).execute(&mut *transaction).await?;
    for migration in migrations {
        run::run(&mut transaction, migration).await?;
    }
    let snapshot = SchemaSnapshot::read(&mut transaction, &SnapshotScope::alone(schema)).await;
    transaction.rollback().await?;
    snapshot
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

fn in_words(error: Error) -> NotHere {
    NotHere(error.message().to_owned())
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
