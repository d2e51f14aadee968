//! What the plan itself has made, dropped and renamed so far: nobody waits for what nobody else can see yet.

use std::collections::{HashMap, HashSet};

use super::relations::{Relation, Relations};
use crate::sql::statement::{Effects, ObjectKind, bare_name};

/// The names that the statements so far have changed.
#[derive(Debug, Default)]
pub(super) struct Made {
    created: HashSet<String>,
    dropped: HashSet<String>,
    /// Indexes that were made, and the tables that they are on.
    indexes: HashMap<String, String>,
    /// From the new name to the one that the database still has.
    renamed: HashMap<String, String>,
}

impl Made {
    /// Takes in what a statement does.
    pub(super) fn note(&mut self, effects: &Effects) {
        let relations = |object: &&crate::sql::statement::Object| is_relation(object.kind);
        for object in effects.creates.iter().filter(relations) {
            self.created.insert(bare_name(&object.name));
            let table = object.of_table.clone();
            self.indexes.extend(table.map(|table| (bare_name(&object.name), table)));
        }
        for object in effects.drops.iter().filter(relations) {
            self.dropped.insert(bare_name(&object.name));
            self.created.remove(&bare_name(&object.name));
        }
        for rename in effects.renames.iter().filter(|rename| is_relation(rename.kind)) {
            let before = self.before(&rename.from).to_owned();
            self.renamed.insert(bare_name(&rename.to), before);
        }
    }

    /// The name that the database still has for it.
    pub(super) fn before<'a>(&'a self, name: &'a str) -> &'a str {
        self.renamed.get(&bare_name(name)).map_or(name, String::as_str)
    }

    /// The table of an index that the plan has made.
    pub(super) fn table_of(&self, index: &str) -> Option<&str> {
        self.indexes.get(&bare_name(index)).map(String::as_str)
    }

    /// What stands for a name, unless the plan has made it.
    pub(super) fn find<'a>(&self, name: &str, relations: &'a Relations) -> Option<&'a Relation> {
        if self.is_new(name, relations) { None } else { relations.get(self.before(name)) }
    }

    /// Whether only the plan knows it.
    pub(super) fn is_new(&self, name: &str, relations: &Relations) -> bool {
        let bare = bare_name(name);
        // `if not exists` makes nothing where something stands.
        self.created.contains(&bare) && (self.dropped.contains(&bare) || relations.get(name).is_none())
    }
}

fn is_relation(kind: ObjectKind) -> bool {
    use ObjectKind::{Index, MaterializedView, Sequence, Table, View};
    matches!(kind, Table | Index | View | MaterializedView | Sequence)
}
