//! Settings and secrets: what does not belong to a schema.

use squawk_syntax::ast::{SetScope, SetTarget, Stmt};

use super::super::source::{Found, Piece, Source};
use crate::sql::lex::{TokenKind, tokens};

pub(super) fn check(source: &Source<'_>, found: &mut Vec<Found>) {
    for piece in &source.statements {
        found.extend(server(source, piece));
        found.extend(session(source, piece));
        found.extend(secret(source, piece));
    }
}

/// Defaults of the server, as its own list has them: to set them changes nothing.
const DEFAULTS: &[(&str, &str)] = &[
    ("effective_cache_size", "4gb"),
    ("gin_pending_list_limit", "4mb"),
    ("max_connections", "100"),
    ("work_mem", "4mb"),
    ("maintenance_work_mem", "64mb"),
    ("shared_buffers", "128mb"),
    ("random_page_cost", "4"),
    ("wal_level", "replica"),
    ("checkpoint_timeout", "5min"),
    ("max_wal_size", "1gb"),
];

/// Settings that the server reads when it starts.
const AT_START: &[&str] = &[
    "shared_buffers",
    "max_connections",
    "wal_level",
    "archive_mode",
    "max_worker_processes",
    "max_wal_senders",
    "max_replication_slots",
    "max_prepared_transactions",
    "max_locks_per_transaction",
    "shared_preload_libraries",
    "wal_buffers",
    "huge_pages",
    "port",
    "listen_addresses",
    "superuser_reserved_connections",
    "io_method",
];

fn server(source: &Source<'_>, piece: &Piece) -> Vec<Found> {
    let whole = match &piece.tree {
        Stmt::AlterSystem(_) => "the whole server",
        Stmt::AlterDatabase(_) | Stmt::AlterRole(_) | Stmt::AlterUser(_)
            if assignment(source, piece).is_some() =>
        {
            "every new session"
        }
        _ => return Vec::new(),
    };
    let what = format!("A setting for {whole} in a migration");
    let why = "It holds for databases and applications that know nothing of this file, no down takes it back, and the \
               next server will not have it. It belongs to the server's configuration.";
    let mut found = vec![piece.found("server-setting", what, why)];
    if let Some((name, value)) = assignment(source, piece) {
        found.extend(no_effect(piece, &name, &value));
        found.extend(needs_restart(piece, &name));
    }
    found
}

/// `set NAME = VALUE` or `set NAME to VALUE`, wherever in a statement it stands.
fn assignment(source: &Source<'_>, piece: &Piece) -> Option<(String, String)> {
    let text = piece.text(source);
    let words: Vec<_> =
        tokens(text).ok()?.into_iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let set = words.iter().position(|token| token.is_word(text, "set"))?;
    let name = words.get(set + 1)?.text(text).to_lowercase();
    let value = text[words.get(set + 3)?.start..].trim().trim_matches('\'').to_lowercase();
    Some((name, value.replace(' ', "")))
}

fn no_effect(piece: &Piece, name: &str, value: &str) -> Option<Found> {
    DEFAULTS.iter().find(|(default, is)| *default == name && *is == value)?;
    let what = format!("{name} = {value} is the server's default already");
    Some(piece.found(
        "setting-has-no-effect",
        what,
        "It changes nothing, and hides that nobody chose a value.",
    ))
}

fn needs_restart(piece: &Piece, name: &str) -> Option<Found> {
    AT_START.contains(&name).then(|| {
        let what = format!("{name} takes effect only when the server starts again");
        piece.found(
            "setting-needs-restart",
            what,
            "Until then it stands in the file and says nothing of what the server does.",
        )
    })
}

/// Runners have one session for all migrations of a run. Ours takes every setting back before the next one; others do not.
fn session(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let Stmt::Set(set) = &piece.tree else { return None };
    let is_setting = matches!(
        set.set_target(),
        Some(SetTarget::SetConfig(_) | SetTarget::SetSchemaValue(_) | SetTarget::SetTimeZone(_))
    );
    if matches!(set.set_scope(), Some(SetScope::LocalScope(_))) || !is_setting {
        return None;
    }
    let text = piece.text(source);
    let rest = text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
    let rest = rest.strip_prefix("session ").unwrap_or(rest);
    let what = "The setting outlives the migration";
    let why = "Evaldesk takes it back before the next migration. Other runners do not: there the next ones run with it too, and otherwise when they run alone.";
    let found = piece.found("session-setting-stays", what, why);
    Some(match source.context.transactional {
        true => found.instead(format!("set local {rest};")),
        false => {
            let name = rest.split(|c: char| c.is_whitespace() || c == '=').next().unwrap_or_default();
            found.instead(format!("set {rest};\n-- the statements that need it\nreset {name};"))
        }
    })
}

/// A password stays in the file, in the log of migrations and in the server's own.
fn secret(source: &Source<'_>, piece: &Piece) -> Option<Found> {
    let may_hold = matches!(
        piece.tree,
        Stmt::CreateRole(_)
            | Stmt::CreateUser(_)
            | Stmt::AlterRole(_)
            | Stmt::AlterUser(_)
            | Stmt::CreateUserMapping(_)
            | Stmt::AlterUserMapping(_)
            | Stmt::CreateSubscription(_)
            | Stmt::AlterSubscription(_)
    );
    let text = piece.text(source);
    let words: Vec<_> =
        tokens(text).ok()?.into_iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let named =
        words.windows(2).any(|pair| pair[0].is_word(text, "password") && pair[1].kind == TokenKind::Text);
    let in_string = words
        .iter()
        .any(|token| token.kind == TokenKind::Text && token.text(text).to_lowercase().contains("password="));
    (may_hold && (named || in_string)).then(|| {
        let why = "Everybody who reads the file, the log of migrations or the server's log has it, and it stays in the \
                   history of the repository. Make the role without one, and give it its password by hand.";
        piece.found("secret-in-file", "A password stands in the file", why)
    })
}
