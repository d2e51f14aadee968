//! The settings that we own: a file of its own beside postgresql.conf, written anew before every start.
//!
//! It is included last, so these few stay ours; every other setting is the user's, and ALTER SYSTEM wins over all.

use std::path::Path;

use super::engine::Engine;
use super::layout::Layout;
use super::private;
use crate::Result;

/// The name of the file in the data folder; postgresql.conf includes it.
pub(super) const FILE: &str = "evaldesk.conf";

/// What postgresql.conf gets once, as its last line: what initdb itself writes there would else win.
pub(super) const INCLUDE: &str =
    "\n# The settings that Evaldesk writes before every start.\ninclude_if_exists = 'evaldesk.conf'\n";

/// Writes the settings of this start.
pub(super) fn write(layout: &Layout, engine: &Engine, port: u16, socket_folder: &Path) -> Result<()> {
    let preload = engine.has_library("pg_stat_statements");
    let text = text(port, socket_folder, &layout.logs(), preload);
    private::write_private(&layout.data().join(FILE), &text, layout.run_as.as_ref())
}

/// No statement reaches the log: it would show what an ALTER ROLE ... PASSWORD that failed had in it.
fn text(port: u16, socket_folder: &Path, logs: &Path, preload: bool) -> String {
    let socket_folder = quoted(&in_list(socket_folder));
    let logs = quoted(&logs.display().to_string());
    let preload = if preload { "pg_stat_statements" } else { "" };
    format!(
        "# Written by Evaldesk before every start. Put your own settings into postgresql.conf.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = {socket_folder}
unix_socket_permissions = 0700
cluster_name = 'evaldesk'
shared_preload_libraries = '{preload}'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = {logs}
log_filename = 'server-%a.log'
log_file_mode = 0600
log_rotation_age = '1d'
log_rotation_size = '5MB'
log_truncate_on_rotation = on
log_min_error_statement = 'panic'
"
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// The socket folders are a list: quoted once more, since a comma in a path would end it.
fn in_list(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_path_stays_inside_the_value() {
        let text = text(5433, Path::new("/home/o'neill, b/run"), Path::new("/l"), true);
        assert!(text.contains("unix_socket_directories = '\"/home/o''neill, b/run\"'\n"));
        assert!(text.contains("shared_preload_libraries = 'pg_stat_statements'\n"));
    }
}
