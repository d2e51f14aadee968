//! After a crash, the next start finds the data whole and leaves no process behind.

use std::net::TcpListener;

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::Secret;
use evaldesk_core::job::JobContext;
use evaldesk_core::server::local::{LocalState, StopMode};
use rustix::process::Signal;

use super::place::{assert_row, kill, leave_a_row, session, session_with};
use super::{Part, Place, eventually};

#[tokio::test]
async fn a_killed_server_recovers_and_leaves_no_process() {
    let place = Place::with_engines(&[support::newest()]);
    let endpoint = place.start().await;
    leave_a_row(&endpoint).await;
    let before = place.processes().await;
    kill(place.pid().await, Signal::KILL);
    let again = place.start().await;
    assert_row(&again).await;
    assert_eq!(again.port, endpoint.port, "a copied address goes on working");
    assert!(again.notices.iter().any(|notice| notice.contains("recovered")), "{:?}", again.notices);
    let after = place.processes().await;
    assert!(before.iter().all(|pid| !after.contains(pid)), "stray processes: {before:?} and {after:?}");
}

#[tokio::test]
async fn a_session_that_computes_while_its_server_is_killed_does_not_stand_in_the_way() {
    let place = Place::with_engines(&[support::newest()]);
    let endpoint = place.start().await;
    leave_a_row(&endpoint).await;
    let mut busy = session(&endpoint).await;
    let computing = tokio::spawn(async move {
        let _ =
            sqlx::raw_sql("select count(*) from generate_series(1, 100000000000) n").execute(&mut busy).await;
    });
    eventually("the query runs", || async {
        let mut other = session(&endpoint).await;
        let found =
            "select exists (select from pg_stat_activity where state = 'active' and pid <> pg_backend_pid())";
        sqlx::query_scalar::<_, bool>(found).fetch_one(&mut other).await.unwrap()
    })
    .await;
    kill(place.pid().await, Signal::KILL);
    assert_row(&place.start().await).await;
    computing.await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_restarted() {
    let place = Place::with_engines(&[support::newest()]);
    leave_a_row(&place.start().await).await;
    let stuck = place.pid().await;
    kill(stuck, Signal::STOP);
    assert_eq!(place.server().status().await.unwrap().state, LocalState::NotAnswering);
    let again = place.start().await;
    assert_row(&again).await;
    assert_ne!(place.pid().await, stuck);
    assert!(again.notices.iter().any(|notice| notice.contains("did not answer")), "{:?}", again.notices);
}

#[tokio::test]
async fn a_half_made_data_folder_is_begun_anew() {
    let place = Place::with_engines(&[support::newest()]);
    let data = place.data().await;
    // As a kill -9 leaves it: initdb's folder, and the file with the password.
    let building = data.with_file_name("data.new");
    std::fs::create_dir_all(building.join("base")).unwrap();
    std::fs::set_permissions(data.parent().unwrap(), std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .unwrap();
    std::fs::write(building.join("PG_VERSION"), "17\n").unwrap();
    let passwords = data.with_file_name("password.tmp");
    std::fs::write(&passwords, "left behind").unwrap();
    if let Some(user) = &place.config.run_as {
        std::os::unix::fs::chown(data.parent().unwrap(), Some(user.uid), Some(user.gid)).unwrap();
    }
    assert_eq!(place.server().status().await.unwrap().state, LocalState::HalfMade);
    let endpoint = place.start().await;
    assert!(endpoint.created && !building.exists() && !passwords.exists());
    assert!(endpoint.notices.iter().any(|notice| notice.contains("half-made")), "{:?}", endpoint.notices);
}

#[tokio::test]
async fn a_taken_port_is_left_to_its_owner() {
    let place = Place::with_engines(&[support::newest()]);
    let endpoint = place.start().await;
    leave_a_row(&endpoint).await;
    place.stop(StopMode::Fast).await;
    let _owner = TcpListener::bind(("127.0.0.1", endpoint.port)).unwrap();
    let again = place.start().await;
    assert_ne!(again.port, endpoint.port);
    assert!(again.notices.iter().any(|notice| notice.contains("is taken")), "{:?}", again.notices);
    assert_row(&again).await;
}

#[tokio::test]
async fn a_pid_file_whose_number_is_another_process_by_now_is_seen_through() {
    let place = Place::with_engines(&[support::newest()]);
    leave_a_row(&place.start().await).await;
    let data = place.data().await;
    let file = std::fs::read_to_string(data.join("postmaster.pid")).unwrap();
    kill(place.pid().await, Signal::KILL);
    // This test's own number: a process of a user that may well be the server's, and that must not be harmed.
    let (_, rest) = file.split_once('\n').unwrap();
    std::fs::write(data.join("postmaster.pid"), format!("{}\n{rest}", std::process::id())).unwrap();
    assert_eq!(place.server().status().await.unwrap().state, LocalState::Crashed);
    assert_row(&place.start().await).await;
}

#[tokio::test]
async fn a_data_folder_of_another_major_is_refused_naming_both() {
    let mut place = Place::with_engines(&[15]);
    leave_a_row(&place.start().await).await;
    place.stop(StopMode::Fast).await;
    let fifteen = std::mem::replace(
        &mut place.config.engine_search,
        vec![support::engine(support::newest()).folder.join("bin")],
    );
    let error = place.start_error().await;
    assert_eq!(error.kind(), ErrorKind::Missing);
    let said = error.message();
    assert!(
        said.contains("PostgreSQL 15") && said.contains(&format!("found: {}.", support::newest())),
        "{said}"
    );
    assert!(error.hint_text().unwrap().contains("evaldesk local upgrade"));
    place.config.engine_search = fifteen;
    assert_row(&place.start().await).await;
}

#[tokio::test]
async fn a_lost_password_does_not_cost_the_data() {
    let place = Place::with_engines(&[support::newest()]);
    leave_a_row(&place.start().await).await;
    let job = JobContext::detached();
    let new = Secret::new("another 'quoted\\ one");
    let error = place.server().start(&new, &job).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AuthenticationFailed);
    place.server().set_password(&new, &job).await.unwrap();
    let endpoint = place.server().start(&new, &job).await.unwrap();
    let mut session = session_with(&endpoint, new.expose()).await.unwrap();
    let n: i32 = sqlx::query_scalar("select n from kept").fetch_one(&mut session).await.unwrap();
    assert_eq!(n, 42);
}

#[tokio::test]
async fn somebody_elses_files_in_the_data_folder_are_left_alone() {
    let place = Place::with_engines(&[support::newest()]);
    place.start().await;
    place.stop(StopMode::Fast).await;
    let data = place.data().await;
    std::fs::remove_file(data.join("PG_VERSION")).unwrap();
    let error = place.start_error().await;
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(data.join("base").exists());
}

#[tokio::test]
async fn a_full_disk_at_the_first_start_is_said_so_and_leaves_nothing() {
    let place = Place::with_engines(&[support::newest()]);
    let mut part = Part::on_a_small_disk(&place);
    assert_eq!(part.says("said"), "Storage cannot make the data folder: the disk is full");
    assert_eq!(part.says("state"), "Absent");
}

#[tokio::test]
async fn an_app_killed_while_it_makes_the_data_folder_spoils_nothing() {
    let place = Place::with_engines(&[support::newest()]);
    let home = place.data().await.parent().unwrap().to_owned();
    let mut app = Part::app(&place);
    eventually("initdb writes", || async {
        let entries = std::fs::read_dir(&home).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("data.new"))
    })
    .await;
    // Its initdb goes on for a moment, without anybody who waits for it.
    app.kill();
    let endpoint = place.start().await;
    assert!(endpoint.created);
    leave_a_row(&endpoint).await;
    place.stop(StopMode::Fast).await;
    assert_row(&place.start().await).await;
    let left =
        std::fs::read_dir(&home).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let left: Vec<String> =
        left.filter(|name| name.starts_with("data.new") || name == "password.tmp").collect();
    assert_eq!(left, Vec::<String>::new());
}
