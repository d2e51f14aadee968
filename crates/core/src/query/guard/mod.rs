//! Whether a script may be sent: at once, after the user has agreed to it, or not at all.
//!
//! It is asked before anything is sent, whoever asks (window, command line, library). On a read-only connection every
//! statement has to be proven a read (`sql::classify`, with what the catalog says of its names). Otherwise what kills
//! data asks, and where writes are confirmed, every write. The answer refers to the plan by its hash.

mod catalog;
mod kills;
mod size;

use sha2::{Digest as _, Sha256};

use super::consent::{QueryConsent, QueryGuardPlan, QueryGuardStatement};
use crate::connection::{ConnectionProfile, Database, Environment, WriteMode};
use crate::sql::classify::{Classified, ClassifyContext, Effect, Names, classify, classify_with};
use crate::{Error, ErrorKind, Result};
use kills::{Killed, Scope};

/// How much of a statement a plan shows, in characters.
const SHOWN: usize = 400;

/// What is about to be sent.
#[derive(Debug, Clone, Default)]
pub struct GuardRequest<'a> {
    /// The statements as the server gets them, one by one.
    pub statements: &'a [GuardStatement<'a>],
    /// Values of parameters: another value is another plan.
    pub parameters: &'a [(String, Option<String>)],
    /// Nothing but reads, whatever the connection allows.
    pub read_only: bool,
    /// The answer to an earlier plan.
    pub consent: Option<&'a QueryConsent>,
}

/// One statement of a script.
#[derive(Debug, Clone, Copy)]
pub struct GuardStatement<'a> {
    pub sql: &'a str,
    /// The line it starts on, from 1.
    pub line: usize,
}

/// What the guard says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardAnswer {
    Allowed,
    /// Nothing is sent before this is agreed to.
    Asks(QueryGuardPlan),
}

/// Decides over a script.
///
/// # Errors
/// `Refused` with the statement, why and what to do; and when the catalog cannot be asked.
pub async fn check(database: &Database, request: &GuardRequest<'_>) -> Result<GuardAnswer> {
    let profile = database.profile();
    let mode = if request.read_only { WriteMode::ReadOnly } else { profile.write_mode() };
    let asked = match mode {
        WriteMode::ReadOnly => {
            reads_alone(database, request).await?;
            return Ok(GuardAnswer::Allowed);
        }
        WriteMode::Confirm => every_write(database, request).await?,
        WriteMode::Free => what_kills(database, request),
    };
    if asked.is_empty() {
        return Ok(GuardAnswer::Allowed);
    }
    let plan = plan(database, request, asked).await?;
    match request.consent {
        Some(consent) if consent.hash == plan.hash => named(profile, &plan, consent),
        _ => Ok(GuardAnswer::Asks(plan)),
    }
}

/// A statement that is asked about: its place, and what it does to what.
struct Asked {
    index: usize,
    verb: String,
    target: Option<Scope>,
    why: String,
}

async fn reads_alone(database: &Database, request: &GuardRequest<'_>) -> Result<()> {
    let found = judged(database, request).await?;
    for (statement, found) in request.statements.iter().zip(found) {
        if let Some(why) = &found.refused {
            return Err(refusal(database.profile(), request, statement, &found.verb, why));
        }
    }
    Ok(())
}

/// Every statement held against the catalog, asked once for all of them.
async fn judged(database: &Database, request: &GuardRequest<'_>) -> Result<Vec<Classified>> {
    let mut names = Names::default();
    let texts = || request.statements.iter().map(|statement| statement.sql);
    texts().for_each(|sql| names.join(&classify(sql).names));
    let context = match names == Names::default() {
        true => ClassifyContext::default(),
        false => catalog::context(database, &names).await?,
    };
    Ok(texts().map(|sql| classify_with(sql, &context)).collect())
}

fn refusal(
    profile: &ConnectionProfile,
    request: &GuardRequest<'_>,
    statement: &GuardStatement<'_>,
    verb: &str,
    why: &str,
) -> Error {
    let verb = if verb.is_empty() { "the statement" } else { verb };
    let place =
        if request.statements.len() > 1 { format!(" in line {}", statement.line) } else { String::new() };
    let name = &profile.name;
    let (because, hint) = if profile.read_only {
        let hint =
            "Edit the connection and lift read-only if you really want to change this database.".to_owned();
        (format!("{name} is read-only"), hint)
    } else if request.read_only && profile.write_mode() != WriteMode::ReadOnly {
        ("only reads were asked for".to_owned(), "Run it as a statement that may write.".to_owned())
    } else {
        let hint = format!(
            "Let the connection confirm writes if this is what you want: edit it, or run evaldesk connection edit \
             {name} --writes confirm."
        );
        (format!("{name} is read-only for SQL"), hint)
    };
    Error::new(ErrorKind::Refused, format!("{verb}{place} was not sent: {because}, and {why}")).hint(hint)
}

async fn every_write(database: &Database, request: &GuardRequest<'_>) -> Result<Vec<Asked>> {
    let major = major(database);
    let mut asked = Vec::new();
    for (index, found) in judged(database, request).await?.into_iter().enumerate() {
        let sql = request.statements[index].sql;
        let killed = kills::kills(sql, major);
        let asks = matches!(found.effect, Effect::Write | Effect::Ddl | Effect::Unknown);
        if killed.is_empty() && asks {
            let why = found.refused.unwrap_or_else(|| "it is not known to only read".to_owned());
            asked.push(Asked { index, verb: found.verb, target: kills::works_on(sql, major), why });
        } else {
            asked.extend(killed.into_iter().map(|killed| killed.asked(index, found.verb.clone())));
        }
    }
    Ok(asked)
}

fn what_kills(database: &Database, request: &GuardRequest<'_>) -> Vec<Asked> {
    let major = major(database);
    let statements = request.statements.iter().enumerate();
    let asked = statements.flat_map(|(index, statement)| {
        let killed = kills::kills(statement.sql, major);
        let verb = if killed.is_empty() { String::new() } else { classify(statement.sql).verb };
        killed.into_iter().map(move |killed| killed.asked(index, verb.clone()))
    });
    asked.collect()
}

impl Killed {
    fn asked(self, index: usize, verb: String) -> Asked {
        Asked { index, verb, target: Some(self.of), why: self.why.to_owned() }
    }
}

async fn plan(database: &Database, request: &GuardRequest<'_>, asked: Vec<Asked>) -> Result<QueryGuardPlan> {
    let mut statements = Vec::new();
    for asked in asked {
        let size = match &asked.target {
            Some(target) => size::size(database, target).await?,
            None => size::Size::default(),
        };
        statements.push(QueryGuardStatement {
            index: u32::try_from(asked.index).unwrap_or(u32::MAX),
            sql: request.statements[asked.index].sql.chars().take(SHOWN).collect(),
            verb: asked.verb,
            target: asked.target.map(|target| target.name().to_owned()).filter(|name| !name.is_empty()),
            rows: size.rows,
            bytes: size.bytes,
            estimated: size.estimated,
            why: asked.why,
        });
    }
    let profile = database.profile();
    let name = (profile.environment == Environment::Production).then(|| profile.database.clone());
    let hash = hash(profile, request, &statements);
    Ok(QueryGuardPlan { statements, name, hash })
}

/// What was agreed to: this text with these values, on this database, to these objects. Sizes are not in it, they change
/// while the user reads.
fn hash(profile: &ConnectionProfile, request: &GuardRequest<'_>, asked: &[QueryGuardStatement]) -> String {
    let mut digest = Sha256::new();
    let mut add = |part: &str| {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    };
    for part in [&profile.id, &profile.host, &profile.database, &profile.user] {
        add(part);
    }
    add(&format!("{} {:?} {:?}", profile.port, profile.environment, profile.write_mode()));
    request.statements.iter().for_each(|statement| add(statement.sql));
    for (name, value) in request.parameters {
        add(name);
        add(if value.is_some() { "value" } else { "null" });
        add(value.as_deref().unwrap_or_default());
    }
    for statement in asked {
        add(&format!("{} {:?} {}", statement.index, statement.target, statement.why));
    }
    format!("{:x}", digest.finalize())
}

/// The plan was agreed to; on production with the database's name.
fn named(profile: &ConnectionProfile, plan: &QueryGuardPlan, consent: &QueryConsent) -> Result<GuardAnswer> {
    let Some(name) = &plan.name else { return Ok(GuardAnswer::Allowed) };
    let message = match &consent.name {
        Some(typed) if typed == name => return Ok(GuardAnswer::Allowed),
        Some(typed) => format!("{typed} is not the name of the database, which is {name}"),
        None => format!("{} is production: the database's name is asked for", profile.name),
    };
    let hint = format!("Type {name} to confirm; on the command line --confirm {name}.");
    Err(Error::new(ErrorKind::Refused, message).hint(hint))
}

fn major(database: &Database) -> u32 {
    u32::try_from(database.version().major).unwrap_or_default()
}
