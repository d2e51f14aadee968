//! `cargo xtask fuzz guard`: the whole campaign against the guard, of which `cargo xtask test` runs a sample.

use anyhow::{Result, bail};

use crate::arguments::Arguments;
use crate::{paths, setup, shell};

/// The command.
pub(crate) fn fuzz(mut arguments: Arguments) -> Result<()> {
    let options = [("--cases", "100000"), ("--seed", "1"), ("--pg", "12,15,18")];
    let mut words = Vec::new();
    for (name, usual) in options {
        let value = arguments.value(name)?.unwrap_or_else(|| usual.to_owned());
        words.extend([name.to_owned(), value]);
    }
    match arguments.next_word().as_deref() {
        Some("guard") => arguments.finish()?,
        other => bail!("nothing is fuzzed under the name {other:?}; known is guard"),
    }
    setup::for_test()?;
    shell::loud(shell::cargo().args(["build", "--package", "evaldesk-tests", "--bin", "evaldesk-fuzz"]))?;
    let mut campaign = shell::command(paths::binary("debug", "evaldesk-fuzz"));
    campaign.arg("guard").args(words).env("EVALDESK_ENGINES", paths::engines());
    shell::loud(&mut campaign)
}
