//! A new password for a cluster whose old one is lost: a keyring that was emptied must not cost the data.
//!
//! The owner of a data folder may always open it in single-user mode, where no password is asked. The new one goes
//! in by standard input; neither the log nor pg_stat_statements (which keeps utility statements) gets to see it.

use super::cluster::{self, Data};
use super::config::{LocalConfig, USER};
use super::layout::Layout;
use super::stop::{self, StopMode};
use super::{engine, locks, reach};
use crate::connection::Secret;
use crate::ident::Ident;
use crate::job::JobContext;
use crate::server::process::Program;
use crate::{Error, ErrorKind, Result};

/// Stops the server and changes the superuser's password; the next start takes the new one.
pub(super) async fn set_password(config: &LocalConfig, password: &Secret, job: &JobContext) -> Result<()> {
    let layout = Layout::of(config)?;
    let Data::Cluster(major) = cluster::look(&layout)? else {
        return Err(Error::new(
            ErrorKind::Precondition,
            "there is no local database yet whose password could change",
        ));
    };
    let statement = statement(password)?;
    let _change = locks::change(&layout, job).await?;
    let engine =
        reach::reachable_engine(engine::find_major(&config.engine_search, major).await?, &layout).await?;
    stop::end_server(&layout.data(), StopMode::Fast).await?;
    let said = Program::new(engine.program("postgres"))
        .args(["--single", "-D"])
        .arg(layout.data())
        .args([
            "-c",
            "shared_preload_libraries=",
            "-c",
            "log_min_error_statement=panic",
            "-c",
            "logging_collector=off",
        ])
        .arg("postgres")
        .input(statement)
        .folder(&layout.home)
        .run_as(layout.run_as.as_ref())
        .run("cannot change the local server's password", job)
        .await?;
    if said.contains("ERROR:") {
        return Err(Error::internal(
            "cannot change the local server's password: the server refused the statement",
        ));
    }
    Ok(())
}

/// One line: single-user mode takes a newline for the end of a statement.
fn statement(password: &Secret) -> Result<String> {
    let password = password.expose();
    if password.is_empty() || password.chars().any(char::is_control) {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            "the password is empty or holds control characters",
        ));
    }
    let literal = password.replace('\'', "''").replace('\\', "\\\\");
    Ok(format!("alter role {} password E'{literal}'\n", Ident::new(USER)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_cannot_end_the_statement() {
        assert_eq!(
            statement(&Secret::new(r"a'b\c")).unwrap(),
            "alter role \"evaldesk\" password E'a''b\\\\c'\n"
        );
        assert!(statement(&Secret::new("a\nb")).is_err());
        assert!(statement(&Secret::new("")).is_err());
    }
}
