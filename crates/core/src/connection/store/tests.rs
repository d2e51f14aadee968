//! The file through restarts, damage and several programs at once.

use super::*;

fn profile(name: &str) -> ConnectionProfile {
    ConnectionProfile::new(name, "localhost", 5432, "raaf", "me")
}

fn add(store: &FileProfiles, name: &str) -> Result<Vec<ConnectionProfile>> {
    let added = profile(name);
    store.update(Box::new(move |all| {
        all.push(added);
        Ok(())
    }))
}

#[test]
fn profiles_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    add(&FileProfiles::new(folder.path()), "Local").unwrap();
    let again = FileProfiles::new(folder.path()).load().unwrap();
    assert_eq!(again.profiles[0].name, "Local");
}

#[test]
fn a_file_that_is_cut_off_is_kept_beside_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileProfiles::new(folder.path());
    fs::write(store.path(), r#"{"version":1,"connections":[{"id":"x""#).unwrap();
    let loaded = store.load().unwrap();
    assert!(loaded.notice.unwrap().contains("connections.broken-1.json"));
    assert!(store.load().unwrap().notice.is_some(), "the first load may have had nobody to tell");
    add(&store, "New").unwrap();
    assert!(fs::read_to_string(folder.path().join("connections.broken-1.json")).unwrap().ends_with("\"x\""));
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileProfiles::new(folder.path());
    let text = r#"{"version":9,"things":[]}"#;
    fs::write(store.path(), text).unwrap();
    assert_eq!(add(&store, "New").unwrap_err().kind(), ErrorKind::Precondition);
    assert_eq!(fs::read_to_string(store.path()).unwrap(), text);
}

#[test]
fn two_programs_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let path = folder.path().to_owned();
            scope.spawn(move || add(&FileProfiles::new(path), &format!("c{n}")).unwrap());
        }
    });
    assert_eq!(FileProfiles::new(folder.path()).load().unwrap().profiles.len(), 8);
}

#[test]
fn reading_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("not-yet");
    assert!(FileProfiles::new(&inside).load().unwrap().profiles.is_empty());
    assert!(!inside.exists());
}
