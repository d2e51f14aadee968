//! Who uses the server keeps it up, and after the last of them it ends, however that one ended.

use std::time::Duration;

use evaldesk_core::ErrorKind;
use evaldesk_core::job::JobContext;
use evaldesk_core::server::local::{DATABASE, LeaseKind, LocalState, ResetMode, StopMode, StopOutcome};
use rustix::process::Signal;

use super::place::{all_processes, assert_row, kill, leave_a_row, lives, password};
use super::{Part, Place, eventually};

async fn stopped(place: &Place) {
    eventually("the server is stopped and nothing of it is left", || async {
        let status = place.server().status().await.unwrap();
        status.state == LocalState::Stopped && !status.watched && place.processes().await.is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_killed_app_takes_its_server_along() {
    let place = Place::watched();
    let mut app = Part::app(&place);
    app.says("up");
    let status = place.server().status().await.unwrap();
    assert!(status.in_use && status.watched && !status.held, "{status:?}");
    app.kill();
    stopped(&place).await;
    assert_row_after_restart(&place).await;
}

#[tokio::test]
async fn an_app_killed_while_its_server_comes_up_leaves_no_server_behind() {
    let place = Place::watched();
    let data = place.data().await;
    let mut app = Part::app(&place);
    // The first moment at which a server may outlive its starter.
    eventually("the server comes up", || async { data.join("postmaster.pid").exists() }).await;
    app.kill();
    stopped(&place).await;
}

async fn assert_row_after_restart(place: &Place) {
    let _lease = place.server().lease(LeaseKind::Verb).await.unwrap();
    let endpoint = place.start().await;
    leave_a_row(&endpoint).await;
    assert_row(&endpoint).await;
}

#[tokio::test]
async fn a_second_app_keeps_the_server_of_a_killed_one() {
    let place = Place::watched();
    let mut first = Part::app(&place);
    first.says("up");
    let mut second = Part::app(&place);
    assert!(second.says("up").ends_with("false"), "the second takes over what the first made");
    let pid = place.pid().await;
    first.kill();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(place.pid().await, pid);
    second.kill();
    stopped(&place).await;
}

#[tokio::test]
async fn two_first_starts_at_once_make_one_cluster_and_one_server() {
    let place = Place::watched();
    let mut apps = [Part::app(&place), Part::app(&place), Part::app(&place)];
    let said = apps.each_mut().map(|app| app.says("up"));
    assert_eq!(said.iter().filter(|said| said.ends_with("true")).count(), 1, "{said:?}");
    let ports: std::collections::HashSet<_> =
        said.iter().map(|said| said.split(' ').next().unwrap()).collect();
    assert_eq!(ports.len(), 1, "{said:?}");
    assert_eq!(watchers(&place), 1);
    apps.iter_mut().for_each(Part::kill);
    stopped(&place).await;
}

fn watchers(place: &Place) -> usize {
    let root = format!("EVALDESK_TEST_ROOT={}", place.config.root.display());
    let is_watcher = |pid: &i32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let words: Vec<&[u8]> = environment.split(|byte| *byte == 0).collect();
        lives(*pid)
            && words.contains(&root.as_bytes())
            && words.contains(&b"EVALDESK_TEST_PART=watch".as_slice())
    };
    all_processes().iter().filter(|pid| is_watcher(pid)).count()
}

#[tokio::test]
async fn a_held_server_stays_until_it_is_released() {
    let place = Place::watched();
    let server = place.server();
    drop(server.lease(LeaseKind::Held).await.unwrap());
    place.start().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let status = server.status().await.unwrap();
    assert!(status.state == LocalState::Running && status.held, "{status:?}");
    let job = JobContext::detached();
    assert_eq!(server.stop(StopMode::WhenUnused, &job).await.unwrap(), StopOutcome::Stopped);
    assert_eq!(server.stop(StopMode::WhenUnused, &job).await.unwrap(), StopOutcome::NotRunning);
    stopped(&place).await;
}

#[tokio::test]
async fn stopping_leaves_a_used_server_to_its_users() {
    let place = Place::watched();
    let server = place.server();
    let lease = server.lease(LeaseKind::App).await.unwrap();
    place.start().await;
    let job = JobContext::detached();
    assert_eq!(server.stop(StopMode::WhenUnused, &job).await.unwrap(), StopOutcome::StillUsed);
    let refused = server.reset(DATABASE, ResetMode::Delete, &job).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    drop(lease);
    stopped(&place).await;
}

#[tokio::test]
async fn a_watcher_ends_with_its_server() {
    let place = Place::watched();
    let _lease = place.server().lease(LeaseKind::App).await.unwrap();
    place.start().await;
    assert_eq!(watchers(&place), 1);
    kill(place.pid().await, Signal::KILL);
    eventually("the watcher is gone", || async { watchers(&place) == 0 }).await;
    place.start().await;
    assert_eq!(watchers(&place), 1, "the next start brings a watcher again");
}

#[tokio::test]
async fn a_watcher_ends_when_its_folder_is_taken_away() {
    let place = Place::watched();
    let lease = place.server().lease(LeaseKind::App).await.unwrap();
    place.start().await;
    assert_eq!(watchers(&place), 1);
    kill(place.pid().await, Signal::KILL);
    drop(lease);
    std::fs::remove_dir_all(&place.config.root).unwrap();
    eventually("the watcher is gone", || async { watchers(&place) == 0 }).await;
}

#[tokio::test]
async fn a_reset_sets_the_data_aside_and_wants_the_name() {
    let place = Place::with_engines(&[support::newest()]);
    leave_a_row(&place.start().await).await;
    let (server, job) = (place.server(), JobContext::detached());
    assert_eq!(server.reset("yes", ResetMode::SetAside, &job).await.unwrap_err().kind(), ErrorKind::Refused);
    let kept = server.reset(DATABASE, ResetMode::SetAside, &job).await.unwrap().kept.unwrap();
    assert!(kept.join("PG_VERSION").exists());
    assert_eq!(server.status().await.unwrap().state, LocalState::Absent);
    assert!(server.start(&password(), &job).await.unwrap().created);
    place.stop(StopMode::Fast).await;
    std::fs::remove_dir_all(place.data().await).unwrap();
    std::fs::rename(kept, place.data().await).unwrap();
    assert_row(&place.start().await).await;
}
