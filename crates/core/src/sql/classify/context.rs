//! What a catalog says of the names of a statement, and the verdict over them.
//!
//! A built-in name is not enough: a function of the same name with closer arguments wins wherever the search path finds
//! it. So every function and operator of such a name in any schema counts, whatever the path of the moment is.

use std::collections::BTreeMap;

use super::functions::{Listed, listed};
use super::names::{NEWER_GRAMMAR, Named, Names};

/// A name that a catalog knows outside of pg_catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub schema: String,
    /// It comes with an extension whose functions only compute, and nobody below a superuser can have put it there.
    pub trusted: bool,
    /// A function that one argument is enough for: `row.name` calls it.
    pub by_field: bool,
}

/// What is known beyond the text. The empty one knows of nothing outside of pg_catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassifyContext {
    /// Functions outside of pg_catalog, by name.
    pub functions: BTreeMap<String, Vec<Known>>,
    /// Operators outside of pg_catalog, by symbol.
    pub operators: BTreeMap<String, Vec<Known>>,
    /// Types outside of pg_catalog, by name; trusted where making a value of them calls no function of a user's.
    pub types: BTreeMap<String, Vec<Known>>,
    /// Relations that must not be read, with why; by schema and name.
    pub relations: BTreeMap<(String, String), String>,
    /// Why names mean something else than they seem to everywhere: pg_catalog is not first in the search path.
    pub path: Option<String>,
}

/// Types of pg_catalog that people cast to. Row types of catalogs are none of them.
const TYPES: &[&str] = &[
    "aclitem",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "cidr",
    "circle",
    "date",
    "datemultirange",
    "daterange",
    "float4",
    "float8",
    "inet",
    "int2",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "uuid",
    "varbit",
    "varchar",
    "xid",
    "xid8",
    "xml",
];

/// What SQL calls some of them: grammar where it stands without quotes and a schema.
pub(super) const SPELLED: &[&str] =
    &["bigint", "boolean", "dec", "decimal", "float", "int", "integer", "real", "smallint"];

/// Operators that SQL has words for (`in`, `between`, `like`, `distinct`, `order by`, `join using`).
pub const IMPLIED: &[&str] =
    &["=", "<>", "<", "<=", ">", ">=", "~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"];

/// Sampling methods; a function of that name makes a method.
const SAMPLING: &[&str] = &["bernoulli", "system"];

/// Words that are called without being functions of pg_catalog.
fn is_grammar(name: &str) -> bool {
    SAMPLING.contains(&name) || NEWER_GRAMMAR.contains(&name)
}

/// Whether a type's name is one of pg_catalog's own.
pub(super) fn is_built_in_type(name: &str) -> bool {
    TYPES.binary_search(&name).is_ok()
}

impl ClassifyContext {
    /// Why the names may do more than read; `None` where they are known not to.
    pub(super) fn objection(&self, names: &Names) -> Option<String> {
        let mut found = names.beyond.clone().or_else(|| self.path.clone());
        found = found.or_else(|| names.functions.iter().find_map(|name| self.function(name)));
        found = found.or_else(|| names.fields.iter().find_map(|name| self.field(name)));
        found = found.or_else(|| names.operators.iter().find_map(|name| self.operator(name)));
        found = found.or_else(|| IMPLIED.iter().find_map(|symbol| self.operator(&Named::bare(*symbol))));
        found = found.or_else(|| names.types.iter().find_map(|name| self.type_of(name)));
        found.or_else(|| names.relations.iter().find_map(|name| self.relation(name)))
    }

    fn function(&self, name: &Named) -> Option<String> {
        let own = known(&self.functions, name);
        if name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog") {
            let built_in = match listed(&name.name) {
                Listed::Refused(what) => return Some(format!("the function {name} {what}")),
                Listed::Harmless => true,
                Listed::Unknown => is_grammar(&name.name) || is_built_in_type(&name.name),
            };
            let trusted = own.iter().all(|function| function.trusted);
            return match (built_in, own.is_empty(), trusted) {
                (true, _, true) | (false, false, true) => None,
                (_, false, false) => {
                    Some(format!("there is a function {name} that a user made, and it may do anything"))
                }
                (false, true, _) => Some(unknown(name)),
                (true, true, false) => None,
            };
        }
        match own.is_empty() {
            true => Some(unknown(name)),
            false if own.iter().all(|function| function.trusted) => None,
            false => Some(format!("{name} is a function that a user made, and it may do anything")),
        }
    }

    fn field(&self, name: &str) -> Option<String> {
        let own = self.functions.get(name)?;
        own.iter()
            .any(|function| function.by_field && !function.trusted)
            .then(|| format!("after a dot {name} may call the function of that name that a user made"))
    }

    fn operator(&self, name: &Named) -> Option<String> {
        match name.schema.as_deref() {
            Some("pg_catalog") => None,
            Some(_) if known(&self.operators, name).is_empty() => {
                Some(format!("{name} is not known to be an operator that only computes"))
            }
            _ => {
                let own = known(&self.operators, name);
                own.iter().any(|operator| !operator.trusted).then(|| {
                    format!("there is an operator {} that a user made, and it may do anything", name.name)
                })
            }
        }
    }

    fn type_of(&self, name: &Named) -> Option<String> {
        let in_catalog = name.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
        if in_catalog && is_built_in_type(&name.name) {
            return None;
        }
        let own = known(&self.types, name);
        (own.is_empty() || own.iter().any(|known| !known.trusted))
            .then(|| format!("making a value of the type {name} may call functions that a user made"))
    }

    fn relation(&self, name: &Named) -> Option<String> {
        let mut refused = self.relations.iter();
        let found = refused.find(|((schema, relation), _)| {
            *relation == name.name && name.schema.as_ref().is_none_or(|wanted| wanted == schema)
        });
        found.map(|(_, why)| why.clone())
    }
}

/// What is known by a name: in its schema, or in any where the text says none.
fn known<'a>(all: &'a BTreeMap<String, Vec<Known>>, name: &Named) -> Vec<&'a Known> {
    let found = all.get(&name.name).map(Vec::as_slice).unwrap_or_default();
    found.iter().filter(|known| name.schema.as_ref().is_none_or(|schema| *schema == known.schema)).collect()
}

fn unknown(name: &Named) -> String {
    format!("the function {name} is not known to only read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_sorted() {
        assert!(TYPES.is_sorted());
    }
}
