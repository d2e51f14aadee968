//! Roles by SQL, everything else by pg_dump and pg_restore, one database after the other.

use std::path::{Path, PathBuf};

use sqlx::Executor as _;
use sqlx::postgres::PgConnection;

use super::UpgradePlan;
use crate::connection::Secret;
use crate::job::{JobContext, Progress};
use crate::server::local::config::USER;
use crate::server::local::layout::Layout;
use crate::server::local::private;
use crate::server::local::session;
use crate::server::process::Program;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// From one running server to the other.
pub(super) struct Copy<'a> {
    pub(super) layout: &'a Layout,
    pub(super) plan: &'a UpgradePlan,
    pub(super) password: &'a Secret,
    pub(super) old_port: u16,
    pub(super) new_port: u16,
    pub(super) job: &'a JobContext,
}

impl Copy<'_> {
    /// Copies everything, and gives the names of the databases.
    pub(super) async fn all(&self) -> Result<Vec<String>> {
        let mut old = session::connect(self.old_port, "postgres", self.password).await?;
        let mut new = session::connect(self.new_port, "postgres", self.password).await?;
        refuse_tablespaces(&mut old).await?;
        copy_roles(&mut old, &mut new).await?;
        let databases: Vec<String> =
            sqlx::query_scalar(include_str!("databases.sql")).fetch_all(&mut old).await?;
        let passwords = PassFile::write(self)?;
        for (index, database) in databases.iter().enumerate() {
            let progress = Progress::phase(format!("moving the database {database}"));
            self.job.progress(progress.of(index as u64, databases.len() as u64, "databases"));
            self.move_database(database, &passwords.0).await?;
        }
        Ok(databases)
    }

    /// What ALTER SYSTEM set in the old cluster.
    pub(super) async fn settings_left(&self) -> Result<Vec<String>> {
        let mut old = session::connect(self.old_port, "postgres", self.password).await?;
        Ok(sqlx::query_scalar(include_str!("settings_left.sql")).fetch_all(&mut old).await?)
    }

    async fn move_database(&self, database: &str, passwords: &Path) -> Result<()> {
        let dump = TemporaryFile(self.layout.home.join("upgrade.dump"));
        let _ = std::fs::remove_file(&dump.0);
        let doing = format!("cannot dump the database {database}");
        self.program(&self.plan.dump.path, self.old_port, passwords)
            .args(["-Fc", "-Z", "1", "-f"])
            .arg(&dump.0)
            // As a connection string a name with = in it would be taken for settings.
            .arg("-d")
            .arg(connection_string(database))
            .run(&doing, self.job)
            .await?;
        let doing = format!("cannot restore the database {database}");
        let restore = self.program(&self.plan.restore.path, self.new_port, passwords).args([
            "--exit-on-error",
            "-d",
            "postgres",
        ]);
        // `postgres` is there already in every cluster.
        let restore = if database == "postgres" { restore } else { restore.arg("--create") };
        restore.arg(&dump.0).run(&doing, self.job).await?;
        Ok(())
    }

    /// As ourselves, even as root: only servers refuse root, and the program may lie where only we can reach.
    fn program(&self, path: &Path, port: u16, passwords: &Path) -> Program {
        Program::new(path)
            .env("PGPASSFILE", passwords)
            .env("PGSSLMODE", "disable")
            .folder(&self.layout.home)
            .args(["--no-password", "-h", "127.0.0.1", "-U", USER, "-p"])
            .arg(port.to_string())
    }
}

/// `dbname='...'` with quotes and backslashes escaped.
fn connection_string(database: &str) -> String {
    format!("dbname='{}'", database.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A tablespace is a folder elsewhere, which both clusters would have to share.
async fn refuse_tablespaces(old: &mut PgConnection) -> Result<()> {
    let names: Vec<String> = sqlx::query_scalar(include_str!("tablespaces.sql")).fetch_all(old).await?;
    if names.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Precondition,
        format!("the local database has tablespaces: {}", names.join(", ")),
    )
    .hint("Move what is in them to the default one (ALTER TABLE ... SET TABLESPACE) and drop them first."))
}

/// The old server writes the statements, passwords as SCRAM verifiers; the new one runs them.
async fn copy_roles(old: &mut PgConnection, new: &mut PgConnection) -> Result<()> {
    let statements: Vec<String> = sqlx::query_scalar(include_str!("roles.sql")).fetch_all(old).await?;
    for statement in statements {
        let statement = SafeSql::trusted_file(statement);
        new.execute(statement.to_query())
            .await
            .map_err(|error| Error::from(error).while_doing("cannot copy the roles"))?;
    }
    Ok(())
}

/// A file that goes away with its owner.
struct TemporaryFile(PathBuf);

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The password for the client programs: 0600, gone afterwards.
struct PassFile(PathBuf);

impl PassFile {
    fn write(copy: &Copy<'_>) -> Result<Self> {
        let file = Self(copy.layout.home.join("passfile.tmp"));
        let _ = std::fs::remove_file(&file.0);
        let password = copy.password.expose().replace('\\', "\\\\").replace(':', "\\:");
        private::create_private(&file.0, &format!("127.0.0.1:*:*:{USER}:{password}\n"), None)
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
    fn a_database_name_cannot_become_settings() {
        assert_eq!(connection_string("a b='c\\"), "dbname='a b=\\'c\\\\'");
    }
}
