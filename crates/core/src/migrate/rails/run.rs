//! Running rake: its words streamed, its end awaited, and on cancel an end of everything that it started.
//!
//! rake takes Rails' lock by itself, so whoever runs it holds ours alone.

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use ts_rs::TS;

use super::output::{Output, redacted};
use super::passfile::Passfile;
use super::{Rake, RakeTask, environment};
use crate::connection::{Database, Secret};
use crate::job::{JobContext, Progress};
use crate::{Error, ErrorKind, Result};

/// How long rake may take to end by itself once it is asked to.
const GRACE: Duration = Duration::from_secs(3);

/// How long its last lines are waited for after it ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What a run of rake came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RakeOutcome {
    /// The line that was run, in the application's root.
    pub command: String,
    /// The end of what it said, without passwords.
    pub output: String,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}

/// Runs one task against this database, and only this one.
///
/// The password goes by a file of the owner's alone, never as an argument and never in `DATABASE_URL`. The
/// environment that Rails recorded in the database is kept. `patience` is the `lock_timeout` of its sessions.
///
/// # Errors
/// `Missing` when the program is not there, `Refused` while somebody holds Rails' lock, `Cancelled`, and `ToolFailed`
/// with what rake said.
pub async fn run(
    rake: &Rake,
    database: &Database,
    task: &RakeTask,
    patience: Option<Duration>,
    job: &JobContext,
) -> Result<RakeOutcome> {
    let (started, command) = (Instant::now(), rake.shown(task));
    let run = Run::prepare(rake, database, task, patience).await?;
    let mut output = Output::default();
    let ended = run.run_out(&command, &mut output, job).await?;
    if ended {
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        return Ok(RakeOutcome { command, output: output.text(), elapsed_ms });
    }
    Err(failed(&command, &output))
}

/// One run, ready to start.
struct Run<'a> {
    database: &'a Database,
    child: Command,
    /// The name that its sessions have on the server.
    name: String,
    secret: Option<Secret>,
    _passfile: Option<Passfile>,
}

impl<'a> Run<'a> {
    async fn prepare(
        rake: &Rake,
        database: &'a Database,
        task: &RakeTask,
        patience: Option<Duration>,
    ) -> Result<Self> {
        let (profile, secret) = (&database.profile_of_tools(), database.secret());
        let passfile = secret.map(|secret| Passfile::write(rake.private(), profile, secret)).transpose()?;
        let recorded = environment::recorded(&mut *database.pool().acquire().await?).await?;
        let id = uuid::Uuid::now_v7().simple().to_string();
        let name = format!("evaldesk rake {}", &id[id.len() - 12..]);
        let mut child = command(rake, task);
        child.envs(environment::variables(profile, recorded, &name, passfile.as_ref())?);
        if let Some(patience) = patience {
            child.env("PGOPTIONS", format!("-c lock_timeout={}", patience.as_millis()));
        }
        Ok(Self { database, child, name, secret: secret.cloned(), _passfile: passfile })
    }

    /// Whether it ended well.
    async fn run_out(mut self, shown: &str, output: &mut Output, job: &JobContext) -> Result<bool> {
        let mut child = self.child.spawn().map_err(|error| cannot_run(shown, error))?;
        let mut lines = both_streams(&mut child);
        let tell = |line: &str| tell(job, shown, line);
        let ended = tokio::select! {
            status = self.listen(&mut child, &mut lines, output, &tell) => Some(status),
            () = job.cancelled() => None,
        };
        match ended {
            Some(status) => Ok(status?.success()),
            None => Err(self.cancel(child, shown, output).await),
        }
    }

    /// Takes every line, until both streams are closed or rake has ended.
    async fn listen(
        &self,
        child: &mut Child,
        lines: &mut UnboundedReceiver<String>,
        output: &mut Output,
        tell: &(dyn Fn(&str) + Sync),
    ) -> std::io::Result<ExitStatus> {
        let mut take = |line: String| {
            let line = redacted(line.trim_end(), self.secret.as_ref());
            tell(&line);
            output.push(line);
        };
        loop {
            tokio::select! {
                line = lines.recv() => match line {
                    Some(line) => take(line),
                    None => return child.wait().await,
                },
                status = child.wait() => {
                    // What a preloader that stays holds open is never closed.
                    while let Ok(Some(line)) = tokio::time::timeout(LAST_WORDS, lines.recv()).await {
                        take(line);
                    }
                    return status;
                }
            }
        }
    }

    /// Ends rake with everything that it started, here and on the server.
    async fn cancel(&self, mut child: Child, shown: &str, output: &Output) -> Error {
        end_group(&mut child).await;
        let mut left = String::new();
        // A server that runs a statement notices a closed socket only when it answers.
        if let Err(error) = self.end_sessions().await {
            left = format!(" Its session on the server may still run: {error}");
        }
        Error::new(ErrorKind::Cancelled, format!("{shown} was cancelled on request"))
            .hint(format!("What it had committed stays: look at the status before going on.{left}"))
            .detail(output.text())
    }

    async fn end_sessions(&self) -> Result<()> {
        let mut session = self.database.dedicated().await?;
        end_sessions(&mut session, &self.name).await
    }
}

fn tell(job: &JobContext, shown: &str, line: &str) {
    if !line.is_empty() {
        job.progress(Progress::phase(shown).detail(line));
    }
}

async fn end_sessions(session: &mut PgConnection, name: &str) -> Result<()> {
    let sql = "select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = $1 and pid <> pg_backend_pid()";
    sqlx::query(sql).bind(name).execute(session).await?;
    Ok(())
}

fn command(rake: &Rake, task: &RakeTask) -> Command {
    let words = rake.words(task);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir(rake.directory());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    for name in environment::REMOVED {
        command.env_remove(name);
    }
    // A group of its own: bundle starts ruby, and both have to hear of the end.
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// Both streams line by line, as they come.
fn both_streams(child: &mut Child) -> UnboundedReceiver<String> {
    let (sender, receiver) = unbounded_channel();
    if let Some(stream) = child.stdout.take() {
        tokio::spawn(pass_on(stream, sender.clone()));
    }
    if let Some(stream) = child.stderr.take() {
        tokio::spawn(pass_on(stream, sender));
    }
    receiver
}

async fn pass_on(stream: impl AsyncRead + Unpin, sender: UnboundedSender<String>) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    while stream.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
        if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
            return;
        }
        line.clear();
    }
}

/// Asks the whole group to end, and makes it after a while.
#[cfg(unix)]
async fn end_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let Some(group) = group else { return };
    let _ = kill_process_group(group, Signal::TERM);
    let _ = tokio::time::timeout(GRACE, child.wait()).await;
    // Also where the first of them has ended: another may have stayed.
    let _ = kill_process_group(group, Signal::KILL);
    let _ = child.wait().await;
}

#[cfg(not(unix))]
async fn end_group(child: &mut Child) {
    let _ = child.kill().await;
}

fn cannot_run(shown: &str, error: std::io::Error) -> Error {
    let program = shown.split(' ').next().unwrap_or_default().to_owned();
    let (kind, why) = match error.kind() {
        std::io::ErrorKind::NotFound => (ErrorKind::Missing, format!("{program} is not found")),
        _ => (ErrorKind::ToolFailed, format!("{program}: {error}")),
    };
    Error::new(kind, format!("{shown} cannot be run: {why}"))
        .hint("Give the full path in the connection's settings, as `which bundle` says it: a window does not see what a shell's profile adds to PATH.")
        .caused_by(error)
}

fn failed(shown: &str, output: &Output) -> Error {
    let why = output.why().unwrap_or_else(|| "it said nothing".to_owned());
    let (kind, hint) = if output.names("ActiveRecord::ConcurrentMigrationError") {
        (
            ErrorKind::Refused,
            "Somebody else migrates this database through Rails. Wait for the end of it, then try again.",
        )
    } else if output.names("ActiveRecord::IrreversibleMigration") {
        (
            ErrorKind::Precondition,
            "The file says that it cannot be taken back. Write a new version that undoes it.",
        )
    } else {
        (
            ErrorKind::ToolFailed,
            "See all that rake said in the detail; the version is recorded only where rake finished it.",
        )
    };
    Error::new(kind, format!("{shown}: {why}")).hint(hint).detail(output.text())
}
