//! The bundled font. plotters measures text with it, for SVG too.

use std::sync::Once;

use plotters::style::{Color, FontStyle, IntoFont as _, RGBColor, TextStyle, register_font};

/// The name that the web page knows the font by; a page without it falls back to its own sans.
pub(crate) const FAMILY: &str = "Inter Variable, Inter, system-ui, sans-serif";

static REGISTERED: Once = Once::new();

/// Makes the font known to plotters; cheap after the first time.
pub(crate) fn register() {
    REGISTERED.call_once(|| {
        let bytes: &'static [u8] = include_bytes!("../fonts/Inter-Regular.otf");
        // A font that cannot be read shows as a drawing error at the first text.
        let _ = register_font(FAMILY, FontStyle::Normal, bytes);
    });
}

/// Text of a size in a colour.
pub(crate) fn text(size: u32, color: RGBColor) -> TextStyle<'static> {
    (FAMILY, size).into_font().color(&color.to_rgba())
}
