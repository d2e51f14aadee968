//! What is being typed, and what may stand there.

use super::scope::{Item, Scope};
use super::words::{self, Open, Word};
use crate::sql::lex::TokenKind;

/// The place of the cursor, understood.
#[derive(Debug)]
pub(super) struct Context {
    /// The bytes that a candidate replaces.
    pub(super) from: usize,
    pub(super) to: usize,
    /// What was typed of it so far, without its quotes.
    pub(super) typed: String,
    pub(super) place: Place,
    pub(super) scope: Scope,
}

/// What may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A table, a view, a schema.
    Relation,
    /// Something of a schema, where only relations may stand.
    RelationOf(String),
    /// After `name.` or `schema.name.` in an expression.
    Of(Vec<String>),
    /// A column of the table that rows go into.
    InsertColumn { table: Item, there: Vec<String> },
    /// The condition of a join.
    JoinCondition,
    /// A key of a JSON column: the column as it is written, and the keys before.
    Path { column: Vec<String>, keys: Vec<String> },
    /// After a relation in FROM: a keyword or the next clause.
    AfterRelation,
    /// The first word of a statement.
    Start,
    /// Anything with a value.
    Expression,
}

/// Words that relations follow.
const BEFORE_RELATION: [&str; 9] =
    ["from", "join", "into", "update", "table", "only", "truncate", "analyze", "vacuum"];

impl Context {
    /// Understands a place; nothing where nothing is to be proposed: in comments and in most strings.
    pub(super) fn of(text: &str, byte: usize) -> Option<Self> {
        let start = body_start(&text[..byte]);
        let head = &text[start..byte];
        let typed_at = head.rfind(|letter: char| !is_part(letter)).map_or(0, |at| at + letter_len(head, at));
        let (words, open) = words::before(head);
        match open {
            Some(Open { what: "string", start: at }) => Self::in_string(text, start + at, byte, &words),
            Some(Open { what: "quoted name", start: at }) => {
                let to = byte + usize::from(text[byte..].starts_with('"'));
                let typed = text[start + at + 1..byte].replace("\"\"", "\"");
                Some(Self::at(text, start + at, to, typed, words))
            }
            Some(_) => None,
            // In a line comment: what it would be without what was typed.
            None if in_comment(head) => None,
            None => {
                let (words, _) = words::before(&head[..typed_at]);
                let typed = head[typed_at..].to_owned();
                if typed.starts_with(|letter: char| letter.is_ascii_digit()) {
                    return None;
                }
                Some(Self::at(text, start + typed_at, byte, typed, words))
            }
        }
    }

    fn at(text: &str, from: usize, to: usize, typed: String, before: Vec<Word>) -> Self {
        let after = words::after(&text[to..], words::depth_after(&before));
        let scope = Scope::of(&before, &after);
        let place = place(&before, &scope);
        Self { from, to, typed, place, scope }
    }

    /// A string is of interest where it is a key: `column->'key'->>'…`.
    fn in_string(text: &str, open: usize, byte: usize, before: &[Word]) -> Option<Self> {
        let (column, keys) = json_path(before)?;
        let rest = &text[byte..];
        // The next quote is this string's own where nothing but a key is before it.
        let own = rest.find(|letter: char| letter == '\'' || letter.is_whitespace());
        let to = byte + own.filter(|at| rest[*at..].starts_with('\'')).map_or(0, |at| at + 1);
        let after = words::after(&text[to..], words::depth_after(before));
        let scope = Scope::of(before, &after);
        let typed = text[open + 1..byte].to_owned();
        Some(Self { from: open, to, typed, place: Place::Path { column, keys }, scope })
    }

    /// The tables and views that the place is about.
    pub(super) fn relations(&self) -> Vec<Item> {
        let mut items: Vec<Item> = self.scope.tables();
        match &self.place {
            Place::InsertColumn { table, .. } => items.push(table.clone()),
            Place::Of(chain) if chain.len() == 2 => items.push(Item::table(Some(&chain[0]), &chain[1])),
            _ => {}
        }
        items
    }

    /// The JSON column and the keys before the place.
    pub(super) fn path(&self) -> Option<(&[String], &[String])> {
        match &self.place {
            Place::Path { column, keys } => Some((column, keys)),
            _ => None,
        }
    }
}

/// Where the code begins that the end of a text is in: after the tag of a dollar quote that is open, else at 0.
fn body_start(head: &str) -> usize {
    let (_, open) = words::before(head);
    let Some(Open { what: "dollar quote", start }) = open else { return 0 };
    let tag = head[start + 1..].find('$').map_or(head.len(), |at| start + 1 + at + 1);
    tag + body_start(&head[tag..])
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

fn letter_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

fn in_comment(head: &str) -> bool {
    let tokens: Vec<_> = crate::sql::lex::Tokens::of(head).filter_map(Result::ok).collect();
    tokens.last().is_some_and(|last| {
        last.kind == TokenKind::Comment && last.end == head.len() && last.text(head).starts_with("--")
    })
}

fn place(before: &[Word], scope: &Scope) -> Place {
    if let Some(chain) = chain(before) {
        let head = &before[..before.len() - 2 * chain.len()];
        return match chain.as_slice() {
            [schema] if wants_relation(head) => Place::RelationOf(schema.clone()),
            _ => Place::Of(chain),
        };
    }
    if wants_relation(before) {
        return Place::Relation;
    }
    if let Some(place) = insert_column(before) {
        return place;
    }
    match before.last() {
        None => Place::Start,
        Some(last) if last.is("on") && scope.joined().is_some() => Place::JoinCondition,
        Some(last)
            if last.is_name()
                && !is_clause(last)
                && clause(before).is_some_and(|clause| clause.is_one_of(&["from", "join"])) =>
        {
            Place::AfterRelation
        }
        _ => Place::Expression,
    }
}

/// The names before a dot, outermost first: `a.b.`.
fn chain(before: &[Word]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = before;
    while let [head @ .., name, dot] = rest
        && dot.is_symbol(".")
        && name.is_name()
    {
        names.insert(0, name.folded.clone());
        rest = head;
    }
    (!names.is_empty()).then_some(names)
}

/// Whether a relation stands next.
fn wants_relation(before: &[Word]) -> bool {
    let Some(last) = before.last() else { return false };
    if last.is_one_of(&BEFORE_RELATION) {
        let no_list = last.is("from") && in_function_with_from(before);
        let no_table = last.is("update") && updates_no_table(before);
        return !no_list && !no_table;
    }
    last.is_symbol(",")
        && clause(before).is_some_and(|clause| clause.is_one_of(&["from", "truncate", "table"]))
}

/// `extract(year from …`, `substring(… from …`, `trim(… from …`: FROM is no clause there.
fn in_function_with_from(before: &[Word]) -> bool {
    let depth = words::depth_after(before);
    let open = before.iter().rposition(|word| word.kind == TokenKind::Open && word.depth < depth);
    let function = open.and_then(|at| before.get(at.checked_sub(1)?));
    function.is_some_and(|word| word.is_one_of(&["extract", "substring", "trim", "overlay", "position"]))
}

/// `for update`, `do update`, `on update`.
fn updates_no_table(before: &[Word]) -> bool {
    before
        .iter()
        .rev()
        .nth(1)
        .is_some_and(|word| word.is_one_of(&["for", "do", "on", "key", "after", "before"]))
}

const CLAUSES: [&str; 24] = [
    "select",
    "from",
    "join",
    "on",
    "using",
    "where",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "set",
    "values",
    "into",
    "update",
    "returning",
    "window",
    "delete",
    "insert",
    "with",
    "truncate",
    "table",
    "union",
    "fetch",
];

fn is_clause(word: &Word) -> bool {
    word.is_one_of(&CLAUSES)
        || word.is_one_of(&[
            "and", "or", "not", "by", "as", "left", "right", "inner", "cross", "full", "lateral", "natural",
        ])
}

/// The clause that the end of words is in, at its own depth.
fn clause(before: &[Word]) -> Option<&Word> {
    let depth = words::depth_after(before);
    let same = before.iter().rev().take_while(|word| word.depth >= depth);
    same.filter(|word| word.depth == depth).find(|word| word.is_one_of(&CLAUSES))
}

/// `insert into t (a, …`.
fn insert_column(before: &[Word]) -> Option<Place> {
    let depth = words::depth_after(before);
    let open = before.iter().rposition(|word| word.kind == TokenKind::Open && word.depth == depth - 1)?;
    let mut names = Vec::new();
    let mut at = open;
    while at > 0 && (before[at - 1].is_name() || before[at - 1].is_symbol(".")) && !before[at - 1].is("into")
    {
        at -= 1;
        if before[at].is_name() {
            names.insert(0, before[at].folded.clone());
        }
    }
    let into = at.checked_sub(1).is_some_and(|into| before[into].is("into"));
    let (name, schema) = (names.pop()?, names.pop());
    let there = before[open + 1..].iter().filter(|word| word.is_name()).map(|word| word.folded.clone());
    into.then(|| Place::InsertColumn { table: Item::table(schema.as_deref(), &name), there: there.collect() })
}

/// The column and the keys before an open string: `t.c->'a'->>'`.
fn json_path(before: &[Word]) -> Option<(Vec<String>, Vec<String>)> {
    let mut keys = Vec::new();
    let mut rest = arrow(before)?;
    while let [head @ .., key] = rest
        && key.kind == TokenKind::Text
    {
        keys.insert(0, key.text.trim_matches('\'').replace("''", "'"));
        rest = arrow(head)?;
    }
    let mut column = Vec::new();
    while let Some((name, head)) = rest.split_last().filter(|(name, _)| name.is_name()) {
        column.insert(0, name.folded.clone());
        rest = match head {
            [before @ .., dot] if dot.is_symbol(".") => before,
            _ => break,
        };
    }
    (!column.is_empty()).then_some((column, keys))
}

/// The words before `->` or `->>`.
fn arrow(before: &[Word]) -> Option<&[Word]> {
    match before {
        [head @ .., a, b, c] if a.is_symbol("-") && b.is_symbol(">") && c.is_symbol(">") => Some(head),
        [head @ .., a, b] if a.is_symbol("-") && b.is_symbol(">") => Some(head),
        _ => None,
    }
}
