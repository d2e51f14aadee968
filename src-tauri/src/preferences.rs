//! Preferences and view state: which tabs were open, light or dark. Nothing that hurts when it is lost, since the store
//! ignores a file that it cannot read.
//!
//! The window reaches the store through these two commands alone. The store plugin's own commands take a path, and a
//! page that may name paths may write anywhere.

use std::path::PathBuf;

use serde_json::Value;
use tauri::{AppHandle, State};
use tauri_plugin_store::StoreExt as _;

/// The one file, in the data folder.
pub(crate) struct Preferences(pub(crate) PathBuf);

/// What was kept under a name; null when nothing was.
#[tauri::command]
pub(crate) fn preference_get(
    app: AppHandle,
    file: State<'_, Preferences>,
    key: String,
) -> Result<Value, String> {
    let store = app.store(&file.0).map_err(|error| error.to_string())?;
    Ok(store.get(key).unwrap_or_default())
}

/// Keeps something under a name. The store writes it to disk a moment later.
#[tauri::command]
pub(crate) fn preference_set(
    app: AppHandle,
    file: State<'_, Preferences>,
    key: String,
    value: Value,
) -> Result<(), String> {
    app.store(&file.0).map_err(|error| error.to_string())?.set(key, value);
    Ok(())
}
