//! The SQL that mends. Names are quoted by `ident`; types, expressions and definitions are the server's own print.

mod column;
mod constraint;
mod index;
mod policy;
mod statistics;
mod table;
mod types;

pub(super) use column::{add_column, column_sql, drop_column, set_default, set_not_null, set_type};
pub(super) use constraint::{add_constraint, drop_constraint, exchange_constraint, validate};
pub(super) use index::{attach_indexes, create_index, drop_index, index_sql, rebuild_index};
pub(super) use policy::{change_policy, create_policy, drop_policy};
pub(super) use statistics::{create_statistics, drop_statistics, set_target};
pub(super) use table::{create_table, drop_table};
pub(super) use types::{as_type, enum_labels};

use crate::ident::Ident;

fn quoted(name: &str) -> Ident {
    Ident::new(name)
}

fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name).to_string()).collect::<Vec<_>>().join(", ")
}
