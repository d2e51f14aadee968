//! One row on its way: the server's text of each cell in one buffer that is used again.

/// The cells of a row.
#[derive(Debug, Default)]
pub(super) struct Row {
    bytes: Vec<u8>,
    /// Where each cell is; `None` is NULL.
    cells: Vec<Option<(usize, usize)>>,
}

impl Row {
    /// Forgets the cells and keeps the memory, unless one cell made it huge.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.bytes.clear();
        self.bytes.shrink_to(16 * 1024 * 1024);
    }

    pub(super) fn null(&mut self) {
        self.cells.push(None);
    }

    /// Adds a cell by whatever appends its bytes.
    pub(super) fn cell<E>(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let from = self.bytes.len();
        fill(&mut self.bytes)?;
        self.cells.push(Some((from, self.bytes.len())));
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn get(&self, column: usize) -> Option<&[u8]> {
        let (from, to) = self.cells.get(column).copied().flatten()?;
        self.bytes.get(from..to)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Option<&[u8]>> {
        (0..self.len()).map(|column| self.get(column))
    }
}
