//! The verbs, spelled alike on the wire and on the command line.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, ErrorKind};

/// What mends a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RepairVerb {
    /// Runs the statements that are left of one that broke off.
    Resume,
    /// Takes back what one that broke off has left.
    Undo,
    /// The file is right as it is now, though another was applied.
    AcceptChange,
    /// The version may be applied although newer ones are.
    AcceptOrder,
    /// Takes out the row of a version that has no file here. Its objects stay.
    Forget,
    /// Writes a lost file again, from the log.
    RestoreFile,
    /// Takes out the row of a version whose objects are not there.
    Strike,
    /// The row of that number is another migration's: it stays, and ours is kept in our own ledger.
    Release,
    /// Writes down a version whose objects are there already.
    Record,
}

/// Every verb with its spelling.
const VERBS: [(RepairVerb, &str); 9] = [
    (RepairVerb::Resume, "resume"),
    (RepairVerb::Undo, "undo"),
    (RepairVerb::AcceptChange, "accept-change"),
    (RepairVerb::AcceptOrder, "accept-order"),
    (RepairVerb::Forget, "forget"),
    (RepairVerb::RestoreFile, "restore-file"),
    (RepairVerb::Strike, "strike"),
    (RepairVerb::Release, "release"),
    (RepairVerb::Record, "record"),
];

impl fmt::Display for RepairVerb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(VERBS.iter().find(|(verb, _)| verb == self).map_or("", |(_, text)| text))
    }
}

impl FromStr for RepairVerb {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = VERBS.iter().find(|(_, known)| *known == text);
        found.map(|(verb, _)| *verb).ok_or_else(|| {
            let known: Vec<_> = VERBS.iter().map(|(_, text)| *text).collect();
            Error::new(ErrorKind::InvalidArguments, format!("\"{text}\" mends nothing"))
                .hint(format!("Known are {}.", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_spelled_alike_everywhere() {
        for (verb, text) in VERBS {
            assert_eq!(serde_json::to_string(&verb).unwrap(), format!("\"{text}\""));
            assert_eq!((verb.to_string().as_str(), text.parse().unwrap()), (text, verb));
        }
    }
}
