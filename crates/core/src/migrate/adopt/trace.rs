//! Which versions without a verify file stand in a database: each is run on nothing, after those before it, and what
//! it makes is looked for.
//!
//! Later versions change what earlier ones made, so first the longest run of versions is looked for whose outcome is
//! here as a whole. Versions after it count one by one, each if it makes nothing that is missing here.

use sqlx::PgConnection;

use super::verdict::{AdoptVerdict, BoundBy};
use crate::Result;
use crate::catalog::drift::{Difference, DriftKind, compare};
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use crate::connection::Database;
use crate::migrate::Version;
use crate::migrate::file::Migration;
use crate::migrate::scratch::Sandbox;

/// The verdict of each version that was traced.
pub(super) type Traces = Vec<(Version, AdoptVerdict)>;

/// Traces the versions of a set, oldest first. The session is one of the database itself.
pub(super) async fn trace(
    database: &Database,
    session: &mut PgConnection,
    migrations: &[&Migration],
) -> Result<Traces> {
    let scope = SnapshotScope::of_database(session).await?;
    let actual = SchemaSnapshot::read(session, &scope).await?;
    let mut first = match Sandbox::open(database, session, migrations).await? {
        Ok(sandbox) => sandbox,
        Err(why) => return Ok(all_unknown(migrations, &why)),
    };
    let whole = longest_run(&mut first, migrations, &actual).await;
    first.close().await;
    let mut second = match Sandbox::open(database, session, migrations).await? {
        Ok(sandbox) => sandbox,
        Err(why) => return Ok(all_unknown(migrations, &why)),
    };
    let traced = walk(&mut second, migrations, &actual, whole).await;
    second.close().await;
    traced
}

fn all_unknown(migrations: &[&Migration], why: &str) -> Traces {
    let unknown = || AdoptVerdict::Unknown { why: why.to_owned() };
    migrations.iter().map(|migration| (migration.version.clone(), unknown())).collect()
}

async fn walk(
    sandbox: &mut Sandbox,
    migrations: &[&Migration],
    actual: &SchemaSnapshot,
    whole: usize,
) -> Result<Traces> {
    let mut before = sandbox.snapshot().await?;
    let mut traces = Traces::new();
    for (place, migration) in migrations.iter().enumerate() {
        let known = absent(&before, actual);
        let within = place < whole;
        let attempt =
            sandbox.attempt(migration, |made| within || news(made, actual, &known).is_empty()).await;
        let verdict = match attempt {
            Err(error) => AdoptVerdict::Unknown { why: error.message().to_owned() },
            Ok(made) => {
                let new = if within { Vec::new() } else { news(&made, actual, &known) };
                let verdict = judge(&new, before.canonical() == made.canonical());
                if new.is_empty() {
                    before = made;
                }
                verdict
            }
        };
        traces.push((migration.version.clone(), verdict));
    }
    Ok(traces)
}

/// How many of the first versions together make only what is here.
async fn longest_run(sandbox: &mut Sandbox, migrations: &[&Migration], actual: &SchemaSnapshot) -> usize {
    let mut longest = 0;
    let usual = migrations.iter().take_while(|migration| !migration.up.directives.opt_in).count();
    let mut made = Vec::new();
    for migration in &migrations[..usual] {
        match sandbox.attempt(migration, |_| true).await {
            Ok(snapshot) => made.push(snapshot),
            Err(_) => break,
        }
    }
    for (place, snapshot) in made.iter().enumerate() {
        if absent(snapshot, actual).is_empty() {
            longest = place + 1;
        }
    }
    longest
}

/// What a schema holds that the database lacks, or has otherwise.
fn absent(made: &SchemaSnapshot, actual: &SchemaSnapshot) -> Vec<Difference> {
    let mut found = compare(made, actual, true);
    found.retain(|one| one.is_drift() && one.kind != DriftKind::Extra);
    found
}

fn news(made: &SchemaSnapshot, actual: &SchemaSnapshot, known: &[Difference]) -> Vec<Difference> {
    let mut found = absent(made, actual);
    found.retain(|one| !known.contains(one));
    found
}

fn judge(new: &[Difference], leaves_all: bool) -> AdoptVerdict {
    let words: Vec<String> = new.iter().take(3).map(ToString::to_string).collect();
    let more = new.len() - words.len();
    let why = if more > 0 { format!("{} and {more} more", words.join("; ")) } else { words.join("; ") };
    match (new.is_empty(), leaves_all) {
        (true, true) => AdoptVerdict::Unknown {
            why: "it leaves the schema as it is, so nothing shows whether it ran".to_owned(),
        },
        (true, false) => AdoptVerdict::Binds { by: BoundBy::Fingerprint },
        (false, _) if new.iter().all(|one| one.kind == DriftKind::Missing) => AdoptVerdict::NotThere { why },
        (false, _) => AdoptVerdict::Differs { why },
    }
}
