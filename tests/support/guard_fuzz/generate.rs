//! Statements from a small grammar: mostly queries that run, with now and then what makes them more than a read.

use super::dice::Dice;
use super::world::{World, value};

const TABLES: &[&str] = &[
    "t",
    "u",
    "plain",
    "clean_view",
    "partitioned",
    "pg_class",
    "pg_stat_activity",
    "pg_locks",
    "information_schema.tables",
    "pg_catalog.pg_proc",
    "only t",
    "outer_view",
    "app.outer_view",
    "calling_view",
    "with_policy",
    "odds",
];
/// The first of them are reads.
const CALM_TABLES: usize = 11;
const COLUMNS: &[&str] =
    &["id", "a", "b", "data", "at", "x.id", "name", "mood", "x.b", "relname", "x.of_row"];
const CALM_COLUMNS: usize = 10;
const OPERATORS: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "%",
    "=",
    "<>",
    "<",
    "||",
    "->",
    "->>",
    "@>",
    "?",
    "~",
    "!~*",
    "is distinct from",
    "and",
    "or",
    "like",
    "operator(pg_catalog.+)",
    "#>>",
    "<->",
    "^",
    "&",
    "in",
    "@@",
    "|+|",
    "operator(app.|+|)",
];
const CALM_OPERATORS: usize = 26;
const TYPES: &[&str] = &[
    "int",
    "text",
    "numeric(10, 2)",
    "jsonb",
    "timestamptz",
    "int[]",
    "mood",
    "regclass",
    "uuid",
    "pg_catalog.int8",
    "trimmed",
    "citext",
    "double precision",
    "interval day",
    "char(3)",
    "checked",
    "odd",
    "t",
    "app.nothing",
];
const CALM_TYPES: usize = 15;
const COMMON: &[&str] = &[
    "count",
    "max",
    "upper",
    "coalesce",
    "nullif",
    "length",
    "now",
    "jsonb_build_object",
    "generate_series",
    "row_number",
    "array_agg",
    "string_agg",
    "to_char",
    "pg_total_relation_size",
    "current_setting",
    "random",
    "md5",
    "similarity",
    "pg_catalog.count",
    "pg_catalog.lower",
    "greatest",
    "xmlelement",
    "lower",
    "lies",
    "app.lies",
    "public.lower",
];
const CALM_CALLS: usize = 22;

/// A statement; mostly one that could be a read.
pub(super) fn statement(dice: &mut Dice, world: &World) -> String {
    dice.bold = dice.once_in(3);
    match dice.below(40) {
        0 if dice.bold => trap(dice, world),
        1 => format!(
            "explain {} {}",
            dice.pick(&["", "analyze", "(analyze, buffers)", "(costs off)", "(analyze off)"]),
            any(dice, world)
        ),
        2 => format!("copy ({}) to stdout", any(dice, world)),
        3 => format!(
            "copy {} {}",
            dice.pick_of_first(CALM_TABLES, TABLES),
            dice.pick(&["to stdout", "to stdout (format csv)", "from stdin", "to program 'id'"])
        ),
        4 => format!(
            "declare c {} cursor {} for {}",
            dice.pick(&["", "no scroll", "binary"]),
            dice.pick(&["", "with hold"]),
            any(dice, world)
        ),
        5 => format!("with x as ({}) {}", any(dice, world), query(dice, world, 1)),
        6 => format!(
            "with x as materialized ({}), y as ({}) select * from x, y",
            query(dice, world, 1),
            any(dice, world)
        ),
        7 => session(dice).to_owned(),
        8 if dice.bold => change(dice, world),
        _ => query(dice, world, 3),
    }
}

fn any(dice: &mut Dice, world: &World) -> String {
    if dice.dares(5) { change(dice, world) } else { query(dice, world, 2) }
}

fn query(dice: &mut Dice, world: &World, depth: usize) -> String {
    if depth > 0 && dice.once_in(8) {
        let link = dice.pick(&["union", "union all", "except", "intersect"]);
        return format!("({}) {link} ({})", query(dice, world, depth - 1), query(dice, world, depth - 1));
    }
    if dice.once_in(15) {
        return format!("values ({}), ({})", expression(dice, world, 1), expression(dice, world, 1));
    }
    let mut sql = "select ".to_owned();
    if dice.once_in(10) {
        sql += dice.pick(&["distinct ", "distinct on (1) ", "all "]);
    }
    let targets = 1 + dice.below(3);
    let list: Vec<String> = (0..targets).map(|_| expression(dice, world, depth)).collect();
    sql += &list.join(", ");
    sql += &from(dice, world, depth);
    if dice.once_in(2) {
        sql += &format!(" where {}", expression(dice, world, depth));
    }
    if dice.once_in(6) {
        sql += &format!(
            " group by {}",
            dice.pick(&["1", "x.id", "rollup (a, b)", "()", "grouping sets ((a), ())"])
        );
    }
    if dice.once_in(5) {
        sql += &format!(
            " order by {}{}",
            expression(dice, world, 1),
            dice.pick(&["", " desc", " using <", " nulls first"])
        );
    }
    if dice.once_in(5) {
        sql += &format!(" limit {}", dice.pick_of_first(3, &["1", "all", "(select 2)", "nextval('s')"]));
    }
    if dice.dares(25) {
        sql += dice.pick(&[" for update", " for share of x", " for key share skip locked"]);
    }
    if dice.dares(20) {
        sql = sql.replacen("select ", "select 1 as one into new_table ", 1);
    }
    sql
}

fn from(dice: &mut Dice, world: &World, depth: usize) -> String {
    match dice.below(10) {
        0 => String::new(),
        1 if depth > 0 => format!(" from ({}) as x", query(dice, world, depth - 1)),
        2 => format!(" from {} as x", call(dice, world, 1)),
        3 => format!(
            " from {} as x join {} as y on true",
            dice.pick_of_first(CALM_TABLES, TABLES),
            dice.pick_of_first(CALM_TABLES, TABLES)
        ),
        4 => format!(
            " from {} as x, lateral {} as y",
            dice.pick_of_first(CALM_TABLES, TABLES),
            call(dice, world, 1)
        ),
        5 => format!(
            " from {} as x tablesample {}(50)",
            dice.pick_of_first(CALM_TABLES, TABLES),
            dice.pick_of_first(2, &["system", "bernoulli", "lies"])
        ),
        6 => format!(
            " from rows from ({}, {}) with ordinality as x",
            call(dice, world, 0),
            call(dice, world, 0)
        ),
        _ => format!(" from {} as x", dice.pick_of_first(CALM_TABLES, TABLES)),
    }
}

fn expression(dice: &mut Dice, world: &World, depth: usize) -> String {
    if depth == 0 {
        return match dice.below(4) {
            0 => dice.pick_of_first(CALM_COLUMNS, COLUMNS).to_owned(),
            1 => value(dice.pick(&[
                "integer",
                "text",
                "jsonb",
                "boolean",
                "interval",
                "integer[]",
                "regclass",
            ])),
            2 => dice
                .pick(&["1", "'a'", "null", "true", "*", "current_user", "$$x$$", "e'\\n'", "1.5e3"])
                .to_owned(),
            _ => call(dice, world, 0),
        };
    }
    let next = depth - 1;
    match dice.below(12) {
        0 => format!(
            "({} {} {})",
            expression(dice, world, next),
            dice.pick_of_first(CALM_OPERATORS, OPERATORS),
            expression(dice, world, next)
        ),
        1 => format!("{}::{}", expression(dice, world, next), dice.pick_of_first(CALM_TYPES, TYPES)),
        2 => format!("cast({} as {})", expression(dice, world, next), dice.pick_of_first(CALM_TYPES, TYPES)),
        3 => format!(
            "case when {} then {} else {} end",
            expression(dice, world, next),
            expression(dice, world, next),
            expression(dice, world, next)
        ),
        4 => format!("({})", query(dice, world, next)),
        5 => format!("exists ({})", query(dice, world, next)),
        6 => format!("array[{}, {}]", expression(dice, world, next), expression(dice, world, next)),
        7 => format!("{} over (partition by {})", call(dice, world, next), expression(dice, world, 0)),
        8 => format!("{} filter (where {})", call(dice, world, next), expression(dice, world, next)),
        9 => format!("{} '{}'", dice.pick_of_first(CALM_TYPES, TYPES), dice.pick(&["1", "a", "2020-01-01"])),
        _ => call(dice, world, next),
    }
}

/// Mostly common functions, now and then any of the server's, by chance one that does more.
fn call(dice: &mut Dice, world: &World, depth: usize) -> String {
    if dice.dares(12) {
        let name = &world.others[dice.below(world.others.len())];
        return format!("{name}({})", expression(dice, world, 0));
    }
    if dice.once_in(4) {
        let call = &world.calls[dice.below(world.calls.len())];
        let call = call.trim_start_matches("select ").trim_start_matches("* from ");
        return call.split(" from t").next().unwrap_or(call).trim_end_matches(" limit 3").to_owned();
    }
    if dice.dares(20) {
        return danger(dice, world);
    }
    let count = dice.below(3);
    let arguments: Vec<String> = (0..count).map(|_| expression(dice, world, depth.min(1))).collect();
    format!("{}({})", dice.pick_of_first(CALM_CALLS, COMMON), arguments.join(", "))
}

/// A call that is no read, and shows if it runs.
fn danger(dice: &mut Dice, world: &World) -> String {
    let (pid, folder) = (world.canary_pid, world.folder.path().display());
    match dice.below(14) {
        0 => format!("pg_terminate_backend({pid})"),
        1 => format!("\"pg_terminate_backend\"({pid})"),
        2 => format!("pg_catalog.pg_terminate_backend(pid => {pid})"),
        3 => "pg_advisory_lock(7)".to_owned(),
        4 => "pg_try_advisory_lock_shared(7)".to_owned(),
        5 => "nextval('s')".to_owned(),
        6 => "setval('s', 9)".to_owned(),
        7 => "set_config('transaction_read_only', 'off', true)".to_owned(),
        8 => format!("lo_export(4711, '{folder}/lo')"),
        9 => "lo_unlink(4711)".to_owned(),
        10 => "pg_notify('c', 'x')".to_owned(),
        11 => "query_to_xml('select nextval(''s'')', true, true, '')".to_owned(),
        12 => "U&\"pg\\005fnotify\"('c', 'x')".to_owned(),
        _ => "txid_current()".to_owned(),
    }
}

fn trap(dice: &mut Dice, world: &World) -> String {
    let folder = world.folder.path().display();
    match dice.below(12) {
        0 => format!("copy t to '{folder}/t'"),
        1 => format!("copy (select 1) to program 'touch {folder}/p'"),
        2 => format!("select 1 -- \r, {}", danger(dice, world)),
        3 => format!("select 1 /* /* */ , {} /* */ */", danger(dice, world)),
        4 => format!("select e'a'\n '\\', {}, '", danger(dice, world)),
        5 => format!("select '\\', {} --'", danger(dice, world)),
        6 => format!("select $a$ x $a$, {} $a$", danger(dice, world)),
        7 => format!("do $$ begin perform {}; end $$", danger(dice, world)),
        8 => format!("prepare p as select {}", danger(dice, world)),
        9 => format!("select 1; select {}", danger(dice, world)),
        10 => format!("select 1 as \"a\"\"; {}\"", danger(dice, world)),
        _ => format!("select {}", danger(dice, world)),
    }
}

fn session(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "set statement_timeout = '1s'",
        "set transaction_read_only = off",
        "set local default_transaction_read_only to off",
        "set session characteristics as transaction read write",
        "set transaction read write",
        "begin read write",
        "begin",
        "commit",
        "rollback",
        "savepoint a",
        "reset all",
        "discard all",
        "set search_path to app",
        "listen c",
        "notify c",
        "set search_path to public, pg_catalog",
        "set role postgres",
        "set standard_conforming_strings = off",
        "commit and chain",
        "start transaction read only",
        "set time zone 'UTC'",
        "unlisten *",
        "show all",
        "end",
        "set transaction isolation level serializable",
        "prepare transaction 'x'",
        "lock table t",
        "fetch all from c",
    ])
}

fn change(dice: &mut Dice, world: &World) -> String {
    match dice.below(8) {
        0 => format!("insert into t (id) values ({})", expression(dice, world, 1)),
        1 => format!("update t set a = {} where {}", expression(dice, world, 1), expression(dice, world, 1)),
        2 => format!("delete from t where {} returning *", expression(dice, world, 1)),
        3 => format!("insert into u {}", query(dice, world, 1)),
        4 => "merge into t using u on t.id = u.id when matched then delete".to_owned(),
        5 => format!("create table made as {}", query(dice, world, 1)),
        6 => "drop table u".to_owned(),
        _ => "truncate u".to_owned(),
    }
}
