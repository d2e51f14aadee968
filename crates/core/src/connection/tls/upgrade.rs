//! From a plain stream to an encrypted one, by PostgreSQL's own question.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;

use super::super::relay::{Io, Stream};
use super::{Tls, cause};
use crate::{Error, ErrorKind};

/// `SSLRequest` (<https://www.postgresql.org/docs/current/protocol-message-formats.html>).
const REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What became of the question.
pub(in crate::connection) enum Upgrade {
    Encrypted(Stream),
    /// The server does no TLS.
    NotOffered(Error),
    Failed(Error),
}

impl Tls {
    /// Asks for TLS and shakes hands.
    pub(in crate::connection) async fn upgrade(&self, mut stream: Stream) -> Upgrade {
        match self.ask(&mut stream).await {
            Ok(b'S') => {}
            Ok(b'N') => return Upgrade::NotOffered(self.not_offered()),
            Ok(_) => return Upgrade::Failed(self.stranger()),
            Err(error) => return Upgrade::Failed(self.broken(error)),
        }
        let connector = TlsConnector::from(std::sync::Arc::clone(&self.config));
        match connector.connect(self.name.clone(), stream).await {
            Ok(encrypted) => Upgrade::Encrypted(Box::new(encrypted)),
            Err(error) => Upgrade::Failed(cause::explain(error, &self.server)),
        }
    }

    /// Exactly one byte is read: whatever came with it would be from before the encryption.
    async fn ask<S: Io + ?Sized>(&self, stream: &mut Box<S>) -> std::io::Result<u8> {
        stream.write_all(&REQUEST).await?;
        stream.flush().await?;
        stream.read_u8().await
    }

    fn not_offered(&self) -> Error {
        Error::new(
            ErrorKind::Tls,
            format!("cannot connect to {}: the server does not support TLS", self.server),
        )
        .hint(
            "Turn on ssl in the server's postgresql.conf, or use sslmode=prefer if a plain session will do.",
        )
    }

    fn stranger(&self) -> Error {
        Error::new(
            ErrorKind::ConnectionRefused,
            format!("cannot connect to {}: what answers there does not speak PostgreSQL", self.server),
        )
        .hint("Check host and port: another program seems to listen there.")
    }

    fn broken(&self, error: std::io::Error) -> Error {
        Error::new(
            ErrorKind::ConnectionRefused,
            format!("cannot connect to {}: it hung up ({error})", self.server),
        )
        .hint("Check host and port, and that the server runs and may be reached from here.")
        .caused_by(error)
    }
}
