//! SQL text: the one way to build it (`safe`), and how a file is cut into statements (`lex`, `split`).

pub mod lex;
mod safe;
pub mod split;

pub use safe::SafeSql;
