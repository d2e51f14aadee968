//! The plan as a script: what would be sent, in order, with what each statement does to others said above it.

use std::fmt::Write as _;

use super::super::LedgerPlace;
use super::estimate::{duration, size};
use super::{Direction, MigrationPlan, PlannedMigration, PlannedStatement, StatementPurpose};

impl MigrationPlan {
    /// A script that does what the plan does: for `psql -X -v ON_ERROR_STOP=1 -f`, or to be read.
    ///
    /// The advisory locks, the verify files and the log are not in it: only applying the plan does those.
    pub fn to_sql(&self) -> String {
        let mut sql = self.head();
        let ledger = self.create_ledger.iter().chain(&self.own_schema);
        ledger.for_each(|statement| push(&mut sql, &[], &statement.sql));
        for step in &self.steps {
            sql.push_str(&self.of_step(step));
        }
        sql
    }

    fn head(&self) -> String {
        let mut head = format!("-- {}, of {}\n", self.title(), self.origin);
        let about = if self.steps.is_empty() { "nothing to do".to_owned() } else { self.about() };
        let _ = writeln!(head, "-- {about}");
        self.notices.iter().for_each(|notice| push_comment(&mut head, notice));
        self.blockers
            .iter()
            .for_each(|blocker| push_comment(&mut head, &format!("in the way now: {}", blocker.words)));
        for doomed in &self.doomed {
            push_comment(&mut head, &format!("dies: {}", doomed.in_words()));
        }
        head
    }

    /// "3 statements, 38 s by estimate, about 120 MB of disk"
    fn about(&self) -> String {
        let count = self.statement_count();
        let noun = if count == 1 { "statement" } else { "statements" };
        let unknown = if self.without_estimate > 0 { ", some of it not known" } else { "" };
        let disk = match self.disk.needed_bytes {
            0 => String::new(),
            bytes => format!(", about {} of disk", size(bytes)),
        };
        format!("{count} {noun}, {} by estimate{unknown}{disk}", duration(self.estimate_ms))
    }

    fn of_step(&self, step: &PlannedMigration) -> String {
        let way = if step.direction == Direction::Up { "up" } else { "down" };
        let how =
            if step.transactional { "in one transaction" } else { "statement by statement, each for itself" };
        let mut sql = format!("\n-- {} {} {way}: {how}\n-- {}\n", step.version, step.name, step.path);
        if step.transactional {
            sql.push_str("begin;\nset local lock_timeout = '2s';\n");
        }
        for (at, statement) in step.statements.iter().enumerate() {
            push(&mut sql, &statement.comments(at + 1, step.statements.len()), &statement.runnable());
        }
        push(&mut sql, &[], &self.in_the_ledger(step));
        if step.transactional {
            sql.push_str("commit;\n");
        }
        sql
    }

    fn in_the_ledger(&self, step: &PlannedMigration) -> String {
        // A version is digits, or whatever a ledger holds.
        let version = step.version.as_str().replace('\'', "''");
        match (self.ledger_place, step.direction) {
            (LedgerPlace::Own, _) => {
                "-- its row is in evaldesk.migration_ledger: applying the plan writes it".to_owned()
            }
            (LedgerPlace::Shared, Direction::Up) => {
                format!("insert into schema_migrations (version) values ('{version}')")
            }
            (LedgerPlace::Shared, Direction::Down) => {
                format!("delete from schema_migrations where ltrim(version, '0') = '{version}'")
            }
        }
    }
}

impl PlannedStatement {
    fn comments(&self, at: usize, of: usize) -> Vec<String> {
        let line = if self.line > 0 { format!(", line {}", self.line) } else { String::new() };
        let lock = match (&self.lock, self.relations.as_slice()) {
            (Some(lock), [_, ..]) => format!("{lock} on {}: ", self.relations.join(", ")),
            _ => String::new(),
        };
        let estimate = self.estimate_ms.map_or_else(|| "time not known".to_owned(), duration);
        let mut comments = vec![format!("{at} of {of}{line}: {lock}{}; {estimate}", self.consequence)];
        if !self.rewrites.is_empty() {
            comments.push(format!("writes {} anew", self.rewrites.join(", ")));
        }
        if !self.scans.is_empty() {
            comments.push(format!("reads {} through", self.scans.join(", ")));
        }
        comments
    }

    /// What rake runs is no SQL.
    fn runnable(&self) -> String {
        match self.purpose {
            StatementPurpose::Rake => self.sql.lines().map(|line| format!("-- {line}\n")).collect(),
            _ => self.sql.clone(),
        }
    }
}

fn push(sql: &mut String, comments: &[String], statement: &str) {
    comments.iter().for_each(|comment| push_comment(sql, comment));
    let statement = statement.trim_end().trim_end_matches(';');
    sql.push_str(statement);
    // A semicolon behind a comment would be part of it.
    let last = statement.lines().last().unwrap_or_default();
    sql.push_str(match last.contains("--") {
        true if statement.lines().all(|line| line.trim_start().starts_with("--")) => "\n",
        true => "\n;\n",
        false => ";\n",
    });
}

/// A name may hold a line break.
fn push_comment(sql: &mut String, text: &str) {
    text.lines().for_each(|line| {
        let _ = writeln!(sql, "-- {line}");
    });
}

#[cfg(test)]
mod tests {
    use super::super::relations::Relations;
    use super::super::{MigrationRequest, PlannedDisk, Step, statements};
    use super::*;
    use crate::migrate::{LedgerKind, MigrationSet};

    const INDEX: &str =
        "-- evaldesk: no-transaction\ncreate index concurrently runs_name on runs (name);\nanalyze runs;\n";
    const CHANGE: &str = "alter table runs add column owner text not null default 'nobody'; -- who
        create table teams (id bigint primary key, lead bigint references runs (id));
        create index on teams (lead);
        do $$ begin perform 1; end $$;";

    /// On a database with nothing in it.
    fn plan(files: &[(&str, &str)]) -> MigrationPlan {
        let set = MigrationSet::from_files("test", files.iter().map(|(name, sql)| (*name, sql.as_bytes())))
            .unwrap();
        let steps: Vec<_> = set.iter().map(|migration| Step::new(migration, Direction::Up)).collect();
        let read = statements::read_steps(&steps, 17).unwrap();
        MigrationPlan {
            hash: String::new(),
            request: MigrationRequest::Up,
            origin: "test".to_owned(),
            database: "raaf_eval".to_owned(),
            ledger: LedgerKind::Missing,
            ledger_place: LedgerPlace::Shared,
            environment: None,
            create_ledger: Some(statements::ledger(
                "create table schema_migrations (version varchar primary key)",
                17,
            )),
            own_schema: Vec::new(),
            steps: statements::plan_steps(&read, &Relations::default(), 17).unwrap(),
            notices: vec!["One of 2 versions runs without a transaction.".to_owned()],
            doomed: Vec::new(),
            blockers: Vec::new(),
            disk: PlannedDisk::default(),
            estimate_ms: 0,
            without_estimate: 1,
        }
    }

    #[test]
    fn the_script_says_above_each_statement_what_it_does_to_others() {
        insta::assert_snapshot!(plan(&[("1_change.up.sql", CHANGE), ("2_index.up.sql", INDEX)]).to_sql());
    }

    #[test]
    fn the_wire_form_of_a_plan_keeps_its_shape() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&plan(&[("2_index.up.sql", INDEX)])).unwrap());
    }
}
