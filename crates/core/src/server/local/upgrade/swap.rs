//! The new cluster gets the name, the old one keeps its data under another.

use std::path::PathBuf;

use crate::server::local::layout::Layout;
use crate::server::local::private;
use crate::server::local::reset::aside_name;
use crate::server::local::stop::{self, StopMode};
use crate::{Error, Result};

/// Left in a cluster that was compared and found equal.
const PROVEN: &str = "evaldesk-upgraded";

/// Two renames. The mark makes them one: with it, and no `data`, the next start finishes the second.
pub(super) fn swap(layout: &Layout, from_major: i32) -> Result<PathBuf> {
    let (data, next) = (layout.data(), layout.upgraded().data());
    let kept = aside_name(&data, &format!("pg{from_major}"));
    private::write_private(&next.join(PROVEN), "compared and found equal\n", layout.run_as.as_ref())?;
    let rename = || {
        std::fs::rename(&data, &kept)?;
        std::fs::rename(&next, &data)
    };
    rename().map_err(|error: std::io::Error| {
        Error::from(error).while_doing("cannot put the upgraded data in its place")
    })?;
    let _ = std::fs::remove_file(data.join(PROVEN));
    Ok(kept)
}

/// Finishes or clears away an upgrade that was cut short. The caller holds the change lock.
pub(in crate::server::local) async fn finish_interrupted(layout: &Layout) -> Result<()> {
    // A dump and a password file that a kill -9 left.
    for name in ["upgrade.dump", "passfile.tmp"] {
        let _ = std::fs::remove_file(layout.home.join(name));
    }
    let (data, next) = (layout.data(), layout.upgraded().data());
    if !next.exists() {
        return Ok(());
    }
    stop::end_server(&next, StopMode::Fast).await?;
    stop::end_strays(&next).await?;
    if data.exists() {
        return private::remove_tree(&next);
    }
    if next.join(PROVEN).exists() {
        std::fs::rename(&next, &data)?;
        let _ = std::fs::remove_file(data.join(PROVEN));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::local::LocalConfig;

    #[tokio::test]
    async fn a_crash_between_the_renames_is_finished() {
        let top = tempfile::tempdir().unwrap();
        let layout = Layout::of(&LocalConfig::new(top.path())).unwrap();
        let next = layout.upgraded().data();
        std::fs::create_dir(&next).unwrap();
        std::fs::write(next.join("PG_VERSION"), "17\n").unwrap();
        finish_interrupted(&layout).await.unwrap();
        assert!(next.exists(), "an unproven cluster never becomes the data");
        std::fs::write(next.join(PROVEN), "").unwrap();
        finish_interrupted(&layout).await.unwrap();
        assert!(layout.data().join("PG_VERSION").exists() && !next.exists());
    }

    #[test]
    fn the_old_data_is_kept_under_its_major() {
        let top = tempfile::tempdir().unwrap();
        let layout = Layout::of(&LocalConfig::new(top.path())).unwrap();
        std::fs::create_dir(layout.data()).unwrap();
        std::fs::write(layout.data().join("old"), "").unwrap();
        std::fs::create_dir(layout.upgraded().data()).unwrap();
        let kept = swap(&layout, 15).unwrap();
        assert_eq!(kept, top.path().join("data.pg15-1"));
        assert!(kept.join("old").exists() && !layout.data().join("old").exists());
    }
}
