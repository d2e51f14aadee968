//! One line of ssh's config: a keyword, and its arguments apart.

/// `Keyword argument "argument with spaces"` or `Keyword=argument`; the keyword in lower case. Empty lines and
/// comments are nothing.
pub(super) fn parse(line: &str) -> Option<(String, Vec<String>)> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let end = line.find(|letter: char| letter.is_whitespace() || letter == '=').unwrap_or(line.len());
    let (keyword, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    Some((keyword.to_ascii_lowercase(), arguments(rest)))
}

/// Words apart, quoted ones whole; a word that begins with `#` begins a comment.
fn arguments(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            '\\' if matches!(letters.peek(), Some('"' | '\\')) => word.extend(letters.next()),
            '#' if !quoted && !begun && word.is_empty() => break,
            letter if letter.is_whitespace() && !quoted => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            letter => word.push(letter),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_keyword_and_its_words() {
        let check = |line: &str, keyword: &str, words: &[&str]| {
            let (found, arguments) = parse(line).unwrap();
            assert_eq!(
                (found.as_str(), arguments.as_slice()),
                (keyword, words.map_owned().as_slice()),
                "{line}"
            );
        };
        check("  HostName = db.example  ", "hostname", &["db.example"]);
        check("Port=2222", "port", &["2222"]);
        check("IdentityFile \"~/my keys/id\"", "identityfile", &["~/my keys/id"]);
        check("Host a b # not c", "host", &["a", "b"]);
        assert_eq!(parse("# Host a"), None);
        assert_eq!(parse("   "), None);
    }

    trait Owned {
        fn map_owned(&self) -> Vec<String>;
    }

    impl Owned for [&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|word| (*word).to_owned()).collect()
        }
    }
}
