//! A version of ours as a file of Ruby that runs the same SQL, so that Rails lists it and `rake db:rollback` goes on
//! working on a ledger that it shares.

use std::path::{Path, PathBuf};

use crate::migrate::file::{Migration, Script, class_name, in_words, is_plain_name};
use crate::migrate::new::{create, replace};
use crate::{Error, ErrorKind, Result};

/// The line that a twin begins with.
const MARK: &str = "# Written by Evaldesk from";

/// Whether a file of Ruby is one that we wrote.
pub(in crate::migrate) fn is_twin(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK.as_bytes())
}

/// Writes a version as Ruby into a Rails folder. A twin that is there is written again; another's file never is.
///
/// # Errors
/// `Conflict` where the version or the class is another file's, `InvalidArguments` where Ruby cannot have the name or
/// the version has a problem, `Storage` when it cannot be written.
pub fn write_twin(folder: &Path, migration: &Migration) -> Result<PathBuf> {
    [Some(&migration.up), migration.down.as_ref()].into_iter().flatten().try_for_each(check_script)?;
    check_name(&migration.name)?;
    let there = ruby_files(folder)?;
    let name = format!("{}_{}.rb", migration.version, migration.name);
    check_free(&there, &name, migration)?;
    let text = text(migration, &base(&there));
    let path = folder.join(&name);
    match std::fs::read(&path) {
        Ok(bytes) if is_twin(&bytes) => replace(&path, &text)?,
        Ok(_) => return Err(taken(&name, &name)),
        Err(_) => create(&path, &text)?,
    }
    Ok(path)
}

/// A version that is only begun has a twin too, which refuses to run.
fn check_script(script: &Script) -> Result<()> {
    if script.is_blank() { Ok(()) } else { script.check() }
}

/// Writes an empty migration of Rails.
///
/// # Errors
/// As `write_twin`.
pub(in crate::migrate) fn write_skeleton(folder: &Path, version: &str, name: &str) -> Result<PathBuf> {
    check_name(name)?;
    let there = ruby_files(folder)?;
    let path = folder.join(format!("{version}_{name}.rb"));
    create(&path, &format!("class {} < {}\n  def change\n  end\nend\n", class_name(name), base(&there)))?;
    Ok(path)
}

/// A file of Ruby in the folder: its name and its text.
type RubyText = (String, String);

fn ruby_files(folder: &Path) -> Result<Vec<RubyText>> {
    let cannot =
        |error: std::io::Error| Error::from(error).while_doing(&format!("cannot read {}", folder.display()));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.extension().is_some_and(|extension| extension == "rb") {
            let text = String::from_utf8_lossy(&std::fs::read(&path).map_err(cannot)?).into_owned();
            found.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text));
        }
    }
    found.sort();
    Ok(found)
}

/// Rails knows versions by number and classes by name, and stops at two of either.
fn check_free(there: &[RubyText], name: &str, migration: &Migration) -> Result<()> {
    for (file, text) in there.iter().filter(|(file, _)| file != name) {
        let Some((digits, rest)) = file.split_once('_') else { continue };
        let same_version = crate::migrate::Version::new(digits) == migration.version;
        if same_version && is_twin(text.as_bytes()) {
            return Err(renamed(file, name));
        }
        if same_version || rest.strip_suffix(".rb") == Some(&migration.name) {
            return Err(taken(file, name));
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if is_plain_name(name) && starts_well {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidArguments, format!("{name} makes no class of Ruby"))
        .hint("A name for Rails begins with a letter: a-z, then 0-9 and _ too."))
}

fn taken(file: &str, name: &str) -> Error {
    Error::new(ErrorKind::Conflict, format!("{file} is there already, and was not written by Evaldesk"))
        .hint(format!("Rails takes no second file of one version or one name: {name} is not written."))
}

fn renamed(file: &str, name: &str) -> Error {
    Error::new(ErrorKind::Conflict, format!("{file} is an earlier twin of this version, under another name"))
        .hint(format!("Remove it, then write {name} again."))
}

/// The class to stand on: the newest version of Rails that a file beside it names, else one that every Rails knows.
fn base(there: &[RubyText]) -> String {
    let number = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let versions = there.iter().filter_map(|(_, text)| {
        let after = text.split("ActiveRecord::Migration[").nth(1)?;
        number(after.split(']').next()?)
    });
    let (major, minor) = versions.max().unwrap_or((5, 2));
    format!("ActiveRecord::Migration[{major}.{minor}]")
}

/// The whole file.
fn text(migration: &Migration, base: &str) -> String {
    let files: Vec<String> = [Some(&migration.up), migration.down.as_ref()]
        .into_iter()
        .flatten()
        .map(|script| script.file.clone())
        .collect();
    let apart = [Some(&migration.up), migration.down.as_ref()]
        .into_iter()
        .flatten()
        .any(|script| script.directives.no_transaction);
    let disable = if apart { "  disable_ddl_transaction!\n\n" } else { "" };
    let down = migration.down.as_ref().map_or_else(
        || "    raise ActiveRecord::IrreversibleMigration\n".to_owned(),
        |script| body(script, apart),
    );
    format!(
        "{MARK} {}: change those and write it again, not this.\nclass {} < {base}\n{disable}  def up\n{}  end\n\n  def down\n{down}  end\nend\n",
        in_words(&files),
        class_name(&migration.name),
        body(&migration.up, apart),
    )
}

/// The statements of one way. Where only the other way goes without a transaction, this one has its own.
fn body(script: &Script, apart: bool) -> String {
    if script.statements.is_empty() {
        return format!("    raise \"{} holds no statement yet\"\n", script.file);
    }
    let statements: String =
        script.statements.iter().map(|statement| statement_in_ruby(&statement.text)).collect();
    if apart && !script.directives.no_transaction {
        return format!("    transaction do\n{statements}    end\n");
    }
    statements
}

/// A here document that Ruby reads nothing into, with its text at the margin: strings in it keep their lines.
fn statement_in_ruby(sql: &str) -> String {
    let mut end = "SQL".to_owned();
    while sql.lines().any(|line| line.trim() == end) {
        end.push('_');
    }
    format!("    execute <<-'{end}'\n{sql}\n    {end}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::{MigrationSet, Version};

    fn migration(up: &str, down: Option<&str>) -> Migration {
        let mut files = vec![("20260102030405_add_a.up.sql", up.as_bytes())];
        files.extend(down.map(|text| ("20260102030405_add_a.down.sql", text.as_bytes())));
        let set = MigrationSet::from_files("test", files).unwrap();
        set.get(&Version::new("20260102030405")).unwrap().clone()
    }

    #[test]
    fn a_twin_runs_the_same_statements_both_ways() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("1_b.rb"), "class B < ActiveRecord::Migration[7.1]\nend\n")
            .unwrap();
        let path = write_twin(
            folder.path(),
            &migration("create table a (b text default '#{x}\\n');\nselect 1", Some("drop table a")),
        )
        .unwrap();
        insta::assert_snapshot!(std::fs::read_to_string(&path).unwrap(), @r"
        # Written by Evaldesk from 20260102030405_add_a.up.sql, 20260102030405_add_a.down.sql: change those and write it again, not this.
        class AddA < ActiveRecord::Migration[7.1]
          def up
            execute <<-'SQL'
        create table a (b text default '#{x}\n')
            SQL
            execute <<-'SQL'
        select 1
            SQL
          end

          def down
            execute <<-'SQL'
        drop table a
            SQL
          end
        end
        ");
        assert!(is_twin(&std::fs::read(&path).unwrap()));
    }

    #[test]
    fn without_a_transaction_rails_is_told_so_and_the_other_way_keeps_its_own() {
        let up = "-- evaldesk: no-transaction\ncreate index concurrently i on a (b);\nselect 'SQL\nSQL\n'";
        let text = text(&migration(up, Some("drop index i")), "ActiveRecord::Migration[5.2]");
        assert!(text.contains("disable_ddl_transaction!") && text.contains("<<-'SQL_'"), "{text}");
        assert!(text.contains("def down\n    transaction do\n"), "{text}");
        assert!(
            self::text(&migration("select 1", None), "x")
                .contains("raise ActiveRecord::IrreversibleMigration")
        );
    }

    #[test]
    fn a_version_that_is_only_begun_has_a_twin_that_refuses() {
        let text = text(&migration("-- later", None), "x");
        assert!(
            text.contains("  def up\n    raise \"20260102030405_add_a.up.sql holds no statement yet\"\n"),
            "{text}"
        );
    }

    #[test]
    fn a_file_of_somebody_else_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |file: &str| {
            std::fs::write(folder.path().join(file), "class A; end").unwrap();
            let error = write_twin(folder.path(), &migration("select 1", None)).unwrap_err();
            std::fs::remove_file(folder.path().join(file)).unwrap();
            assert_eq!(error.kind(), ErrorKind::Conflict);
            error.message().to_owned()
        };
        for file in ["20260102030405_add_a.rb", "20260102030405_other.rb", "7_add_a.rb"] {
            assert!(refused(file).contains(file));
        }
        let first = write_twin(folder.path(), &migration("select 1", None)).unwrap();
        let again = write_twin(folder.path(), &migration("select 2", None)).unwrap();
        assert!(first == again && std::fs::read_to_string(first).unwrap().contains("select 2"));
    }
}
