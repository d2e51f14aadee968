//! TLS as libpq means it: which authorities count, whose name the certificate must have, and who we are.

mod files;

pub use files::TlsFiles;
