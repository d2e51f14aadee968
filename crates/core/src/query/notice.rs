//! Notices of the server. The driver tells them only as tracing events, so a run listens to those of its own.

use std::fmt;
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::span;
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// The driver's target for notices.
const TARGET: &str = "sqlx::postgres::notice";

/// Hears level and text of each notice.
type Listener = Box<dyn Fn(&'static str, String) + Send + Sync>;

/// Listens to the notices of whatever runs under the dispatch (`WithSubscriber`).
pub(super) fn listener(hear: impl Fn(&'static str, String) + Send + Sync + 'static) -> Dispatch {
    Dispatch::new(Notices { hear: Arc::new(Box::new(hear)) })
}

struct Notices {
    hear: Arc<Listener>,
}

impl Subscriber for Notices {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == TARGET { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message::default();
        event.record(&mut message);
        (self.hear)(severity(*event.metadata().level()), message.0);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The driver's levels back into the server's severities.
fn severity(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warning",
        Level::INFO => "notice",
        Level::DEBUG => "debug",
        Level::TRACE => "info",
    }
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
