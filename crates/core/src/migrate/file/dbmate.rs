//! dbmate's files: one for both ways, cut at comments that stand at the beginning of a line.
//!
//! A file may hold several pairs of blocks; dbmate takes them in the order of the file, whichever way it goes. Whether
//! a transaction is wanted is said for each block.

use super::FileProblem;

/// Which way a block goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// One block, with its marking line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) way: Way,
    pub(super) text: &'a str,
    /// The line it begins on, from 1.
    pub(super) line: usize,
    pub(super) no_transaction: bool,
}

/// Whether a text has a line that dbmate begins an up block at.
pub(super) fn has_up(text: &str) -> bool {
    text.lines().any(|line| marker(line) == Some(Way::Up))
}

/// Cuts a file into its blocks.
///
/// # Errors
/// What dbmate would refuse too: no up, a statement before it, a down without an up of its own.
pub(super) fn blocks<'a>(file: &str, text: &'a str) -> Result<Vec<Block<'a>>, FileProblem> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let here = at;
        at += line.len();
        match (marker(line), found.last_mut()) {
            (Some(way), last) => {
                check_order(file, way, last.map(|block| block.way), number + 1)?;
                let no_transaction = says_no_transaction(line);
                found.push(Block { way, text: &text[here..at], line: number + 1, no_transaction });
            }
            (None, Some(last)) => last.text = &text[at - line.len() - last.text.len()..at],
            (None, None) => check_before(file, line, number + 1)?,
        }
    }
    if found.is_empty() { Err(no_up(file)) } else { Ok(found) }
}

/// A file of one up block and at most one down block, in pieces that make the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) struct Halves<'a> {
    pub(in crate::migrate) before: &'a str,
    pub(in crate::migrate) up: &'a str,
    pub(in crate::migrate) down: &'a str,
}

/// Cuts a file into its halves; `None` where it is of another shape.
pub(in crate::migrate) fn dbmate_halves(text: &str) -> Option<Halves<'_>> {
    let blocks = blocks("", text).ok()?;
    let (up, down) = match &blocks[..] {
        [up] => (up.text, ""),
        [up, down] if down.way == Way::Down => (up.text, down.text),
        _ => return None,
    };
    let before = &text[..text.len() - up.len() - down.len()];
    Some(Halves { before, up, down })
}

/// `^--\s*migrate:up(\s*$|\s+\S+)`, as dbmate writes it.
fn marker(line: &str) -> Option<Way> {
    let said = line.strip_prefix("--")?.trim();
    let (word, _) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    match word {
        "migrate:up" => Some(Way::Up),
        "migrate:down" => Some(Way::Down),
        _ => None,
    }
}

fn says_no_transaction(line: &str) -> bool {
    line.split_whitespace().any(|option| option == "transaction:false")
}

fn check_order(file: &str, way: Way, before: Option<Way>, line: usize) -> Result<(), FileProblem> {
    match (way, before) {
        (Way::Down, None) => Err(FileProblem::new(
            file,
            format!("line {line}: -- migrate:down stands before -- migrate:up"),
            "Put the up block first, as dbmate wants it.",
        )),
        (Way::Down, Some(Way::Down)) => Err(FileProblem::new(
            file,
            format!("line {line}: a second -- migrate:down without an up of its own"),
            "Put both in one block, or an up block before the second.",
        )),
        _ => Ok(()),
    }
}

fn check_before(file: &str, line: &str, number: usize) -> Result<(), FileProblem> {
    let line = line.trim();
    if line.is_empty() || line.starts_with("--") {
        return Ok(());
    }
    Err(FileProblem::new(
        file,
        format!("line {number}: a statement stands before -- migrate:up"),
        "Move it into the up block: dbmate refuses it where it is.",
    ))
}

fn no_up(file: &str) -> FileProblem {
    FileProblem::new(
        file,
        "has no line -- migrate:up, as the dbmate files beside it have",
        "Write -- migrate:up above what it does and -- migrate:down above what takes it back.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(Way, &str, usize, bool)> {
        let blocks = blocks("1_a.sql", text).unwrap();
        blocks.into_iter().map(|block| (block.way, block.text, block.line, block.no_transaction)).collect()
    }

    fn refused(text: &str) -> String {
        blocks("1_a.sql", text).unwrap_err().message
    }

    #[test]
    fn a_file_is_cut_at_its_marks() {
        let text = "-- about it\n\n-- migrate:up transaction:false\nselect 1;\n--migrate:down\nselect 2;\n";
        assert_eq!(
            cut(text),
            [
                (Way::Up, "-- migrate:up transaction:false\nselect 1;\n", 3, true),
                (Way::Down, "--migrate:down\nselect 2;\n", 5, false),
            ]
        );
    }

    #[test]
    fn windows_line_ends_and_several_pairs_are_read() {
        let text = "-- migrate:up\r\na;\r\n-- migrate:down\r\nb;\r\n-- migrate:up\r\nc;\r\n";
        assert_eq!(cut(text).iter().map(|block| block.0).collect::<Vec<_>>(), [Way::Up, Way::Down, Way::Up]);
    }

    #[test]
    fn what_dbmate_refuses_is_refused_with_why() {
        assert!(refused("select 1;\n").contains("line 1: a statement stands before"));
        assert!(refused("-- nothing\n").contains("no line -- migrate:up"));
        assert!(refused("-- migrate:down\n-- migrate:up\n").contains("before -- migrate:up"));
        assert!(refused("-- migrate:up\n-- migrate:down\n-- migrate:down\n").contains("a second"));
        assert!(refused("-- migrate:upwards\n").contains("no line -- migrate:up"));
    }
}
