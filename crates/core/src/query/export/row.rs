//! One row on its way: the server's text of each cell, in bytes that belong to whoever reads them.

/// Where a cell is in the bytes; `None` is NULL.
pub(super) type Span = Option<(usize, usize)>;

/// The cells of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    bytes: &'a [u8],
    cells: &'a [Span],
}

impl<'a> Row<'a> {
    pub(super) fn new(bytes: &'a [u8], cells: &'a [Span]) -> Self {
        Self { bytes, cells }
    }

    pub(super) fn get(&self, column: usize) -> Option<&'a [u8]> {
        let (from, to) = self.cells.get(column).copied().flatten()?;
        self.bytes.get(from..to)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Option<&'a [u8]>> {
        let bytes = self.bytes;
        self.cells.iter().map(move |cell| cell.and_then(|(from, to)| bytes.get(from..to)))
    }
}
