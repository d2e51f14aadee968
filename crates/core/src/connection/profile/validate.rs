//! What can never connect, and is not saved.

use super::{ConnectionProfile, SecretPolicy};
use crate::connection::{SshTunnel, password_command};
use crate::{Error, ErrorKind, Result};

impl ConnectionProfile {
    /// Refuses what can never connect, naming the field.
    pub fn validate(&self) -> Result<()> {
        let fields =
            [("name", &self.name), ("host", &self.host), ("database", &self.database), ("user", &self.user)];
        for (field, value) in fields {
            if value.trim().is_empty() {
                return Err(invalid(
                    format!("the connection has no {field}"),
                    format!("Fill in the {field}."),
                ));
            }
            if value.contains('\0') {
                return Err(invalid(
                    format!("the {field} contains a zero byte"),
                    "Type it again.".to_owned(),
                ));
            }
        }
        if self.port == 0 {
            return Err(invalid(
                "port 0 cannot be connected to".to_owned(),
                "PostgreSQL's usual port is 5432.".to_owned(),
            ));
        }
        if !(1..=50).contains(&self.pool_size) {
            return Err(invalid(
                format!("a pool of {} sessions is out of range", self.pool_size),
                "Choose 1 to 50.".to_owned(),
            ));
        }
        if self.secret_policy == SecretPolicy::Command {
            password_command::words(self.password_command.as_deref().unwrap_or_default())?;
        }
        if self.color.as_deref().is_some_and(|color| !is_hex_color(color)) {
            return Err(invalid(
                "the colour is not of the form #rrggbb".to_owned(),
                "Choose a colour again.".to_owned(),
            ));
        }
        self.ssh.as_ref().map_or(Ok(()), SshTunnel::validate)
    }

    /// Refuses a name or a group that would break lines of lists and logs, or turn the words around it about.
    ///
    /// # Errors
    /// `InvalidArguments`, naming the field.
    pub fn validate_names(&self) -> Result<()> {
        for (field, text) in [("name", Some(&self.name)), ("group", self.group.as_ref())] {
            if text.is_some_and(|text| text.contains(breaks_lines)) {
                return Err(invalid(
                    format!("the {field} of the connection holds a line end or another control character"),
                    format!("Type the {field} in one line, of characters that can be seen."),
                ));
            }
        }
        Ok(())
    }
}

/// Control characters, ends of lines and paragraphs, and what turns the direction of writing about.
fn breaks_lines(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_hex_color(color: &str) -> bool {
    color.len() == 7 && color.starts_with('#') && color[1..].chars().all(|digit| digit.is_ascii_hexdigit())
}

fn invalid(message: String, hint: String) -> Error {
    Error::new(ErrorKind::InvalidArguments, message).hint(hint)
}
