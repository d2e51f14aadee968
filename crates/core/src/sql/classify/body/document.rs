//! The nodes of what SQL says of JSON and XML.

use squawk_syntax::SyntaxKind::{self, *};

pub(super) fn is_json(kind: SyntaxKind) -> bool {
    let name = format!("{kind:?}");
    name.starts_with("JSON_")
        || name.starts_with("IS_JSON")
        || name.starts_with("IS_NOT_JSON")
        || matches!(kind, KEEP_QUOTES | OMIT_QUOTES | ON_SCALAR_STRING)
}

pub(super) fn is_xml(kind: SyntaxKind) -> bool {
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
