//! The process that stops the server after its last user.
//!
//! It is nobody's child in spirit: a process group of its own, no terminal, so that neither Ctrl-C in a shell nor a
//! `kill -9` of the app takes it along. It asks the locks twice a second and needs no message from anybody.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use tokio::process::Child;
use tokio::time::{Instant, sleep};

use super::config::{LINGER, LocalConfig};
use super::layout::Layout;
use super::postmaster::Postmaster;
use super::{locks, memory, stop};
use crate::clock::Clock;
use crate::job::JobContext;
use crate::server::process;
use crate::{Error, Result};

const PERIOD: Duration = Duration::from_millis(500);

/// A watcher that was begun, or why none could be; nothing when one is there already.
pub(super) type Begun = Option<Result<Child>>;

/// Begins a watcher unless one is there, and does not wait for it. The caller holds the change lock, under which a
/// leaving watcher also lets go.
pub(super) fn begin(config: &LocalConfig, layout: &Layout) -> Begun {
    if config.watcher.is_empty() || locks::is_taken_alone(&layout.watcher_lock()) {
        return None;
    }
    Some(open_log(layout).and_then(|log| process::spawn_detached(&config.watcher, log)))
}

/// Waits until a watcher that was begun is at work. Gives what the user should know when none could be started: the
/// server works all the same.
pub(super) async fn came_up(begun: Begun, layout: &Layout) -> Option<String> {
    let up = match begun? {
        Ok(child) => wait(child, layout).await,
        Err(error) => Err(error),
    };
    up.err().map(|error| format!("Nothing will stop the local server by itself: {error}"))
}

/// Makes sure of a watcher: one that was left out of an earlier start, or did not outlive a long one.
pub(super) async fn ensure(config: &LocalConfig, layout: &Layout) -> Option<String> {
    came_up(begin(config, layout), layout).await
}

async fn wait(mut child: Child, layout: &Layout) -> Result<()> {
    let until = Instant::now() + Duration::from_secs(10);
    while !locks::is_taken_alone(&layout.watcher_lock()) {
        if let Some(status) = child.try_wait()? {
            return Err(Error::internal(format!("its watcher ended at once ({status})")));
        }
        if Instant::now() > until {
            return Err(Error::internal("its watcher does not come up"));
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// The watcher's log, begun anew when it has grown.
fn open_log(layout: &Layout) -> Result<File> {
    let path = layout.watcher_log();
    if std::fs::metadata(&path).is_ok_and(|meta| meta.len() > 256 * 1024) {
        std::fs::remove_file(&path)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?)
}

/// Watches until nobody uses the server of `root` any more, stops it, and returns; also when it is gone, or when
/// another watcher is there already.
///
/// # Errors
/// When a lock or a file of `root` cannot be used.
pub async fn run_watcher(root: &Path, clock: &dyn Clock) -> Result<()> {
    let layout = existing(root)?;
    let Some(mine) = locks::try_alone_patiently(&layout.watcher_lock()).await? else {
        return Ok(());
    };
    let watch = Watch { layout, clock };
    watch.say("watching");
    let (mut unused_since, mut gone_since) = (None, None);
    loop {
        sleep(PERIOD).await;
        if !watch.server_runs() {
            if !watch.layout.root.exists() {
                // Somebody took the whole folder away: nobody can start a server there, or tell that it is used.
                return Ok(());
            }
            // A start may be on its way: one that lives holds the change lock, one that was killed left its pg_ctl.
            let Ok(change) = locks::change(&watch.layout, &JobContext::detached()).await else { continue };
            let gone = gone_since.get_or_insert_with(Instant::now);
            if !watch.server_runs() && gone.elapsed() >= LINGER {
                watch.say("the server is gone");
                drop(mine);
                drop(change);
                return Ok(());
            }
            continue;
        }
        gone_since = None;
        if watch.is_used() {
            unused_since = None;
        } else if unused_since.get_or_insert_with(Instant::now).elapsed() >= LINGER
            && let Some(locks) = watch.stop_unused().await?
        {
            // First this one: whoever starts next must see that no watcher is there.
            drop(mine);
            drop(locks);
            return Ok(());
        }
    }
}

/// The paths of a cluster that was started before: server.json knows where its home is.
fn existing(root: &Path) -> Result<Layout> {
    let layout = Layout::of(&LocalConfig::new(root))?;
    let home = memory::load(&layout).home;
    Ok(if home.as_os_str().is_empty() { layout } else { Layout { home, ..layout } })
}

struct Watch<'a> {
    layout: Layout,
    clock: &'a dyn Clock,
}

impl Watch<'_> {
    fn server_runs(&self) -> bool {
        Postmaster::of(&self.layout.data()).alive().is_some()
    }

    fn is_used(&self) -> bool {
        locks::is_held(&self.layout) || locks::is_used(&self.layout)
    }

    /// Stops the server with both locks held; `None` when somebody came meanwhile.
    async fn stop_unused(&self) -> Result<Option<(File, File)>> {
        let Some(alone) = locks::try_alone(&self.layout.users_lock())? else {
            return Ok(None);
        };
        let change = locks::change(&self.layout, &JobContext::detached()).await?;
        if locks::is_held(&self.layout) {
            return Ok(None);
        }
        self.say("nobody uses the server: stopping it");
        stop::end_server(&self.layout.data(), stop::StopMode::Fast).await?;
        self.say("stopped");
        Ok(Some((change, alone)))
    }

    fn say(&self, what: &str) {
        let now = self.clock.now().format("%Y-%m-%dT%H:%M:%SZ");
        if let Ok(mut log) = open_log(&self.layout) {
            let _ = writeln!(log, "{now} {what}");
        }
    }
}
