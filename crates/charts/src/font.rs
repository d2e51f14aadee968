//! The one font, registered once.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use crate::ChartError;

/// The family name that plotters and the SVG know it by.
pub(crate) const FAMILY: &str = "Inter";

static BYTES: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");

/// plotters divides sizes by this before it draws.
const PLOTTERS: f64 = 1.24;

/// The font at so many pixels.
pub(crate) fn font(pixels: f64) -> Result<FontDesc<'static>, ChartError> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    if !REGISTERED.get_or_init(|| register_font(FAMILY, FontStyle::Normal, BYTES).is_ok()) {
        return Err(ChartError::Draw("the font that is compiled in could not be read".to_owned()));
    }
    Ok(FontDesc::new(FontFamily::Name(FAMILY), pixels * PLOTTERS, FontStyle::Normal))
}

/// How wide a text is at so many pixels.
pub(crate) fn width(text: &str, pixels: f64) -> Result<i32, ChartError> {
    let (width, _) = font(pixels)?.box_size(text).map_err(|error| ChartError::Draw(error.to_string()))?;
    Ok(i32::try_from(width).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_text_is_wider() {
        assert!(width("evaluation_results_pkey", 12.0).unwrap() > width("pkey", 12.0).unwrap());
    }
}
