//! The files of a profile that TLS needs beside the authorities, and the name that the server's certificate must have.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What stands for the authorities of the system in place of a file, as in libpq's `sslrootcert`.
pub(in crate::connection) const SYSTEM: &str = "system";

/// The client's own certificate, and whose name the server's must have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct TlsFiles {
    /// A PEM file with the client's certificate, and what leads from it to its authority (libpq's `sslcert`).
    pub client_cert: Option<String>,
    /// A PEM file with its private key, closed to others (`sslkey`).
    pub client_key: Option<String>,
    /// The name in the server's certificate where it is not the host's: with an address, or through a tunnel.
    pub server_name: Option<String>,
}
