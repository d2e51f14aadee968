//! SQL text: the one way to build it (`safe`), and how a file is cut into statements (`lex`, `split`).

pub mod lex;
mod lock_mode;
mod safe;
pub mod split;

pub use lock_mode::LockMode;
pub use safe::SafeSql;
