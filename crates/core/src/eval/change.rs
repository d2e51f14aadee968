//! What a configuration changes against the baseline, key by key.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// One key that a configuration sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// "model", "provider", "parameters.temperature", "instructions", and whatever else stands there.
    pub key: String,
    /// The baseline's value; None where the baseline span says nothing of it.
    pub before: Option<String>,
    pub after: String,
    /// Whether the value is the baseline's own.
    pub same: bool,
    /// Known not to take effect: RAAF stores the provider but picks it by the model's name, and ignores tools.
    pub ignored_by_engine: bool,
}

/// Lists what `changes` sets. Anything but an object sets nothing; the raw text is shown beside.
pub(super) fn changes(changes: Option<&Value>, baseline: Option<&Value>) -> Vec<Change> {
    let Some(Value::Object(set)) = changes else { return Vec::new() };
    let mut listed = Vec::new();
    for (key, value) in set {
        match value {
            Value::Object(nested) if key == "parameters" => parameters(nested, baseline, &mut listed),
            _ => listed.push(change(key.clone(), key, value, baseline)),
        }
    }
    listed
}

fn parameters(nested: &Map<String, Value>, baseline: Option<&Value>, listed: &mut Vec<Change>) {
    for (key, value) in nested {
        listed.push(change(format!("parameters.{key}"), key, value, baseline));
    }
}

fn change(key: String, name: &str, value: &Value, baseline: Option<&Value>) -> Change {
    let before = baseline.and_then(|baseline| find(baseline, name)).map(text);
    let after = text(value);
    Change {
        same: before.as_deref() == Some(&after),
        ignored_by_engine: matches!(name, "provider" | "tools"),
        key,
        before,
        after,
    }
}

/// The baseline's value, where any dialect keeps it.
fn find<'a>(baseline: &'a Value, name: &str) -> Option<&'a Value> {
    let places = [
        baseline.get(name),
        baseline.get("parameters").and_then(|within| within.get(name)),
        baseline.get("provider_details").and_then(|within| within.get(name)),
        baseline.get("metadata").and_then(|within| within.get(name)),
    ];
    places.into_iter().flatten().find(|value| !value.is_null())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_and_flat_parameters_find_the_same_baseline() {
        let baseline = json!({"model": "gpt-4o", "parameters": {"temperature": 0.7}});
        let nested = changes(Some(&json!({"parameters": {"temperature": 0}})), Some(&baseline));
        let flat = changes(Some(&json!({"temperature": 0})), Some(&baseline));
        assert_eq!(nested[0].before.as_deref(), Some("0.7"));
        assert_eq!(flat[0].before.as_deref(), Some("0.7"));
        assert_eq!(nested[0].key, "parameters.temperature");
    }

    #[test]
    fn what_is_not_an_object_changes_nothing() {
        assert!(changes(Some(&json!(["model"])), None).is_empty());
        assert!(changes(None, None).is_empty());
    }
}
