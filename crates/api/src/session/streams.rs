//! Streams that `dispatch` opened for somebody who comes for them by their id.

use futures_util::stream::BoxStream;

use super::{Session, lock};
use crate::Result;

/// Items of a stream, as JSON text.
pub type ItemStream = BoxStream<'static, Result<String>>;

impl Session {
    /// Keeps a stream until somebody takes it by its id.
    pub(crate) fn park(&self, stream: ItemStream) -> String {
        let id = uuid::Uuid::now_v7().to_string();
        lock(&self.0.streams).insert(id.clone(), stream);
        id
    }

    /// Takes a stream that `dispatch` opened.
    pub fn take_stream(&self, id: &str) -> Option<ItemStream> {
        lock(&self.0.streams).remove(id)
    }
}
