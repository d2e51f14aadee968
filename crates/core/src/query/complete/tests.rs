//! Where the cursor is, and what is named there.

use super::context::{Context, Place};
use super::rank::fit;
use super::scope::Item;

/// The context at a bar in a text.
fn at(text: &str) -> Option<Context> {
    let byte = text.find('|').unwrap();
    Context::of(&text.replacen('|', "", 1), byte)
}

fn place(text: &str) -> Place {
    at(text).unwrap_or_else(|| panic!("nothing is proposed: {text}")).place
}

fn items(text: &str) -> Vec<String> {
    let context = at(text).unwrap();
    let shown = |item: &Item| match (&item.derived, &item.schema) {
        (Some(derived), _) => {
            format!("{}={}{}", item.called(), derived.columns.join("+"), "*".repeat(derived.stars.len()))
        }
        (None, Some(schema)) => format!("{}={schema}.{}", item.called(), item.name),
        (None, None) => format!("{}={}", item.called(), item.name),
    };
    context.scope.items.iter().map(shown).collect()
}

#[test]
fn relations_stand_where_sql_wants_them() {
    for text in [
        "select * from |",
        "select * from ev|",
        "select 1; select * from a, |",
        "select * from a join |",
        "select * from a left join lateral (select 1 from |) x on true",
        "insert into |",
        "update |",
        "delete from |",
        "with x as (select 1 from |",
        "explain select a from only |",
        "truncate a, |",
        "do $$ begin perform 1 from |",
    ] {
        assert_eq!(place(text), Place::Relation, "{text}");
    }
    assert_eq!(place("select * from s.|"), Place::RelationOf("s".into()));
    assert_eq!(place("select * from \"Odd S\".x|"), Place::RelationOf("Odd S".into()));
}

#[test]
fn values_stand_everywhere_else() {
    for text in [
        "select | from t",
        "select a, | from t",
        "select a from t where |",
        "select extract(year from |)",
        "select a from t order by |",
        "update t set |",
        "select a from t for update; select |",
        "insert into t (a) values (|",
        "select count(|",
    ] {
        assert_eq!(place(text), Place::Expression, "{text}");
    }
    assert_eq!(place("|"), Place::Start);
    assert_eq!(place("select 1; |"), Place::Start);
    assert_eq!(place("select a from t |"), Place::AfterRelation);
    assert_eq!(place("select t.|"), Place::Of(vec!["t".into()]));
    assert_eq!(place("select s.t.a|"), Place::Of(vec!["s".into(), "t".into()]));
}

#[test]
fn nothing_is_proposed_in_comments_strings_and_numbers() {
    for text in ["select 'a|'", "select 1 -- a|", "select /* |", "select 12|", "select $tag$ it's |"] {
        let found = at(text);
        assert!(found.as_ref().is_none() || text.contains("$tag$"), "{text}: {found:?}");
    }
}

#[test]
fn what_was_typed_is_replaced_whole_with_its_quotes() {
    let found = at("select \"Odd na|\" from t").unwrap();
    assert_eq!((found.typed.as_str(), found.from, found.to), ("Odd na", 7, 15));
    let found = at("select größ| from t").unwrap();
    assert_eq!((found.typed.as_str(), found.from), ("größ", 7));
}

#[test]
fn the_items_of_from_are_known_before_and_behind_the_cursor() {
    assert_eq!(
        items("select | from evaluation_runs r, s.results as \"R\" join x on true"),
        ["r=evaluation_runs", "R=s.results", "x=x"]
    );
    assert_eq!(items("update t set a = | from u where true"), ["t=t", "u=u"]);
    assert_eq!(items("delete from t using u where |"), ["t=t", "u=u"]);
    assert_eq!(items("insert into t (a) select | from u"), ["t=t", "u=u"]);
    assert_eq!(items("select 1 from a; select | from b; select 1 from c"), ["b=b"]);
    assert_eq!(items("select a from t union select | from u"), ["u=u"]);
}

#[test]
fn queries_around_and_within_count_as_sql_has_it() {
    assert_eq!(items("select a from t where exists (select 1 from u where |)"), ["u=u", "t=t"]);
    assert_eq!(items("select | from (select a, b as c, count(*) as n from t) s"), ["s=a+c+n"]);
    assert_eq!(items("select | from (select * from t) s"), ["s=*"]);
    assert_eq!(items("select | from generate_series(1, 2) g join t on true"), ["g=", "t=t"]);
    assert_eq!(items("with w as (select a, b from t) select | from w"), ["w=a+b"]);
    assert_eq!(items("with recursive w (x, y) as (select 1, 2) select | from w as v"), ["v=x+y"]);
}

#[test]
fn inserts_know_the_columns_that_are_there() {
    let Place::InsertColumn { table, there } = place("insert into s.t (a, \"B c\", |") else { panic!() };
    assert_eq!((table.schema.as_deref(), table.name.as_str()), (Some("s"), "t"));
    assert_eq!(there, ["a", "B c"]);
}

#[test]
fn a_join_wants_a_condition_of_two_items() {
    assert_eq!(place("select * from a join b on |"), Place::JoinCondition);
    let context = at("select * from a join b x on | join c on true").unwrap();
    let (joined, others) = context.scope.joined().unwrap();
    assert_eq!((joined.called(), others.len()), ("x", 1));
}

#[test]
fn a_key_of_a_json_column_knows_the_keys_before_it() {
    let path = |text: &str| match place(text) {
        Place::Path { column, keys } => (column.join("."), keys.join(".")),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(path("select token_metrics->'|"), ("token_metrics".into(), String::new()));
    assert_eq!(
        path("select r.token_metrics -> 'baseline' ->> 'to|' from r"),
        ("r.token_metrics".into(), "baseline".into())
    );
    let found = at("select a->>'to|' from t").unwrap();
    assert_eq!((found.from, found.to, found.typed.as_str()), (11, 15, "to"));
    assert!(at("select a = 'x|'").is_none());
}

#[test]
fn names_fit_from_the_beginning_better_than_from_within() {
    let fits =
        ["total", "total_ms", "x_total", "subtotal", "to_the_all", "rest"].map(|name| fit(name, "total"));
    assert_eq!(fits, [Some(0), Some(1), Some(2), Some(3), Some(4), None]);
}
