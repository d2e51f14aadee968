//! Evaldesk inside another Tauri app, by its plugin.
//!
//! `--empty --ready-file FILE` opens a blank window instead and writes FILE once it is painted: the yardstick that
//! `cargo xtask bench` measures Evaldesk's own start against.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use tauri::{State, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_evaldesk::Session;

struct Ready {
    file: Mutex<Option<PathBuf>>,
    launched: Instant,
}

#[tauri::command]
fn painted(ready: State<'_, Ready>) -> Result<(), String> {
    let Some(file) = ready.file.lock().map_err(|error| error.to_string())?.take() else { return Ok(()) };
    let text = format!(
        "{{\"screen\":\"empty\",\"rows\":0,\"sinceLaunchMs\":{}}}",
        ready.launched.elapsed().as_millis()
    );
    let aside = file.with_extension("part");
    std::fs::write(&aside, text)
        .and_then(|()| std::fs::rename(&aside, &file))
        .map_err(|error| error.to_string())
}

fn main() {
    let launched = Instant::now();
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let after =
        |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1).map(PathBuf::from);
    let page =
        if arguments.iter().any(|argument| argument == "--empty") { "empty.html" } else { "index.html" };
    let ready = Ready { file: Mutex::new(after("--ready-file")), launched };
    let session = Session::builder(std::env::temp_dir().join("embed-tauri")).actor("embed-tauri").build();
    tauri::Builder::default()
        .plugin(tauri_plugin_evaldesk::init(session))
        .manage(ready)
        .invoke_handler(tauri::generate_handler![painted])
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::App(page.into()))
                .inner_size(1280.0, 800.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("a window can be opened");
}
