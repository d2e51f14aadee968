//! What a statement stops while it runs: its strongest lock, on which relations, and what that means in words.
//!
//! Read from the statement's leading words, after the measured table of PostgreSQL 15. What it does not know, it says
//! it does not know; a rehearsal measures.

mod found;
mod words;

use std::collections::HashSet;

use found::{
    EXCLUSIVE, SHARE, SHARE_ROW, SHARE_UPDATE, bare, goes_on, plain, stops_all, stops_writes, unknown,
};
use words::Words;

pub use found::{Blocks, Impact};

/// Reads a statement. `new_tables` are those that the same plan has made before it, and grows by what it makes:
/// on a table that nobody else can see yet, nobody waits.
pub fn impact(statement: &str, new_tables: &mut HashSet<String>) -> Impact {
    let mut words = Words::of(statement);
    let found = match words.next().as_str() {
        "create" => create(&mut words, new_tables),
        "drop" => drop_object(&mut words),
        "alter" => alter(&mut words),
        "vacuum" => vacuum(&mut words),
        "analyze" | "analyse" => goes_on(SHARE_UPDATE, words.names_to_end()),
        "reindex" => reindex(&mut words),
        "truncate" | "cluster" => {
            words.skip_if("table");
            stops_all(words.names_to_end())
        }
        "refresh" => refresh(&mut words),
        "insert" | "update" | "delete" | "merge" => write(&mut words),
        "select" | "with" | "comment" | "set" | "reset" => plain("reads and writes go on"),
        _ => unknown(),
    };
    found.unless_new(new_tables)
}

fn create(words: &mut Words<'_>, new_tables: &mut HashSet<String>) -> Impact {
    let replaces = words.skip_if("or") && words.skip_if("replace");
    while ["unique", "unlogged", "temporary", "temp", "global", "local"]
        .iter()
        .any(|word| words.skip_if(word))
    {}
    match words.next().as_str() {
        "table" => create_table(words, new_tables),
        "index" => create_index(words),
        "trigger" => {
            words.skip_past("on");
            stops_writes(SHARE_ROW, vec![words.name()])
        }
        "function" | "procedure" | "schema" | "extension" | "sequence" | "type" | "domain" | "role" => {
            plain("a new object, nobody waits")
        }
        "view" | "materialized" if !replaces => plain("a new object, nobody waits"),
        _ => unknown(),
    }
}

fn create_table(words: &mut Words<'_>, new_tables: &mut HashSet<String>) -> Impact {
    words.skip_if_not_exists();
    new_tables.insert(bare(&words.name()));
    let mut referenced = Vec::new();
    while words.skip_past("references") {
        referenced.push(words.name());
    }
    referenced.retain(|table| !new_tables.contains(&bare(table)));
    referenced.sort();
    referenced.dedup();
    if referenced.is_empty() { plain("new table, nobody waits") } else { stops_writes(SHARE_ROW, referenced) }
}

fn create_index(words: &mut Words<'_>) -> Impact {
    let concurrently = words.skip_if("concurrently");
    words.skip_past("on");
    words.skip_if("only");
    let table = vec![words.name()];
    if concurrently { goes_on(SHARE_UPDATE, table) } else { stops_writes(SHARE, table) }
}

fn drop_object(words: &mut Words<'_>) -> Impact {
    let kind = words.next();
    let concurrently = words.skip_if("concurrently");
    words.skip_if_exists();
    let names = words.names_to_end();
    match kind.as_str() {
        "index" if concurrently => goes_on(SHARE_UPDATE, names),
        "table" => Impact {
            consequence: "reads and writes wait; the rows are gone for good".into(),
            ..stops_all(names)
        },
        "index" | "view" | "materialized" | "sequence" => stops_all(names),
        _ => unknown(),
    }
}

fn alter(words: &mut Words<'_>) -> Impact {
    match words.next().as_str() {
        "table" => alter_table(words),
        "index" | "sequence" | "view" => {
            words.skip_if_exists();
            stops_all(vec![words.name()])
        }
        _ => unknown(),
    }
}

fn alter_table(words: &mut Words<'_>) -> Impact {
    words.skip_if_exists();
    words.skip_if("only");
    let table = words.name();
    let several = words.has_comma_ahead();
    let action = (words.next(), words.next());
    match (action.0.as_str(), action.1.as_str()) {
        _ if several => stops_all(vec![table]),
        ("validate", "constraint") | ("attach", "partition") => goes_on(SHARE_UPDATE, vec![table]),
        ("add", "constraint" | "foreign") if words.skip_past("references") => {
            stops_writes(SHARE_ROW, vec![table, words.name()])
        }
        _ => stops_all(vec![table]),
    }
}

fn vacuum(words: &mut Words<'_>) -> Impact {
    let full = words.options_contain("full");
    let names = words.names_to_end();
    if full { stops_all(names) } else { goes_on(SHARE_UPDATE, names) }
}

fn reindex(words: &mut Words<'_>) -> Impact {
    let concurrently = words.options_contain("concurrently");
    words.next();
    words.skip_if("concurrently");
    let names = words.names_to_end();
    if concurrently {
        return goes_on(SHARE_UPDATE, names);
    }
    let consequence = "every write waits, and so do reads that the index could serve".to_owned();
    Impact { consequence, ..stops_writes(SHARE, names) }
}

fn refresh(words: &mut Words<'_>) -> Impact {
    words.skip_past("view");
    let concurrently = words.skip_if("concurrently");
    let view = vec![words.name()];
    if concurrently { stops_writes(EXCLUSIVE, view) } else { stops_all(view) }
}

fn write(words: &mut Words<'_>) -> Impact {
    while ["into", "from", "only"].iter().any(|word| words.skip_if(word)) {}
    let consequence = "reads and writes go on; writes to the same rows wait".to_owned();
    Impact { consequence, ..goes_on("ROW EXCLUSIVE", vec![words.name()]) }
}

/// The tables that a statement drops.
pub(super) fn drops(statement: &str) -> Vec<String> {
    let mut words = Words::of(statement);
    if !(words.skip_if("drop") && words.skip_if("table")) {
        return Vec::new();
    }
    words.skip_if_exists();
    words.names_to_end()
}

/// The index that a statement builds concurrently, where it has a name.
pub(super) fn builds_concurrently(statement: &str) -> Option<String> {
    let mut words = Words::of(statement);
    words.skip_if("create");
    words.skip_if("unique");
    if !(words.skip_if("index") && words.skip_if("concurrently")) {
        return None;
    }
    words.skip_if_not_exists();
    if words.skip_if("on") { None } else { Some(words.name()) }
}

#[cfg(test)]
mod tests {
    use super::found::ACCESS;
    use super::*;

    fn check(statement: &str, lock: Option<&str>, relations: &[&str], consequence: &str) {
        let found = impact(statement, &mut HashSet::new());
        assert_eq!(found.lock.as_deref(), lock, "{statement}");
        assert_eq!(found.relations, relations, "{statement}");
        assert_eq!(found.consequence, consequence, "{statement}");
    }

    #[test]
    fn an_index_stops_writes_unless_concurrently() {
        check("create unique index i on public.t (a)", Some(SHARE), &["public.t"], "every write waits");
        check(
            "create index concurrently if not exists i on only t (a)",
            Some(SHARE_UPDATE),
            &["t"],
            "reads and writes go on",
        );
        check("drop index concurrently if exists i", Some(SHARE_UPDATE), &["i"], "reads and writes go on");
        check("drop index i, j", Some(ACCESS), &["i", "j"], "reads and writes wait");
        check(
            "reindex (verbose, concurrently) table t",
            Some(SHARE_UPDATE),
            &["t"],
            "reads and writes go on",
        );
    }

    #[test]
    fn a_foreign_key_stops_writes_on_both_sides() {
        check(
            "alter table results add constraint fk foreign key (run) references \"runs\" (id) not valid",
            Some(SHARE_ROW),
            &["results", "runs"],
            "writes to 2 tables wait",
        );
        check("alter table t validate constraint fk", Some(SHARE_UPDATE), &["t"], "reads and writes go on");
        check("alter table t rename column a to b", Some(ACCESS), &["t"], "reads and writes wait");
        check(
            "alter table t add constraint c unique (a), validate constraint fk",
            Some(ACCESS),
            &["t"],
            "reads and writes wait",
        );
    }

    #[test]
    fn maintenance_goes_on_except_in_full() {
        check("vacuum (analyze) t", Some(SHARE_UPDATE), &["t"], "reads and writes go on");
        check("vacuum full t", Some(ACCESS), &["t"], "reads and writes wait");
        check("vacuum (full, analyze) t", Some(ACCESS), &["t"], "reads and writes wait");
    }

    #[test]
    fn what_is_new_keeps_nobody_waiting() {
        let mut new = HashSet::new();
        assert_eq!(impact("create table a (id int)", &mut new).consequence, "new table, nobody waits");
        let b = impact("create table b (a int references a (id), c int references c (id))", &mut new);
        assert_eq!((b.lock.as_deref(), b.relations), (Some(SHARE_ROW), vec!["c".to_owned()]));
        assert_eq!(impact("create index i on public.b (a)", &mut new).blocks, Blocks::Nobody);
    }

    #[test]
    fn what_it_does_not_know_it_says() {
        assert_eq!(impact("do $$ begin end $$", &mut HashSet::new()).blocks, Blocks::Unknown);
        assert_eq!(impact("", &mut HashSet::new()).blocks, Blocks::Unknown);
    }

    /// What the user is shown of every statement that is compiled in.
    #[test]
    fn nothing_of_ours_stops_a_write_except_the_rename() {
        let mut shown = String::new();
        for migration in crate::migrate::MigrationSet::embedded().unwrap().iter() {
            let mut new = HashSet::new();
            for script in [Some(&migration.up), migration.down.as_ref()].into_iter().flatten() {
                for found in script.statements.iter().map(|statement| impact(&statement.text, &mut new)) {
                    let lock = found.lock.as_deref().unwrap_or("-");
                    let line =
                        format!("{}: {lock} {:?}: {}\n", script.file, found.relations, found.consequence);
                    // The many indexes of the new tables are all alike.
                    shown = if shown.ends_with(&line) { shown } else { shown + &line };
                }
                new.clear();
            }
        }
        insta::assert_snapshot!(shown);
    }
}
