//! The built UI, under the same content security policy as in the desktop app.

use std::path::{Component, Path, PathBuf};

use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};

use crate::Bridge;
use crate::answer::{self, Answer};

/// The app's own policy, except that calls go to this server and not to the window.
pub(crate) fn policy() -> String {
    let text = std::fs::read_to_string(support::root().join("tauri.conf.json")).unwrap_or_default();
    let conf: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let policy = conf["app"]["security"]["csp"].as_str().unwrap_or("default-src 'self'; connect-src 'self'");
    let parts = policy.split(';').map(str::trim).map(|part| match part.split(' ').next() {
        Some("connect-src") => "connect-src 'self'",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("; ")
}

/// Any other address is a file of the UI; the page itself for none.
pub(crate) async fn file(bridge: &Bridge, address: &str) -> Answer {
    let Some(path) = safe(address) else { return missing() };
    let Ok(bytes) = tokio::fs::read(support::root().join("ui/dist").join(&path)).await else {
        return missing();
    };
    let mut answer = answer::bytes(200, kind(&path), bytes);
    if let Ok(policy) = HeaderValue::from_str(&bridge.policy) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn missing() -> Answer {
    answer::text(404, "text/plain", "the UI has no such file; was it built? (cargo xtask test)\n".to_owned())
}

/// A path inside the folder, or nothing.
fn safe(address: &str) -> Option<PathBuf> {
    let path = Path::new(address.trim_start_matches('/'));
    if path.as_os_str().is_empty() {
        return Some("index.html".into());
    }
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| path.to_path_buf())
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
