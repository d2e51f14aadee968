//! What may stand in a query that only reads: every kind of node of the tree is in this list, or it is not a read.

use squawk_syntax::SyntaxKind::{self, *};
use squawk_syntax::SyntaxNode;

/// Why a tree is more than a query, by its first node that is in no list.
pub(super) fn stranger(tree: &SyntaxNode, also: fn(SyntaxKind) -> bool) -> Option<String> {
    let node = tree.descendants().find(|node| !is_query(node.kind()) && !also(node.kind()))?;
    Some(match node.kind() {
        INSERT | UPDATE | DELETE | MERGE => "it changes rows inside of a query".to_owned(),
        LOCKING_CLAUSE => "it locks the rows that it reads".to_owned(),
        SELECT_INTO | INTO_CLAUSE => "it makes a table of what it reads".to_owned(),
        kind => format!("{} is not known to be part of a read", words(kind)),
    })
}

/// A kind of node in words: `ROW_LIST` is "row list".
fn words(kind: SyntaxKind) -> String {
    format!("{kind:?}").to_lowercase().replace('_', " ")
}

/// What belongs to a change of rows or to a lock of them, for `explain` without `analyze`.
pub(super) fn is_change(kind: SyntaxKind) -> bool {
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

/// Nothing but itself.
pub(super) fn nothing(_: SyntaxKind) -> bool {
    false
}

fn is_query(kind: SyntaxKind) -> bool {
    is_select(kind) || is_from(kind) || is_expression(kind) || is_type(kind) || is_json(kind) || is_xml(kind)
}

fn is_select(kind: SyntaxKind) -> bool {
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

fn is_from(kind: SyntaxKind) -> bool {
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

fn is_expression(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        LITERAL
            | NAME_REF
            | FIELD_EXPR
            | INDEX_EXPR
            | SLICE_EXPR
            | PAREN_EXPR
            | TUPLE_EXPR
            | ARRAY_EXPR
            | BIN_EXPR
            | PREFIX_EXPR
            | POSTFIX_EXPR
            | BETWEEN_EXPR
            | CASE_EXPR
            | WHEN_CLAUSE
            | WHEN_CLAUSE_LIST
            | ELSE_CLAUSE
            | CAST_EXPR
            | COLON_COLON
            | COLLATE
            | COLLATION_REF
            | COLLATION_FOR_FN
            | AT_TIME_ZONE
            | AT_LOCAL
            | OP
            | OPERATOR_CALL
            | CUSTOM_OP
            | IS_NOT
            | IS_DISTINCT_FROM
            | IS_NOT_DISTINCT_FROM
            | IS_NORMALIZED
            | IS_NOT_NORMALIZED
            | UNICODE_NORMAL_FORM
            | NOT_IN
            | NOT_LIKE
            | NOT_ILIKE
            | NOT_SIMILAR_TO
            | SIMILAR_TO
            | SYMMETRIC
            | ASYMMETRIC
            | CALL_EXPR
            | ARG
            | ARG_LIST
            | NAMED_ARG
            | PARAM_NAME_REF
            | WITHIN_CLAUSE
            | FILTER_CLAUSE
            | OVER_CLAUSE
            | OVER_WINDOW_SPEC
            | IGNORE_NULLS
            | RESPECT_NULLS
            | EXISTS_FN
            | ALL_FN
            | ANY_FN
            | SOME_FN
            | EXTRACT_FN
            | EXTRACT_FIELD_LITERAL
            | EXTRACT_FIELD_NAME
            | OVERLAY_FN
            | OVERLAY_EXPRS
            | OVERLAY_PLACING
            | POSITION_FN
            | SUBSTRING_FN
            | SUBSTRING_EXPRS
            | SUBSTRING_FOR_FROM
            | SUBSTRING_FROM_FOR
            | SUBSTRING_SIMILAR_ESCAPE
            | TRIM_FN
            | TRIM_BOTH
            | TRIM_LEADING
            | TRIM_TRAILING
            | TRIM_EXPRS
            | TRIM_EXPR_FROM
            | TRIM_FROM
    )
}

fn is_type(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        PATH_TYPE
            | ARRAY_TYPE
            | ARRAY_BOUND
            | BIT_TYPE
            | BIT_VARYING_TYPE
            | CHARACTER_TYPE
            | VARCHAR_TYPE
            | DOUBLE_TYPE
            | TIME_TYPE
            | TIMESTAMP_TYPE
            | WITH_TIMEZONE
            | WITHOUT_TIMEZONE
            | INTERVAL_TYPE
            | INTERVAL_DAY
            | INTERVAL_HOUR
            | INTERVAL_MINUTE
            | INTERVAL_MONTH
            | INTERVAL_SECOND
            | INTERVAL_YEAR
    )
}

fn is_json(kind: SyntaxKind) -> bool {
    let name = format!("{kind:?}");
    name.starts_with("JSON_")
        || name.starts_with("IS_JSON")
        || name.starts_with("IS_NOT_JSON")
        || matches!(kind, KEEP_QUOTES | OMIT_QUOTES | ON_SCALAR_STRING)
}

fn is_xml(kind: SyntaxKind) -> bool {
    let name = format!("{kind:?}");
    name.starts_with("XML_")
        || matches!(
            kind,
            EXPR_AS_XML_ATTR
                | EXPR_AS_XML_ATTR_LIST
                | EXPR_AS_ELEMENT_TAG
                | EXPR_AS_ELEMENT_TAG_LIST
                | ELEMENT_TAG
                | INDENT
                | NO_INDENT
                | PRESERVE_WHITESPACE
                | STRIP_WHITESPACE
                | STANDALONE_NO
                | STANDALONE_NO_VALUE
                | STANDALONE_YES
                | NOT_NULL_CONSTRAINT
                | NULL_CONSTRAINT
                | OPTION_DEFAULT
                | OPTION_PATH
                | OPTION_NULL
                | OPTION_NOT_NULL
        )
}
