//! Index sizes as bars, largest first. A dashed bar was never scanned: nothing reads what it costs to keep.

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::theme::Palette;
use crate::{ChartError, Result, Theme, font, name, size};

const ROW: u32 = 26;
const BAR: u32 = 14;
const TOP: u32 = 4;
/// Room for the figure behind the longest bar.
const FIGURE: u32 = 76;

/// One index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSizeBar {
    pub name: String,
    pub table: String,
    pub bytes: i64,
    /// None where the server keeps no count.
    pub scans: Option<i64>,
}

impl IndexSizeBar {
    fn unused(&self) -> bool {
        self.scans == Some(0)
    }
}

/// Draws the bars as one `svg` element: no script, no style attribute, a title and a description for screen readers.
///
/// # Errors
/// When the text cannot be measured.
pub fn index_sizes_svg(bars: &[IndexSizeBar], theme: Theme, width: u32) -> Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (width, height(bars))).into_drawing_area();
        draw(&area, bars, &theme.palette(), width)?;
        area.present().map_err(ChartError::new)?;
    }
    Ok(name_it(&text, &describe_index_sizes(bars)))
}

/// Draws the bars as a picture, RGB, `width` by its own height: the bytes and the height in pixels.
///
/// # Errors
/// When the text cannot be measured.
pub fn index_sizes_png(bars: &[IndexSizeBar], theme: Theme, width: u32) -> Result<(Vec<u8>, u32)> {
    let height = height(bars);
    let mut pixels = vec![0; (width * height * 3) as usize];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
        area.fill(&theme.palette().paper).map_err(ChartError::new)?;
        draw(&area, bars, &theme.palette(), width)?;
        area.present().map_err(ChartError::new)?;
    }
    Ok((pixels, height))
}

/// What the chart says, in a sentence.
pub fn describe_index_sizes(bars: &[IndexSizeBar]) -> String {
    let Some(first) = bars.first() else { return "There are no indexes.".to_owned() };
    let total = size::bytes(bars.iter().map(|bar| bar.bytes).sum());
    let unused = bars.iter().filter(|bar| bar.unused()).count();
    let never = match unused {
        0 => "Each of them has been scanned.".to_owned(),
        1 => "One of them was never scanned.".to_owned(),
        n => format!("{n} of them were never scanned."),
    };
    let count = if bars.len() == 1 { "1 index takes".to_owned() } else { format!("{} indexes take", bars.len()) };
    format!("{count} {total}; the largest is {} with {}. {never}", first.name, size::bytes(first.bytes))
}

fn height(bars: &[IndexSizeBar]) -> u32 {
    2 * TOP + ROW * u32::try_from(bars.len().max(1)).unwrap_or(1)
}

fn draw<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    bars: &[IndexSizeBar],
    palette: &Palette,
    width: u32,
) -> Result<()> {
    font::register();
    let labels = (width * 2 / 5).min(340);
    let longest = width.saturating_sub(labels + FIGURE + 12);
    let most = bars.iter().map(|bar| bar.bytes).max().unwrap_or(0).max(1);
    for (at, bar) in bars.iter().enumerate() {
        let middle = (TOP + ROW / 2 + ROW * u32::try_from(at).unwrap_or(0)).cast_signed();
        let share = bar.bytes as f64 / most as f64;
        let length = ((f64::from(longest) * share) as u32).max(1);
        label(area, bar, palette, middle, labels)?;
        let left = (labels + 12).cast_signed();
        rectangle(area, bar, palette, (left, middle), length)?;
        figure(area, bar, palette, (left + length.cast_signed() + 8, middle))?;
    }
    Ok(())
}

fn label<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    bar: &IndexSizeBar,
    palette: &Palette,
    middle: i32,
    labels: u32,
) -> Result<()> {
    let style = font::text(12, palette.ink).pos(Pos::new(HPos::Right, VPos::Center));
    let measure = |text: &str| area.estimate_text_size(text, &style).map_or(u32::MAX, |(wide, _)| wide);
    let text = name::fit(&bar.name, labels, measure);
    area.draw(&Text::new(text, (labels.cast_signed(), middle), style)).map_err(ChartError::new)
}

fn rectangle<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    bar: &IndexSizeBar,
    palette: &Palette,
    (left, middle): (i32, i32),
    length: u32,
) -> Result<()> {
    let half = (BAR / 2).cast_signed();
    let (right, top, bottom) = (left + length.cast_signed(), middle - half, middle + half);
    if !bar.unused() {
        let filled = palette.series.filled();
        return area.draw(&Rectangle::new([(left, top), (right, bottom)], filled)).map_err(ChartError::new);
    }
    let outline = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    area.draw(&DashedPathElement::new(outline, 4, 3, palette.edge.stroke_width(1))).map_err(ChartError::new)
}

fn figure<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    bar: &IndexSizeBar,
    palette: &Palette,
    at: (i32, i32),
) -> Result<()> {
    let style = font::text(11, palette.ink_2).pos(Pos::new(HPos::Left, VPos::Center));
    area.draw(&Text::new(size::bytes(bar.bytes), at, style)).map_err(ChartError::new)
}

/// Gives the drawing its role and its sentence.
fn name_it(svg: &str, description: &str) -> String {
    let Some(end) = svg.find('>') else { return svg.to_owned() };
    let (head, rest) = svg.split_at(end);
    format!("{head} role=\"img\"><title>Index sizes</title><desc>{}</desc>{}", escape(description), &rest[1..])
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, bytes: i64, scans: i64) -> IndexSizeBar {
        IndexSizeBar { name: name.into(), table: "t".into(), bytes, scans: Some(scans) }
    }

    #[test]
    fn an_index_that_nothing_reads_is_dashed_and_told() {
        let bars = [bar("used", 2_000_000, 5), bar("unused", 1_000_000, 0)];
        let svg = index_sizes_svg(&bars, Theme::Light, 720).unwrap();
        assert_eq!(svg.matches("fill=\"#2F4FE0\"").count(), 1);
        assert!(svg.contains("One of them was never scanned."));
    }

    #[test]
    fn a_strict_policy_and_a_hostile_name_find_nothing_to_run() {
        let svg = index_sizes_svg(&[bar("<script>alert(1)</script>", 1, 0)], Theme::Dark, 720).unwrap();
        assert!(!svg.contains("<script") && !svg.contains("style="), "{svg}");
    }

    #[test]
    fn a_picture_has_ink_on_its_paper() {
        let (pixels, height) = index_sizes_png(&[bar("a", 100, 1)], Theme::Light, 300).unwrap();
        assert_eq!(pixels.len(), (300 * height * 3) as usize);
        assert!(pixels.chunks(3).any(|pixel| pixel == [0x2f, 0x4f, 0xe0]));
    }

    #[test]
    fn no_index_is_said_in_words() {
        assert_eq!(describe_index_sizes(&[]), "There are no indexes.");
    }
}
