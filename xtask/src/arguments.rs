//! The words after `cargo xtask`: flags are taken by name, and what nobody took is refused.

use anyhow::{Result, ensure};

/// The arguments that no one has taken yet.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    pub(crate) fn from_command_line() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes a flag, and says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// Takes a flag with the word after it.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(position) = self.0.iter().position(|word| word == name) else { return Ok(None) };
        ensure!(position + 1 < self.0.len(), "{name} needs a value");
        self.0.remove(position);
        Ok(Some(self.0.remove(position)))
    }

    /// Takes the next word that is no flag.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        let position = self.0.iter().position(|word| !word.starts_with("--"))?;
        Some(self.0.remove(position))
    }

    /// Refuses what is left over, so that a misspelt flag is not silently ignored.
    pub(crate) fn finish(self) -> Result<()> {
        ensure!(self.0.is_empty(), "not understood: {} (see cargo xtask help)", self.0.join(" "));
        Ok(())
    }
}
