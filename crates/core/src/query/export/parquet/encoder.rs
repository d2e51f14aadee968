//! The thread that encodes one group of rows while the next is read.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use parquet::basic::Compression;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, TypePtr};

use super::super::column::Kind;
use super::chunk::Chunk;

/// Rows on their way.
pub(super) struct Group {
    pub(super) chunks: Vec<Chunk>,
    pub(super) rows: usize,
    pub(super) bytes: usize,
}

/// The thread and the ways to it and back.
pub(super) struct Encoder {
    to: Option<SyncSender<Group>>,
    back: Receiver<(Vec<u8>, Group)>,
    thread: Option<JoinHandle<Result<Vec<u8>>>>,
    /// A group is with it.
    busy: bool,
}

impl Group {
    pub(super) fn of(kinds: &[Kind]) -> Self {
        Self { chunks: kinds.iter().map(|kind| Chunk::of(*kind)).collect(), rows: 0, bytes: 0 }
    }

    fn write(&mut self, file: &mut SerializedFileWriter<Vec<u8>>) -> Result<()> {
        let mut group = file.next_row_group()?;
        for chunk in &mut self.chunks {
            if let Some(mut column) = group.next_column()? {
                chunk.write(&mut column)?;
                column.close()?;
            }
        }
        (self.rows, self.bytes) = (0, 0);
        group.close().map(|_| ())
    }
}

impl Encoder {
    /// For groups like the first: whether a column's values repeat is seen from it.
    pub(super) fn start(schema: TypePtr, first: &Group) -> Result<Self> {
        let properties = Arc::new(properties(&schema, first));
        let (to, groups) = sync_channel::<Group>(0);
        let (done, back) = sync_channel(1);
        let work = move || {
            let mut file = SerializedFileWriter::new(Vec::new(), schema, properties)?;
            for mut group in groups {
                group.write(&mut file)?;
                file.flush()?;
                if done.send((std::mem::take(file.inner_mut()), group)).is_err() {
                    break;
                }
            }
            file.into_inner()
        };
        let thread = std::thread::Builder::new().name("parquet".to_owned()).spawn(work)?;
        Ok(Self { to: Some(to), back, thread: Some(thread), busy: false })
    }

    /// Hands over a group. Returns what the one before came to, and room for the next.
    pub(super) fn group(&mut self, group: Group) -> Result<Option<(Vec<u8>, Group)>> {
        let before = if self.busy { Some(self.wait()?) } else { None };
        let sent = self.to.as_ref().is_some_and(|to| to.send(group).is_ok());
        self.busy = sent;
        if sent { Ok(before) } else { Err(self.broken()) }
    }

    /// What is left when no more groups come.
    pub(super) fn end(mut self) -> Result<Vec<u8>> {
        let mut last = if self.busy { self.wait()?.0 } else { Vec::new() };
        self.to = None;
        let ended = self.thread.take().map(JoinHandle::join);
        match ended {
            Some(Ok(end)) => last.append(&mut end?),
            _ => return Err(early()),
        }
        Ok(last)
    }

    fn wait(&mut self) -> Result<(Vec<u8>, Group)> {
        self.back.recv().map_err(|_| self.broken())
    }

    /// Why the thread takes and gives no more.
    fn broken(&mut self) -> ParquetError {
        self.to = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(Err(error))) => error,
            _ => early(),
        }
    }
}

fn early() -> ParquetError {
    ParquetError::General("encoding ended early".to_owned())
}

/// A dictionary is worth its time only where values repeat.
fn properties(schema: &TypePtr, first: &Group) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by(concat!("evaldesk ", env!("CARGO_PKG_VERSION")).to_owned());
    for (field, chunk) in schema.get_fields().iter().zip(&first.chunks) {
        let path = ColumnPath::new(vec![field.name().to_owned()]);
        builder = builder.set_column_dictionary_enabled(path, chunk.repeats());
    }
    builder.build()
}
