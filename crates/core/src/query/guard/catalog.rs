//! Asks the catalog what the names of a script mean, through the pool: the tab's session is never used for it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{FromRow, PgConnection};

use crate::Result;
use crate::connection::Database;
use crate::sql::classify::{ClassifyContext, IMPLIED, Known, Named, Names, classify, classify_with};

/// Extensions whose functions, operators and types only compute with what they are given.
const ONLY_COMPUTE: &[&str] = &[
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "earthdistance",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "isn",
    "ltree",
    "pg_trgm",
    "pgcrypto",
    "seg",
    "tsm_system_rows",
    "tsm_system_time",
    "unaccent",
    "uuid-ossp",
    "vector",
];

/// Functions that only look, of extensions that have others.
const ONLY_LOOK: &[&str] = &[
    "pg_buffercache.pg_buffercache_pages",
    "pg_buffercache.pg_buffercache_summary",
    "pg_buffercache.pg_buffercache_usage_counts",
    "pg_freespacemap.pg_freespace",
    "pg_stat_statements.pg_stat_statements",
    "pg_stat_statements.pg_stat_statements_info",
    "pgstattuple.pg_relpages",
    "pgstattuple.pgstatginindex",
    "pgstattuple.pgstathashindex",
    "pgstattuple.pgstatindex",
    "pgstattuple.pgstattuple",
    "pgstattuple.pgstattuple_approx",
];

#[derive(FromRow)]
struct FoundName {
    kind: String,
    schema: String,
    name: String,
    trusted: bool,
    by_field: bool,
}

#[derive(FromRow)]
struct FoundRelation {
    schema: String,
    name: String,
    kind: String,
    oid: i64,
    what: String,
}

/// What a catalog knows of these names.
///
/// # Errors
/// When the catalog cannot be asked.
pub(super) async fn context(database: &Database, names: &Names) -> Result<ClassifyContext> {
    let mut session = database.pool().acquire().await?;
    let relations = relations(&mut session, names).await?;
    let texts = definitions(&mut session, &relations).await?;
    let mut all = names.clone();
    for text in texts.values() {
        all.join(&classify(text).names);
    }
    let mut context = known(&mut session, &all).await?;
    let inside = context.clone();
    for relation in relations {
        let text = texts.get(&(relation.kind.clone(), relation.oid));
        if let Some(why) = relation.objection(text.map(String::as_str), &inside) {
            context.relations.entry((relation.schema, relation.name)).or_insert(why);
        }
    }
    Ok(context)
}

impl FoundRelation {
    /// Why reading it may do more than read. Its own relations were gathered with it.
    fn objection(&self, text: Option<&str>, context: &ClassifyContext) -> Option<String> {
        let what = &self.what;
        match (self.kind.as_str(), text) {
            ("foreign", _) => Some(format!("{what} is a foreign table: reading it runs something elsewhere")),
            ("cast", _) => Some(format!("a cast of the type {what} calls a function that a user made")),
            (kind, Some(text)) => {
                let refused = classify_with(text, context).refused?;
                Some(match kind {
                    "policy" => format!("a row policy of {what} is evaluated, and {refused}"),
                    _ => format!("{what} is a view, and in it {refused}"),
                })
            }
            (kind, None) => Some(format!("the {kind} of {what} cannot be read")),
        }
    }
}

async fn known(session: &mut PgConnection, names: &Names) -> Result<ClassifyContext> {
    let mut functions: BTreeSet<&str> = names.functions.iter().map(|named| named.name.as_str()).collect();
    functions.extend(names.fields.iter().map(String::as_str));
    let mut operators: BTreeSet<&str> = names.operators.iter().map(|named| named.name.as_str()).collect();
    operators.extend(IMPLIED);
    let types: BTreeSet<&str> = names.types.iter().map(|named| named.name.as_str()).collect();
    let found: Vec<FoundName> = sqlx::query_as(include_str!("names.sql"))
        .bind(Vec::from_iter(functions))
        .bind(Vec::from_iter(operators))
        .bind(Vec::from_iter(types))
        .bind(ONLY_COMPUTE)
        .bind(ONLY_LOOK)
        .fetch_all(session)
        .await?;
    let mut context = ClassifyContext::default();
    found.into_iter().for_each(|found| found.add_to(&mut context));
    Ok(context)
}

impl FoundName {
    fn add_to(self, context: &mut ClassifyContext) {
        let Self { kind, schema, name, trusted, by_field } = self;
        let names = match kind.as_str() {
            "function" => &mut context.functions,
            "operator" => &mut context.operators,
            "type" => &mut context.types,
            "path" => {
                context.path = Some(format!("the search path ({schema}) does not begin with pg_catalog"));
                return;
            }
            _ => {
                context.path =
                    Some(format!("a cast from {schema} to {name} calls a function that a user made"));
                return;
            }
        };
        names.entry(name).or_default().push(Known { schema, trusted, by_field });
    }
}

async fn relations(session: &mut PgConnection, names: &Names) -> Result<Vec<FoundRelation>> {
    if names.relations.is_empty() {
        return Ok(Vec::new());
    }
    let schema = |named: &Named| named.schema.clone().unwrap_or_default();
    let schemas: Vec<String> = names.relations.iter().map(schema).collect();
    let relations: Vec<&str> = names.relations.iter().map(|named| named.name.as_str()).collect();
    let found = sqlx::query_as(include_str!("relations.sql"))
        .bind(schemas)
        .bind(relations)
        .bind(ONLY_COMPUTE)
        .bind(ONLY_LOOK)
        .fetch_all(session)
        .await?;
    Ok(found)
}

/// The texts of views and policies by kind and oid. In a transaction of its own: it empties the search path.
async fn definitions(
    session: &mut PgConnection,
    relations: &[FoundRelation],
) -> Result<BTreeMap<(String, i64), String>> {
    let of = |kind: &str| -> Vec<i64> {
        relations.iter().filter(|relation| relation.kind == kind).map(|relation| relation.oid).collect()
    };
    let (views, policies) = (of("view"), of("policy"));
    if views.is_empty() && policies.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut transaction = sqlx::Connection::begin(session).await?;
    sqlx::query("select set_config('search_path', '', true)").execute(&mut *transaction).await?;
    let found: Vec<(String, i64, String)> = sqlx::query_as(include_str!("definition.sql"))
        .bind(views)
        .bind(policies)
        .fetch_all(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(found.into_iter().map(|(kind, oid, text)| ((kind, oid), text)).collect())
}
