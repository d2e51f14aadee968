//! What can be read of a Rails migration without running Ruby. What it does stays unknown: only Ruby can tell.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ruby_drops::{self, RubyDrop};

/// How a file says that it can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reversal {
    /// It has a `down`.
    Down,
    /// It has a `change`, which Rails turns around; whether every step of it can be, shows when it runs.
    Change,
    /// It has only an `up`, or says itself that it cannot be.
    None,
}

/// A file of Ruby, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RubyFile {
    /// The class on `ActiveRecord::Migration`, where one is found.
    pub class_name: Option<String>,
    /// The version in brackets behind `ActiveRecord::Migration`.
    pub rails: Option<String>,
    pub reversal: Reversal,
    /// It calls `disable_ddl_transaction!`.
    pub no_transaction: bool,
    /// What its way back drops, as far as that stands there plainly.
    pub drops: Vec<RubyDrop>,
}

impl RubyFile {
    pub(super) fn read(text: &str) -> Self {
        let code = code_lines(text);
        let (class_name, rails) = code.iter().find_map(|line| class_of(line)).unzip();
        Self {
            class_name,
            rails: rails.flatten(),
            reversal: reversal(&code),
            drops: ruby_drops::drops(&code),
            no_transaction: code.iter().any(|line| line.trim_start().starts_with("disable_ddl_transaction!")),
        }
    }

    /// What a person should know: Rails finds the class by the file's name.
    pub(in crate::migrate) fn notes(&self, file: &str, name: &str) -> Option<String> {
        match &self.class_name {
            None => Some(format!(
                "{file}: no class on ActiveRecord::Migration is found in it; rake may not be able to run it"
            )),
            // Without regard to case: an application may tell Rails of acronyms (API, URL).
            Some(class) if !class.eq_ignore_ascii_case(&name.replace('_', "")) => {
                Some(format!("{file} defines {class}, and by its name Rails looks for {}", class_name(name)))
            }
            Some(_) => None,
        }
    }
}

/// The class that Rails looks for behind a name: `create_tables` is `CreateTables`.
pub(in crate::migrate) fn class_name(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    name.split('_').filter_map(capital).collect()
}

/// `class CreateTables < ActiveRecord::Migration[7.1]`.
fn class_of(line: &str) -> Option<(String, Option<String>)> {
    let (class, base) = line.trim().strip_prefix("class ")?.split_once('<')?;
    let version = base.trim().trim_start_matches("::").strip_prefix("ActiveRecord::Migration")?;
    let class = class.trim().rsplit("::").next().unwrap_or_default().to_owned();
    let version = version.trim().strip_prefix('[').and_then(|rest| rest.split(']').next());
    Some((class, version.map(str::to_owned)))
}

fn reversal(code: &[&str]) -> Reversal {
    match (body(code, "down"), body(code, "change")) {
        (Some(down), _) if raises(&down) => Reversal::None,
        (Some(_), _) => Reversal::Down,
        (None, Some(change)) if raises(&change) || cannot_turn(&change) => Reversal::None,
        (None, Some(_)) => Reversal::Change,
        (None, None) => Reversal::None,
    }
}

fn raises(body: &[&str]) -> bool {
    body.iter().any(|line| line.contains("IrreversibleMigration"))
}

/// Calls that Rails cannot turn around, unless the file says what the other way is.
fn cannot_turn(body: &[&str]) -> bool {
    let says_how = ["reversible", "up_only", "revert"];
    let one_way = ["execute", "change_column"];
    let calls = |line: &&str, words: &[&str]| first_words(line).any(|word| words.contains(&word));
    !body.iter().any(|line| calls(line, &says_how)) && body.iter().any(|line| calls(line, &one_way))
}

/// The words that begin the statements of a line.
pub(super) fn first_words(line: &str) -> impl Iterator<Item = &str> {
    line.split(';').filter_map(|part| part.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next())
}

/// The lines of a method, up to the `end` that stands as far in as its `def`; or the rest of its only line.
pub(super) fn body<'a>(code: &[&'a str], method: &str) -> Option<Vec<&'a str>> {
    let at = code.iter().position(|line| defines(line, method))?;
    let def = code[at];
    if first_words(def).any(|word| word == "end") {
        return Some(vec![def]);
    }
    let indent = def.len() - def.trim_start().len();
    let ends = |line: &&&str| line.len() - line.trim_start().len() <= indent && line.trim() == "end";
    let length = code[at + 1..].iter().take_while(|line| !ends(line)).count();
    Some(code[at + 1..at + 1 + length].to_vec())
}

fn defines(line: &str, method: &str) -> bool {
    let Some(named) = line.trim_start().strip_prefix("def ") else { return false };
    let named = named.trim_start().strip_prefix("self.").unwrap_or(named.trim_start());
    named.split(|c: char| !(c.is_alphanumeric() || c == '_')).next() == Some(method)
}

/// The lines without comments and without the text of here documents.
fn code_lines(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut until: Option<String> = None;
    for line in text.lines() {
        match &until {
            Some(end) if line.trim() == end || line.starts_with(end.as_str()) => until = None,
            Some(_) => {}
            None if line.starts_with("=begin") => until = Some("=end".to_owned()),
            None if line.trim_end() == "__END__" => break,
            None => {
                let code = without_comment(line);
                until = here_document(code);
                found.push(code);
            }
        }
    }
    found
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return line[..at].trim_end(),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    line.trim_end()
}

/// The word that ends a here document which this line begins: `<<~SQL`, `<<-'SQL'`, `<<SQL`.
fn here_document(line: &str) -> Option<String> {
    let after = line.split("<<").skip(1).find_map(|rest| {
        let bare = rest.trim_start_matches(['~', '-']);
        let name = bare.trim_start_matches(['\'', '"']);
        let marked = bare.len() < rest.len() || name.len() < bare.len();
        (marked || name.starts_with(|c: char| c.is_ascii_uppercase())).then_some(name)
    })?;
    let word: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(body: &str) -> RubyFile {
        RubyFile::read(&format!("class AddThings < ActiveRecord::Migration[7.1]\n{body}\nend\n"))
    }

    #[test]
    fn class_and_rails_version_are_read() {
        let file = migration("  disable_ddl_transaction!\n  def change\n    add_column :a, :b, :text\n  end");
        assert_eq!((file.class_name.as_deref(), file.rails.as_deref()), (Some("AddThings"), Some("7.1")));
        assert!(file.no_transaction);
        assert_eq!(file.reversal, Reversal::Change);
        assert_eq!(file.notes("1_add_things.rb", "add_things"), None);
        assert!(file.notes("1_add_other.rb", "add_other").unwrap().contains("looks for AddOther"));
    }

    #[test]
    fn comments_and_here_documents_are_not_code() {
        let file = migration(
            "  # disable_ddl_transaction!\n=begin\n  def down\n  end\n=end\n  def up\n    execute <<~SQL\n      def down\n    SQL\n  end",
        );
        assert!(!file.no_transaction);
        assert_eq!(file.reversal, Reversal::None);
    }

    #[test]
    fn what_cannot_be_taken_back_is_seen() {
        let reversal = |body: &str| migration(body).reversal;
        assert_eq!(reversal("  def up\n  end\n  def down\n    drop_table :a\n  end"), Reversal::Down);
        assert_eq!(reversal("  def down = drop_table(:a)"), Reversal::Down);
        let raising = "  def up\n  end\n\n  def down\n    raise ActiveRecord::IrreversibleMigration\n  end";
        assert_eq!(reversal(raising), Reversal::None);
        assert_eq!(reversal("  def change\n    execute \"select 1\"\n  end"), Reversal::None);
        let both =
            "  def change\n    reversible do |way|\n      way.up { execute \"select 1\" }\n    end\n  end";
        assert_eq!(reversal(both), Reversal::Change);
        assert_eq!(reversal("  def change\n    change_column_null :a, :b, false\n  end"), Reversal::Change);
        assert_eq!(reversal("  def change\n    change_column :a, :b, :text\n  end"), Reversal::None);
    }

    #[test]
    fn a_name_becomes_the_class_that_rails_looks_for() {
        assert_eq!(class_name("create_evaluation_tables"), "CreateEvaluationTables");
        assert_eq!(class_name("a_1b"), "A1b");
    }
}
