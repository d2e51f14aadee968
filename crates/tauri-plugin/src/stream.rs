//! Streams into a window: a task a stream pumps items into its channel until it ends, is closed, or the window is gone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use evaldesk_api::{ErrorReport, Session, open_stream};
use futures_util::StreamExt as _;
use serde_json::Value;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, InvokeResponseBody};

/// The streams that windows hold open.
#[derive(Default)]
pub(crate) struct Streams(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    next: u64,
    pumps: HashMap<String, Pump>,
}

struct Pump {
    /// The label of the webview that it pumps into.
    webview: String,
    task: JoinHandle<()>,
}

impl Streams {
    /// Opens a stream into a channel and returns the id to close it by.
    pub(crate) async fn open(
        &self,
        webview: &str,
        session: &Session,
        name: &str,
        arguments: Value,
        channel: Channel<InvokeResponseBody>,
    ) -> Result<String, ErrorReport> {
        let mut items = open_stream(session, name, arguments).await?;
        let mut held = self.held();
        held.next += 1;
        let id = held.next.to_string();
        let (shared, own) = (Arc::clone(&self.0), id.clone());
        let pump = tauri::async_runtime::spawn(async move {
            while let Some(Ok(item)) = items.next().await {
                if channel.send(InvokeResponseBody::Json(item)).is_err() {
                    break;
                }
            }
            shared.lock().unwrap_or_else(PoisonError::into_inner).pumps.remove(&own);
        });
        held.pumps.insert(id.clone(), Pump { webview: webview.to_owned(), task: pump });
        Ok(id)
    }

    /// Ends a stream.
    pub(crate) fn close(&self, id: &str) {
        if let Some(pump) = self.held().pumps.remove(id) {
            pump.task.abort();
        }
    }

    /// Ends all streams of a webview: a page that is reloaded opens its own, and nobody reads those before.
    pub(crate) fn close_all_of(&self, webview: &str) {
        self.held().pumps.retain(|_, pump| {
            let other = pump.webview != webview;
            if !other {
                pump.task.abort();
            }
            other
        });
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
