//! Commands by name, through the same dispatch that the desktop app uses.

use evaldesk_api::ErrorReport;
use evaldesk_core::ErrorKind;
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, Uri};
use serde_json::Value;

use crate::Bridge;
use crate::answer::{self, Answer};

/// The header that carries the token.
const TOKEN: &str = "x-evaldesk-token";

/// `POST /call/<name>`: the reply, or an ErrorReport with status 400.
pub(crate) async fn call(bridge: &Bridge, name: &str, request: Request<Incoming>) -> Answer {
    if !bridge.lets_in(request.headers()) {
        return turned_away();
    }
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let arguments = match parse(&body) {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    match evaldesk_api::dispatch(&bridge.session, name, arguments).await {
        Ok(reply) => answer::text(200, "application/json", reply),
        Err(error) => refused(&error),
    }
}

/// `GET /stream/<name>?args=`: one JSON line an item, until the stream ends or the reader goes.
pub(crate) async fn stream(bridge: &Bridge, name: &str, request: &Request<Incoming>) -> Answer {
    if !bridge.lets_in(request.headers()) {
        return turned_away();
    }
    let arguments = match parse(&arguments_in(request.uri())) {
        Ok(arguments) => arguments,
        Err(error) => return refused(&error),
    };
    match evaldesk_api::open_stream(&bridge.session, name, arguments).await {
        Ok(items) => {
            let lines = items.map(|item| item.map_or_else(|error| line(&error), |item| item + "\n"));
            // The first byte goes out at once: a browser's fetch waits for it, and the first event may be far off.
            answer::lines(futures_util::stream::once(async { "\n".to_owned() }).chain(lines))
        }
        Err(error) => refused(&error),
    }
}

impl Bridge {
    fn lets_in(&self, headers: &HeaderMap) -> bool {
        headers.get(TOKEN).is_some_and(|given| given.as_bytes() == self.token.as_bytes())
    }
}

/// The arguments of a stream travel in its address.
fn arguments_in(uri: &Uri) -> Vec<u8> {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut given =
        pairs.filter(|(name, _)| name == "args").map(|(_, value)| value.into_owned().into_bytes());
    given.next().unwrap_or_default()
}

fn parse(body: &[u8]) -> Result<Value, ErrorReport> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("the arguments are no JSON: {error}"))
    })
}

fn refused(error: &ErrorReport) -> Answer {
    answer::text(400, "application/json", line(error))
}

fn line(error: &ErrorReport) -> String {
    serde_json::to_string(error).unwrap_or_default() + "\n"
}

fn turned_away() -> Answer {
    answer::text(403, "text/plain", "the token of this run is missing or another\n".to_owned())
}
