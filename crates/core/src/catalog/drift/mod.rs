//! Two schemas held against each other, object by object: what is missing, extra or different, what that means, and
//! the SQL that would mend it either way (the database after the files, or the files after the database).
//!
//! The SQL is for people: nothing here runs it. It takes the locks that hurt least, and says in a comment what dies.

mod column;
mod column_value;
mod compare;
mod constraint;
mod difference;
mod foreign_key;
mod index;
mod objects;
mod pair;
mod partition;
mod policy;
mod rails;
mod sequence;
mod sql;
mod statistics;
mod table;
mod trigger;

pub use compare::compare;
pub use difference::{Difference, DriftKind, DriftObject, DriftObjectKind, DriftSeverity};
