//! The splitter against the truth: a server takes each piece as one statement, and nothing of the file is lost.
//!
//! The extended protocol parses exactly one statement: two of them, or half of one, are a syntax error there.

use evaldesk_core::sql::lex::{TokenKind, tokens};
use evaldesk_core::sql::split::{Statement, split};
use evaldesk_core::sql::statement::describe;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, SqlSafeStr as _};
use support::{TestDatabase, empty_database, versions};

/// A file of the corpus.
struct Case {
    name: String,
    statements: usize,
    /// The oldest major version that knows what it says.
    from: u32,
    text: String,
}

fn corpus() -> Vec<Case> {
    let text = include_str!("../fixtures/sql/nasty.sql");
    text.trim_start_matches("=== ").split("\n=== ").map(case).collect()
}

fn case(text: &str) -> Case {
    let (head, body) = text.split_once('\n').unwrap();
    let words: Vec<&str> = head.split(' ').collect();
    let numbers = words.iter().rev().map_while(|word| word.parse::<u32>().ok()).collect::<Vec<_>>();
    let (statements, from) = match numbers.as_slice() {
        [from, statements] => (*statements, *from),
        [statements] => (*statements, 12),
        other => panic!("{head}: {other:?}"),
    };
    let text = body.strip_suffix('\n').unwrap_or(body).to_owned();
    Case { name: words[..words.len() - numbers.len()].join(" "), statements: statements as usize, from, text }
}

/// The same file as other editors save it.
fn saved_otherwise(text: &str) -> [String; 4] {
    let windows = text.replace('\n', "\r\n");
    [text.to_owned(), format!("\u{feff}{text}"), windows.clone(), format!("\u{feff}{windows}\r\n")]
}

#[test]
fn a_file_is_cut_where_its_statements_end_and_nothing_is_lost() {
    let corpus = corpus();
    assert!(corpus.len() >= 60, "{}", corpus.len());
    for case in &corpus {
        for text in saved_otherwise(&case.text) {
            let found = split(&text).unwrap_or_else(|error| panic!("{}: {error:?}", case.name));
            assert_eq!(found.len(), case.statements, "{}: {found:#?}", case.name);
            nothing_is_lost(&case.name, &text, &found);
        }
    }
}

/// Between the pieces there is white space, comments and semicolons alone.
fn nothing_is_lost(name: &str, text: &str, found: &[Statement]) {
    let mut at = 0;
    for statement in found {
        assert_eq!(&text[statement.start..statement.end], statement.text, "{name}");
        assert_eq!(text[..statement.start].matches('\n').count() + 1, statement.line, "{name}");
        is_gap(name, &text[at..statement.start]);
        at = statement.end;
    }
    is_gap(name, &text[at..]);
}

fn is_gap(name: &str, gap: &str) {
    let left = tokens(gap).unwrap();
    let of_no_statement = |kind| matches!(kind, TokenKind::Comment | TokenKind::Semicolon);
    assert!(left.iter().all(|token| of_no_statement(token.kind)), "{name} loses {gap:?}");
}

#[tokio::test]
async fn a_server_takes_each_piece_as_one_statement() {
    for major in versions() {
        let database = prepared(major).await;
        let mut session = database.session().await;
        for case in corpus().iter().filter(|case| case.from <= major) {
            for statement in split(&case.text).unwrap() {
                is_one_statement(&mut session, case, &statement, major).await;
            }
        }
    }
}

/// With the tables that most of the corpus is about: an unknown one is no error of the splitter's, only less of a test.
async fn prepared(major: u32) -> TestDatabase {
    let database = empty_database(major).await;
    database
        .run("create table t (a text, b text, c text, data jsonb); create table u (a text, b text)")
        .await;
    database
}

async fn is_one_statement(session: &mut PgConnection, case: &Case, statement: &Statement, major: u32) {
    let sql = AssertSqlSafe(statement.text.clone()).into_sql_str();
    let Err(error) = (&mut *session).prepare(sql).await else { return };
    let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
    // 42601: the server's parser stumbled, or found a second statement.
    assert!(
        code.as_deref().is_some_and(|code| code != "42601"),
        "{} on {major}: {}: {error}",
        case.name,
        statement.text
    );
}

#[test]
fn what_is_described_is_known_to_the_parser() {
    let unknown: Vec<String> = corpus()
        .iter()
        .flat_map(|case| split(&case.text).unwrap())
        .filter(|statement| !evaldesk_core::sql::parse::problems(&statement.text).is_empty())
        .map(|statement| statement.text)
        .collect();
    // Each of them is split by its words alone; the list says how far the parser can be trusted.
    assert!(unknown.len() <= 3, "{unknown:#?}");
    for case in corpus() {
        for statement in split(&case.text).unwrap() {
            describe(&statement.text);
        }
    }
}
