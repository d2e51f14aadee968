//! The UI and the real backend in an ordinary browser, for the journeys and the pictures. Tests only.
//!
//! It listens on loopback alone, on a port of the system's choosing, and answers nobody without the token
//! of this run. It ends with whoever started it: when its standard input closes.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod calls;
mod files;
mod options;

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use evaldesk_api::{LocalSettings, Session, host};
use evaldesk_core::connection::MemorySecrets;

use crate::options::Options;

/// What every request needs.
pub(crate) struct Bridge {
    session: Session,
    token: String,
    policy: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::from_command_line()?;
    if let Some(root) = options.watch {
        return tokio::task::block_in_place(|| {
            Ok(evaldesk_api::watch_local(root).map_err(|error| error.message)?)
        });
    }
    let token = uuid::Uuid::now_v7().simple().to_string();
    let bridge = Bridge { session: session(&options)?, token: token.clone(), policy: files::policy() };
    let routes = Router::new()
        .route("/call/{name}", post(calls::call))
        .route("/stream/{name}", get(calls::stream))
        .fallback(get(files::file))
        .with_state(Arc::new(bridge));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", options.port)).await?;
    println!(
        "{}",
        serde_json::json!({ "url": format!("http://{}/?token={token}", listener.local_addr()?), "token": token })
    );
    std::io::stdout().flush()?;
    end_with_standard_input();
    axum::serve(listener, routes).await?;
    Ok(())
}

/// A session as the app has it, but with passwords in memory: a browser test must not touch a real keyring.
fn session(options: &Options) -> Result<Session, Box<dyn std::error::Error>> {
    let folder = options.folder.clone();
    std::fs::create_dir_all(&folder)?;
    let watcher = vec![std::env::current_exe()?.into(), "--watch-local".into()];
    let local =
        LocalSettings::new(&folder).engines(host::engine_hints(None, folder.clone())).watcher(watcher);
    Ok(Session::builder(folder)
        .actor("test (bridge)")
        .secrets(Arc::new(MemorySecrets::default()))
        .local(local)
        .build())
}

/// Ends at once: a browser holds its event stream open, and nobody waits for it.
fn end_with_standard_input() {
    std::thread::spawn(|| {
        let mut nothing = [0; 64];
        while std::io::stdin().read(&mut nothing).is_ok_and(|read| read > 0) {}
        std::process::exit(0);
    });
}
