//! What becomes of a judgement: nothing, a question to the person, or a refusal.

use russh::keys::{HashAlg, PublicKey};

use super::{Judgement, KnownHost};
use crate::{Error, ErrorKind, Result};

/// "SHA256:...", as ssh shows it.
pub(in crate::connection::tunnel) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// What to make of a judgement: nothing, a question, or a refusal.
pub(in crate::connection::tunnel) fn verdict(known: &KnownHost, key: &PublicKey) -> Result<()> {
    let (name, shown) = (&known.name, fingerprint(key));
    match known.judge(key) {
        Judgement::Known => Ok(()),
        Judgement::Unknown { authority } => Err(question(name, key, shown, authority)),
        Judgement::Changed(before, file) => Err(changed(name, &shown, &fingerprint(before), &file)),
        Judgement::Revoked(file) => Err(Error::new(
            ErrorKind::Refused,
            format!("the SSH server {name} shows a key that is revoked ({shown}; {file})"),
        )
        .hint(
            "Whoever revoked the key no longer trusts it. Ask who runs the server; nothing was sent to it.",
        )),
    }
}

fn question(name: &str, key: &PublicKey, shown: String, authority: bool) -> Error {
    let kind = key.algorithm();
    let by_authority = if authority {
        " A line @cert-authority stands for it in known_hosts; such lines are not understood here."
    } else {
        ""
    };
    Error::new(
        ErrorKind::UnknownHostKey,
        format!("the SSH server {name} is not known yet: its {} key is {shown}", kind.as_str()),
    )
    .hint(format!(
        "Compare the fingerprint with what whoever runs the server says, and accept it if it is the same.{by_authority}"
    ))
    .detail(shown)
}

fn changed(name: &str, shown: &str, before: &str, file: &str) -> Error {
    Error::new(
        ErrorKind::Refused,
        format!("the SSH server {name} shows another key than before: now {shown}, known is {before} ({file})"),
    )
    .hint("The server was set up anew, or somebody sits in between. Nothing was sent to it. If whoever runs it confirms the new fingerprint, remove that line and connect again.")
    .detail(format!("known {before}\nshown {shown}\nin {file}"))
}
