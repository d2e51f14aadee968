//! Connection strings: `scheme://user:password@host` and `host=… password=…`.

/// The text with the passwords of connection strings blanked.
pub(super) fn blanked(text: &str) -> String {
    in_pairs(&in_addresses(text))
}

/// From the colon after the user to the last `@` of the address's first part.
fn in_addresses(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|letter: char| letter.is_whitespace() || "'\"/?<>".contains(letter))
            .unwrap_or(after.len());
        let part = &after[..end];
        match (part.find(':'), part.rfind('@')) {
            (Some(colon), Some(sign)) if colon < sign => {
                out.push_str(&part[..=colon]);
                out.push_str("***");
                out.push_str(&part[sign..]);
            }
            _ => out.push_str(part),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

/// Words that a connection string of libpq has beside its password.
const BESIDE: [&str; 6] = ["host=", "hostaddr=", "dbname=", "user=", "port=", "service="];

/// `password=` and what follows it, up to a space or the end of its own quotes. Only in what looks like a connection
/// string: code may well compare a column of that name.
fn in_pairs(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if !lower.trim_start().starts_with("password=") && !BESIDE.iter().any(|word| lower.contains(word)) {
        return text.to_owned();
    }
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(found) = lower[at..].find("password=") {
        let start = at + found + "password=".len();
        let (from, end) = value(&lower, start);
        out.push_str(&text[at..from]);
        if from < end {
            out.push_str("***");
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// The value that starts at a byte, without its quotes, which may be doubled.
fn value(lower: &str, start: usize) -> (usize, usize) {
    let rest = &lower[start..];
    let quotes = rest.len() - rest.trim_start_matches('\'').len();
    let from = start + quotes;
    let end = match quotes {
        0 => rest.find(|letter: char| letter.is_whitespace() || "'\"&".contains(letter)),
        _ => lower[from..].find(&"'".repeat(quotes)),
    };
    (from, end.map_or(lower.len(), |end| from + end))
}
