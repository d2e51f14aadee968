//! A value is shown as psql shows it: every type of the server, with values from its edges.

use std::process::Command;

use support::{TestDatabase, for_each_version, peers};

use crate::query_tab::Tab;

/// A value that no text of PostgreSQL can be.
const NULL: &str = "\u{1}null";

/// What stands between psql's columns.
const BETWEEN: char = '\u{2}';

/// Types with values from their edges, as literals.
const VALUES: &[(&str, &[&str])] = &[
    ("bool", &["true", "false"]),
    ("bytea", &["", "\\x00ff7f5c", "abc"]),
    ("\"char\"", &["a", ""]),
    ("name", &["a\"b", "<script>"]),
    ("int8", &["-9223372036854775808", "9223372036854775807"]),
    ("int2", &["-32768", "32767"]),
    ("int4", &["-2147483648", "2147483647"]),
    ("text", &["", " ", "NULL", "größe 😀", "two\nlines\tand a tab", "\\N", "'"]),
    ("oid", &["4294967295"]),
    ("tid", &["(4294967295,65535)"]),
    ("xid", &["4294967295"]),
    ("cid", &["7"]),
    ("json", &["{ \"a\" : 1.50, \"a\" : 2 }", "null", "12345678901234567890.123"]),
    ("jsonb", &["{\"b\": 1.50, \"a\": \"\\u00e4\"}", "null", "1e100"]),
    ("xml", &["<a>x</a>"]),
    ("point", &["(1e300,-1e-300)"]),
    ("lseg", &["[(0,0),(1,1)]"]),
    ("path", &["[(0,0),(1,1)]", "((0,0),(1,1))"]),
    ("box", &["(1,1),(0,0)"]),
    ("polygon", &["((0,0),(1,1))"]),
    ("line", &["{1,-1,0}"]),
    ("circle", &["<(0,0),1>"]),
    ("float4", &["3.4028235e38", "1e-45", "NaN", "Infinity", "-Infinity", "-0", "0.1"]),
    (
        "float8",
        &["1.7976931348623157e308", "5e-324", "NaN", "Infinity", "-0", "0.1", "123456789012345680000"],
    ),
    ("money", &["-92233720368547758.08", "12.34"]),
    ("macaddr", &["08:00:2b:01:02:03"]),
    ("macaddr8", &["08:00:2b:01:02:03:04:05"]),
    ("inet", &["::1", "10.0.0.1/8"]),
    ("cidr", &["10.0.0.0/8"]),
    ("bpchar", &["ab  "]),
    ("varchar", &["ab  "]),
    ("date", &["4713-01-01 BC", "5874897-12-31", "infinity", "-infinity", "2026-02-28"]),
    ("time", &["00:00", "24:00:00", "23:59:59.999999"]),
    ("timestamp", &["4713-01-01 00:00:00 BC", "294276-12-31 23:59:59.999999", "infinity", "-infinity"]),
    (
        "timestamptz",
        &["4713-01-02 00:00:00 BC", "294276-12-31 23:59:59.999999+00", "infinity", "2026-07-01 12:00+05:30"],
    ),
    ("interval", &["-178000000 years", "1 year 2 mons -3 days 04:05:06.789", "-00:00:00.000001", "0"]),
    ("timetz", &["23:59:59.999999-15:59", "00:00+15:59"]),
    ("bit", &["1"]),
    ("varbit", &["10110", ""]),
    (
        "numeric",
        &["NaN", "0.000000000000000000001", "-123456789012345678901234567890.1234567890", "1e130", "1.10"],
    ),
    ("refcursor", &["c"]),
    ("regprocedure", &["lower(text)"]),
    ("regoper", &["||/"]),
    ("regoperator", &["+(integer,integer)"]),
    ("regclass", &["pg_class", "123456"]),
    ("regtype", &["integer[]"]),
    ("regproc", &["now"]),
    ("regrole", &["postgres"]),
    ("regnamespace", &["pg_catalog"]),
    ("regcollation", &["\"C\""]),
    ("regdatabase", &["template1"]),
    ("regconfig", &["english"]),
    ("regdictionary", &["simple"]),
    ("uuid", &["A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    ("pg_lsn", &["16/B374D848"]),
    ("tsvector", &["a:1A fat:2B,4C 'it''s'"]),
    ("tsquery", &["fat & !cat:*A"]),
    ("jsonpath", &["$.a[*] ? (@ > 1)"]),
    ("txid_snapshot", &["10:20:10,14,15"]),
    ("pg_snapshot", &["10:20:10,14,15"]),
    ("xid8", &["18446744073709551615"]),
    ("aclitem", &["postgres=r/postgres"]),
    ("int2vector", &["1 2 3"]),
    ("oidvector", &["1 2 3"]),
    ("gtsvector", &[]),
    ("int4range", &["[1,5)", "empty", "(,)"]),
    ("int8range", &["[1,9223372036854775807)"]),
    ("numrange", &["[1.10,NaN]", "(,0]"]),
    ("tsrange", &["[2026-01-01,infinity)"]),
    ("tstzrange", &["[2026-01-01 00:00+02,)"]),
    ("daterange", &["[2026-01-01,2026-02-01)"]),
    ("int4multirange", &["{[1,5),[7,9)}", "{}"]),
    ("int8multirange", &["{[1,5)}"]),
    ("nummultirange", &["{(,1.5]}"]),
    ("tsmultirange", &["{[2026-01-01,2026-01-02)}"]),
    ("tstzmultirange", &["{[2026-01-01,infinity)}"]),
    ("datemultirange", &["{[2026-01-01,2026-02-01)}"]),
];

/// Types that nobody can write a value of: the server refuses their input.
const WITHOUT_INPUT: &[&str] = &[
    "pg_node_tree",
    "pg_ndistinct",
    "pg_dependencies",
    "pg_mcv_list",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "gtsvector",
];

/// Values of types that a user made, and of what has a value only where it is read.
const MADE: &str = "
    create type mood as enum ('calm', 'a \"b\", c', '<script>');
    create type pair as (a int, \"b \"\" c\" text);
    create domain positive as int check (value > 0);
    create domain document as jsonb;
    create type floats as range (subtype = float8);
    create type raw_number;
    create function raw_in(cstring) returns raw_number as 'int4in' language internal strict immutable;
    create function raw_out(raw_number) returns cstring as 'int4out' language internal strict immutable;
    create type raw_number (input = raw_in, output = raw_out, internallength = 4, passedbyvalue, alignment = int4);
    create type shelf as (pairs pair[], moods mood[], span floats)";

const MADE_VALUES: &str = "select 'a \"b\", c'::mood, array['calm', null, '<script>']::mood[], \
    row(1, 'x, \"y\" (z)')::pair, array[row(null, '')::pair, null, row(2, null)::pair], 7::positive, \
    '{\"a\": 1}'::document, '[1.5,Infinity)'::floats, \
    row(array[row(1, 'q')::pair], array['calm']::mood[], '(1,2)')::shelf, row(1, null, 'a'), \
    '{{1,2},{3,4}}'::int[], '[0:1]={5,6}'::int[], array[]::text[], array['NULL', null, 'a,b', '\"', E'\\\\'], \
    (select datacl from pg_database limit 1), \
    (select c from pg_class c where relname = 'pg_type'), null::mood, '', null, \
    ''::bytea, '42'::raw_number, array['7']::raw_number[], age(timestamp '2026-01-01', '0001-01-01') \
    ";

#[tokio::test]
async fn every_type_of_the_server_is_shown_as_psql_shows_it() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let here = server_types(&tab).await;
        let known = |name: &str| VALUES.iter().any(|(known, _)| known.trim_matches('"') == name);
        let unknown: Vec<&String> =
            here.iter().filter(|name| !known(name) && !WITHOUT_INPUT.contains(&name.as_str())).collect();
        assert!(unknown.is_empty(), "these types have no value here: {unknown:?}");
        let mut list = Vec::new();
        for (name, values) in
            VALUES.iter().filter(|(name, _)| here.contains(&name.trim_matches('"').to_owned()))
        {
            for value in *values {
                let literal = format!("e'{}'", value.replace('\\', "\\\\").replace('\'', "''"));
                list.push(format!("{literal}::{name}, array[{literal}, null]::{name}[]"));
            }
        }
        let sql = format!("select {}", list.join(", "));
        check(&database, &tab, &sql).await;
    })
    .await;
}

#[tokio::test]
async fn types_that_a_user_made_are_shown_as_psql_shows_them() {
    for_each_version(|database| async move {
        database.run(MADE).await;
        let tab = Tab::of(&database).await;
        check(&database, &tab, MADE_VALUES).await;
        let named = tab.run("select 1::positive, row(1, 'a')::pair, '[1,2)'::floats, '{}'::document").await;
        let names: Vec<_> = named.results[0].columns.iter().map(|column| column.type_name.clone()).collect();
        // The server describes a domain as what it is made of.
        assert_eq!(names, ["integer", "pair", "floats", "jsonb"]);
    })
    .await;
}

/// Base types, ranges and multiranges of pg_catalog that are no arrays and hold values.
async fn server_types(tab: &Tab) -> Vec<String> {
    let state = tab
        .run(
            "select typname from pg_type where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') \
             and typcategory <> 'A' order by 1",
        )
        .await;
    tab.texts(&state, 0).await.into_iter().flatten().flatten().collect()
}

async fn check(database: &TestDatabase, tab: &Tab, sql: &str) {
    let state = tab.run(sql).await;
    assert_eq!(state.statements[0].error, None);
    let shown = tab.texts(&state, 0).await.remove(0);
    let shown: Vec<String> = shown.into_iter().map(|cell| cell.unwrap_or_else(|| NULL.to_owned())).collect();
    let expected = psql(database, sql);
    for (at, (shown, expected)) in shown.iter().zip(&expected).enumerate() {
        let type_name = &state.results[0].columns[at].type_name;
        assert_eq!(shown, expected, "{type_name}, column {at}");
    }
    assert_eq!(shown.len(), expected.len());
}

/// The one row of a query, as psql writes it.
fn psql(database: &TestDatabase, sql: &str) -> Vec<String> {
    let mut command = Command::new(peers::psql());
    command.args(["-X", "-A", "-t", "-P", &format!("null={NULL}"), "-F", &BETWEEN.to_string(), "-c", sql]);
    command.arg(&database.url).env("PGTZ", "UTC").env("PGCLIENTENCODING", "UTF8");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.strip_suffix('\n').unwrap_or(&text).split(BETWEEN).map(str::to_owned).collect()
}
