//! What `@>` is to contain, for a text that `->>` was compared with.
//!
//! `'true'` is what `->>` makes of the boolean and of the string alike, `'42'` of the number and of the string. The value
//! that was likely meant comes first; the check says which of them it is in this table.

use serde_json::{Map, Value};

use super::find::Arrow;
use crate::sql::SafeSql;

/// An operand of `@>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Containment {
    /// Quoted.
    pub(super) literal: String,
    /// What it means otherwise.
    pub(super) note: Option<&'static str>,
}

/// The operands to try, the likeliest first. None for what no value has as its text.
pub(super) fn values(arrow: &Arrow) -> Vec<Containment> {
    let text = Value::String(arrow.value.clone());
    let typed = match serde_json::from_str::<Value>(&arrow.value) {
        Ok(value @ Value::Bool(_)) => Some((value, None)),
        Ok(value @ Value::Number(_)) => {
            Some((value, Some("A number equals however it is written: 42 and 42.0.")))
        }
        // A whole object or array is compared by its text; containing it is another question.
        Ok(Value::Array(_) | Value::Object(_)) => return Vec::new(),
        _ => None,
    };
    let typed = typed.into_iter().map(|(value, note)| containment(arrow, value, note));
    typed.chain([containment(arrow, text, None)]).collect()
}

fn containment(arrow: &Arrow, value: Value, note: Option<&'static str>) -> Containment {
    let nested = arrow
        .keys
        .iter()
        .rev()
        .fold(value, |value, key| Value::Object(Map::from_iter([(key.clone(), value)])));
    Containment { literal: SafeSql::default().literal(&spaced(&nested)).as_str().trim().to_owned(), note }
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
    use super::*;

    fn check(keys: &[&str], value: &str, expected: &[&str]) {
        let arrow = Arrow {
            start: 0,
            end: 0,
            base: String::new(),
            qualifier: None,
            column: String::new(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            value: value.to_owned(),
        };
        let found: Vec<_> = values(&arrow).into_iter().map(|value| value.literal).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_value_that_was_meant_comes_first() {
        check(&["k"], "true", &["'{\"k\": true}'", "'{\"k\": \"true\"}'"]);
        check(&["a", "b"], "gpt-4o", &["'{\"a\": {\"b\": \"gpt-4o\"}}'"]);
        check(&["k"], "42", &["'{\"k\": 42}'", "'{\"k\": \"42\"}'"]);
        check(&["k"], "it's", &["'{\"k\": \"it''s\"}'"]);
        check(&["k"], "null", &["'{\"k\": \"null\"}'"]);
        check(&["k"], "{\"a\": 1}", &[]);
    }
}
