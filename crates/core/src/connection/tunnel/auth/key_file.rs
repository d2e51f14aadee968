//! Key files: read where they are, opened by their passphrase, never copied.

use std::path::Path;

use russh::keys::{Error as KeyError, PrivateKey, decode_secret_key};

use super::super::hop::Hop;
use crate::connection::Secret;
use crate::{Error, ErrorKind, Result};

/// Reads a key; nothing where there is no such file.
///
/// # Errors
/// `Storage` when it cannot be read, `SecretUnavailable` when its passphrase is missing or wrong.
pub(super) fn read(file: &Path, passphrase: Option<&Secret>) -> Result<Option<PrivateKey>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(file, &error.to_string())),
    };
    refuse_open_to_others(file)?;
    match decode_secret_key(&text, None) {
        Ok(key) => Ok(Some(key)),
        Err(KeyError::KeyIsEncrypted) => decrypt(&text, file, passphrase).map(Some),
        // PKCS#8 and the older forms do not say whether they are encrypted or broken.
        Err(_) if text.contains("ENCRYPTED") => decrypt(&text, file, passphrase).map(Some),
        Err(error) => Err(unreadable(file, &error.to_string())),
    }
}

fn decrypt(text: &str, file: &Path, passphrase: Option<&Secret>) -> Result<PrivateKey> {
    let shown = file.display();
    let Some(passphrase) = passphrase else {
        return Err(Error::new(
            ErrorKind::SecretUnavailable,
            format!("the passphrase of the key {shown} is not known"),
        )
        .hint("Type the key's passphrase, or add the key to ssh-agent (ssh-add)."));
    };
    decode_secret_key(text, Some(passphrase.expose())).map_err(|_| {
        Error::new(ErrorKind::SecretUnavailable, format!("the passphrase does not open the key {shown}"))
            .hint("Type the key's passphrase again.")
    })
}

/// As ssh has it: a private key that others may read is no secret any more.
#[cfg(unix)]
fn refuse_open_to_others(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let shown = file.display();
    Err(Error::new(
        ErrorKind::Refused,
        format!("the key {shown} is open to others (mode {:04o}), so it is not used", mode & 0o7777),
    )
    .hint(format!("Close it: chmod 600 {shown}")))
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path) -> Result<()> {
    Ok(())
}

fn unreadable(file: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("the key {} cannot be read: {why}", file.display()))
        .hint("Name the file of a private key as ssh-keygen writes it.")
}

/// No key file is there.
pub(super) fn none(hop: &Hop) -> Error {
    let files: Vec<String> = hop.key_files.iter().map(|file| file.display().to_string()).collect();
    let hint = if hop.keys_are_named {
        "Check the path of the key."
    } else {
        "Name the key's file in the connection's tunnel."
    };
    Error::new(
        ErrorKind::NotFound,
        format!("there is no key for the SSH server {}: looked for {}", hop.address(), files.join(", ")),
    )
    .hint(hint)
}
