//! The comments that a file begins with: `-- key: value`, going on in lines that are indented further.

use super::{QueryFile, QueryFileParameter, ServerRange};

/// Reads the comments at the head of a text into the file's fields; what is not known is passed over.
pub(super) fn read(text: &str, file: &mut QueryFile) {
    for (key, value) in pairs(text) {
        match key.as_str() {
            "answers" => file.answers = Some(value),
            "corrects" => file.corrects = Some(value),
            "connection" => file.connection = Some(value),
            "needs" => file.needs = Some(value),
            "parameters" => file.parameters = parameters(&value),
            "server" => file.server = range(&value),
            _ => {}
        }
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim_end).skip_while(|line| line.is_empty());
    let comments = lines.map_while(|line| line.strip_prefix("--"));
    let mut pairs: Vec<(String, String)> = Vec::new();
    for comment in comments {
        match (pair(comment), pairs.last_mut()) {
            (Some(pair), _) => pairs.push(pair),
            (None, Some((_, value))) if comment.starts_with("   ") => {
                value.push(' ');
                value.push_str(comment.trim());
            }
            _ => {}
        }
    }
    pairs.retain(|(_, value)| !value.is_empty());
    pairs
}

/// " key: value" with one word as the key.
fn pair(comment: &str) -> Option<(String, String)> {
    let (key, value) = comment.strip_prefix(' ').unwrap_or(comment).split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_lowercase());
    word.then(|| (key.to_owned(), value.trim().to_owned()))
}

/// `model = gpt-4o, since = '2026-01-01, noon', name`.
fn parameters(value: &str) -> Vec<QueryFileParameter> {
    let mut quoted = false;
    let items = value.split(move |letter| {
        quoted ^= letter == '\'';
        letter == ',' && !quoted
    });
    let named = items.map(str::trim).filter(|item| !item.is_empty());
    named.map(parameter).collect()
}

fn parameter(item: &str) -> QueryFileParameter {
    let (name, value) = match item.split_once('=') {
        Some((name, value)) => (name, Some(unquoted(value.trim()))),
        None => (item, None),
    };
    QueryFileParameter { name: name.trim().trim_start_matches([':', '$']).to_owned(), value }
}

fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.map_or_else(|| value.to_owned(), |inner| inner.replace("''", "'"))
}

/// `12-` from 12 on, `12-14`, `13`.
fn range(value: &str) -> Option<ServerRange> {
    let (from, to) = value.split_once('-').unwrap_or((value, value));
    let to = to.trim();
    Some(ServerRange {
        from: from.trim().parse().ok()?,
        to: if to.is_empty() { None } else { Some(to.parse().ok()?) },
    })
}
