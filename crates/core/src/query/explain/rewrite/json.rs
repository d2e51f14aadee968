//! What an index is to be asked instead: `@>` with a document, or `?` with a key.
//!
//! `'true'` is what `->>` makes of the boolean and of the string alike, `'42'` of the number and of the string. The value
//! that was likely meant comes first; the check says which of them it is in this table.

use serde_json::{Map, Value};

use super::chain::{Taken, is_boolean};
use super::find::{Arrow, Operand, Test};
use crate::query::QueryParameter;
use crate::sql::SafeSql;

const NUMBERS: &str = "A number equals however it is written: 42 and 42.0.";
const NULLS: &str = "A key whose value is null counts as well.";

/// A condition that an index can serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instead {
    pub(super) condition: String,
    /// What it means otherwise.
    pub(super) note: Option<&'static str>,
}

/// One way to say a value, as an operand of `@>`.
type Said = (String, Option<&'static str>);

/// The conditions to try, the likeliest first. None for what no value can equal.
pub(super) fn instead(arrow: &Arrow, before: &str, values: &[QueryParameter]) -> Vec<Instead> {
    match &arrow.test {
        Test::Exists => exists(arrow, before),
        Test::Equals(operands) => {
            let ways: Option<Vec<Vec<Said>>> =
                operands.iter().map(|operand| said(arrow, operand, values)).collect();
            equals(arrow, &ways.unwrap_or_default())
        }
    }
}

/// The key alone where it is the outermost; and what always means the same: the key, and the condition as it was.
fn exists(arrow: &Arrow, before: &str) -> Vec<Instead> {
    let base = &arrow.path.base;
    let outermost = arrow.path.keys.first().map(|key| quoted(key)).unwrap_or_default();
    let both = Instead { condition: format!("({base} ? {outermost} and {before})"), note: None };
    let key = Instead { condition: format!("{base} ? {outermost}"), note: Some(NULLS) };
    if arrow.path.keys.len() == 1 { vec![key, both] } else { vec![both] }
}

/// First each value as it was likely meant, then each as the other way to say it.
fn equals(arrow: &Arrow, ways: &[Vec<Said>]) -> Vec<Instead> {
    let most = ways.iter().map(Vec::len).max().unwrap_or_default();
    (0..most).map(|at| contains(arrow, ways.iter().filter_map(|ways| ways.get(at).or(ways.last())))).collect()
}

fn contains<'a>(arrow: &Arrow, values: impl Iterator<Item = &'a Said>) -> Instead {
    let (mut conditions, mut note) = (Vec::new(), None);
    for (operand, means) in values {
        conditions.push(format!("{} @> {operand}", arrow.path.base));
        note = note.or(*means);
    }
    conditions.dedup();
    let all = conditions.join(" or ");
    Instead { condition: if conditions.len() > 1 { format!("({all})") } else { all }, note }
}

/// The ways to say a value; none where it cannot be said.
fn said(arrow: &Arrow, operand: &Operand, values: &[QueryParameter]) -> Option<Vec<Said>> {
    let keys = &arrow.path.keys;
    match operand {
        Operand::Text(text) => texts(keys, text),
        Operand::Bool(value) => Some(vec![
            (document(keys, Value::Bool(*value)), None),
            (document(keys, Value::String(value.to_string())), None),
        ]),
        Operand::Number(number) => {
            let value: Value = serde_json::from_str(number).ok().filter(Value::is_number)?;
            Some(vec![
                (document(keys, value), Some(NUMBERS)),
                (
                    document(keys, Value::String(number.clone())),
                    Some("The number has to be written just so."),
                ),
            ])
        }
        Operand::Json(text) => {
            let value = serde_json::from_str(text).ok().filter(is_scalar)?;
            Some(vec![(document(keys, value), None)])
        }
        Operand::Parameter(name) => Some(parameters(arrow, name, values)),
    }
}

/// A whole object or array is compared as it is; containing it is another question.
fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn texts(keys: &[String], text: &str) -> Option<Vec<Said>> {
    let as_text = (document(keys, Value::String(text.to_owned())), None);
    match serde_json::from_str::<Value>(text) {
        Ok(value @ Value::Bool(_)) => Some(vec![(document(keys, value), None), as_text]),
        Ok(value @ Value::Number(_)) => Some(vec![(document(keys, value), Some(NUMBERS)), as_text]),
        Ok(value) if !is_scalar(&value) => None,
        _ => Some(vec![as_text]),
    }
}

/// A parameter put into a document. Nothing is found for NULL, as before: `jsonb_set` is strict.
fn parameters(arrow: &Arrow, name: &str, values: &[QueryParameter]) -> Vec<Said> {
    let with = |cast: &str| placed(&arrow.path.keys, &format!("to_jsonb({name}::{cast})"));
    match &arrow.path.taken {
        Taken::Json => vec![(
            placed(&arrow.path.keys, &format!("{name}::jsonb")),
            Some("Of an object or array given for it any that contains it counts."),
        )],
        Taken::As(kind) => vec![(with(kind), (!is_boolean(kind)).then_some(NUMBERS))],
        Taken::Text => {
            let as_text = (with("text"), None);
            let given = values.iter().find(|value| name.get(1..) == Some(value.name.as_str()));
            let given = given.and_then(|given| given.value.as_deref()).unwrap_or_default();
            match serde_json::from_str::<Value>(given) {
                Ok(Value::Bool(_)) => vec![
                    (
                        with("text::boolean"),
                        Some("The parameter has to be true or false, since that is what is there."),
                    ),
                    as_text,
                ],
                Ok(Value::Number(_)) => vec![
                    (
                        with("text::numeric"),
                        Some("The parameter has to be a number, since that is what is there."),
                    ),
                    as_text,
                ],
                _ => vec![as_text],
            }
        }
    }
}

/// `jsonb_set('{"a": {"b": null}}', array['a', 'b'], …)`.
fn placed(keys: &[String], value: &str) -> String {
    let path: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
    format!("jsonb_set({}, array[{}], {value})", document(keys, Value::Null), path.join(", "))
}

/// The document that has a value at a path, quoted.
fn document(keys: &[String], value: Value) -> String {
    let nested =
        keys.iter().rev().fold(value, |value, key| Value::Object(Map::from_iter([(key.clone(), value)])));
    quoted(&spaced(&nested))
}

fn quoted(text: &str) -> String {
    SafeSql::default().literal(text).as_str().trim().to_owned()
}

/// As PostgreSQL prints it, with a space after the colon.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{}: {}", Value::String(key.clone()), spaced(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::find::arrows;
    use super::*;

    /// What is tried for the condition of a statement, with a value for every parameter.
    fn check(condition: &str, value: &str, expected: &[&str]) {
        let arrow = &arrows(&format!("select * from t where {condition}"))[0];
        let values = [QueryParameter { name: "1".into(), value: Some(value.to_owned()) }];
        let found: Vec<_> = instead(arrow, condition, &values).into_iter().map(|one| one.condition).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_value_that_was_meant_comes_first() {
        check("d ->> 'k' = 'true'", "", &["d @> '{\"k\": true}'", "d @> '{\"k\": \"true\"}'"]);
        check("d -> 'a' ->> 'b' = 'gpt-4o'", "", &["d @> '{\"a\": {\"b\": \"gpt-4o\"}}'"]);
        check("d ->> 'k' = '42'", "", &["d @> '{\"k\": 42}'", "d @> '{\"k\": \"42\"}'"]);
        check("d ->> 'k' = 'it''s'", "", &["d @> '{\"k\": \"it''s\"}'"]);
        check("d ->> 'k' = 'null'", "", &["d @> '{\"k\": \"null\"}'"]);
        check("d ->> 'k' = '{\"a\": 1}'", "", &[]);
        check("(d ->> 'k')::bool", "", &["d @> '{\"k\": true}'", "d @> '{\"k\": \"true\"}'"]);
        check("(d ->> 'k')::int = 7", "", &["d @> '{\"k\": 7}'", "d @> '{\"k\": \"7\"}'"]);
        check("d -> 'k' = 'null'", "", &["d @> '{\"k\": null}'"]);
        check("d -> 'k' = '[1]'", "", &[]);
    }

    #[test]
    fn a_parameter_is_put_into_a_document() {
        let text = "d @> jsonb_set('{\"k\": null}', array['k'], to_jsonb($1::text))";
        check("d ->> 'k' = $1", "x", &[text]);
        let boolean = "d @> jsonb_set('{\"k\": null}', array['k'], to_jsonb($1::text::boolean))";
        check("d ->> 'k' = $1", "true", &[boolean, text]);
        let nested = "t.d @> jsonb_set('{\"a\": {\"b\": null}}', array['a', 'b'], to_jsonb($1::int))";
        check("(t.d -> 'a' ->> 'b')::int = $1", "3", &[nested]);
    }

    #[test]
    fn several_values_are_asked_for_one_by_one() {
        check("d ->> 'k' in ('a', 'b')", "", &["(d @> '{\"k\": \"a\"}' or d @> '{\"k\": \"b\"}')"]);
        check(
            "d ->> 'k' in ('1', 'b')",
            "",
            &[
                "(d @> '{\"k\": 1}' or d @> '{\"k\": \"b\"}')",
                "(d @> '{\"k\": \"1\"}' or d @> '{\"k\": \"b\"}')",
            ],
        );
    }

    #[test]
    fn a_key_that_is_there_may_be_null() {
        check("d ->> 'k' is not null", "", &["d ? 'k'", "(d ? 'k' and d ->> 'k' is not null)"]);
        check("d -> 'a' ->> 'b' is not null", "", &["(d ? 'a' and d -> 'a' ->> 'b' is not null)"]);
    }
}
