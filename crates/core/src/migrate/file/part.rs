//! From a file to what it holds of a version: one script, or both ways in one.

use super::dbmate::{Block, Way, blocks};
use super::ruby::{Reversal, RubyFile};
use super::script::Piece;
use super::{FileName, FileProblem, MigrationFormat, RawFile, Script, ScriptRole};
use crate::Result;
use crate::migrate::rails::without_rake;

/// One script of a version, as a file gives it.
#[derive(Debug)]
pub(in crate::migrate) struct Part {
    pub(in crate::migrate) name: FileName,
    pub(in crate::migrate) script: Script,
    pub(in crate::migrate) ruby: Option<RubyFile>,
}

/// Reads a file by the rules of its folder's format.
///
/// # Errors
/// `InvalidArguments` for a name that the format does not take.
pub(in crate::migrate) fn parts(file: &RawFile, format: MigrationFormat) -> Result<Vec<Part>> {
    let name = FileName::parse(&file.name, format)?;
    Ok(match format {
        MigrationFormat::Evaldesk => vec![whole(file, name, format, false)],
        // The very first bytes, as sqlx looks for them: behind a byte order mark it sees none.
        MigrationFormat::Sqlx => {
            let no_transaction = file.bytes.starts_with(b"-- no-transaction");
            vec![whole(file, name, format, no_transaction)]
        }
        MigrationFormat::Dbmate => both_ways(file, &name),
        MigrationFormat::Rails => ruby(file, &name),
    })
}

fn whole(file: &RawFile, name: FileName, format: MigrationFormat, no_transaction: bool) -> Part {
    Part { script: Script::read(&Piece::whole(file, format, no_transaction)), name, ruby: None }
}

fn both_ways(file: &RawFile, name: &FileName) -> Vec<Part> {
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        return vec![whole(file, name.clone(), MigrationFormat::Dbmate, false)];
    };
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    match blocks(&file.name, bare) {
        Ok(blocks) => {
            let mut found: Vec<Part> = [Way::Up, Way::Down]
                .into_iter()
                .filter_map(|way| one_way(file, name, &blocks, way))
                .collect();
            if let (true, Some(first)) = (bare.len() < text.len(), found.first_mut()) {
                first.script.notes.push(byte_order_mark(&file.name));
            }
            found
        }
        Err(problem) => vec![unread(file, name, problem)],
    }
}

/// The blocks of one way as one script, each at its own line.
fn one_way(file: &RawFile, name: &FileName, blocks: &[Block<'_>], way: Way) -> Option<Part> {
    let mut of_it = blocks.iter().filter(|block| block.way == way);
    let first = of_it.next()?;
    let (mut text, mut no_transaction, mut differ) = (first.text.to_owned(), first.no_transaction, false);
    for block in of_it {
        let line = first.line + text.matches('\n').count();
        text.push_str(&"\n".repeat(block.line.saturating_sub(line)));
        text.push_str(block.text);
        differ |= block.no_transaction != no_transaction;
        no_transaction |= block.no_transaction;
    }
    let (bytes, first_line) = (text.as_bytes(), first.line);
    let piece = Piece { file, format: MigrationFormat::Dbmate, bytes, first_line, no_transaction };
    let mut script = Script::read(&piece);
    if differ {
        script.notes.push(format!(
            "{}: some of its blocks want a transaction and some none: all of them run statement by statement",
            file.name
        ));
    }
    let role = if way == Way::Up { ScriptRole::Up } else { ScriptRole::Down };
    Some(Part { name: FileName { role, ..name.clone() }, script, ruby: None })
}

fn unread(file: &RawFile, name: &FileName, problem: FileProblem) -> Part {
    let piece = Piece::whole(file, MigrationFormat::Dbmate, false);
    let script = Script { problem: Some(problem), ..Script::unread(&piece) };
    Part { name: name.clone(), script, ruby: None }
}

fn byte_order_mark(file: &str) -> String {
    format!("{file} begins with a byte order mark: dbmate finds no -- migrate:up behind it")
}

/// Both ways of a Ruby file are the same text: rake is told which.
fn ruby(file: &RawFile, name: &FileName) -> Vec<Part> {
    let found = RubyFile::read(&String::from_utf8_lossy(&file.bytes));
    let piece = Piece::whole(file, MigrationFormat::Rails, found.no_transaction);
    let script = Script { problem: Some(without_rake(&file.name)), ..Script::unread(&piece) };
    let part = |role| Part {
        name: FileName { role, ..name.clone() },
        script: script.clone(),
        ruby: Some(found.clone()),
    };
    match found.reversal {
        Reversal::None => vec![part(ScriptRole::Up)],
        Reversal::Down | Reversal::Change => vec![part(ScriptRole::Up), part(ScriptRole::Down)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str, format: MigrationFormat) -> Vec<Part> {
        let file = RawFile { name: name.to_owned(), path: None, bytes: text.as_bytes().to_vec() };
        parts(&file, format).unwrap()
    }

    #[test]
    fn sqlx_asks_for_no_transaction_with_its_very_first_bytes() {
        let no_transaction =
            |text: &str| read("1_a.sql", text, MigrationFormat::Sqlx)[0].script.directives.no_transaction;
        assert!(no_transaction("-- no-transaction\nvacuum a;"));
        assert!(!no_transaction("\n-- no-transaction\nselect 1;"));
        assert!(!no_transaction("\u{feff}-- no-transaction\nselect 1;"));
    }

    #[test]
    fn a_dbmate_file_goes_both_ways_with_its_own_lines() {
        let text = "-- migrate:up\nselect 1;\n-- migrate:down transaction:false\n\nvacuum a;\n";
        let parts = read("1_a.sql", text, MigrationFormat::Dbmate);
        let [up, down] = &parts[..] else { panic!("{parts:?}") };
        assert_eq!((up.script.statements[0].line, down.script.statements[0].line), (2, 5));
        assert!(!up.script.directives.no_transaction && down.script.directives.no_transaction);
        assert_ne!(up.script.sha384, down.script.sha384);
    }

    #[test]
    fn several_blocks_keep_their_lines() {
        let text = "-- migrate:up\na;\n-- migrate:down\nb;\n-- migrate:up transaction:false\nc;\n-- migrate:down\nd;\n";
        let parts = read("1_a.sql", text, MigrationFormat::Dbmate);
        let lines = |part: &Part| part.script.statements.iter().map(|one| one.line).collect::<Vec<_>>();
        assert_eq!((lines(&parts[0]), lines(&parts[1])), (vec![2, 6], vec![4, 8]));
        assert!(parts[0].script.notes[0].contains("statement by statement"));
    }

    #[test]
    fn what_is_wrong_with_a_dbmate_file_stays_with_it() {
        let parts = read("1_a.sql", "select 1;\n", MigrationFormat::Dbmate);
        assert!(parts[0].script.check().unwrap_err().message().contains("before -- migrate:up"));
    }

    #[test]
    fn what_only_evaldesk_heeds_is_refused_in_a_file_of_another_tool() {
        let parts = read("1_a.sql", "-- evaldesk: no-transaction\nselect 1;\n", MigrationFormat::Sqlx);
        let error = parts[0].script.check().unwrap_err();
        assert!(error.message().contains("sqlx would not heed"), "{}", error.message());
        assert!(error.hint_text().unwrap().contains("very first"));
    }
}
