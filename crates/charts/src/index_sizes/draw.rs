//! Drawing a layout on whichever backend.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::layout::{Layout, Row, SMALL, TEXT};
use crate::theme::Palette;
use crate::{ChartError, Theme, font};

type Area<DB> = DrawingArea<DB, Shift>;

pub(super) fn draw<DB: DrawingBackend>(backend: DB, layout: &Layout, theme: Theme) -> Result<(), ChartError> {
    let palette = theme.palette();
    let area = backend.into_drawing_area();
    area.fill(&palette.paper).map_err(failed)?;
    for row in &layout.rows {
        draw_row(&area, layout, row, &palette)?;
    }
    if let Some((text, middle)) = &layout.rest {
        write(&area, layout, text, (layout.margin(), *middle), TEXT, palette.ink_2)?;
    }
    if layout.rows.is_empty() {
        let middle = (layout.margin(), layout.margin() * 2);
        return write(&area, layout, "There are no indexes.", middle, TEXT, palette.ink_2);
    }
    axis(&area, layout, &palette)?;
    legend(&area, layout, &palette)?;
    area.present().map_err(failed)
}

fn draw_row<DB: DrawingBackend>(
    area: &Area<DB>,
    layout: &Layout,
    row: &Row,
    palette: &Palette,
) -> Result<(), ChartError> {
    write(area, layout, &row.label, (layout.margin(), row.middle), TEXT, palette.ink)?;
    let half = layout.half_bar();
    let corners = [(row.bar.0, row.middle - half), (row.bar.1, row.middle + half)];
    bar(area, layout, corners, color(&row.method, palette), row.unread)?;
    let ink = match (row.valid, row.unread) {
        (false, _) => palette.failed,
        (true, true) => palette.attention,
        _ => palette.ink,
    };
    let after = (row.bar.1 + layout.gap() * 4 / 5, row.middle);
    write(area, layout, &row.figure, after, TEXT, ink)
}

/// A filled bar, or a dashed outline for what nothing reads.
fn bar<DB: DrawingBackend>(
    area: &Area<DB>,
    layout: &Layout,
    [from, to]: [(i32, i32); 2],
    color: RGBColor,
    outline: bool,
) -> Result<(), ChartError> {
    if !outline {
        return area.draw(&Rectangle::new([from, to], color.filled())).map_err(failed);
    }
    area.draw(&Rectangle::new([from, to], color.mix(0.10).filled())).map_err(failed)?;
    // Half a step inside, so that the outline is as tall as a filled bar.
    let (right, bottom) = (to.0 - 1, to.1 - 1);
    let corners = [from, (right, from.1), (right, bottom), (from.0, bottom), from];
    for side in corners.windows(2) {
        dashes(area, layout, side[0], side[1], color)?;
    }
    Ok(())
}

fn dashes<DB: DrawingBackend>(
    area: &Area<DB>,
    layout: &Layout,
    from: (i32, i32),
    to: (i32, i32),
    color: RGBColor,
) -> Result<(), ChartError> {
    let (dash, step) = (3 * layout.scale, 5 * layout.scale);
    let (way_x, way_y) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
    let long = (to.0 - from.0).abs().max((to.1 - from.1).abs());
    let style = color.stroke_width(layout.scale.unsigned_abs());
    let mut at = 0;
    while at < long {
        let end = (at + dash).min(long);
        let piece = [at, end].map(|along| (from.0 + way_x * along, from.1 + way_y * along));
        area.draw(&PathElement::new(piece.to_vec(), style)).map_err(failed)?;
        at += step;
    }
    Ok(())
}

/// The line that bars begin at.
fn axis<DB: DrawingBackend>(area: &Area<DB>, layout: &Layout, palette: &Palette) -> Result<(), ChartError> {
    let Some(last) = layout.rows.last() else { return Ok(()) };
    let x = layout.bars_from - layout.scale;
    let ends = vec![(x, layout.margin()), (x, last.middle + layout.margin())];
    area.draw(&PathElement::new(ends, palette.line.stroke_width(layout.scale.unsigned_abs()))).map_err(failed)
}

fn legend<DB: DrawingBackend>(area: &Area<DB>, layout: &Layout, palette: &Palette) -> Result<(), ChartError> {
    let mut x = layout.margin();
    for method in &layout.methods {
        x = entry(area, layout, x, method, color(method, palette), false, palette)?;
    }
    if layout.any_unread {
        entry(area, layout, x, "dashed: no scans", palette.ink_2, true, palette)?;
    }
    Ok(())
}

fn entry<DB: DrawingBackend>(
    area: &Area<DB>,
    layout: &Layout,
    x: i32,
    name: &str,
    color: RGBColor,
    outline: bool,
    palette: &Palette,
) -> Result<i32, ChartError> {
    let (middle, box_half) = (layout.legend_middle(), 4 * layout.scale);
    let side = box_half * 2 + i32::from(outline);
    bar(area, layout, [(x, middle - box_half), (x + side, middle - box_half + side)], color, outline)?;
    let text_at = x + side + 6 * layout.scale;
    write(area, layout, name, (text_at, middle), SMALL, palette.ink_2)?;
    Ok(text_at + font::width(name, SMALL)? * layout.scale + 16 * layout.scale)
}

fn write<DB: DrawingBackend>(
    area: &Area<DB>,
    layout: &Layout,
    text: &str,
    at: (i32, i32),
    size: f64,
    ink: RGBColor,
) -> Result<(), ChartError> {
    let font = font::font(size * f64::from(layout.scale))?;
    let style = TextStyle::from(font).color(&ink).pos(Pos::new(HPos::Left, VPos::Center));
    area.draw_text(text, &style, (at.0, at.1 + layout.text_drop())).map_err(failed)
}

/// The colour of an access method; those of extensions share one.
fn color(method: &str, palette: &Palette) -> RGBColor {
    let place = match method {
        "btree" => 0,
        "gin" => 2,
        "gist" | "spgist" => 1,
        "hash" => 4,
        "brin" => 5,
        _ => 3,
    };
    palette.categories[place]
}

fn failed<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> ChartError {
    ChartError::Draw(error.to_string())
}
