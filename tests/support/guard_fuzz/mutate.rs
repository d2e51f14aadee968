//! A statement with a few of its words changed.

use evaldesk_core::sql::lex;

use super::dice::Dice;
use super::world::World;

const WORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "with",
    "as",
    "insert",
    "delete",
    "update",
    "returning",
    "into",
    "for",
    "lateral",
    "(",
    ")",
    ",",
    ";",
    "analyze",
    "explain",
    "copy",
    "to",
    "stdout",
    "*",
    "::",
    ".",
    "'",
    "\"",
    "$$",
    "--",
    "/*",
    "*/",
    "\r",
    "\u{a0}",
    "null",
    "t",
    "plain",
    "s",
    "1",
    "'a'",
    "over",
    "union",
    "table",
    "values",
    "only",
    "e'",
    "u&\"",
    "\\",
    "case",
    "end",
];

/// One to four changes. A part of the statements keeps its tables, another gets those that are there.
pub(super) fn statement(dice: &mut Dice, world: &World, sql: &str, corpus: &[String]) -> String {
    let mut words = words(sql);
    if dice.once_in(2) {
        settle(dice, &mut words);
    }
    dice.bold = dice.once_in(2);
    for _ in 0..=dice.below(if dice.bold { 4 } else { 2 }) {
        change(dice, world, &mut words, corpus);
    }
    words.concat()
}

/// The words with the space before each.
fn words(sql: &str) -> Vec<String> {
    let Ok(tokens) = lex::tokens(sql) else { return sql.split_inclusive(' ').map(str::to_owned).collect() };
    let mut at = 0;
    let mut found = Vec::new();
    for token in tokens {
        found.push(sql[at..token.end].to_owned());
        at = token.end;
    }
    found
}

/// Names after `from` and `join` become tables that are there.
fn settle(dice: &mut Dice, words: &mut [String]) {
    for at in 1..words.len() {
        let before = words[at - 1].trim().to_ascii_lowercase();
        if matches!(before.as_str(), "from" | "join" | "into" | "update" | "table") {
            words[at] = format!(" {}", dice.pick(&["t", "u", "plain", "outer_view", "clean_view"]));
        }
    }
}

fn change(dice: &mut Dice, world: &World, words: &mut Vec<String>, corpus: &[String]) {
    if words.is_empty() {
        words.push("select 1".to_owned());
    }
    let (at, other) = (dice.below(words.len()), dice.below(words.len()));
    match dice.below(14) {
        0 => drop(words.remove(at)),
        1 => words.insert(at, words[other].clone()),
        2 => words.swap(at, other),
        3 | 4 => words.insert(at, format!(" {}", dice.pick(WORDS))),
        5 => words[at] = format!(" {}", dice.pick(WORDS)),
        6 => words[at] = words[at].to_uppercase(),
        7 => words[at] = format!(" \"{}\"", words[at].trim()),
        8 => words
            .insert(at, dice.pick(&["/* x */", "-- x\n", "-- x\r", "\t", "\u{b}", "/* /* */"]).to_owned()),
        9 => {
            let piece = self::words(&corpus[dice.below(corpus.len())]);
            let from = dice.below(piece.len());
            let to = (from + 1 + dice.below(5)).min(piece.len());
            words.splice(at..at, piece[from.min(to)..to].iter().cloned());
        }
        10 if dice.bold => words[at] = format!(" {}", world.others[dice.below(world.others.len())]),
        11 => {
            let head = dice.pick(&[
                "explain ",
                "explain analyze ",
                "copy (",
                "declare c cursor for ",
                "with x as (",
            ]);
            words.insert(0, head.to_owned());
            if head.ends_with('(') {
                words.push(
                    if head.starts_with("copy") { ") to stdout" } else { ") select * from x" }.to_owned(),
                );
            }
        }
        12 => words[at] = format!("({})", words[at]),
        13 if !dice.bold => {
            words[at] = format!(" {}", dice.pick(&["count", "max", "lower", "id", "t", "1", "null"]));
        }
        _ => {
            let name = &world.others[dice.below(world.others.len())];
            words[at] = format!(" {name}({})", words[at]);
        }
    }
}
