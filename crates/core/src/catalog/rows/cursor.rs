//! Where a page begins: the last row's place in the order, or an offset. Opaque to callers.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Direction {
    Next,
    Previous,
}

/// The encoded form is JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    pub(super) direction: Direction,
    /// A value for each column of the order; None is NULL.
    #[serde(default)]
    pub(super) place: Vec<Option<String>>,
    #[serde(default)]
    pub(super) offset: Option<u32>,
}

impl Cursor {
    pub(super) fn decode(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::InvalidArguments, "the page's cursor is not one of ours")
                .hint("Start from the first page.")
                .caused_by(error)
        })
    }

    /// The cursors before and after a page that follows the key.
    pub(super) fn around(
        came_by: Option<&Self>,
        first: Option<Vec<Option<String>>>,
        last: Option<Vec<Option<String>>>,
        more: bool,
    ) -> (Option<String>, Option<String>) {
        let backward = came_by.is_some_and(|cursor| cursor.direction == Direction::Previous);
        let (before, after) = if backward { (more, true) } else { (came_by.is_some(), more) };
        let encode = |direction, place: Option<Vec<Option<String>>>, wanted: bool| {
            place.filter(|_| wanted).map(|place| Self { direction, place, offset: None }.encode())
        };
        (encode(Direction::Previous, first, before), encode(Direction::Next, last, after))
    }

    /// The cursors before and after a page of a table without a key.
    pub(super) fn by_offset(
        came_by: Option<&Self>,
        limit: usize,
        more: bool,
    ) -> (Option<String>, Option<String>) {
        let here = came_by.and_then(|cursor| cursor.offset).unwrap_or(0);
        let step = u32::try_from(limit).unwrap_or(u32::MAX);
        let at =
            |offset| Self { direction: Direction::Next, place: Vec::new(), offset: Some(offset) }.encode();
        let previous = (here > 0).then(|| at(here.saturating_sub(step)));
        (previous, more.then(|| at(here.saturating_add(step))))
    }

    fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_has_no_previous_and_a_page_reached_backward_has_a_next() {
        let place = || Some(vec![Some("7".to_owned())]);
        let (previous, next) = Cursor::around(None, place(), place(), true);
        assert!(previous.is_none() && next.is_some());
        let back = Cursor { direction: Direction::Previous, place: place().unwrap(), offset: None };
        let (previous, next) = Cursor::around(Some(&back), place(), place(), false);
        assert!(previous.is_none() && next.is_some());
    }

    #[test]
    fn a_cursor_from_elsewhere_is_refused() {
        assert_eq!(Cursor::decode("garbage").unwrap_err().kind(), ErrorKind::InvalidArguments);
    }
}
