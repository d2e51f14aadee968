//! Tables of text: columns as wide as their content, control characters shown instead of obeyed.

/// Which side a column leans to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Rows under heads.
pub(crate) struct Table {
    heads: Vec<(String, Align)>,
    rows: Vec<Row>,
}

enum Row {
    Cells(Vec<String>),
    /// A sentence of its own below a row, wider than any column.
    Under(String),
}

impl Table {
    /// An empty table.
    pub(crate) fn new(heads: &[(&'static str, Align)]) -> Self {
        Self::of(heads.iter().map(|(head, align)| ((*head).to_owned(), *align)))
    }

    /// An empty table whose heads are known only now.
    pub(crate) fn of(heads: impl IntoIterator<Item = (String, Align)>) -> Self {
        let heads = heads.into_iter().map(|(head, align)| (tame(&head), align)).collect();
        Self { heads, rows: Vec::new() }
    }

    /// Adds a row; one cell a head.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(Row::Cells(cells.into_iter().map(|cell| tame(&cell)).collect()));
    }

    /// Adds a sentence below the last row.
    pub(crate) fn under(&mut self, text: &str) {
        let tamed = super::tame(text).split_whitespace().collect::<Vec<_>>().join(" ");
        self.rows.push(Row::Under(format!("    {tamed}")));
    }

    /// Prints it, heads first.
    pub(crate) fn print(&self) {
        let widths = self.widths();
        let heads = self.heads.iter().map(|(head, _)| head.clone()).collect::<Vec<_>>();
        let rows = self.rows.iter().map(|row| match row {
            Row::Cells(cells) => self.lay(cells, &widths),
            Row::Under(text) => text.clone(),
        });
        let lines: Vec<_> = std::iter::once(self.lay(&heads, &widths)).chain(rows).collect();
        super::line(&lines.join("\n"));
    }

    fn widths(&self) -> Vec<usize> {
        let width =
            |at: usize| self.cells().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
        self.heads
            .iter()
            .enumerate()
            .map(|(at, (head, _))| width(at).unwrap_or(0).max(head.chars().count()))
            .collect()
    }

    fn cells(&self) -> impl Iterator<Item = &Vec<String>> {
        self.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells),
            Row::Under(_) => None,
        })
    }

    fn lay(&self, cells: &[String], widths: &[usize]) -> String {
        let laid = cells.iter().zip(widths).zip(&self.heads).map(|((cell, width), (_, align))| {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            if *align == Align::Left { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
        });
        laid.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

/// A name from the database must not move the cursor or colour the terminal; long ones are cut.
fn tame(text: &str) -> String {
    const WIDEST: usize = 72;
    let tamed: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if tamed.chars().count() <= WIDEST {
        return tamed;
    }
    tamed.chars().take(WIDEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_send_escape_codes_to_the_terminal() {
        assert_eq!(tame("a\x1b[31mred\n"), "a\u{fffd}[31mred\u{fffd}");
    }

    #[test]
    fn numbers_lean_right_and_words_left() {
        let mut table = Table::new(&[("name", Align::Left), ("rows", Align::Right)]);
        table.row(["a".into(), "10".into()]);
        assert_eq!(table.lay(table.cells().next().unwrap(), &table.widths()), "a       10");
    }
}
