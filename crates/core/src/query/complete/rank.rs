//! Which candidates are the likeliest: by how their names fit what was typed, then by what they are.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{MOST_CANDIDATES, QueryCandidate};

/// A proposal with how near it is: the less, the nearer.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) candidate: QueryCandidate,
    pub(super) far: u8,
}

impl Found {
    pub(super) fn new(kind: &str, label: impl Into<String>, insert: impl Into<String>, far: u8) -> Self {
        let (label, insert) = (label.into(), insert.into());
        Self { candidate: QueryCandidate { label, kind: kind.to_owned(), detail: None, insert }, far }
    }

    #[must_use]
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.candidate.detail = Some(detail.into());
        self
    }
}

/// The best candidates for what was typed, each once.
pub(super) fn best(found: Vec<Found>, typed: &str) -> Vec<QueryCandidate> {
    let typed = typed.to_lowercase();
    let fits = found.into_iter().filter_map(|found| Some((fit(&found.candidate.label, &typed)?, found)));
    let mut fits: Vec<(u8, Found)> = fits.collect();
    // All of a fit are alike; nearer ones, then shorter ones, first.
    fits.sort_by(|(fit, one), (other_fit, other)| {
        let key = |fit: &u8, found: &Found| (*fit, found.far);
        key(fit, one).cmp(&key(other_fit, other)).then_with(|| {
            if typed.is_empty() {
                std::cmp::Ordering::Equal
            } else {
                one.candidate.label.len().cmp(&other.candidate.label.len())
            }
        })
    });
    let mut seen = HashSet::new();
    let once = fits.into_iter().map(|(_, found)| found.candidate);
    once.filter(|one| seen.insert((one.kind.clone(), one.insert.clone()))).take(MOST_CANDIDATES).collect()
}

/// How a name fits: whole or from its beginning, from the beginning of a word in it, anywhere, as a sequence of letters.
pub(super) fn fit(label: &str, typed: &str) -> Option<u8> {
    if typed.is_empty() {
        return Some(1);
    }
    // Nearly every name is in lower case already, and there may be many.
    let is_lower = label.bytes().all(|letter| letter.is_ascii() && !letter.is_ascii_uppercase());
    let label = if is_lower { Cow::Borrowed(label) } else { Cow::Owned(label.to_lowercase()) };
    match label.find(typed) {
        Some(0) => Some(u8::from(label.len() > typed.len())),
        Some(at) if label.as_bytes().get(at - 1).is_some_and(|before| !before.is_ascii_alphanumeric()) => {
            Some(2)
        }
        Some(_) => Some(3),
        None => (typed.chars().count() > 1 && is_sequence(&label, typed)).then_some(4),
    }
}

fn is_sequence(label: &str, typed: &str) -> bool {
    let mut letters = label.chars();
    label.chars().next() == typed.chars().next()
        && typed.chars().all(|wanted| letters.any(|letter| letter == wanted))
}
