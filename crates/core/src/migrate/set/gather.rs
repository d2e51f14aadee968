//! From files to versions: the scripts of one version together, and what is wrong between files.

use std::collections::BTreeMap;

use crate::migrate::Version;
use crate::migrate::file::{
    Migration, MigrationFormat, Part, RawFile, RubyFile, Script, ScriptRole, in_words, parts,
};
use crate::{Error, ErrorKind, Result};

type Found = BTreeMap<Version, Files>;

/// What was found of one version.
#[derive(Default)]
struct Files {
    spelled: String,
    name: String,
    ruby: Option<RubyFile>,
    scripts: Vec<(ScriptRole, Script)>,
}

/// Gathers the files of a format into versions, oldest first.
pub(super) fn gather(files: &[RawFile], format: MigrationFormat) -> Result<Vec<Migration>> {
    let mut found = Found::new();
    for file in files {
        for part in parts(file, format)? {
            add(&mut found, part)?;
        }
    }
    found.into_iter().map(|(version, files)| files.finish(version)).collect()
}

impl Files {
    fn finish(mut self, version: Version) -> Result<Migration> {
        let files: Vec<String> = self.scripts.iter().map(|(_, script)| script.file.clone()).collect();
        let Some(up) = self.take(ScriptRole::Up) else {
            return Err(Error::new(
                ErrorKind::InvalidArguments,
                format!("{} has no .up.sql beside it", in_words(&files)),
            )
            .hint("Add the file that says what the version does, or delete this one."));
        };
        let mut notes = up.notes.clone();
        let (down, verify) = (
            self.take_filled(ScriptRole::Down, &mut notes),
            self.take_filled(ScriptRole::Verify, &mut notes),
        );
        notes.extend(self.ruby.as_ref().and_then(|ruby| ruby.notes(&up.file, &self.name)));
        let (spelled, name, ruby) = (self.spelled, self.name, self.ruby);
        Ok(Migration { version, name, spelled, up, down, verify, ruby, problem: None, notes })
    }

    fn take(&mut self, role: ScriptRole) -> Option<Script> {
        let at = self.scripts.iter().position(|(found, _)| *found == role)?;
        Some(self.scripts.remove(at).1)
    }

    /// A script with nothing in it takes nothing back and checks nothing: it is as if it were not there.
    fn take_filled(&mut self, role: ScriptRole, notes: &mut Vec<String>) -> Option<Script> {
        let script = self.take(role)?;
        if self.ruby.is_none() && script.is_blank() {
            let missing = if role == ScriptRole::Down { "take the version back" } else { "check it by" };
            notes.push(format!("{} holds no statement: there is nothing to {missing}", script.file));
            return None;
        }
        notes.extend(script.notes.iter().filter(|_| self.ruby.is_none()).cloned());
        Some(script)
    }
}

fn add(found: &mut Found, part: Part) -> Result<()> {
    let Part { name, script, ruby } = part;
    let files = found.entry(name.version.clone()).or_default();
    let clash = files.scripts.iter().find(|(role, _)| files.name != name.name || *role == name.role);
    if let Some((_, other)) = clash {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("two migrations have the version {}: {} and {}", name.version, other.file, script.file),
        )
        .hint("Give one of them another version; a version that is applied anywhere must keep its number."));
    }
    (files.name, files.spelled, files.ruby) = (name.name, name.spelled, ruby);
    files.scripts.push((name.role, script));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::MigrationSet;

    fn set(files: &[&str]) -> Result<MigrationSet> {
        MigrationSet::from_files("test", files.iter().map(|file| (*file, b"select 1" as &[u8])))
    }

    fn gathered(name: &str, text: &str, format: MigrationFormat) -> Migration {
        let file = RawFile { name: name.to_owned(), path: None, bytes: text.as_bytes().to_vec() };
        gather(&[file], format).unwrap().remove(0)
    }

    #[test]
    fn two_files_of_one_version_are_both_named() {
        let error = set(&["1_a.up.sql", "001_b.up.sql"]).unwrap_err();
        assert_eq!(error.message(), "two migrations have the version 1: 1_a.up.sql and 001_b.up.sql");
        assert!(set(&["1_a.up.sql", "01_a.up.sql"]).is_err());
    }

    #[test]
    fn a_down_needs_its_up() {
        assert_eq!(set(&["1_a.down.sql"]).unwrap_err().message(), "1_a.down.sql has no .up.sql beside it");
        assert!(set(&["1_a.up.sql"]).unwrap().iter().all(|migration| migration.down.is_none()));
    }

    #[test]
    fn an_empty_down_makes_a_version_irreversible_and_says_so() {
        let migration =
            gathered("1_a.sql", "-- migrate:up\nselect 1;\n-- migrate:down\n\n", MigrationFormat::Dbmate);
        assert!(migration.down.is_none());
        assert!(migration.notes[0].contains("nothing to take the version back"), "{:?}", migration.notes);
    }

    #[test]
    fn a_file_of_ruby_goes_back_as_far_as_it_says() {
        let text = |body: &str| format!("class AddA < ActiveRecord::Migration[7.0]\n{body}\nend\n");
        let both = gathered("1_add_a.rb", &text("  def change\n  end"), MigrationFormat::Rails);
        assert!(both.down.is_some() && both.ruby.is_some() && both.up.statements.is_empty());
        assert!(gathered("1_add_a.rb", &text("  def up\n  end"), MigrationFormat::Rails).down.is_none());
    }
}
