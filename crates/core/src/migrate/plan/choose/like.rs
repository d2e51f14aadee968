//! Whether an index of the catalog is the one that a statement describes.

use crate::catalog::fingerprint::Index;
use crate::ident::Ident;
use crate::sql::statement::{IndexKey, IndexShape};

/// Certainly: plain columns in the same order, and nothing that the server prints in its own way.
pub(super) fn same(shape: &IndexShape, index: &Index) -> bool {
    let plain = !shape.partial && !shape.options && shape.keys.iter().all(|key| key.column.is_some());
    plain && index.options.is_empty() && !index.nulls_not_distinct && similar(shape, index)
}

/// As far as can be told: any expression may be any other.
pub(super) fn similar(shape: &IndexShape, index: &Index) -> bool {
    shape.unique == index.unique
        && shape.method == index.method
        && shape.partial == index.predicate.is_some()
        && shape.keys.len() == index.keys.len()
        && shape.keys.iter().zip(&index.keys).all(|(key, printed)| is_key(key, printed))
        && shape.included.len() == index.included.len()
        && shape.included.iter().zip(&index.included).all(|(name, printed)| is_column(name, printed))
}

fn is_key(key: &IndexKey, printed: &str) -> bool {
    match &key.column {
        None => true,
        Some(name) => printed.strip_suffix(&key.rest).is_some_and(|printed| is_column(name, printed)),
    }
}

/// The server quotes where it has to.
fn is_column(name: &str, printed: &str) -> bool {
    printed == name || printed == Ident::new(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(keys: &[&str]) -> Index {
        Index {
            name: "t_a_idx".to_owned(),
            method: "btree".to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            included: Vec::new(),
            predicate: None,
            options: Vec::new(),
            unique: false,
            nulls_not_distinct: false,
            valid: false,
            on_partitioned: false,
            of_constraint: None,
        }
    }

    fn shape(keys: &[(Option<&str>, &str)]) -> IndexShape {
        let key = |(column, rest): &(Option<&str>, &str)| IndexKey {
            column: column.map(str::to_owned),
            rest: (*rest).to_owned(),
        };
        IndexShape {
            table: "t".to_owned(),
            name: None,
            unique: false,
            method: "btree".to_owned(),
            keys: keys.iter().map(key).collect(),
            included: Vec::new(),
            partial: false,
            options: false,
        }
    }

    #[test]
    fn columns_are_held_against_the_print_of_the_server_with_order_and_class() {
        let wanted = shape(&[(Some("a"), ""), (Some("order"), " desc")]);
        assert!(same(&wanted, &index(&["a", "\"order\" desc"])));
        assert!(!similar(&wanted, &index(&["a", "\"order\""])));
        assert!(!similar(&wanted, &index(&["a desc", "\"order\" desc"])));
        assert!(!similar(&wanted, &index(&["a"])));
    }

    #[test]
    fn an_expression_is_like_any_other_and_the_same_as_none() {
        let wanted = shape(&[(None, "")]);
        let found = index(&["lower(a)"]);
        assert!(similar(&wanted, &found) && !same(&wanted, &found));
    }
}
