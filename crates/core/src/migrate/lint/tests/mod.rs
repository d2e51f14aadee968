//! What the linter says of small files, rule by rule.

mod accepting;
mod ours;

use super::*;

/// The rules that a text is found by, in the order of their places.
pub(super) fn rules_with(text: &str, context: &LintContext) -> Vec<String> {
    lint(text, context).into_iter().filter(|found| found.accepted.is_none()).map(|found| found.rule).collect()
}

/// The same of a file that goes up in one transaction.
pub(super) fn rules(text: &str) -> Vec<String> {
    rules_with(text, &LintContext { server_major: 18, ..LintContext::default() })
}

pub(super) fn statement_by_statement() -> LintContext {
    LintContext { server_major: 18, transactional: false, ..LintContext::default() }
}

pub(super) fn knowing(table: &str, facts: TableFacts) -> LintContext {
    let tables = [(table.to_owned(), facts)].into();
    LintContext { server_major: 17, tables, ..LintContext::default() }
}

pub(super) const LARGE: TableFacts = TableFacts { rows: 2_000_000, bytes: 3 << 30, partitioned: false };
pub(super) const SMALL: TableFacts = TableFacts { rows: 12, bytes: 16 << 10, partitioned: false };

#[test]
fn the_embedded_schema_has_nothing_that_nobody_accepted() {
    for migration in crate::migrate::MigrationSet::embedded().unwrap().iter() {
        let scripts = [(false, Some(&migration.up)), (true, migration.down.as_ref())];
        for (down, script) in scripts.into_iter().filter_map(|(down, script)| Some((down, script?))) {
            let transactional = !script.directives.no_transaction;
            let context = LintContext { server_major: 18, transactional, down, ..LintContext::default() };
            let left: Vec<_> =
                lint(&script.sql, &context).into_iter().filter(|found| found.accepted.is_none()).collect();
            assert!(left.is_empty(), "{}: {left:#?}", script.file);
        }
    }
}

#[test]
fn a_text_that_is_being_typed_is_never_an_error() {
    let whole = "alter table évaluation add column a int default 1 check (a > 'x;' );\ncreate index concurrently i on t (a);";
    for (end, _) in whole.char_indices() {
        lint(&whole[..end], &LintContext::default());
    }
    assert_eq!(rules("selec 1"), ["syntax-error"]);
    let found = &lint("select 1;\ncreate tabel t ();", &LintContext::default())[0];
    assert_eq!((found.rule.as_str(), found.line), ("syntax-error", 2));
}

#[test]
fn the_library_hears_of_the_server_and_of_the_transaction() {
    let adds = "alter table t add column a text default 'x';";
    let on = |server_major| rules_with(adds, &LintContext { server_major, ..LintContext::default() });
    assert_eq!((on(10), on(18)), (vec!["adding-field-with-default".to_owned()], vec![]));
    let index = "alter table t add column a bigint; create index concurrently i on t (a);";
    let mut found = rules(index);
    found.sort();
    assert_eq!(found, ["ban-concurrent-index-creation-in-transaction", "lock-held-long"], "{index}");
    assert!(rules_with(index, &statement_by_statement()).is_empty());
}

#[test]
fn what_a_down_script_drops_is_its_purpose() {
    let drops = "drop table t;";
    assert_eq!(rules(drops), ["ban-drop-table"]);
    assert!(rules_with(drops, &LintContext { down: true, ..LintContext::default() }).is_empty());
}

#[test]
fn a_finding_weighs_what_its_table_weighs() {
    let text = "alter table t add constraint c check (a > 0);";
    let level = |facts| {
        let found = lint(text, &knowing("t", facts))
            .into_iter()
            .find(|found| found.rule == "constraint-missing-not-valid");
        found.map(|found| (found.level, found.why.contains(&facts.words())))
    };
    assert_eq!(level(LARGE), Some((LintLevel::Error, true)));
    assert_eq!(level(SMALL), Some((LintLevel::Advice, true)));
}

#[test]
fn a_rewrite_is_sql_that_the_parser_takes() {
    let texts = [
        "alter table t add constraint c foreign key (a) references u (id);",
        "alter table t add column a int references u (id);",
        "alter table t add constraint c unique (a, b);",
        "alter table t alter column a set not null;",
        "alter table t alter column a type bigint;",
        "alter table t add column a uuid default gen_random_uuid();",
        "alter table t rename column a to b;",
        "alter table t rename to u;",
        "create index i on t using gin (a);",
        "create index if not exists i on t (a);",
        "drop table t cascade;",
        "delete from t;",
        "insert into t select * from u;",
        "set statement_timeout = '1h';",
        "vacuum full t;",
        "create table t (a varchar(20), b timestamp, c int, d serial);",
    ];
    for text in texts {
        let rewrites: Vec<_> = lint(text, &LintContext::default())
            .into_iter()
            .filter_map(|found| Some((found.rule, found.rewrite?)))
            .collect();
        assert!(!rewrites.is_empty(), "{text}");
        for (rule, rewrite) in rewrites {
            let problems = crate::sql::parse::problems(&rewrite);
            assert!(problems.is_empty(), "{rule}: {rewrite}: {problems:?}");
        }
    }
}

#[test]
fn a_rewrite_says_which_statement_it_takes_the_place_of() {
    let text = "select 1;\ncreate index\n  i on t (a);\n";
    let found = lint(text, &LintContext::default());
    let found = found.iter().find(|found| found.rule == "require-concurrent-index-creation").unwrap();
    let replaces = found.replaces.unwrap();
    assert_eq!((replaces.line, replaces.column, replaces.end_line, replaces.end_column), (2, 1, 3, 13));
}
