//! Linting migration files, with or without a database at hand, and accepting a finding in the file.

use std::collections::HashMap;

use evaldesk_core::catalog::{self, TableSummary};
use evaldesk_core::connection::Database;
use evaldesk_core::migrate::{
    self, LintContext, LintFinding, LintLevel, LintSource, Migration, MigrationSet, MigrationSource, Script,
    ScriptRole, TableFacts, Version,
};
use evaldesk_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// What to lint.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MigrateLintArguments {
    /// Whose files, for which server and which tables; without one the files are read for themselves.
    pub connection: Option<String>,
    /// One version; all without it.
    pub version: Option<Version>,
    /// A text that is in no file yet, instead of files.
    pub draft: Option<LintDraft>,
}

/// A text as it is typed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintDraft {
    pub role: ScriptRole,
    pub text: String,
}

/// What was found in one script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LintedScript {
    /// Absent for a draft.
    pub version: Option<Version>,
    pub role: ScriptRole,
    /// The path where there is one, else the file's name.
    pub file: String,
    /// By their place; accepted ones among them.
    pub findings: Vec<LintFinding>,
}

/// A finding that somebody has weighed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateAcceptArguments {
    pub connection: String,
    pub version: Version,
    pub role: ScriptRole,
    /// The finding's, in the file.
    pub line: u32,
    pub rule: String,
    /// Why it is right here; it stays in the file.
    pub reason: String,
}

/// Lints files, or a draft.
pub async fn migrate_lint(session: &Session, arguments: MigrateLintArguments) -> Result<Vec<LintedScript>> {
    let known = match &arguments.connection {
        Some(connection) => known(&session.database(connection).await?).await?,
        None => LintContext::default(),
    };
    if let Some(draft) = arguments.draft {
        return Ok(vec![linted_draft(draft, known)]);
    }
    let set = match &arguments.connection {
        Some(connection) => session.migration_context(connection)?.set,
        None => session.wished_migrations()?.into(),
    };
    let one = arguments.version.map(|version| set.require(&version)).transpose()?;
    let chosen = set.iter().filter(|migration| one.is_none_or(|one| one.version == migration.version));
    Ok(chosen.flat_map(|migration| linted(migration, &known)).collect())
}

/// Writes into the file that a finding is accepted, and why.
pub async fn migrate_accept(session: &Session, arguments: MigrateAcceptArguments) -> Result<MigrationSource> {
    let set = session.migration_context(&arguments.connection)?.set;
    let MigrateAcceptArguments { version, role, line, rule, reason, .. } = arguments;
    if reason.trim().is_empty() {
        return Err(Error::new(ErrorKind::InvalidArguments, format!("{rule} is accepted without a reason"))
            .hint("Say why it is right here: the next one who reads the file has to know.")
            .into());
    }
    let script = script(&set, &version, role)?;
    let text = migrate::with_accepted(&script.sql, line.saturating_sub(before(script)), &rule, &reason);
    Ok(migrate::write_script(&set, &version, role, &text, Some(&script.sha384))?)
}

fn script<'a>(set: &'a MigrationSet, version: &Version, role: ScriptRole) -> Result<&'a Script> {
    let migration = set.require(version)?;
    let found = scripts(migration).find(|(of, _)| *of == role).map(|(_, script)| script);
    Ok(found.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("{version} {} has no such file", migration.name))
            .hint("See its files: evaldesk migrate status.")
    })?)
}

/// What goes up and what goes down; a verify file only reads, and Ruby is not SQL.
fn scripts(migration: &Migration) -> impl Iterator<Item = (ScriptRole, &Script)> {
    let both = [(ScriptRole::Up, Some(&migration.up)), (ScriptRole::Down, migration.down.as_ref())];
    let sql = migration.ruby.is_none();
    both.into_iter().filter(move |_| sql).filter_map(|(role, script)| Some((role, script?)))
}

fn linted(migration: &Migration, known: &LintContext) -> Vec<LintedScript> {
    let each = scripts(migration).map(|(role, script)| {
        let context = LintContext {
            transactional: !script.directives.no_transaction,
            down: role == ScriptRole::Down,
            ..known.clone()
        };
        let path = script.path.as_ref().map(|path| path.display().to_string());
        let mut findings = migrate::lint(&script.sql, &context);
        let before = before(script);
        findings.iter_mut().for_each(|finding| {
            finding.line += before;
            finding.end_line += before;
        });
        findings.extend(cannot_run(script, &findings));
        let (version, file) = (Some(migration.version.clone()), path.unwrap_or_else(|| script.file.clone()));
        LintedScript { version, role, file, findings }
    });
    each.collect()
}

/// What keeps a file from being run is an error, where no rule has said it already: nothing at all in it, say.
fn cannot_run(script: &Script, findings: &[LintFinding]) -> Option<LintFinding> {
    let problem = script.problem.as_ref()?;
    if findings.iter().any(|one| one.level == LintLevel::Error && one.accepted.is_none()) {
        return None;
    }
    let what = problem.message.strip_prefix(&script.file).unwrap_or(&problem.message).trim_start();
    Some(LintFinding {
        rule: "unreadable-file".to_owned(),
        level: LintLevel::Error,
        source: LintSource::Evaldesk,
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
        what: what.to_owned(),
        why: problem.hint.clone(),
        rewrite: None,
        replaces: None,
        accepted: None,
    })
}

/// How many lines of the file come before the script: the down of dbmate stands behind its up.
fn before(script: &Script) -> u32 {
    let Some(first) = script.statements.first() else { return 0 };
    let at = script.sql.find(&first.text).unwrap_or(0);
    let line = script.sql[..at].bytes().filter(|byte| *byte == b'\n').count() + 1;
    u32::try_from(first.line.saturating_sub(line)).unwrap_or(0)
}

fn linted_draft(draft: LintDraft, known: LintContext) -> LintedScript {
    let context = LintContext {
        transactional: !asks_for_none(&draft.text),
        down: draft.role == ScriptRole::Down,
        ..known
    };
    let findings = migrate::lint(&draft.text, &context);
    LintedScript { version: None, role: draft.role, file: "draft".to_owned(), findings }
}

/// Whether a text says in its head that it runs without a transaction, in whichever tool's words.
fn asks_for_none(text: &str) -> bool {
    let head = text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("--"));
    head.into_iter().any(|line| line.contains("no-transaction") || line.contains("transaction:false"))
}

async fn known(database: &Database) -> Result<LintContext> {
    let tables = catalog::tables(database, None).await?;
    let server_major = u32::try_from(database.version().major).unwrap_or_default();
    Ok(LintContext { server_major, tables: facts(tables), ..LintContext::default() })
}

/// By name with and without the schema: of two of one name, the larger is the one to be careful with.
fn facts(tables: Vec<TableSummary>) -> HashMap<String, TableFacts> {
    let mut facts = HashMap::new();
    for table in tables {
        let known = TableFacts {
            rows: table.row_estimate.or(table.live_rows).unwrap_or(0),
            bytes: table.total_bytes,
            partitioned: table.kind == "partitioned table",
        };
        facts.insert(format!("{}.{}", table.schema, table.name), known);
        let bare = facts.entry(table.name).or_insert(known);
        if known.bytes > bare.bytes {
            *bare = known;
        }
    }
    facts
}
