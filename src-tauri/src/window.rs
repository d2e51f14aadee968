//! The main window.

use tauri::{App, WebviewUrl, WebviewWindowBuilder};

/// Opens the window on the welcome screen, or straight on a connection.
pub(crate) fn open(app: &App, connection: Option<&str>) -> tauri::Result<()> {
    let page = match connection {
        Some(name) => format!("index.html#/open/{}", percent(name)),
        None => "index.html".to_owned(),
    };
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App(page.into()))
        .title("Evaldesk")
        .inner_size(1280.0, 800.0)
        .min_inner_size(1024.0, 700.0)
        .build()?;
    Ok(())
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
    use super::percent;

    #[test]
    fn a_connection_name_cannot_leave_its_place_in_the_url() {
        assert_eq!(percent("my db/#1 é"), "my%20db%2F%231%20%C3%A9");
    }
}
