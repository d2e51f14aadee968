//! `evaldesk migrate lint`: findings as a compiler prints them, and accepting one with its reason.

use clap::Args;
use evaldesk_api::commands::{
    LintedScript, MigrateAcceptArguments, MigrateLintArguments, migrate_accept, migrate_lint,
};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::{LintLevel, Version};
use evaldesk_api::{ErrorReport, Result};

use crate::print;
use crate::verbs::Context;

/// What to lint, and what to accept.
#[derive(Args)]
pub(super) struct Lint {
    /// One version; all files without it
    version: Option<String>,
    /// Accept what this rule finds first in the version, in the file itself
    #[arg(long, value_name = "RULE", requires = "version", requires = "because")]
    accept: Option<String>,
    /// Why it is right here
    #[arg(long, value_name = "REASON", requires = "accept")]
    because: Option<String>,
}

/// Without a connection the files are read for themselves, as a check before a merge wants it.
pub(super) async fn run(context: &Context, lint: Lint) -> Result<()> {
    let (connection, version) = (context.connection_if_named()?, lint.version.map(Version::new));
    let arguments = MigrateLintArguments { connection, version, draft: None };
    let linted = migrate_lint(&context.session, arguments).await?;
    if let (Some(rule), Some(reason)) = (lint.accept, lint.because) {
        return accept(context, &linted, rule, reason).await;
    }
    context.show(&linted, |linted| print::migrate::linted(linted))?;
    judge(&linted)
}

async fn accept(context: &Context, linted: &[LintedScript], rule: String, reason: String) -> Result<()> {
    let of_rule = |script: &LintedScript| {
        let open = script.findings.iter().find(|one| one.rule == rule && one.accepted.is_none());
        open.map(|one| (script.version.clone(), script.role, one.line))
    };
    let found = linted.iter().find_map(of_rule);
    let Some((Some(version), role, line)) = found else {
        return Err(ErrorReport::new(
            ErrorKind::NotFound,
            format!("{rule} finds nothing here that is not accepted"),
        )
        .hint("`evaldesk migrate lint` shows what is found."));
    };
    let connection = context.connection()?;
    let arguments = MigrateAcceptArguments { connection, version, role, line, rule, reason };
    let written = migrate_accept(&context.session, arguments).await?;
    context.show(&written, |written| {
        print::note(&format!("Written into {} {}: the finding is accepted.", written.version, written.name));
    })
}

/// An error that nobody has accepted ends the program with 1.
fn judge(linted: &[LintedScript]) -> Result<()> {
    let findings = linted.iter().flat_map(|script| &script.findings);
    let errors = findings.filter(|one| one.level == LintLevel::Error && one.accepted.is_none()).count();
    if errors == 0 {
        return Ok(());
    }
    let what = if errors == 1 { "1 error stands".to_owned() } else { format!("{errors} errors stand") };
    Err(ErrorReport::new(ErrorKind::Precondition, what)
        .hint("Write it as shown, or accept it with a reason: lint VERSION --accept RULE --because REASON."))
}
