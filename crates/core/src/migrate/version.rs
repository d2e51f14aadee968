//! A version, as files and ledgers spell it. Rails writes `001_x.rb` down as "1": leading zeros mean nothing.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// The number of a migration. Ledgers may hold anything; what is no number sorts last.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, TS)]
#[ts(type = "string")]
pub struct Version(String);

impl Version {
    /// Takes a version as it stands in a file name, a ledger or an argument.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref().trim();
        let bare = text.trim_start_matches('0');
        let numeric = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        Self(match (numeric, bare) {
            (true, "") => "0".to_owned(),
            (true, bare) => bare.to_owned(),
            (false, _) => text.to_owned(),
        })
    }

    /// The text, without leading zeros.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_number(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl From<String> for Version {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Version {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let key =
            |version: &Self| (!version.is_number(), if version.is_number() { version.0.len() } else { 0 });
        key(self).cmp(&key(other)).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_mean_nothing_and_order_is_by_number() {
        assert_eq!(Version::new("001"), Version::new("1"));
        let mut versions = ["x", "20251106000001", "9", "10", "000"].map(Version::new);
        versions.sort();
        assert_eq!(versions.map(|version| version.to_string()), ["0", "9", "10", "20251106000001", "x"]);
    }
}
