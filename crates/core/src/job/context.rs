//! What a running job holds: it reports progress through it and learns that it was cancelled.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use super::Progress;
use crate::{Error, ErrorKind, Result};

type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// A running job's side of it. Cloning shares it.
#[derive(Clone)]
pub struct JobContext {
    cancel: CancellationToken,
    backends: Arc<Mutex<Vec<i32>>>,
    on_progress: OnProgress,
}

impl JobContext {
    pub(super) fn new(on_progress: OnProgress) -> Self {
        Self { cancel: CancellationToken::new(), backends: Arc::default(), on_progress }
    }

    /// A job nobody watches, for tests and embedders that call core directly.
    pub fn detached() -> Self {
        Self::watched(|_| {})
    }

    /// A job outside of the registry that tells one listener how far it is.
    pub fn watched(on_progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self::new(Arc::new(on_progress))
    }

    /// Tells how far it is.
    pub fn progress(&self, progress: Progress) {
        (self.on_progress)(progress);
    }

    /// Whether somebody asked for the end.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Waits until somebody asks for the end.
    pub async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// `Cancelled` once somebody asked for the end; to be called between steps.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Self::cancelled_error()) } else { Ok(()) }
    }

    /// The error of a job that stopped because it was asked to.
    pub fn cancelled_error() -> Error {
        Error::new(ErrorKind::Cancelled, "cancelled on request")
    }

    /// Registers a server process that works for this job, so that cancel reaches it.
    pub fn watch_backend(&self, pid: i32) {
        self.backends.lock().unwrap_or_else(PoisonError::into_inner).push(pid);
    }

    /// Takes a server process off again, before its pid can belong to somebody else.
    pub fn forget_backend(&self, pid: i32) {
        self.backends.lock().unwrap_or_else(PoisonError::into_inner).retain(|held| *held != pid);
    }

    /// Asks for the end; `backends` are then cancelled by the registry.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    pub(super) fn backends(&self) -> Vec<i32> {
        self.backends.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
