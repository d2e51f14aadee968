//! The UI and the real backend in an ordinary browser, for the journeys and the pictures. Tests only.
//!
//! It listens on loopback alone, on a port of the system's choosing, and answers nobody without the token
//! of this run. It ends with whoever started it: when its standard input closes.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod answer;
mod calls;
mod files;
mod options;

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use evaldesk_api::{LocalSettings, Session, host};
use evaldesk_core::connection::MemorySecrets;
use hyper::body::Incoming;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;

use crate::answer::Answer;
use crate::options::Options;

/// What every request needs.
pub(crate) struct Bridge {
    session: Session,
    token: String,
    policy: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::from_command_line()?;
    if let Some(root) = options.watch {
        return Ok(evaldesk_api::watch_local(root).map_err(|error| error.message)?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(&options))
}

async fn serve(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let token = uuid::Uuid::now_v7().simple().to_string();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", options.port)).await?;
    let url = format!("http://{}/?token={token}", listener.local_addr()?);
    println!("{}", serde_json::json!({ "url": url, "token": token }));
    std::io::stdout().flush()?;
    end_with_standard_input();
    let bridge = Arc::new(Bridge { session: session(options)?, token, policy: files::policy() });
    loop {
        let (stream, _) = listener.accept().await?;
        // Many small answers: none waits for the browser to have acknowledged the one before.
        stream.set_nodelay(true)?;
        let bridge = Arc::clone(&bridge);
        tokio::spawn(async move {
            let answers = hyper::service::service_fn(|request| answer(Arc::clone(&bridge), request));
            // A browser that goes away in the middle is no error of ours.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answers)
                .await;
        });
    }
}

async fn answer(bridge: Arc<Bridge>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    let rest = |prefix: &str| path.strip_prefix(prefix).map(str::to_owned);
    Ok(match (request.method(), rest("/call/"), rest("/stream/")) {
        (&Method::POST, Some(name), _) => calls::call(&bridge, &name, request).await,
        (&Method::GET, _, Some(name)) => calls::stream(&bridge, &name, &request).await,
        (&Method::GET, ..) => files::file(&bridge, &path).await,
        _ => answer::text(
            405,
            "text/plain",
            "POST /call/<name>, GET /stream/<name>, or GET a file\n".to_owned(),
        ),
    })
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
