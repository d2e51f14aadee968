//! The nodes of a change of rows, and of a lock on them.

use squawk_syntax::SyntaxKind::{self, *};

/// What belongs to a change of rows or to a lock of them, for `explain` without `analyze`.
pub(in crate::sql::classify) fn is_change(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        INSERT
            | UPDATE
            | DELETE
            | MERGE
            | SET_CLAUSE
            | SET_COLUMN_LIST
            | SET_EXPR
            | SET_EXPR_LIST
            | SET_SINGLE_COLUMN
            | SET_MULTIPLE_COLUMNS
            | SET_DEFAULT
            | RETURNING_CLAUSE
            | ON_CONFLICT_CLAUSE
            | CONFLICT_DO_NOTHING
            | CONFLICT_DO_UPDATE_SET
            | CONFLICT_INDEX_ITEM
            | CONFLICT_INDEX_ITEM_LIST
            | CONFLICT_ON_INDEX
            | COLUMN_TARGET
            | COLUMN_TARGET_LIST
            | TABLE_RELATION_NAME
            | DEFAULT_VALUES
            | USING_CLAUSE
            | USING_ON_CLAUSE
            | MERGE_CONDITION
            | MERGE_DELETE
            | MERGE_DO_NOTHING
            | MERGE_INSERT
            | MERGE_UPDATE
            | MERGE_WHEN_MATCHED
            | MERGE_WHEN_NOT_MATCHED_SOURCE
            | MERGE_WHEN_NOT_MATCHED_TARGET
            | LOCKING_CLAUSE
            | LOCKING_OF
            | FOR_UPDATE
            | FOR_SHARE
            | FOR_NO_KEY_UPDATE
            | FOR_KEY_SHARE
            | NOWAIT
            | SKIP_LOCKED
    )
}
