//! What formatting keeps, on statements that formatters are known to break.

use super::same::same;
use super::*;

/// What a formatter must not break: it comes out the same to the server, and stays so.
const HARD: &[&str] = &[
    "select token_metrics->>'total', a->'b'->>0, a #>> '{a,b}', a @> '{}'::jsonb, x ? 'k', x ?| array['a'], x @? '$.a' from t",
    "select a::text, b::numeric(10,2), c::\"My Type\", (d)::int[], e[1:2], f[1], array[1,2]::bigint[]",
    "select $1, $2::int, :name, :\"name\", a<=b, a<>-1, a=-1, a= -1, - -1, 2*-1, a!=b, a~*'x', a!~~'y', 1.5e-3, .5, 5.",
    "create function f() returns int language plpgsql as $body$ begin\n   -- a ; comment\n  return 'it''s';\nend $body$",
    "do $$ begin perform 1; end $$",
    "select e'a\\'b', U&'\\0041', b'101', x'1F', 'a' -- tail\n  'b', n'x'",
    "select 1 -- one\n, 2 /* two /* nested */ */ , 3 --three\nfrom t",
    "select \"a\"\"b\".\"c d\", größe, \"select\" from \"Odd \"\"schema\"\"\".\"t\" as \"x\"",
    "with recursive w(n) as (select 1 union all select n + 1 from w where n < 10) select * from w order by n desc nulls last",
    "select count(*) filter (where a > 1) over (partition by b order by c rows between 1 preceding and current row) from t",
    "insert into t (a, b) values (1, 'x'), (2, null) on conflict (a) do update set b = excluded.b returning *",
    "select case when a then 1 when b then 2 else 3 end, a is distinct from b, a between 1 and 2, interval '1 day', timestamp with time zone 'now'",
    "select a from t left join lateral (select b from u where u.id = t.id limit 1) x on true join v using (id) for update skip locked",
    "merge into t using s on t.id = s.id when matched then update set a = s.a when not matched then insert values (s.id)",
    "create table t (id bigserial primary key, a text collate \"C\" default 'x', check (a <> ''), exclude using gist (r with &&))",
    "select ARRAY(select 1), row(1,2), (a).b, (f(x)).*, t.* from only t tablesample system (10), generate_series(1,2) with ordinality as g(a,b)",
    "copy (select 1) to stdout with (format csv, header)",
    "select '{\"a\": \"--\"}', '/* no comment */', $q$ -- no comment $q$",
    "explain (analyze, buffers) select 1",
    "select a operator(pg_catalog.+) b, a at time zone 'utc', x like '%\\%' escape '\\'",
];

#[test]
fn nothing_but_white_space_changes_and_the_second_time_nothing_at_all() {
    for sql in HARD {
        let once = format(sql);
        assert!(same(sql, &once.text), "{sql}\n{}", once.text);
        assert_eq!(format(&once.text), once, "{sql}");
    }
}

#[test]
fn most_of_it_is_formatted_and_not_merely_left() {
    let left: Vec<_> = HARD.iter().filter(|sql| format(sql).notice.is_some()).collect();
    assert!(left.len() <= 4, "{left:#?}");
}

#[test]
fn a_statement_begins_its_clauses_on_lines_of_their_own() {
    let long = "select id, status, created_at, token_metrics->>'total' as total from evaluation_results where status = 'failed' and created_at > now() - interval '7 days' order by created_at desc limit 50";
    let text = format(long).text;
    insta::assert_snapshot!(text);
}

#[test]
fn statements_are_formatted_one_by_one_and_what_is_between_them_stays() {
    let text = format("-- head\n\nselect   1 ;\n\n-- between\nselect   2;\n-- tail").text;
    assert_eq!(text, "-- head\n\nselect 1 ;\n\n-- between\nselect 2;\n-- tail");
}

#[test]
fn what_cannot_be_cut_comes_back_as_it_was_and_says_where() {
    let formatted = format("select 1;\n  select 'never ends");
    assert_eq!(formatted.text, "select 1;\n  select 'never ends");
    assert!(formatted.notice.unwrap().contains("line 2"));
}

#[test]
fn the_check_sees_what_white_space_means() {
    for (one, other) in [
        ("a->>'b'", "a - >> 'b'"),
        ("a::int", "a : : int"),
        ("1.5", "1 . 5"),
        ("a<=b", "a < = b"),
        ("$1", "$ 1"),
        (":name", ": name"),
        ("x'1F'", "x '1F'"),
        ("U&'a'", "U & 'a'"),
        ("select 1 -- a\n, 2", "select 1 -- a , 2"),
        ("'a'", "'A'"),
        ("a", "A"),
        ("a @-b", "a @ - b"),
    ] {
        assert!(!same(one, other), "{one} {other}");
    }
    for (one, other) in [
        ("a=-1", "a = - 1"),
        ("a.b", "a . b"),
        ("f (x)", "f(x)"),
        ("/* a\n   b */", "/* a\nb */"),
        ("2*-1", "2 * -1"),
    ] {
        assert!(same(one, other), "{one} {other}");
    }
}
