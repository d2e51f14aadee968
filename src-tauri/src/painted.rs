//! Tells the outside when the first screen stands: measurements and pictures wait for it.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use serde_json::json;
use tauri::State;

/// Where to tell, and since when.
pub(crate) struct Ready {
    file: Mutex<Option<PathBuf>>,
    launched: Instant,
}

impl Ready {
    pub(crate) fn new(file: Option<PathBuf>, launched: Instant) -> Self {
        Self { file: Mutex::new(file), launched }
    }
}

/// The UI calls it two frames after a screen is painted. The first one with rows is told: a welcome or an empty list is
/// not what anybody waits for.
#[tauri::command]
pub(crate) fn painted(ready: State<'_, Ready>, screen: String, rows: u64) -> Result<(), String> {
    if rows == 0 {
        return Ok(());
    }
    let Some(file) = ready.file.lock().map_err(|error| error.to_string())?.take() else { return Ok(()) };
    let told = json!({ "screen": screen, "rows": rows, "sinceLaunchMs": ready.launched.elapsed().as_millis() as u64 });
    let aside = file.with_extension("part");
    std::fs::write(&aside, told.to_string())
        .and_then(|()| std::fs::rename(&aside, &file))
        .map_err(|error| error.to_string())
}
