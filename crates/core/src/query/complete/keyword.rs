//! Words of SQL that are proposed, and names that must be quoted.

use crate::Ident;

/// What a statement begins with.
pub(super) const START: [&str; 22] = [
    "select", "with", "insert into", "update", "delete from", "explain", "values", "table", "create", "alter", "drop", "truncate",
    "begin", "commit", "rollback", "show", "set", "vacuum", "analyze", "reindex", "copy", "merge into",
];

/// What follows an item of FROM.
pub(super) const AFTER_RELATION: [&str; 18] = [
    "where", "join", "left join", "inner join", "right join", "full join", "cross join", "on", "using", "group by", "order by",
    "limit", "having", "as", "union all", "returning", "set", "cross join lateral",
];

/// What stands within an expression or begins the next clause.
pub(super) const EXPRESSION: [&str; 54] = [
    "from", "where", "and", "or", "not", "in", "is null", "is not null", "like", "ilike", "between", "exists", "case", "when",
    "then", "else", "end", "as", "distinct", "group by", "order by", "having", "limit", "offset", "asc", "desc", "nulls last",
    "nulls first", "null", "true", "false", "interval", "cast", "array", "any", "all", "union", "union all", "intersect", "except",
    "over", "partition by", "filter", "within group", "returning", "values", "set", "on conflict", "do update set", "do nothing",
    "current_date", "current_timestamp", "is distinct from", "for update",
];

/// Reserved words of PostgreSQL, which are no names without quotes
/// (<https://www.postgresql.org/docs/current/sql-keywords-appendix.html>).
const RESERVED: [&str; 77] = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check", "collate",
    "column", "constraint", "create", "current_catalog", "current_date", "current_role", "current_time", "current_timestamp",
    "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign",
    "from", "grant", "group", "having", "in", "initially", "intersect", "into", "lateral", "leading", "limit", "localtime",
    "localtimestamp", "not", "null", "offset", "on", "only", "or", "order", "placing", "primary", "references", "returning",
    "select", "session_user", "some", "symmetric", "system_user", "table", "then", "to", "trailing", "true", "union", "unique",
    "user", "using", "variadic", "when", "where", "window",
];
/// Reserved but for functions and types, and WITH.
const RESERVED_TOO: [&str; 24] = [
    "authorization", "binary", "collation", "concurrently", "cross", "current_schema", "freeze", "full", "ilike", "inner", "is",
    "isnull", "join", "left", "like", "natural", "notnull", "outer", "overlaps", "right", "similar", "tablesample", "verbose", "with",
];

/// A name as it is written: in quotes where the server would read it otherwise.
pub(super) fn written(name: &str) -> String {
    let plain = name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_')
        && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if plain && !RESERVED.contains(&name) && !RESERVED_TOO.contains(&name) {
        return name.to_owned();
    }
    Ident::new(name).to_string()
}
