//! What rake says: shown line by line, its end kept, and no password in it.

use crate::connection::Secret;

/// How many bytes of it are kept: the last ones.
const KEPT: usize = 64 * 1024;

/// The end of what was said.
#[derive(Debug, Default)]
pub(super) struct Output {
    lines: std::collections::VecDeque<String>,
    bytes: usize,
}

impl Output {
    pub(super) fn push(&mut self, line: String) {
        self.bytes += line.len() + 1;
        self.lines.push_back(line);
        while self.bytes > KEPT {
            let Some(first) = self.lines.pop_front() else { break };
            self.bytes -= first.len() + 1;
        }
    }

    pub(super) fn text(&self) -> String {
        self.lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// The line that says why rake stopped. Rails wraps the cause in a sentence of its own, and begins some messages on a
    /// line after the exception's name.
    pub(super) fn why(&self) -> Option<String> {
        let aborted = self.lines.iter().rposition(|line| line.trim_end().ends_with("aborted!"));
        let after = self.lines.iter().skip(aborted.map_or(0, |at| at + 1)).map(|line| line.trim());
        let mut telling = after
            .filter(|line| !line.is_empty() && !line.starts_with("StandardError: An error has occurred"));
        let first = if aborted.is_some() { telling.next() } else { telling.next_back() }?;
        let message = telling.next().filter(|_| aborted.is_some() && first.ends_with(':'));
        Some(message.map_or_else(|| first.to_owned(), |message| format!("{first} {message}")))
    }

    /// Whether an exception of this class is named.
    pub(super) fn names(&self, class: &str) -> bool {
        self.lines.iter().any(|line| line.contains(class))
    }
}

/// A line without the password, and without that of any URL in it.
pub(super) fn redacted(line: &str, secret: Option<&Secret>) -> String {
    let password = secret.map(Secret::expose).filter(|password| !password.is_empty());
    let bare = password.map_or_else(|| line.to_owned(), |password| line.replace(password, HIDDEN));
    without_url_password(&bare)
}

const HIDDEN: &str = "<redacted>";

fn without_url_password(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        kept.push_str(before);
        let authority = after.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(after.len());
        let (user, host) = after[..authority].rsplit_once('@').unzip();
        rest = match (user.and_then(|user| user.split_once(':')), host) {
            (Some((name, _)), Some(host)) => {
                kept.push_str(&format!("{name}:{HIDDEN}@{host}"));
                &after[authority..]
            }
            _ => after,
        };
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_left_in_a_line() {
        let secret = Secret::new("hunter2");
        assert_eq!(redacted("pass hunter2 end", Some(&secret)), "pass <redacted> end");
        assert_eq!(
            redacted("at postgres://mia:p%40ss@host/db and http://x/y", None),
            "at postgres://mia:<redacted>@host/db and http://x/y"
        );
        assert_eq!(redacted("postgres://mia@host", Some(&Secret::new(""))), "postgres://mia@host");
    }

    #[test]
    fn the_cause_is_found_behind_rails_own_words() {
        let mut output = Output::default();
        for line in [
            "== 1 AddA: migrating",
            "rake aborted!",
            "StandardError: An error has occurred, this and all later migrations canceled:",
            "",
            "PG::UndefinedTable: ERROR:  relation \"a\" does not exist",
            "Caused by: ...",
        ] {
            output.push(line.to_owned());
        }
        assert!(output.why().unwrap().starts_with("PG::UndefinedTable"));
        assert!(output.names("PG::UndefinedTable"));
    }

    #[test]
    fn a_message_on_the_next_line_is_read_too() {
        let mut output = Output::default();
        for line in [
            "rake aborted!",
            "ActiveRecord::ConcurrentMigrationError: ",
            "",
            "Cannot run migrations.",
            "Tasks: TOP",
        ] {
            output.push(line.to_owned());
        }
        let why = "ActiveRecord::ConcurrentMigrationError: Cannot run migrations.";
        assert_eq!(output.why().as_deref(), Some(why));
    }

    #[test]
    fn only_the_end_is_kept() {
        let mut output = Output::default();
        (0..10_000).for_each(|number| output.push(format!("line {number}")));
        assert!(output.text().len() <= KEPT && output.text().ends_with("line 9999"));
    }
}
