//! What a statement is and does, read from its syntax tree: what it makes and drops, which relations it locks and how
//! strongly, whether it reads or writes a whole table, whether it may run in a transaction.
//!
//! The modes are those of the manual's "Explicit Locking" and of measured servers. What the text cannot tell (`do`,
//! `call`, unknown syntax) is left open: `complete` is false then.

mod alter;
mod alter_table;
mod column;
mod concurrent;
mod constraint;
mod create;
mod drop;
mod effects;
mod maintain;
mod name;
mod rows;
mod run;
mod type_change;

pub(crate) use concurrent::{Concurrent, IndexKey, IndexShape, concurrent};
pub use effects::{
    ConcurrentBuild, Effects, InTransaction, Kin, Object, ObjectKind, Rename, Retype, Spread, StatementKind,
    Touch,
};
pub use name::bare_name;
pub use type_change::type_change_rewrites;

use squawk_syntax::ast;

use super::parse;

/// The newest major version that the reading knows of; what is not known to differ is as here.
pub const NEWEST_MAJOR: u32 = 19;

/// Describes one statement as the newest server runs it.
pub fn describe(sql: &str) -> Effects {
    describe_on(sql, NEWEST_MAJOR)
}

/// Describes one statement as a server of this major version runs it.
pub fn describe_on(sql: &str, major: u32) -> Effects {
    describe_and_look(sql, major, |_, _| ()).0
}

/// Describes one statement, and shows its tree, with what was read from it, to whoever looks for more than that. Where
/// there is no tree nothing is shown: the text has no statement, or goes deeper than anybody follows.
pub(crate) fn describe_and_look<Seen: Send>(
    sql: &str,
    major: u32,
    look: impl FnOnce(&ast::Stmt, &Effects) -> Seen + Send,
) -> (Effects, Option<Seen>) {
    let read = || {
        let parsed = parse::parse(sql);
        let Some(statement) = parse::statements(&parsed).next() else { return Default::default() };
        let mut effects = of_tree(&statement, major);
        effects.complete &= parsed.errors().is_empty();
        let seen = look(&statement, &effects);
        (effects, Some(seen))
    };
    parse::with_room(sql, read).unwrap_or_default()
}

/// Describes a statement of a tree.
pub(crate) fn of_tree(statement: &ast::Stmt, major: u32) -> Effects {
    let mut reading = Reading { major, effects: Effects { complete: true, ..Effects::default() } };
    let known = drop::read(&mut reading, statement)
        || create::read(&mut reading, statement)
        || alter::read(&mut reading, statement)
        || maintain::read(&mut reading, statement)
        || rows::read(&mut reading, statement)
        || run::read(&mut reading, statement);
    reading.effects.complete &= known;
    reading.effects
}

/// A description in the making.
struct Reading {
    major: u32,
    effects: Effects,
}

impl Reading {
    fn kind(&mut self, kind: StatementKind) {
        self.effects.kind = kind;
    }

    fn forbidden(&mut self) {
        self.effects.transaction = InTransaction::Forbidden;
    }

    fn open(&mut self) {
        self.effects.complete = false;
    }

    fn creates(&mut self, kind: ObjectKind, name: String, of_table: Option<&str>) {
        let of_table = of_table.map(str::to_owned);
        self.effects.creates.push(Object { kind, name, of_table });
    }

    fn drops(&mut self, kind: ObjectKind, name: String, of_table: Option<&str>) {
        let of_table = of_table.map(str::to_owned);
        self.effects.drops.push(Object { kind, name, of_table });
    }

    /// Notes a lock; several on one relation become one.
    fn touches(&mut self, touch: Touch) {
        let known = self.effects.touches.iter_mut().find(|known| known.relation == touch.relation);
        match known {
            _ if touch.relation.is_empty() => self.open(),
            Some(known) => known.join(touch),
            None => self.effects.touches.push(touch),
        }
    }

    fn table(&mut self, relation: String, mode: super::LockMode) {
        self.touches(Touch::new(ObjectKind::Table, relation, mode));
    }
}

#[cfg(test)]
mod tests;
