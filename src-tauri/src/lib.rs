//! The desktop shell: a window around the web UI, a session behind it. Thin on purpose; everything else is in crates.

mod arguments;
mod painted;
mod painting;
mod preferences;
mod single;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use evaldesk_api::commands::{ConnectionOpenArguments, RunListArguments, connection_open, run_list};
use evaldesk_api::core::eval::RunQuery;
use evaldesk_api::{LOCAL_ID, LocalSettings, Session, host};
use tauri::Manager as _;

use arguments::Arguments;

/// Runs the program until its window closes.
pub fn run() -> ExitCode {
    let launched = Instant::now();
    match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(Arguments::Watch { root }) => watch(root),
        Ok(Arguments::Window(options)) => open(options, launched),
        Err(message) => complain(&message, 2),
    }
}

/// The other half of the private server: this process stays until nobody uses it, then stops it.
fn watch(root: PathBuf) -> ExitCode {
    match evaldesk_api::watch_local(root) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.message, 1),
    }
}

fn open(options: arguments::Window, launched: Instant) -> ExitCode {
    let folder = match host::data_folder() {
        Ok(folder) => folder,
        Err(error) => return complain(&error.to_string(), 1),
    };
    let _only = match single::hold(&folder) {
        Ok(held) => held,
        Err(message) => return complain(&message, 4),
    };
    let ready = painted::Ready::new(options.ready_file.clone(), launched);
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_store::Builder::default().build())
        .manage(ready)
        .manage(preferences::Preferences(folder.join("preferences.json")))
        .invoke_handler(tauri::generate_handler![
            painted::painted,
            preferences::preference_get,
            preferences::preference_set
        ])
        .setup(move |app| {
            let session = session(folder, app.path().resource_dir().ok())?;
            app.handle().plugin(tauri_plugin_evaldesk::init(session.clone()))?;
            window::open(app, options.open.as_deref())?;
            warm(&session, options.open.as_deref());
            Ok(())
        })
        .run(tauri::generate_context!());
    match built {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("the window could not be opened: {error}"), 1),
    }
}

fn session(folder: PathBuf, resources: Option<PathBuf>) -> Result<Session, Box<dyn std::error::Error>> {
    let program = std::env::current_exe()?;
    let local = LocalSettings::new(&folder)
        .engines(host::engine_hints(resources, folder.clone()))
        .system_folder(host::system_folder())
        .watcher(vec![program.into(), "--watch-local".into()]);
    Ok(Session::builder(folder).actor(host::actor("app")).local(local).build())
}

/// Opens the local database while WebKit still starts: both take a third of a second, and need not wait in line.
///
/// Only one that was opened before; the first time is the user's decision, and shows its progress. Not before the window is
/// made: making it may run dbus-launch and read its pipe to the end, and a server that starts meanwhile would inherit the
/// other end and never close it.
fn warm(session: &Session, open: Option<&str>) {
    let local = open.is_none_or(|name| name.eq_ignore_ascii_case(LOCAL_ID));
    if local && session.profile(LOCAL_ID).is_ok() {
        let session = session.clone();
        tauri::async_runtime::spawn(async move { warm_up(&session).await.ok() });
    }
}

/// Asks what the window will ask first: a session that has planned these statements once answers them in a third of
/// the time. A failure is told when the window asks again.
async fn warm_up(session: &Session) -> evaldesk_api::Result<()> {
    let connection = LOCAL_ID.to_owned();
    connection_open(
        session,
        ConnectionOpenArguments { connection: connection.clone(), password: None, ssh_secret: None },
    )
    .await?;
    run_list(session, RunListArguments { connection, query: RunQuery::default() }).await?;
    Ok(())
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn complain(message: &str, code: u8) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(code)
}
