//! Encoding a picture.

use crate::{ChartError, Size};

/// RGB bytes, three a pixel, as a PNG.
pub(crate) fn encode(pixels: &[u8], size: Size) -> Result<Vec<u8>, ChartError> {
    let mut encoded = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut encoded, size.width, size.height);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(encoded)
}
