//! Running migrations on nothing. Nobody waits there, so CONCURRENTLY is taken out and VACUUM left out.

use sqlx::PgConnection;

use super::Migration;
use super::reach::words;
use crate::catalog::fingerprint::SnapshotScope;
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::sql::lex::{TokenKind, tokens};
use crate::{Error, Result};

/// Makes a session in a scratch database look things up as one of the real database would.
pub(super) async fn prepare(session: &mut PgConnection, scope: &SnapshotScope) -> Result<()> {
    sqlx::raw_sql("set statement_timeout = '60s'").execute(&mut *session).await?;
    make_schemas(session, &scope.search_path).await
}

/// The schemas that names are made in on the real database, and the same search path.
async fn make_schemas(session: &mut PgConnection, path: &[String]) -> Result<()> {
    let mut set = SafeSql::new("set search_path = ");
    for (place, schema) in path.iter().enumerate() {
        let schema = Ident::new(schema);
        let create = SafeSql::new("create schema if not exists ").ident(&schema);
        sqlx::raw_sql(create.to_query()).execute(&mut *session).await?;
        set = if place == 0 { set.ident(&schema) } else { set.push(", ").ident(&schema) };
    }
    if !path.is_empty() {
        sqlx::raw_sql(set.to_query()).execute(session).await?;
    }
    Ok(())
}

/// Every statement of the up file, in whatever transaction the session is in.
pub(super) async fn run(session: &mut PgConnection, migration: &Migration) -> Result<()> {
    for statement in migration.up_in_sql()? {
        let Some(sql) = tamed(&statement.text) else { continue };
        let done = sqlx::raw_sql(SafeSql::trusted_file(sql).to_query()).execute(&mut *session).await;
        done.map_err(|error| {
            let place =
                format!("{} does not run on an empty database, line {}", migration.up.file, statement.line);
            Error::from(error).while_doing(&place)
        })?;
    }
    Ok(())
}

/// The statement without CONCURRENTLY; none where it leaves the schema alone and may not run in a transaction.
fn tamed(sql: &str) -> Option<String> {
    let words = words(sql);
    match words.first().map(String::as_str) {
        Some("vacuum" | "reindex" | "cluster" | "checkpoint" | "refresh") => None,
        Some("create" | "drop" | "alter") if words.iter().any(|word| word == "concurrently") => {
            Some(at_once(sql))
        }
        _ => Some(sql.to_owned()),
    }
}

fn at_once(sql: &str) -> String {
    let tokens = tokens(sql).unwrap_or_default();
    let word = tokens
        .iter()
        .find(|token| token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case("concurrently"));
    word.map_or_else(|| sql.to_owned(), |word| format!("{}{}", &sql[..word.start], &sql[word.end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrently_is_taken_out_where_it_is_a_word() {
        let sql =
            "create index Concurrently if not exists \"concurrently\" on t (a) where b = 'concurrently'";
        let expected = "create index  if not exists \"concurrently\" on t (a) where b = 'concurrently'";
        assert_eq!(tamed(sql).as_deref(), Some(expected));
        let detach = tamed("alter table t detach partition p concurrently");
        assert_eq!(detach.as_deref(), Some("alter table t detach partition p "));
        assert_eq!(tamed("vacuum (full) t"), None);
        assert_eq!(tamed("analyze t").as_deref(), Some("analyze t"));
    }
}
