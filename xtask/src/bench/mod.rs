//! `cargo xtask bench`: measured beside the limit and the peers, in one run, as a ratio.

mod frames;
mod launch;
mod migrate;
mod query;
mod window;

use anyhow::{Result, bail};

use crate::arguments::Arguments;

/// The command: `bench` alone measures the launch.
pub(crate) fn bench(mut arguments: Arguments) -> Result<()> {
    let subject = arguments.next_word();
    arguments.finish()?;
    match subject.as_deref() {
        None | Some("launch") => launch::launch(),
        Some("export") => query::export(),
        Some("frames") => frames::frames(),
        Some("migrate") => migrate::migrate(),
        Some("query") => query::query(),
        Some("view") => query::view(),
        Some("viewers") => query::viewers(),
        Some("window") => window::window(),
        Some(other) => {
            bail!(
                "nothing is measured under the name {other:?}; known are launch, export, frames, migrate, query, view, \
                 viewers and window"
            )
        }
    }
}
