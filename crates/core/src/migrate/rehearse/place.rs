//! The copies that a plan can be rehearsed on: made, filled, and dropped whatever happens.

use std::path::{Path, PathBuf};

use sqlx::PgConnection;

use super::super::scratch::{ScratchDatabase, drop_leftovers};
use super::report::RehearsalPlace;
use crate::connection::{ConnectionProfile, Database, TlsMode, write_private};
use crate::ident::Ident;
use crate::job::{JobContext, Progress};
use crate::server::process::Program;
use crate::server::tools::{self, ClientTool};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// What a copy of the schema is made with.
#[derive(Debug, Clone, Default)]
pub struct RehearsalMeans {
    /// Folders in which client programs are looked for.
    pub tools: Vec<PathBuf>,
    /// A folder of the app's, for the file that hands the password to `pg_dump` and is gone at once.
    pub folder: PathBuf,
}

/// Makes the copy. What an earlier crash left behind is cleared away first.
pub(super) async fn make(
    database: &Database,
    place: RehearsalPlace,
    means: &RehearsalMeans,
    job: &JobContext,
) -> Result<ScratchDatabase> {
    database.check_writable()?;
    check_rights(database).await?;
    drop_leftovers(database).await?;
    job.progress(Progress::phase("copying the database"));
    if place == RehearsalPlace::Clone {
        return ScratchDatabase::copy(database).await;
    }
    let script = dump(database, means, job).await?;
    let scratch = ScratchDatabase::create(database).await?;
    match restore(&scratch, &script).await {
        Ok(()) => Ok(scratch),
        Err(error) => {
            // The error is the answer; a database that stays is found by its name the next time.
            let _ = scratch.remove().await;
            Err(error.while_doing("cannot copy the schema"))
        }
    }
}

/// Why no copy can be made by this role on this server; nothing where one can.
pub(in crate::migrate) async fn why_no_copy(session: &mut PgConnection) -> Result<Option<String>> {
    let (role, may, standby) = rights(session).await?;
    let words = match (standby, may) {
        (true, _) => "This server is a standby: no database can be made on it.".to_owned(),
        (_, false) => format!("{role} may not create a database. {}", grant(&role)),
        (_, true) => return Ok(None),
    };
    Ok(Some(words))
}

async fn check_rights(database: &Database) -> Result<()> {
    let (role, may, _) = rights(&mut *database.pool().acquire().await?).await?;
    if may {
        return Ok(());
    }
    Err(Error::new(ErrorKind::PermissionDenied, format!("{role} may not create a database to rehearse on"))
        .hint(format!("Rehearse in the database itself. {}", grant(&role))))
}

fn grant(role: &str) -> String {
    format!("An administrator may allow it: alter role {} createdb.", Ident::new(role))
}

/// The role, whether it may create databases, and whether this is a standby.
async fn rights(session: &mut PgConnection) -> Result<(String, bool, bool)> {
    let sql = "select rolname::text, rolcreatedb or rolsuper, pg_is_in_recovery() from pg_roles where rolname = current_user";
    Ok(sqlx::query_as(sql).fetch_one(session).await?)
}

/// The schema as a script, without owners and privileges: the copy is ours.
async fn dump(database: &Database, means: &RehearsalMeans, job: &JobContext) -> Result<String> {
    let tool = tools::find(ClientTool::Dump, &means.tools, database.version().major).await?;
    let profile = &database.profile_of_tools();
    let passwords = PassFile::write(database, &means.folder)?;
    let program = Program::new(&tool.path)
        .env("PGPASSFILE", &passwords.0)
        .env("PGSSLMODE", tls(profile.tls))
        .args(["--schema-only", "--no-owner", "--no-privileges", "--no-publications", "--no-subscriptions"])
        .args(["--no-password", "--lock-wait-timeout=5000", "-h", &profile.host, "-U", &profile.user])
        .arg("-p")
        .arg(profile.port.to_string());
    let files = [
        ("PGSSLROOTCERT", &profile.tls_root_cert),
        ("PGSSLCERT", &profile.tls_files.client_cert),
        ("PGSSLKEY", &profile.tls_files.client_key),
    ];
    let named = files.into_iter().filter_map(|(name, file)| Some((name, file.as_ref()?)));
    let program = named.fold(program, |program, (name, file)| program.env(name, file));
    program.arg("-d").arg(connection_string(profile)).run("cannot copy the schema", job).await
}

/// As a connection string a name with = in it would be taken for settings.
fn connection_string(profile: &ConnectionProfile) -> String {
    format!("dbname='{}'", profile.database.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn tls(mode: TlsMode) -> &'static str {
    match mode {
        TlsMode::Disable => "disable",
        TlsMode::Allow => "allow",
        TlsMode::Prefer => "prefer",
        TlsMode::Require => "require",
        TlsMode::VerifyCa => "verify-ca",
        TlsMode::VerifyFull => "verify-full",
    }
}

async fn restore(scratch: &ScratchDatabase, script: &str) -> Result<()> {
    let mut session = scratch.session().await?;
    let sql = SafeSql::trusted_file(plain(script));
    sqlx::raw_sql(sql.to_query()).execute(&mut session).await?;
    Ok(())
}

/// Without the two lines that only psql understands, and without the schema that is there already.
fn plain(script: &str) -> String {
    let for_psql = |line: &&str| line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
    let lines = script.lines().filter(|line| !for_psql(line));
    let lines = lines.map(|line| match line {
        "CREATE SCHEMA public;" => "CREATE SCHEMA IF NOT EXISTS public;",
        line => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The password for `pg_dump`: 0600, gone afterwards.
struct PassFile(PathBuf);

impl PassFile {
    fn write(database: &Database, folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = Self(folder.join(format!("{}.passfile", uuid::Uuid::now_v7())));
        let escaped = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
        let password = database.secret().map_or_else(String::new, |secret| escaped(secret.expose()));
        let line = format!("*:*:*:{}:{password}\n", escaped(&database.profile().user));
        write_private(&file.0, line.as_bytes())
            .map_err(|error| Error::from(error).while_doing("cannot hand the password to pg_dump"))?;
        Ok(file)
    }
}

impl Drop for PassFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_psql_understands_is_left_out() {
        let script = "\\restrict abc\nCREATE SCHEMA public;\nCREATE TABLE t ();\n\\unrestrict abc";
        assert_eq!(plain(script), "CREATE SCHEMA IF NOT EXISTS public;\nCREATE TABLE t ();");
    }
}
