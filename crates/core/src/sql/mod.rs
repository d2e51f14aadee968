//! SQL text: the one way to build it (`safe`).

mod safe;

pub use safe::SafeSql;
