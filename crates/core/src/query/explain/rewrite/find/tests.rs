use super::*;

fn check(sql: &str, expected: &[(&str, &str, Test)]) {
    let found = arrows(sql);
    let found: Vec<_> = found
        .iter()
        .map(|arrow| (&sql[arrow.start..arrow.end], arrow.path.column.as_str(), arrow.test.clone()))
        .collect();
    assert_eq!(found, expected, "{sql}");
}

fn text(value: &str) -> Test {
    Test::Equals(vec![Operand::Text(value.to_owned())])
}

#[test]
fn a_comparison_is_found_where_it_stands() {
    check(
        "select * from r where r.data ->> 'k' = 'true' and r.a = 1",
        &[("r.data ->> 'k' = 'true'", "data", text("true"))],
    );
    check("select * from r where 'v' = (data->'a'->>'b')", &[("'v' = (data->'a'->>'b')", "data", text("v"))]);
    let nested = &arrows("select * from r where data->'a'->>'b' = 'it''s'")[0];
    assert_eq!(nested.path.keys, ["a", "b"]);
    assert_eq!((nested.path.base.as_str(), &nested.test), ("data", &text("it's")));
}

#[test]
fn parameters_are_values_and_in_nobodys_way() {
    check(
        "select id from r where data ->> 'k' = 'v' and id > :least and a = $1",
        &[("data ->> 'k' = 'v'", "data", text("v"))],
    );
    let given = |name: &str| Test::Equals(vec![Operand::Parameter(name.to_owned())]);
    check(
        "select id from r where data ->> 'k' = :since and a = 1",
        &[("data ->> 'k' = :since", "data", given(":since"))],
    );
    check("select id from r where $12 = data ->> 'k'", &[("$12 = data ->> 'k'", "data", given("$12"))]);
    check(
        "select id from r where data ->> 'k'=:wanted",
        &[("data ->> 'k'=:wanted", "data", given(":wanted"))],
    );
    check(
        "select id from r where (data ->> 'k')::int = $1",
        &[("(data ->> 'k')::int = $1", "data", given("$1"))],
    );
}

#[test]
fn several_values_a_cast_and_what_is_not_null_are_found_too() {
    let values = [Operand::Text("a".into()), Operand::Parameter(":other".into())];
    check(
        "select * from r where data ->> 'k' in ('a', :other) or false",
        &[("data ->> 'k' in ('a', :other)", "data", Test::Equals(values.to_vec()))],
    );
    check("select * from r where data ->> 'k' in ('a')", &[("data ->> 'k' in ('a')", "data", text("a"))]);
    for exists in ["data ->> 'k' is not null", "data -> 'a' -> 'k' IS NOT NULL", "(data ->> 'k') notnull"] {
        check(&format!("select * from r where {exists}"), &[(exists, "data", Test::Exists)]);
    }
    let holds = |value| Test::Equals(vec![Operand::Bool(value)]);
    for (sql, value) in [
        ("(data ->> 'k')::boolean", true),
        ("(data ->> 'k')::bool is true", true),
        ("(data ->> 'k')::boolean = false", false),
        ("cast(data ->> 'k' as boolean) = 'f'", false),
    ] {
        check(&format!("select * from r where a = 1 and ({sql})"), &[(sql, "data", holds(value))]);
    }
    let number = |value: &str| Test::Equals(vec![Operand::Number(value.to_owned())]);
    check(
        "select * from r where (data ->> 'k')::int = -42",
        &[("(data ->> 'k')::int = -42", "data", number("-42"))],
    );
    let document = Test::Equals(vec![Operand::Json("\"x\"".into())]);
    check(
        "select * from r where data -> 'k' = '\"x\"'::jsonb",
        &[("data -> 'k' = '\"x\"'::jsonb", "data", document)],
    );
}

#[test]
fn what_only_looks_like_it_is_left_alone() {
    for sql in [
        "select * from r where data ->> 'k' <> 'v'",
        "select * from r where data ->> 0 = 'v'",
        "select * from r where data ->> 'k' = 42",
        "select * from r where data ->> 'k' = e'v'",
        "select * from r where data ->> 'a' ->> 'b' = 'v'",
        "select * from r where f(data) ->> 'k' = 'v'",
        "select * from r where data ->> 'k' = other",
        "select * from r where data ->> 'k' = other.data ->> 'k'",
        "select * from r where data ->> 'k' not in ('a', 'b')",
        "select * from r where data ->> 'k' in (select 'a')",
        "select * from r where data ->> 'k' is null",
        "select * from r where (data ->> 'k')::timestamptz = '2026-01-01'",
        "select (data ->> 'k')::boolean from r",
        "select * from r where (data ->> 'k')::int > 3",
        "select 'data ->> ''k'' = ''v'''",
        "select * from",
    ] {
        check(sql, &[]);
    }
}
