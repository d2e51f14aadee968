//! A password from a program: `pass show db/staging`, `op read op://Private/db/password`.
//!
//! The words are told apart here and handed to the system as they are: no shell reads them. What the program prints
//! is the secret, so it is in no error and no log; what it complains of is, since that is the way to mend it.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use super::Secret;
use crate::{Error, ErrorKind, Result};

/// How long a program may take: it may ask its owner for a finger or a passphrase.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much is read of what it prints, and of what it complains.
const LONGEST: u64 = 64 * 1024;

/// How much of its complaint is shown.
const SHOWN: usize = 600;

/// The words of a command, told apart as a POSIX shell would: quotes and backslashes, nothing else.
///
/// # Errors
/// `InvalidArguments` without any word, or with a quote that does not end.
pub(super) fn words(command: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => quoted(letter, &mut letters, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(letters.next().ok_or_else(unended)?),
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    if words.first().is_none_or(String::is_empty) {
        return Err(Error::new(ErrorKind::InvalidArguments, "the password command is empty")
            .hint("Name a program that prints the password, as pass show db/staging."));
    }
    Ok(words)
}

fn quoted(quote: char, letters: &mut std::str::Chars<'_>, word: &mut String) -> Result<()> {
    loop {
        match letters.next().ok_or_else(unended)? {
            end if end == quote => return Ok(()),
            '\\' if quote == '"' => word.push(letters.next().ok_or_else(unended)?),
            other => word.push(other),
        }
    }
}

fn unended() -> Error {
    Error::new(ErrorKind::InvalidArguments, "a quote or backslash of the password command does not end")
        .hint("No shell reads it: quotes only keep the words of one argument together.")
}

/// Runs the command and takes the first line that it prints.
///
/// # Errors
/// `SecretUnavailable` when it cannot be started, fails, prints nothing or takes longer than a minute.
pub async fn ask(command: &str) -> Result<Secret> {
    ask_within(command, PATIENCE).await
}

async fn ask_within(command: &str, patience: Duration) -> Result<Secret> {
    let words = words(command)?;
    let program = words[0].as_str();
    let child = start(program, &words[1..])?;
    match tokio::time::timeout(patience, finish(child)).await {
        Ok(finished) => take(program, finished.map_err(|error| broken(program, &error))?),
        // Dropping the child ends it.
        Err(_) => Err(unavailable(program, &format!("did not end within {} s", patience.as_secs()))
            .hint("Run it in a terminal: it may wait for an answer there.")),
    }
}

struct Finished {
    ended: std::process::ExitStatus,
    printed: Vec<u8>,
    complained: Vec<u8>,
}

fn start(program: &str, arguments: &[String]) -> Result<Child> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            unavailable(program, "is not installed, or not on the PATH of Evaldesk")
                .hint("Name the program by its whole path.")
        }
        _ => broken(program, &error),
    })
}

/// Reads both ends at once: a program that complains at length must not wait for us.
async fn finish(mut child: Child) -> std::io::Result<Finished> {
    let (mut printed, mut complained) = (Vec::new(), Vec::new());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (first, second) = tokio::join!(drain(out, &mut printed), drain(err, &mut complained));
    first.and(second)?;
    Ok(Finished { ended: child.wait().await?, printed, complained })
}

async fn drain(pipe: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(pipe) = pipe else { return Ok(()) };
    pipe.take(LONGEST).read_to_end(into).await.map(|_| ())
}

fn take(program: &str, finished: Finished) -> Result<Secret> {
    let printed = String::from_utf8(finished.printed)
        .map_err(|_| unavailable(program, "printed something that is not UTF-8 text"))?;
    let first = printed.lines().next().unwrap_or_default().to_owned();
    if !finished.ended.success() {
        let complaint = without(&first, &String::from_utf8_lossy(&finished.complained));
        let error = unavailable(program, &how_it_ended(finished.ended));
        return Err(error.hint("Run it in a terminal to see what is wrong.").detail(complaint));
    }
    if first.is_empty() {
        return Err(unavailable(program, "printed no password").hint("Its first line is the password."));
    }
    Ok(Secret::new(first))
}

fn how_it_ended(ended: std::process::ExitStatus) -> String {
    match ended.code() {
        Some(code) => format!("ended with {code}"),
        None => "was killed".to_owned(),
    }
}

/// A complaint may repeat the secret.
fn without(secret: &str, complaint: &str) -> String {
    let complaint = complaint.trim();
    let complaint =
        if secret.is_empty() { complaint.to_owned() } else { complaint.replace(secret, "<redacted>") };
    complaint.chars().take(SHOWN).collect()
}

fn unavailable(program: &str, why: &str) -> Error {
    Error::new(ErrorKind::SecretUnavailable, format!("the password command {program} {why}"))
}

fn broken(program: &str, error: &std::io::Error) -> Error {
    unavailable(program, &format!("cannot be run: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_as_a_shell_would_and_nothing_is_expanded() {
        let told = |text: &str| words(text).unwrap();
        assert_eq!(told("pass show db/stg"), ["pass", "show", "db/stg"]);
        assert_eq!(
            told(r#"op read "op://My vault/db/password""#),
            ["op", "read", "op://My vault/db/password"]
        );
        assert_eq!(told(r"a 'b $HOME; `x`' c\ d '' "), ["a", "b $HOME; `x`", "c d", ""]);
        assert!(words("  ").is_err() && words("pass 'x").is_err() && words("x \\").is_err());
    }

    #[tokio::test]
    async fn the_first_line_is_the_password() {
        assert_eq!(ask("printf 'one\\ntwo\\n'").await.unwrap().expose(), "one");
    }

    #[tokio::test]
    async fn a_failing_command_tells_what_it_said_and_never_what_it_printed() {
        let error = ask("sh -c 'echo s3cret; echo locked s3cret >&2; exit 3'").await.unwrap_err();
        let told = format!("{error} {:?} {error:?}", error.detail_text());
        assert!(told.contains("sh ended with 3") && told.contains("locked <redacted>"), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
    }

    #[tokio::test]
    async fn what_is_missing_silent_or_endless_is_told_apart() {
        let why = async |command: &str| {
            ask_within(command, Duration::from_millis(300)).await.unwrap_err().to_string()
        };
        assert!(why("no-such-program-4711").await.contains("not installed"));
        assert!(why("true").await.contains("printed no password"));
        assert!(why("sleep 30").await.contains("did not end"));
    }
}
