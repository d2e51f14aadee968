//! Answers: a text, the bytes of a file, or lines as they come.

use std::convert::Infallible;

use futures_util::{Stream, StreamExt as _};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::Response;
use hyper::body::{Bytes, Frame};
use hyper::header::{CONTENT_TYPE, HeaderValue};

/// What goes back to the browser.
pub(crate) type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// A whole text.
pub(crate) fn text(status: u16, kind: &'static str, text: String) -> Answer {
    bytes(status, kind, text.into_bytes())
}

/// Whole bytes.
pub(crate) fn bytes(status: u16, kind: &'static str, bytes: Vec<u8>) -> Answer {
    build(status, kind, Full::new(Bytes::from(bytes)).boxed_unsync())
}

/// Lines as they come.
pub(crate) fn lines(lines: impl Stream<Item = String> + Send + 'static) -> Answer {
    let frames = lines.map(|line| Ok(Frame::data(Bytes::from(line))));
    build(200, "application/x-ndjson", StreamBody::new(frames).boxed_unsync())
}

fn build(status: u16, kind: &'static str, body: UnsyncBoxBody<Bytes, Infallible>) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
