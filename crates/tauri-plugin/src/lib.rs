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

use tauri::plugin::{Builder, TauriPlugin};
use tauri::webview::PageLoadEvent;
use tauri::{Manager, Runtime, State};

pub use evaldesk_api as api;
pub use evaldesk_api::{Session, SessionBuilder};

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
        .build()
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
