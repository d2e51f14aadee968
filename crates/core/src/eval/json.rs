//! Lenient reading of stored JSON: what does not fit is absent, never an error.

use serde_json::Value;

/// Parses stored text. The server accepts numbers and depths that serde_json refuses: then there is no value.
pub(super) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// The first of the paths (keys joined by dots) that leads to something other than null.
pub(super) fn first<'a>(value: &'a Value, paths: &[&str]) -> Option<&'a Value> {
    paths.iter().find_map(|path| at(value, path))
}

/// The first of the paths that leads to a number.
pub(super) fn number(value: &Value, paths: &[&str]) -> Option<f64> {
    paths.iter().find_map(|path| at(value, path)?.as_f64())
}

/// The first of the paths that leads to a text that is not empty.
pub(super) fn text(value: &Value, paths: &[&str]) -> Option<String> {
    let found = paths.iter().find_map(|path| at(value, path)?.as_str().filter(|text| !text.is_empty()));
    found.map(str::to_owned)
}

/// Text as it is, other values as JSON.
pub(super) fn display(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text up to so many characters, and whether anything was left off.
pub(super) fn cut(mut text: String, characters: usize) -> (String, bool) {
    match text.char_indices().nth(characters) {
        Some((end, _)) => {
            text.truncate(end);
            (text, true)
        }
        None => (text, false),
    }
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key)).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_path_with_a_number_wins_and_text_is_not_a_number() {
        let value = json!({"metadata": {"tokens": {"total": 310}}, "tokens": "many"});
        assert_eq!(number(&value, &["tokens", "metadata.tokens", "metadata.tokens.total"]), Some(310.0));
        assert_eq!(number(&json!([1]), &["tokens"]), None);
    }

    #[test]
    fn a_cut_falls_between_characters() {
        assert_eq!(cut("héé".into(), 2), ("hé".into(), true));
        assert_eq!(cut("hé".into(), 2), ("hé".into(), false));
    }
}
