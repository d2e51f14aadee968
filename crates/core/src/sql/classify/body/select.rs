//! The nodes of a query: its clauses, and what it reads from.

use squawk_syntax::SyntaxKind::{self, *};

pub(super) fn is_select(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SELECT
            | COMPOUND_SELECT
            | PAREN_SELECT
            | TABLE
            | VALUES
            | ROW
            | ROW_LIST
            | SELECT_CLAUSE
            | TARGET
            | TARGET_LIST
            | AS_NAME
            | REQUIRED_AS_ALIAS
            | OPTIONAL_AS_ALIAS
            | ALL
            | DISTINCT
            | DISTINCT_CLAUSE
            | DISTINCT_ON
            | UNION
            | INTERSECT
            | EXCEPT
            | WHERE_CLAUSE
            | GROUP_BY_CLAUSE
            | GROUP_BY_LIST
            | GROUPING_EXPR
            | GROUPING_CUBE
            | GROUPING_ROLLUP
            | GROUPING_SETS
            | HAVING_CLAUSE
            | WINDOW_CLAUSE
            | WINDOW_DEF
            | WINDOW_SPEC
            | WINDOW_REF
            | WINDOW
            | PARTITION_BY_CLAUSE
            | FRAME_CLAUSE
            | FRAME_BETWEEN
            | FRAME_RANGE
            | FRAME_ROWS
            | FRAME_GROUPS
            | FRAME_EXCLUDE
            | CURRENT_ROW
            | EXPR_PRECEDING
            | EXPR_FOLLOWING
            | UNBOUNDED_PRECEDING
            | UNBOUNDED_FOLLOWING
            | NO_OTHERS
            | GROUP
            | TIES
            | ORDER_BY_CLAUSE
            | SORT_BY
            | SORT_BY_LIST
            | SORT_ASC
            | SORT_DESC
            | SORT_USING
            | NULLS_FIRST
            | NULLS_LAST
            | LIMIT_CLAUSE
            | OFFSET_CLAUSE
            | FETCH_CLAUSE
            | FETCH_ONLY
            | WITH_TIES
            | WITH_CLAUSE
            | WITH_TABLE
            | CTE_NAME
            | MATERIALIZED
            | NOT_MATERIALIZED
            | SEARCH_CLAUSE
            | SEARCH_COLUMNS
            | SEARCH_SET_COLUMN
            | DEPTH_FIRST
            | BREADTH_FIRST
            | CYCLE_CLAUSE
            | CYCLE_COLUMNS
            | CYCLE_COLUMN_TO
            | CYCLE_DEFAULT
            | CYCLE_PATH
            | CYCLE_SET_COLUMN
    )
}

pub(super) fn is_from(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        FROM_CLAUSE
            | FROM_ALIAS
            | TABLE_ALIAS
            | COLUMN_LIST
            | COLUMN_NAME
            | COLUMN
            | COLUMN_REF_LIST
            | COLUMN_NAME_REF
            | COLUMN_DEF
            | COLUMN_DEF_LIST
            | RELATION_FROM_ITEM
            | RELATION_NAME
            | RELATION_NAME_REF
            | TABLE_NAME_REF
            | PAREN_FROM_ITEM
            | FUNCTION_FROM_ITEM
            | EXPR_FROM_ITEM
            | ROWS_FROM_ITEM
            | ROWS_FROM_ARG
            | WITH_ORDINALITY
            | TABLESAMPLE_CLAUSE
            | REPEATABLE_CLAUSE
            | JOIN
            | JOIN_EXPR
            | JOIN_CROSS
            | JOIN_FULL
            | JOIN_INNER
            | JOIN_LEFT
            | JOIN_RIGHT
            | JOIN_USING_CLAUSE
            | ON_CLAUSE
            | PATH
            | PATH_REF
            | PATH_SEGMENT
            | PATH_SEGMENT_REF
    )
}
