//! A private server is private: its files, its address, its password.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::Place;
use super::place::{PASSWORD, all_processes, session, session_with};

#[tokio::test]
async fn a_first_start_makes_a_private_utf8_database() {
    let place = Place::with_engines(&[support::newest()]);
    let endpoint = place.start().await;
    assert!(endpoint.created && endpoint.notices.is_empty(), "{:?}", endpoint.notices);
    assert_eq!(u32::try_from(endpoint.version.major).unwrap(), support::newest());
    let mut session = session(&endpoint).await;
    for (name, expected) in [
        ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"),
        ("listen_addresses", "127.0.0.1"),
        ("cluster_name", "evaldesk"),
        ("shared_preload_libraries", "pg_stat_statements"),
        ("TimeZone", "UTC"),
    ] {
        let value: String = sqlx::query_scalar("select current_setting($1)")
            .bind(name)
            .fetch_one(&mut session)
            .await
            .unwrap();
        assert_eq!(value, expected, "{name}");
    }
    sqlx::raw_sql("create extension pg_stat_statements").execute(&mut session).await.unwrap();
    let knows_case: bool =
        sqlx::query_scalar("select 'MÜNCHEN' ilike 'münchen'").fetch_one(&mut session).await.unwrap();
    assert!(knows_case, "a search by name must know the case of letters beyond ASCII");
}

#[tokio::test]
async fn a_wrong_password_is_refused_over_the_socket_too() {
    let place = Place::with_engines(&[support::newest()]);
    let mut endpoint = place.start().await;
    assert!(session_with(&endpoint, "wrong").await.is_err());
    endpoint.host = endpoint.socket_dir.display().to_string();
    assert!(session_with(&endpoint, "wrong").await.is_err());
    assert!(session_with(&endpoint, PASSWORD).await.is_ok(), "the socket is where the endpoint says");
}

#[tokio::test]
async fn the_password_is_in_no_file_no_command_line_and_no_environment() {
    let place = Place::watched();
    let endpoint = place.start().await;
    let mut session = session(&endpoint).await;
    let _ = sqlx::raw_sql("select no_such_column").execute(&mut session).await;
    assert_eq!(files_with(place.top.path(), PASSWORD), Vec::<String>::new());
    let ours = std::process::id();
    for pid in all_processes().into_iter().filter(|pid| u32::try_from(*pid) != Ok(ours)) {
        for file in ["cmdline", "environ"] {
            let text = std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
            assert!(!holds(&text, PASSWORD), "process {pid} shows it in {file}");
        }
    }
}

#[tokio::test]
async fn folders_are_closed_to_others() {
    let place = Place::with_engines(&[support::newest()]);
    let endpoint = place.start().await;
    let data = place.data().await;
    for folder in [&place.config.root, &data, &endpoint.socket_dir, data.parent().unwrap()] {
        let mode = std::fs::metadata(folder).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}", folder.display());
    }
    let wanted = place.config.run_as.as_ref().map_or(rustix::process::geteuid().as_raw(), |user| user.uid);
    assert_eq!(std::fs::metadata(&data).unwrap().uid(), wanted);
    let pid = place.pid().await;
    assert_eq!(std::fs::metadata(format!("/proc/{pid}")).unwrap().uid(), wanted);
    let groups = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let groups = groups.lines().find_map(|line| line.strip_prefix("Groups:")).unwrap().trim().to_owned();
    assert!(place.config.run_as.is_none() || groups.is_empty(), "root's groups were kept: {groups}");
}

fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).is_ok_and(|bytes| holds(&bytes, text)) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
