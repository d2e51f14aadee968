//! The main window.

use crate::painting;
use tauri::{App, LogicalSize, WebviewUrl, WebviewWindowBuilder};

const USUAL: (f64, f64) = (1280.0, 800.0);
const LEAST: (f64, f64) = (1024.0, 700.0);

/// Opens the window on the welcome screen, or straight on a connection.
pub(crate) fn open(app: &App, connection: Option<&str>) -> tauri::Result<()> {
    let page = match connection {
        Some(name) => format!("index.html#/open/{}", percent(name)),
        None => "index.html".to_owned(),
    };
    let (width, height) = fitting(free_space(app));
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App(page.into()))
        .title("Evaldesk")
        .inner_size(width, height)
        .min_inner_size(LEAST.0, LEAST.1)
        .build()?;
    painting::settle(&window)
}

/// What the first screen has free, beside panels and docks.
fn free_space(app: &App) -> Option<LogicalSize<f64>> {
    let monitor = app.primary_monitor().ok().flatten()?;
    Some(monitor.work_area().size.to_logical(monitor.scale_factor()))
}

/// The usual size, or less where the screen has less: a foot below its edge cannot be reached.
fn fitting(free: Option<LogicalSize<f64>>) -> (f64, f64) {
    let within = |usual: f64, least: f64, free: f64| usual.min(free).max(least);
    free.map_or(USUAL, |free| (within(USUAL.0, LEAST.0, free.width), within(USUAL.1, LEAST.1, free.height)))
}

/// A name in a URL's fragment: everything but letters, digits and a few marks is escaped.
fn percent(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{LogicalSize, fitting, percent};

    #[test]
    fn a_small_screen_gets_a_small_window() {
        assert_eq!(fitting(None), (1280.0, 800.0));
        assert_eq!(fitting(Some(LogicalSize::new(2560.0, 1400.0))), (1280.0, 800.0));
        assert_eq!(fitting(Some(LogicalSize::new(1024.0, 728.0))), (1024.0, 728.0));
        assert_eq!(fitting(Some(LogicalSize::new(800.0, 600.0))), (1024.0, 700.0));
    }

    #[test]
    fn a_connection_name_cannot_leave_its_place_in_the_url() {
        assert_eq!(percent("my db/#1 é"), "my%20db%2F%231%20%C3%A9");
    }
}
