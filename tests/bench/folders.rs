//! The same small migrations in the file format of each runner.

use std::fs;
use std::path::{Path, PathBuf};

/// How many there are.
pub(crate) const COUNT: usize = 200;

/// A folder a format, gone with this value.
pub(crate) struct Folders {
    top: tempfile::TempDir,
}

impl Folders {
    /// Writes them.
    pub(crate) fn write() -> Self {
        let folders = Self { top: tempfile::tempdir().unwrap() };
        for folder in [folders.evaldesk(), folders.dbmate()] {
            fs::create_dir_all(folder).unwrap();
        }
        (0..COUNT).for_each(|number| folders.write_one(number));
        folders
    }

    /// `.up.sql` and `.down.sql`: ours, and sqlx's too.
    pub(crate) fn evaldesk(&self) -> PathBuf {
        self.top.path().join("evaldesk")
    }

    /// One file with both ways.
    pub(crate) fn dbmate(&self) -> PathBuf {
        self.top.path().join("dbmate")
    }

    fn write_one(&self, number: usize) {
        let (up, down) = statements(number);
        let stem = format!("{}_step_{number}", 20_260_101_000_000 + number);
        write(&self.evaldesk(), &format!("{stem}.up.sql"), &up);
        write(&self.evaldesk(), &format!("{stem}.down.sql"), &down);
        let both = format!("-- migrate:up\n{up}\n-- migrate:down\n{down}");
        write(&self.dbmate(), &format!("{stem}.sql"), &both);
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

/// By turns a table, a column of it, and an index on it, as the history of a real application has them.
fn statements(number: usize) -> (String, String) {
    let table = number / 3;
    match number % 3 {
        0 => (
            format!(
                "create table bench_{table} (id bigserial primary key, name text not null, created_at timestamptz not null default now());\n"
            ),
            format!("drop table bench_{table};\n"),
        ),
        1 => (
            format!("alter table bench_{table} add column score double precision;\n"),
            format!("alter table bench_{table} drop column score;\n"),
        ),
        _ => (
            format!("create index bench_{table}_on_created_at on bench_{table} (created_at);\n"),
            format!("drop index bench_{table}_on_created_at;\n"),
        ),
    }
}
