//! Looking through bytes without regard to the case of ASCII letters, and through a file's lines from its end.

/// Whether a text holds a word; ASCII letters match in any case. An empty word is everywhere.
pub(super) fn holds(text: &[u8], word: &[u8]) -> bool {
    let Some((&first, rest)) = word.split_first() else { return true };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut from = 0;
    while let Some(found) = text[from..].iter().position(|byte| *byte == lower || *byte == upper) {
        let next = from + found + 1;
        match text.get(next..next + rest.len()) {
            None => return false,
            Some(there) if there.eq_ignore_ascii_case(rest) => return true,
            Some(_) => from = next,
        }
    }
    false
}

/// The lines of a file, the last first. What follows the last line end was cut off, and is left out.
pub(super) fn lines_backwards(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(&bytes[..0], |end| &bytes[..end]);
    whole.rsplit(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}
