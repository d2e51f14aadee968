//! Places in a text: JavaScript counts UTF-16 units, Rust bytes, the server characters from 1.

/// The byte at a UTF-16 unit; within a surrogate pair its first byte, beyond the end the length.
pub(super) fn byte_at(text: &str, units: u32) -> usize {
    let mut seen = 0_u32;
    for (byte, letter) in text.char_indices() {
        let next = seen.saturating_add(units_of(letter));
        if next > units {
            return byte;
        }
        seen = next;
    }
    text.len()
}

/// The UTF-16 units before a byte.
pub(super) fn units_before(text: &str, byte: usize) -> u32 {
    text.get(..byte).unwrap_or(text).chars().map(units_of).fold(0, u32::saturating_add)
}

/// The byte at a character that the server counted, from 1.
pub(super) fn byte_of_character(text: &str, position: u32) -> usize {
    let before = usize::try_from(position.saturating_sub(1)).unwrap_or(usize::MAX);
    text.char_indices().nth(before).map_or(text.len(), |(byte, _)| byte)
}

fn units_of(letter: char) -> u32 {
    if letter.len_utf16() == 1 { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_two_units_four_bytes_and_one_character() {
        let text = "a😀ö!";
        assert_eq!([0, 1, 2, 3, 4, 5, 9].map(|unit| byte_at(text, unit)), [0, 1, 1, 5, 7, 8, 8]);
        assert_eq!([0, 1, 5, 7, 8].map(|byte| units_before(text, byte)), [0, 1, 3, 4, 5]);
        assert_eq!([1, 2, 3, 4, 5].map(|at| byte_of_character(text, at)), [0, 1, 5, 7, 8]);
    }
}
