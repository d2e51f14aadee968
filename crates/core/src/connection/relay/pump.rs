//! Carrying bytes between the driver and the server until one of them is done.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::super::tls;
use super::doorway::Driver;
use super::{Stream, refusal};
use crate::Error;

/// As much as TLS and SSH carry at once, a few times over.
const AT_ONCE: usize = 64 * 1024;

/// Carries until the end. Tells what broke the server's side before it said a word, which the driver is told too.
pub(super) async fn run(driver: Driver, server: Stream, name: &str) -> Option<Error> {
    let (mut from_driver, mut to_driver) = driver.into_split();
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (mut asked, mut said) = (0, 0);
    let ended = tokio::select! {
        _ = carry(&mut from_driver, &mut to_server, &mut asked) => None,
        ended = carry(&mut from_server, &mut to_driver, &mut said) => Some(ended),
    };
    let _ = to_server.shutdown().await;
    let Some(Err(Broken::Source(error))) = ended.filter(|_| said == 0) else { return None };
    let error = tls::explain(error, name);
    refusal::tell(&mut to_driver, &error).await;
    Some(error)
}

/// Which side failed.
enum Broken {
    Source(io::Error),
    Target,
}

async fn carry<From, To>(from: &mut From, to: &mut To, carried: &mut u64) -> Result<(), Broken>
where
    From: AsyncRead + Unpin,
    To: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; AT_ONCE];
    loop {
        let length = from.read(&mut buffer).await.map_err(Broken::Source)?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..length]).await.map_err(|_| Broken::Target)?;
        to.flush().await.map_err(|_| Broken::Target)?;
        *carried += length as u64;
    }
}
