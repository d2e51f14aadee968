//! Evaldesk inside any Tauri app.
//!
//! ```no_run
//! # fn run<R: tauri::Runtime>(builder: tauri::Builder<R>, folder: std::path::PathBuf) -> tauri::Builder<R> {
//! let session = tauri_plugin_evaldesk::Session::builder(folder).actor("me (my app)").build();
//! builder.plugin(tauri_plugin_evaldesk::init(session))
//! # }
//! ```
//!
//! The commands are those of the facade's table, each with its own permission; `evaldesk:default` leaves a user's database as
//! it is.

mod commands;
mod stream;

use std::time::Duration;

use tauri::plugin::{Builder, TauriPlugin};
use tauri::webview::PageLoadEvent;
use tauri::{Manager, RunEvent, Runtime, State};

pub use evaldesk_api as api;
pub use evaldesk_api::{Session, SessionBuilder};

/// How long the end of the app waits for servers.
const PATIENCE: Duration = Duration::from_secs(5);

/// The plugin, working on a session that the app made.
pub fn init<R: Runtime>(session: Session) -> TauriPlugin<R> {
    Builder::new("evaldesk")
        .invoke_handler(commands::handler())
        .setup(move |app, _| {
            app.manage(stream::Streams::default());
            app.manage(session.clone());
            Ok(())
        })
        .on_page_load(|webview, page| {
            if page.event() == PageLoadEvent::Started {
                webview.state::<stream::Streams>().close_all_of(webview.label());
            }
        })
        .on_event(|app, event| {
            if matches!(event, RunEvent::Exit) {
                end(&app.evaldesk());
            }
        })
        .build()
}

/// Cancels on the server what tabs still run and writes it down, so that it neither goes on unseen nor is forgotten. A server
/// that does not answer keeps nobody from leaving.
fn end(session: &Session) {
    let ended = async { tokio::time::timeout(PATIENCE, session.close_queries()).await };
    let _ = tauri::async_runtime::block_on(ended);
}

/// Reaches the session from anything that manages state.
pub trait EvaldeskExt<R: Runtime> {
    /// The session the plugin was made with.
    fn evaldesk(&self) -> State<'_, Session>;
}

impl<R: Runtime, T: Manager<R>> EvaldeskExt<R> for T {
    fn evaldesk(&self) -> State<'_, Session> {
        self.state::<Session>()
    }
}
