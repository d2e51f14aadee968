//! The Tauri expansion of the command table: one wrapper a row, and one handler for all.
//!
//! Replies are JSON text that `dispatch` made, handed through without being parsed again.

use evaldesk_api::{ErrorReport, Session, command_table, dispatch};
use serde_json::Value;
use tauri::ipc::{Channel, Invoke, InvokeResponseBody, Response};
use tauri::{Runtime, State, Webview};

use crate::stream::Streams;

/// Which stream to close.
#[derive(serde::Deserialize)]
struct CloseArguments {
    id: String,
}

macro_rules! wrapper {
    (stream $name:ident) => {
        #[tauri::command]
        async fn $name<R: Runtime>(
            webview: Webview<R>,
            session: State<'_, Session>,
            streams: State<'_, Streams>,
            args: Option<Value>,
            on_item: Channel<InvokeResponseBody>,
        ) -> Result<String, ErrorReport> {
            streams
                .open(webview.label(), &session, stringify!($name), args.unwrap_or_default(), on_item)
                .await
        }
    };
    ($kind:ident $name:ident) => {
        #[tauri::command]
        async fn $name(session: State<'_, Session>, args: Option<Value>) -> Result<Response, ErrorReport> {
            dispatch(&session, stringify!($name), args.unwrap_or_default()).await.map(Response::new)
        }
    };
}

macro_rules! expand {
    ($($kind:ident $name:ident($args:ty) -> $reply:ty, $permission:ident;)*) => {
        $(wrapper!($kind $name);)*

        /// Closes a stream that was opened with a channel; closing one that has ended is no error.
        #[tauri::command]
        async fn stream_close(streams: State<'_, Streams>, args: CloseArguments) -> Result<(), ErrorReport> {
            streams.close(&args.id);
            Ok(())
        }

        pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name,)* stream_close]
        }
    };
}

command_table!(expand);
