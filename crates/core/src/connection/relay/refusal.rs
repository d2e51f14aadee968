//! An answer in the server's place: an error as PostgreSQL sends it, which the driver gives on as it is
//! (<https://www.postgresql.org/docs/current/protocol-error-fields.html>).

use tokio::io::{AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::doorway::Driver;
use crate::Error;

/// `sqlclient_unable_to_establish_sqlconnection`.
const SQLSTATE: &str = "08001";

/// Waits for the driver's first words, and answers with the error.
pub(super) async fn answer(mut driver: Driver, error: &Error) {
    // A driver that is answered before it has spoken would find a closed door.
    let _ = driver.read(&mut [0; 8192]).await;
    tell(&mut driver, error).await;
}

/// Says it. A driver that has gone needs no answer.
pub(super) async fn tell<To: AsyncWrite + Unpin>(to: &mut To, error: &Error) {
    let _ = to.write_all(&message(error)).await;
    let _ = to.shutdown().await;
}

fn message(error: &Error) -> Vec<u8> {
    let mut body = Vec::new();
    let fields = [
        (b'S', Some("FATAL")),
        (b'V', Some("FATAL")),
        (b'C', Some(SQLSTATE)),
        (b'M', Some(error.message())),
        (b'D', error.detail_text()),
        (b'H', error.hint_text()),
    ];
    for (kind, text) in fields {
        let Some(text) = text else { continue };
        body.push(kind);
        body.extend(text.bytes().filter(|byte| *byte != 0));
        body.push(0);
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [&[b'E'][..], &length.to_be_bytes(), &body].concat()
}
