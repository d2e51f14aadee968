//! A tab's journal: JSON lines, the first with the whole text, each one after it with a change to the one before.
//!
//! Each line carries a sum of the text it leads to, so that damage anywhere is noticed where it is.

use serde::{Deserialize, Serialize};

use super::QueryDraft;
use super::change::{Change, sum};
use crate::{Error, Result};

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    revision: u32,
    /// UTC, ISO 8601: for a person who looks into the file.
    at: String,
    connection: String,
    title: String,
    cursor: u32,
    file: Option<String>,
    change: Change,
    /// Whether the change starts from nothing.
    whole: bool,
    /// In hexadecimal: JSON's numbers end at 2^53.
    sum: String,
}

/// What a journal says.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The newest state that holds; none in an empty file.
    pub(super) draft: Option<QueryDraft>,
    /// From which byte on it cannot be followed.
    pub(super) damaged_from: Option<usize>,
}

/// The line that leads from one state to the next.
pub(super) fn line(before: Option<&QueryDraft>, after: &QueryDraft, at: &str) -> Result<String> {
    let text = before.map_or("", |draft| draft.text.as_str());
    let line = Line {
        revision: after.revision,
        at: at.to_owned(),
        connection: after.connection.clone(),
        title: after.title.clone(),
        cursor: after.cursor,
        file: after.file.clone(),
        change: Change::between(text, &after.text),
        whole: before.is_none(),
        sum: format!("{:016x}", sum(&after.text)),
    };
    serde_json::to_string(&line).map(|line| line + "\n").map_err(Error::from)
}

/// Follows a journal as far as it can be followed.
pub(super) fn read(tab: &str, bytes: &[u8]) -> Read {
    let mut read = Read::default();
    let mut at = 0;
    for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
        match next(tab, read.draft.as_ref(), piece) {
            Some(draft) => read.draft = Some(draft),
            None => {
                read.damaged_from = Some(at);
                break;
            }
        }
        at += piece.len();
    }
    read
}

fn next(tab: &str, before: Option<&QueryDraft>, piece: &[u8]) -> Option<QueryDraft> {
    // Without its end the line was cut off, even where what is there happens to read.
    let piece = piece.strip_suffix(b"\n")?;
    let line: Line = serde_json::from_slice(piece).ok()?;
    let text = if line.whole { "" } else { before?.text.as_str() };
    let text = line.change.apply(text)?;
    (format!("{:016x}", sum(&text)) == line.sum).then(|| QueryDraft {
        tab: tab.to_owned(),
        connection: line.connection,
        title: line.title,
        text,
        cursor: line.cursor,
        file: line.file,
        revision: line.revision,
        notice: None,
    })
}
