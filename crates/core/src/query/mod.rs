//! The query workbench.

pub mod draft;
