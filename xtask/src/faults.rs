//! `cargo xtask faults`: the whole campaign of broken migrations, of which `cargo xtask test` runs a sample.

use anyhow::Result;

use crate::arguments::Arguments;
use crate::{paths, setup, shell};

/// The test that is the campaign.
const CAMPAIGN: &str = "migrate::campaign::the_whole_campaign";

/// The command. `EVALDESK_TEST_PG` picks the servers, as it does for tests.
pub(crate) fn faults(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    setup::for_test()?;
    let mut cargo = shell::cargo();
    cargo.args(["test", "--package", "evaldesk-tests", "--test", "faults", "--"]);
    cargo.args(["--ignored", "--exact", "--nocapture", CAMPAIGN]);
    shell::loud(cargo.env("EVALDESK_ENGINES", paths::engines()))
}
