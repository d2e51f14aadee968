//! SQL text: the one way to build it (`safe`), how a file is cut into statements (`split`), what a statement is and
//! does (`statement`), whether it only reads (`classify`). `parse` is the one real parser, `lex` the second opinion on
//! where a statement ends.

pub mod classify;
pub(crate) mod columns;
pub mod format;
pub mod lex;
mod lock_mode;
pub mod parse;
mod safe;
pub mod split;
pub mod statement;

pub use lock_mode::LockMode;
pub use safe::SafeSql;
