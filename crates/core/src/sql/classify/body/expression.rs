//! The nodes of an expression and of a type.

use squawk_syntax::SyntaxKind::{self, *};

pub(super) fn is_expression(kind: SyntaxKind) -> bool {
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

pub(super) fn is_type(kind: SyntaxKind) -> bool {
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
