//! Where everything stands, before anything is drawn: the same for SVG and PNG.

use super::{IndexSizeBar, words};
use crate::svg::Hint;
use crate::{ChartError, Size, font, format};

/// Pixels at scale 1.
const MARGIN: i32 = 12;
const ROW: i32 = 24;
const BAR: i32 = 12;
const GAP: i32 = 10;
const LEGEND: i32 = 28;
/// The smallest bar: an index of one page is there too.
const THINNEST: i32 = 2;
pub(super) const TEXT: f64 = 12.0;
pub(super) const SMALL: f64 = 11.0;

/// One row, placed.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) figure: String,
    pub(super) hint: String,
    pub(super) method: String,
    pub(super) unread: bool,
    pub(super) valid: bool,
    /// The middle of the row.
    pub(super) middle: i32,
    pub(super) bar: (i32, i32),
}

/// The whole picture, placed.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) size: (i32, i32),
    pub(super) scale: i32,
    pub(super) rows: Vec<Row>,
    /// The line for what does not fit, and its middle.
    pub(super) rest: Option<(String, i32)>,
    /// The methods in the legend, in order of appearance.
    pub(super) methods: Vec<String>,
    pub(super) any_unread: bool,
    pub(super) bars_from: i32,
}

impl Layout {
    pub(super) fn new(bars: &[IndexSizeBar], size: Size, scale: i32) -> Result<Self, ChartError> {
        let mut sorted: Vec<&IndexSizeBar> = bars.iter().collect();
        sorted.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.index.cmp(&b.index)));
        let (width, height) = (pixels(size.width), pixels(size.height));
        let fitting = usize::try_from((height - 2 * MARGIN - LEGEND) / ROW).unwrap_or(1).max(1);
        let shown = if sorted.len() > fitting { fitting.saturating_sub(1).max(1) } else { sorted.len() };
        let (rows, left) = sorted.split_at(shown);
        let mut layout = Self::empty((width * scale, height * scale), scale);
        layout.place(rows, width)?;
        if !left.is_empty() {
            let place = i32::try_from(shown).unwrap_or(0);
            layout.rest = Some((words::rest(left), (MARGIN + place * ROW + ROW / 2) * scale));
        }
        Ok(layout)
    }

    /// What tells more when pointed at: a row each.
    pub(super) fn hints(&self) -> Vec<Hint> {
        let row = ROW * self.scale;
        let width = self.size.0;
        self.rows
            .iter()
            .map(|placed| Hint {
                x: 0,
                y: placed.middle - row / 2,
                width,
                height: row,
                text: placed.hint.clone(),
            })
            .collect()
    }

    /// The bar's half height.
    pub(super) fn half_bar(&self) -> i32 {
        BAR * self.scale / 2
    }

    /// How far a text stands below where plotters centres it: its bitmap backend centres the font's whole line,
    /// an SVG viewer the letters.
    pub(super) fn text_drop(&self) -> i32 {
        if self.scale == 1 { 0 } else { 5 * self.scale / 2 }
    }

    pub(super) fn margin(&self) -> i32 {
        MARGIN * self.scale
    }

    pub(super) fn gap(&self) -> i32 {
        GAP * self.scale
    }

    pub(super) fn legend_middle(&self) -> i32 {
        self.size.1 - self.margin() - LEGEND * self.scale / 2 + self.scale * 4
    }

    fn empty(size: (i32, i32), scale: i32) -> Self {
        Self {
            size,
            scale,
            rows: Vec::new(),
            rest: None,
            methods: Vec::new(),
            any_unread: false,
            bars_from: 0,
        }
    }

    fn place(&mut self, bars: &[&IndexSizeBar], width: i32) -> Result<(), ChartError> {
        let most = width * 2 / 5;
        let labels = bars.iter().map(|bar| label(&bar.index, most)).collect::<Result<Vec<_>, _>>()?;
        // An engine without Inter, or one that hints differently, draws up to a tenth wider than was measured.
        let label_width = widest(&labels, TEXT)? * 11 / 10;
        let figures: Vec<String> = bars.iter().map(|bar| words::figure(bar)).collect();
        let figure_width = widest(&figures, TEXT)?;
        let from = MARGIN + label_width + GAP;
        let room = (width - MARGIN - figure_width - GAP - from).max(THINNEST);
        let largest = bars.first().map_or(1, |bar| bar.bytes.max(1));
        self.bars_from = from * self.scale;
        for (at, ((bar, label), figure)) in bars.iter().zip(labels).zip(figures).enumerate() {
            let middle = MARGIN + i32::try_from(at).unwrap_or(0) * ROW + ROW / 2;
            let long = share(bar.bytes, largest, room).max(THINNEST);
            self.remember(bar);
            self.rows.push(Row {
                label,
                figure,
                hint: words::hint(bar),
                method: bar.method.clone(),
                unread: bar.scans == Some(0),
                valid: bar.valid,
                middle: middle * self.scale,
                bar: (from * self.scale, (from + long) * self.scale),
            });
        }
        Ok(())
    }

    fn remember(&mut self, bar: &IndexSizeBar) {
        self.any_unread |= bar.scans == Some(0);
        if !self.methods.contains(&bar.method) {
            self.methods.push(bar.method.clone());
        }
    }
}

fn label(name: &str, most: i32) -> Result<String, ChartError> {
    format::cut_middle(name, |text| Ok(font::width(text, TEXT)? <= most))
}

fn widest(texts: &[String], size: f64) -> Result<i32, ChartError> {
    texts.iter().try_fold(0, |widest, text| Ok(font::width(text, size)?.max(widest)))
}

/// A length in proportion; u128 since bytes times pixels may pass 2^64.
fn share(bytes: u64, of: u64, room: i32) -> i32 {
    let long = u128::from(bytes) * u128::from(room.unsigned_abs()) / u128::from(of);
    i32::try_from(long).unwrap_or(room)
}

fn pixels(size: u32) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}
