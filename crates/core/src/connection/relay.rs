//! Handing a stream to the driver, which takes sockets alone.
//!
//! The socket lies in a folder that nobody else may enter. Where no stream is to be had, the relay answers the driver in
//! the server's place, by an error of PostgreSQL's own form, so that the true cause arrives.

mod doorway;
mod pump;
mod refusal;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::AbortHandle;

use super::line::{Line, NoStream, Way};
use crate::{Error, Result};
use doorway::Doorway;

pub(super) use doorway::PORT;

/// A stream of bytes, wherever it leads.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A stream to a server.
pub(super) type Stream = Box<dyn Io>;

/// How long the driver may take to come for what it asked for: it is this very program.
const SOON: Duration = Duration::from_secs(10);

/// One stream on its way to the driver.
pub(super) struct Handed {
    folder: std::path::PathBuf,
    broken: Arc<Mutex<Option<Error>>>,
}

impl Handed {
    /// Puts a stream behind a door. Whoever comes first has it, and the door is gone.
    pub(super) fn over(stream: Stream, server: &str) -> Result<Self> {
        let doorway = Doorway::open()?;
        let (folder, server) = (doorway.folder().to_owned(), server.to_owned());
        let broken: Arc<Mutex<Option<Error>>> = Arc::default();
        let kept = Arc::clone(&broken);
        tokio::spawn(async move {
            let Ok(Ok(driver)) = tokio::time::timeout(SOON, doorway.accept()).await else { return };
            drop(doorway);
            if let Some(error) = pump::run(driver, stream, &server).await {
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        });
        Ok(Self { folder, broken })
    }

    /// Where the driver finds it.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What broke the stream, if anything did: the driver itself was told in the server's place.
    pub(super) fn broken(&self) -> Option<Error> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A door that stays open for a pool: each that enters gets a stream of its own.
#[derive(Debug)]
pub(super) struct Relay {
    folder: std::path::PathBuf,
    accepting: AbortHandle,
}

impl Relay {
    /// Opens it.
    pub(super) fn open(line: Line, way: Way) -> Result<Self> {
        let doorway = Doorway::open()?;
        let folder = doorway.folder().to_owned();
        let accepting = tokio::spawn(async move {
            loop {
                let Ok(driver) = doorway.accept().await else { continue };
                let line = line.clone();
                tokio::spawn(async move { serve(driver, &line, way).await });
            }
        });
        Ok(Self { folder, accepting: accepting.abort_handle() })
    }

    /// Where the driver finds it.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(driver: doorway::Driver, line: &Line, way: Way) {
    match line.dial(way).await.map_err(NoStream::into_error) {
        Ok(stream) => drop(pump::run(driver, stream, &line.profile().address()).await),
        Err(error) => refusal::answer(driver, &error).await,
    }
}
