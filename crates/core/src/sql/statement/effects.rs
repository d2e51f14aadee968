//! What a statement is and does, as far as its text says.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::sql::LockMode;

/// What sort of statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// It reads rows.
    Read,
    /// It writes rows.
    Write,
    /// It makes, changes or drops objects.
    Define,
    /// Vacuum, analyze, reindex and their kin.
    Maintain,
    /// It gives or takes privileges, or changes an owner.
    Grant,
    /// It changes a setting.
    Set,
    /// It begins, ends or marks a transaction.
    Transaction,
    /// It runs code that its text does not show the whole of: `do`, `call`, `execute`.
    Run,
    /// Nothing is known of it.
    #[default]
    Unknown,
}

/// How it goes with a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InTransaction {
    /// It may run in one.
    #[default]
    Allowed,
    /// The server refuses it inside of one.
    Forbidden,
    /// It begins or ends one by itself.
    Controls,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Table,
    Column,
    Index,
    Constraint,
    View,
    MaterializedView,
    Sequence,
    Function,
    Procedure,
    Type,
    Domain,
    Schema,
    Extension,
    Trigger,
    Policy,
    Rule,
    Role,
    Database,
    Publication,
    Subscription,
    Statistics,
    /// Anything that migrations rarely make: a cast, an operator, a collation ...
    Other,
}

/// Something that is made or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SqlObject")]
pub struct Object {
    pub kind: ObjectKind,
    /// As the server folds it, so that `to_regclass` finds it; empty where the server chooses the name.
    pub name: String,
    /// The table of a column, an index, a constraint, a trigger ...
    pub of_table: Option<String>,
}

/// A table or a column that gets another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SqlRename")]
pub struct Rename {
    pub kind: ObjectKind,
    pub from: String,
    pub to: String,
    /// The table of a column.
    pub of_table: Option<String>,
}

/// Relations that a statement locks beside those that it names. The catalog knows which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kin {
    /// The table that an index is on.
    TableOfIndex,
    /// Every index of the table.
    Indexes,
    /// Every partition or inheriting table below.
    Children,
    /// The partitioned table above.
    Parent,
    /// The default partition beside.
    DefaultPartition,
    /// Tables that foreign keys of it point to.
    Referenced,
    /// Tables whose foreign keys point to it.
    Referencing,
    /// Whatever depends on it, with `cascade`.
    Dependants,
}

/// A lock on relations that the text does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Spread {
    pub to: Kin,
    pub mode: LockMode,
}

/// A change of a column's type. Whether it rewrites depends on the type that the column has:
/// see [`type_change_rewrites`](super::type_change_rewrites).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Retype {
    pub column: String,
    /// The new type, in lower case.
    pub to: String,
    /// Whether `using` says how; then every row is computed anew.
    pub using: bool,
}

/// A relation that a statement locks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Touch {
    /// As the server folds it, so that `to_regclass` finds it.
    pub relation: String,
    /// What it is: a table, an index, a view, a sequence.
    pub kind: ObjectKind,
    pub mode: LockMode,
    /// It is written anew as a whole. For a change of type this is the worst case; see `retypes`.
    pub rewrites: bool,
    /// Every row of it is read.
    pub scans: bool,
    pub spreads: Vec<Spread>,
    pub retypes: Vec<Retype>,
    /// `only`: the relations below it are left alone.
    pub only: bool,
}

/// An index that is built without stopping writes. If it breaks off, an invalid index of the name stays behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConcurrentBuild {
    /// `None` where the server chooses the name.
    pub index: Option<String>,
    pub table: String,
    /// `if not exists` skips an index of the name, also one that is invalid.
    pub if_not_exists: bool,
}

/// What a statement is and does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "StatementEffects")]
pub struct Effects {
    pub kind: StatementKind,
    pub transaction: InTransaction,
    pub creates: Vec<Object>,
    pub drops: Vec<Object>,
    pub renames: Vec<Rename>,
    /// Each relation once, with the strongest lock that it gets.
    pub touches: Vec<Touch>,
    /// Every row of the tables that it touches is taken away.
    pub truncates: bool,
    /// It goes through every table there is (of the database, of a schema), one after the other, with this lock.
    pub every_table: Option<LockMode>,
    pub concurrently_builds: Option<ConcurrentBuild>,
    /// Whether `touches` is all. It is not for code (`do`, `call`) and for what the parser does not know.
    pub complete: bool,
}

impl Effects {
    /// The strongest lock of all.
    pub fn strongest(&self) -> Option<LockMode> {
        self.touches.iter().map(|touch| touch.mode).max()
    }

    /// The names of what it makes or drops, of one kind.
    pub fn names(objects: &[Object], kind: ObjectKind) -> impl Iterator<Item = &str> {
        objects.iter().filter(move |object| object.kind == kind).map(|object| object.name.as_str())
    }
}

impl Touch {
    /// A lock on a relation and nothing more.
    pub(crate) fn new(kind: ObjectKind, relation: String, mode: LockMode) -> Self {
        Self {
            relation,
            kind,
            mode,
            rewrites: false,
            scans: false,
            spreads: Vec::new(),
            retypes: Vec::new(),
            only: false,
        }
    }

    #[must_use]
    pub(crate) fn rewriting(mut self) -> Self {
        (self.rewrites, self.scans) = (true, true);
        self
    }

    #[must_use]
    pub(crate) fn scanning(mut self) -> Self {
        self.scans = true;
        self
    }

    #[must_use]
    pub(crate) fn spreading(mut self, to: Kin, mode: LockMode) -> Self {
        self.spreads.push(Spread { to, mode });
        self
    }

    /// Takes what another touch of the same relation adds; the stronger lock wins.
    pub(crate) fn join(&mut self, other: Self) {
        self.mode = self.mode.max(other.mode);
        self.rewrites |= other.rewrites;
        self.scans |= other.scans;
        self.only &= other.only;
        self.retypes.extend(other.retypes);
        self.spreads.extend(
            other.spreads.into_iter().filter(|spread| !self.spreads.contains(spread)).collect::<Vec<_>>(),
        );
    }
}
