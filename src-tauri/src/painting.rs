//! Who paints: the graphics card, or the processor where there is none.

use tauri::WebviewWindow;

/// Takes the detour over OpenGL away where no card would speed it up.
///
/// WebKitGTK paints into layers and puts them together with OpenGL. On a virtual machine or a remote desktop OpenGL is
/// the processor too, and has to compile its shaders first: the first screen took half as long again.
#[cfg(target_os = "linux")]
pub(crate) fn settle(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};

    if has_render_node() {
        return Ok(());
    }
    window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn settle(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// The kernel gives every card that can render a node of its own (<https://docs.kernel.org/gpu/drm-uapi.html>).
#[cfg(target_os = "linux")]
fn has_render_node() -> bool {
    let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    nodes.into_iter().any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
}
