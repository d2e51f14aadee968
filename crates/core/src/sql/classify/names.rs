//! The names that a statement calls, reads and casts to, for whoever looks up what they mean.
//!
//! Calls are found by their shape, a name before a parenthesis, and not by the parser's kind of node: a call that the
//! parser took for something else is still found.

use std::collections::BTreeSet;

use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

/// A name with its schema, if the text says one; as the server folds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub schema: Option<String>,
    pub name: String,
}

/// Words before a parenthesis that every server from 12 on takes for grammar, where they stand without quotes.
const GRAMMAR: &[&str] = &[
    "coalesce",
    "extract",
    "greatest",
    "grouping",
    "least",
    "nullif",
    "overlay",
    "position",
    "row",
    "substring",
    "trim",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// Words that became grammar after 12: an older server calls a function of that name.
pub(super) const NEWER_GRAMMAR: &[&str] = &[
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "normalize",
];

/// What a statement refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Names before a parenthesis that are no grammar.
    pub functions: BTreeSet<Named>,
    /// Names after a dot: columns as a rule, but `row.name` also calls a function of that one argument.
    pub fields: BTreeSet<String>,
    /// Symbols, each with every part of it that a scanner could cut out.
    pub operators: BTreeSet<Named>,
    /// Types that are named by a path; those with grammar of their own (`timestamp`, `double precision`) are built in.
    pub types: BTreeSet<Named>,
    /// What stands where a table stands, names of `with` among them.
    pub relations: BTreeSet<Named>,
    /// A name that cannot be looked up, and why.
    pub beyond: Option<String>,
}

impl Named {
    /// A name without a schema.
    pub fn bare(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl Names {
    /// Adds those of another statement.
    pub fn join(&mut self, other: &Names) {
        self.functions.extend(other.functions.iter().cloned());
        self.fields.extend(other.fields.iter().cloned());
        self.operators.extend(other.operators.iter().cloned());
        self.types.extend(other.types.iter().cloned());
        self.relations.extend(other.relations.iter().cloned());
    }

    /// Gathers them from a tree.
    pub(super) fn of(tree: &SyntaxNode) -> Self {
        let mut names = Self::default();
        let tokens: Vec<SyntaxToken> = tree
            .descendants_with_tokens()
            .filter_map(|element| element.into_token())
            .filter(|token| !token.kind().is_trivia())
            .collect();
        for at in 0..tokens.len() {
            names.token(&tokens, at);
        }
        for node in tree.descendants() {
            names.node(&node);
        }
        names
    }

    fn token(&mut self, tokens: &[SyntaxToken], at: usize) {
        let token = &tokens[at];
        let lower = token.text().to_ascii_lowercase();
        if lower.starts_with("u&\"") {
            self.beyond = Some("a name is spelled with unicode escapes".to_owned());
        }
        if is_word(token) && folded(token.text()).len() > 63 {
            self.beyond = Some("a name is longer than the 63 bytes that a server keeps".to_owned());
        }
        let before_parenthesis = tokens.get(at + 1).is_some_and(|next| next.kind() == SyntaxKind::L_PAREN);
        if before_parenthesis && names_something(token) {
            self.call(tokens, at);
        } else if at > 0 && tokens[at - 1].kind() == SyntaxKind::DOT && is_name(token) {
            self.fields.insert(folded(token.text()));
        }
        if is_operator(token) && !(at > 0 && touches(&tokens[at - 1], token)) {
            self.operator(&tokens[at..]);
        }
    }

    fn call(&mut self, tokens: &[SyntaxToken], at: usize) {
        let name = folded(tokens[at].text());
        let dot = |at: usize| tokens[at].kind() == SyntaxKind::DOT;
        let schema = match at {
            2.. if dot(at - 1) && is_word(&tokens[at - 2]) => Some(folded(tokens[at - 2].text())),
            1.. if dot(at - 1) => {
                self.beyond = Some(format!("{name} is called in a way that is not known"));
                None
            }
            _ => None,
        };
        if at >= 4 && dot(at - 1) && dot(at - 3) {
            self.beyond = Some(format!("{name} is called with more than its schema"));
        }
        self.functions.insert(Named { schema, name });
    }

    /// A run of symbols without a gap is one operator, or some of its parts are.
    fn operator(&mut self, tokens: &[SyntaxToken]) {
        let mut run = tokens[0].text().to_owned();
        for pair in tokens.windows(2) {
            if !is_operator(&pair[1]) || !touches(&pair[0], &pair[1]) {
                break;
            }
            run.push_str(pair[1].text());
        }
        if run.len() > 16 {
            self.beyond = Some("a row of symbols is longer than any operator".to_owned());
            return;
        }
        for from in 0..run.len() {
            for to in from + 1..=run.len() {
                self.operators.extend(run.get(from..to).map(Named::bare));
            }
        }
    }

    fn node(&mut self, node: &SyntaxNode) {
        match node.kind() {
            SyntaxKind::PATH_TYPE if is_spelled(node) => {}
            SyntaxKind::PATH_TYPE => self.path(node, |names| &mut names.types),
            SyntaxKind::RELATION_NAME_REF | SyntaxKind::TABLE_NAME_REF => {
                self.path(node, |names| &mut names.relations);
            }
            SyntaxKind::OPERATOR_CALL | SyntaxKind::OP => self.qualified_operator(node),
            _ => {}
        }
    }

    fn path(&mut self, node: &SyntaxNode, set: fn(&mut Self) -> &mut BTreeSet<Named>) {
        let parts = segments(node);
        match parts.as_slice() {
            [name] => {
                set(self).insert(Named::bare(name));
            }
            [schema, name] => {
                set(self).insert(Named { schema: Some(schema.clone()), name: name.clone() });
            }
            _ => self.beyond = Some(format!("{} is named by more than its schema", parts.join("."))),
        }
    }

    fn qualified_operator(&mut self, node: &SyntaxNode) {
        let schemas: Vec<String> = segments(node).into_iter().filter(|part| !part.is_empty()).collect();
        let symbol: String = node
            .descendants_with_tokens()
            .filter_map(|element| element.into_token())
            .filter(is_operator)
            .map(|token| token.text().to_owned())
            .collect();
        match schemas.as_slice() {
            [] => {}
            [schema] => {
                self.operators.insert(Named { schema: Some(schema.clone()), name: symbol });
            }
            _ => self.beyond = Some(format!("the operator {symbol} is named by more than its schema")),
        }
    }
}

/// Whether a type is grammar: `int` without quotes is no name.
fn is_spelled(node: &SyntaxNode) -> bool {
    let path = node.children().find(|child| child.kind() == SyntaxKind::PATH_REF);
    path.is_some_and(|path| {
        super::context::SPELLED.contains(&path.text().to_string().to_ascii_lowercase().as_str())
    })
}

/// The parts of a path in its order.
fn segments(node: &SyntaxNode) -> Vec<String> {
    let segments = node.descendants().filter(|part| part.kind() == SyntaxKind::PATH_SEGMENT_REF);
    segments.map(|part| folded(&part.text().to_string())).collect()
}

/// A name as the server folds it: in quotes as it stands, else in lower case by ASCII alone.
pub(super) fn folded(text: &str) -> String {
    match text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => text.to_ascii_lowercase(),
    }
}

fn is_word(token: &SyntaxToken) -> bool {
    let first = token.text().chars().next().unwrap_or(' ');
    first == '"' || first == '_' || first.is_ascii_alphabetic() || !first.is_ascii()
}

fn parent(token: &SyntaxToken) -> SyntaxKind {
    token.parent().map_or(SyntaxKind::ERROR, |parent| parent.kind())
}

/// Whether a word is a name and no grammar: an identifier anywhere, a keyword where only names stand.
fn is_name(token: &SyntaxToken) -> bool {
    let holds_names = matches!(
        parent(token),
        SyntaxKind::NAME_REF
            | SyntaxKind::PATH_SEGMENT_REF
            | SyntaxKind::FUNCTION_NAME_REF
            | SyntaxKind::COLUMN_NAME_REF
            | SyntaxKind::COMPOSITE_FIELD_REF
    );
    is_word(token) && (token.kind() == SyntaxKind::IDENT || holds_names)
}

/// Whether a name before a parenthesis could be called: not where a name is given, nor a type with its length.
fn names_something(token: &SyntaxToken) -> bool {
    let given = matches!(parent(token), SyntaxKind::CTE_NAME | SyntaxKind::TABLE_ALIAS);
    let of_a_path = |kind: SyntaxKind| {
        token.parent().is_some_and(|parent| parent.ancestors().take(6).any(|node| node.kind() == kind))
            && parent(token) == SyntaxKind::PATH_SEGMENT_REF
    };
    let lower = token.text().to_ascii_lowercase();
    if NEWER_GRAMMAR.contains(&lower.as_str()) {
        return parent(token) != SyntaxKind::PATH_SEGMENT_REF;
    }
    is_name(token)
        && !GRAMMAR.contains(&lower.as_str())
        && !given
        && !of_a_path(SyntaxKind::PATH_TYPE)
        && !of_a_path(SyntaxKind::RELATION_NAME_REF)
        && !of_a_path(SyntaxKind::TABLE_NAME_REF)
}

/// The characters that operators are made of.
fn is_operator(token: &SyntaxToken) -> bool {
    !token.text().is_empty() && token.text().chars().all(|c| "+-*/<>=~!@#%^&|`?".contains(c))
}

fn touches(one: &SyntaxToken, other: &SyntaxToken) -> bool {
    is_operator(one) && one.text_range().end() == other.text_range().start()
}
