//! Conditions on the cells of a row.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::key;
use crate::query::find::Needle;
use crate::query::state::{ColumnKind, QueryColumn};

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilterTest {
    /// In any case.
    Contains,
    Equals,
    NotEquals,
    IsNull,
    IsNotNull,
    Greater,
    Less,
}

/// A condition; a row is kept when all hold. NULL fits `isNull` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFilter {
    pub column: u32,
    pub op: FilterTest,
    pub value: String,
}

/// A condition, made ready for many rows.
pub(super) struct Test<'a> {
    pub(super) column: usize,
    op: FilterTest,
    value: &'a str,
    needle: Needle,
    kind: ColumnKind,
    key: Vec<u8>,
}

impl<'a> Test<'a> {
    pub(super) fn new(filter: &'a QueryFilter, columns: &[QueryColumn]) -> Self {
        let column = filter.column as usize;
        let kind = columns[column].kind;
        let mut key = Vec::new();
        key::write(kind, Some(filter.value.as_bytes()), false, &mut key);
        Self { column, op: filter.op, value: &filter.value, needle: Needle::new(&filter.value), kind, key }
    }

    /// Whether a cell fits; `scratch` is for its key.
    pub(super) fn holds(&self, cell: Option<&[u8]>, scratch: &mut Vec<u8>) -> bool {
        let Some(bytes) = cell else { return self.op == FilterTest::IsNull };
        let order = |scratch: &mut Vec<u8>| {
            scratch.clear();
            key::write(self.kind, cell, false, scratch);
            scratch.as_slice().cmp(&self.key)
        };
        match self.op {
            FilterTest::IsNull => false,
            FilterTest::IsNotNull => true,
            FilterTest::Contains => self.needle.is_in(bytes),
            FilterTest::Equals => bytes == self.value.as_bytes(),
            FilterTest::NotEquals => bytes != self.value.as_bytes(),
            FilterTest::Greater => order(scratch).is_gt(),
            FilterTest::Less => order(scratch).is_lt(),
        }
    }
}
