//! How the rows of a statement come.
//!
//! The server writes the rows of COPY faster than those of a query, and COPY takes any query in its parentheses. So what
//! is one query by its grammar goes as COPY; whatever else has rows (`explain`, `show`, `fetch`, `returning`) goes as it
//! stands. What a function does that the query calls makes no difference: it is called as often, in the same snapshot.

use super::parameter;
use super::tag;
use crate::sql::classify::is_one_query;
use crate::sql::lex::{TokenKind, Tokens};

/// The way that a statement's rows take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// As the server answers the statement itself.
    Rows,
    /// The statement is a COPY to its client: a line is a row of one column.
    Lines,
    /// The query inside of a COPY of ours: a line is a row of its columns.
    Query,
}

impl Transport {
    /// Decides by the text alone.
    pub(super) fn of(sql: &str) -> Self {
        if tag::is_copy_out(sql) {
            return Self::Lines;
        }
        let query = !looks_at_itself(sql) && is_one_query(&parameter::as_sent(sql));
        if query { Self::Query } else { Self::Rows }
    }
}

/// Whether it shows what its own session runs or has prepared: there it is to find itself as the user wrote it.
fn looks_at_itself(sql: &str) -> bool {
    let named = |word: &str| ITSELF.iter().any(|name| word.eq_ignore_ascii_case(name));
    let tokens = Tokens::of(sql).map_while(Result::ok);
    let mut names = tokens.filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName));
    names.any(|token| named(token.text(sql).trim_matches('"')))
}

const ITSELF: [&str; 8] = [
    "current_query",
    "pg_prepared_statement",
    "pg_prepared_statements",
    "pg_stat_activity",
    "pg_stat_get_activity",
    "pg_stat_get_backend_activity",
    "pg_stat_get_progress_info",
    "pg_stat_progress_copy",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Transport, statements: &[&str]) {
        for sql in statements {
            assert_eq!(Transport::of(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_query_comes_as_copy() {
        check(
            Transport::Query,
            &[
                "select 1",
                "SELECT * FROM t -- tail",
                "(select 1) union all (select 2) order by 1 limit 3",
                "values (1, 'a'), (2, 'b')",
                "table t",
                "with x as materialized (select 1) select * from x",
                "with recursive x(n) as (select 1 union all select n + 1 from x where n < 9) table x",
                "select f(a), pg_sleep(1), nextval('s') from only t tablesample system (1)",
                "select from t",
                "select :a::int, $1 from t where b = :a order by $1 limit :n",
                "select 'a;b', $$;$$, e'\\'' /* ) to program 'x' */",
            ],
        );
    }

    #[test]
    fn whatever_else_has_rows_comes_as_it_stands() {
        check(
            Transport::Rows,
            &[
                "select * into u from t",
                "select * from t for update",
                "select * from (select * from t for key share) x",
                "with d as (delete from t returning *) select * from d",
                "with x as (select 1) insert into t select * from x returning *",
                "insert into t values (1) returning *",
                "delete from t returning *",
                "explain select 1",
                "show all",
                "fetch all from c",
                "execute q",
                "call p()",
                "declare c cursor for select 1",
                "create table u as select 1",
                "select 1; select 2",
                "select 1) to program 'x' --",
                "copy t from stdin",
            ],
        );
    }

    #[test]
    fn what_looks_at_its_own_session_comes_as_it_stands() {
        check(
            Transport::Rows,
            &[
                "select current_query()",
                "select query from pg_catalog.\"pg_stat_activity\"",
                "table PG_PREPARED_STATEMENTS",
                "select * from pg_stat_progress_copy",
            ],
        );
    }

    #[test]
    fn a_copy_of_the_users_own_is_its_lines() {
        check(Transport::Lines, &["copy t to stdout", "copy (select 1) to stdout (format csv)"]);
    }
}
