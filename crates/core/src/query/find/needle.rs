//! A text to look for, and whether bytes have it.

/// A text that is looked for in any case.
pub(in crate::query) struct Needle {
    lower: String,
    /// Only ASCII letters fold without making text anew.
    ascii: bool,
}

impl Needle {
    pub(in crate::query) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        Self { ascii: lower.is_ascii(), lower }
    }

    /// Bytes that a place with it may have: a letter folds to up to three others, of up to four bytes each.
    pub(super) fn longest(&self) -> usize {
        if self.ascii { self.lower.len() } else { self.lower.len() * 4 }
    }

    pub(in crate::query) fn is_in(&self, bytes: &[u8]) -> bool {
        if self.ascii {
            return in_ascii(bytes, self.lower.as_bytes());
        }
        String::from_utf8_lossy(bytes).to_lowercase().contains(&self.lower)
    }
}

fn in_ascii(bytes: &[u8], lower: &[u8]) -> bool {
    let Some(first) = lower.first() else { return true };
    let upper = first.to_ascii_uppercase();
    let Some(last) = bytes.len().checked_sub(lower.len()) else { return false };
    let begins = |at: &usize| bytes[*at] == *first || bytes[*at] == upper;
    (0..=last).filter(begins).any(|at| bytes[at..at + lower.len()].eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_any_case() {
        assert!(Needle::new("ÖL").is_in("Rohöl".as_bytes()));
        assert!(Needle::new("NaN").is_in(b"x nan"));
        assert!(!Needle::new("nano").is_in(b"x nan"));
        assert!(Needle::new("a").is_in(b"\xffA"));
    }
}
