//! The folder of saved queries beside other programs, odd names and symlinks.

use std::fs;

use super::*;
use crate::ErrorKind;

fn folder() -> (tempfile::TempDir, QueryFolder) {
    let place = tempfile::tempdir().unwrap();
    let folder = QueryFolder::new(place.path().join("queries"));
    (place, folder)
}

fn paths(folder: &QueryFolder) -> Vec<String> {
    folder.list().unwrap().into_iter().map(|file| file.path).collect()
}

#[test]
fn a_query_is_saved_listed_read_changed_and_removed() {
    let (place, folder) = folder();
    assert!(folder.list().unwrap().is_empty());
    assert!(!place.path().join("queries").exists(), "reading makes nothing");
    let text = "-- answers: How many?\n-- connection: Staging\n-- parameters: since = 2026-01-01, :name\nselect :since, :name";
    let saved = folder.save("Counts/How many.sql", text, None).unwrap();
    assert_eq!((saved.file.title.as_str(), saved.text.as_str()), ("How many", text));
    assert_eq!(saved.file.connection.as_deref(), Some("Staging"));
    assert_eq!(paths(&folder), ["Counts/How many.sql"]);
    assert_eq!(folder.list().unwrap()[0].parameters, saved.file.parameters);
    let again = folder.save("Counts/How many.sql", "select 2", Some(&saved.stamp)).unwrap();
    folder.remove("Counts/How many.sql", &again.stamp).unwrap();
    assert!(paths(&folder).is_empty());
}

#[test]
fn what_another_program_changed_is_a_conflict_and_stays() {
    let (place, folder) = folder();
    let saved = folder.save("a.sql", "select 1", None).unwrap();
    let path = place.path().join("queries/a.sql");
    assert!(folder.changed(&[("a.sql".into(), saved.stamp.clone())]).is_empty());
    fs::write(&path, "select 'theirs'").unwrap();
    assert_eq!(folder.changed(&[("a.sql".into(), saved.stamp.clone())]), ["a.sql"]);
    for refused in [
        folder.save("a.sql", "select 'mine'", Some(&saved.stamp)).map(drop),
        folder.save("a.sql", "select 'mine'", None).map(drop),
        folder.remove("a.sql", &saved.stamp),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Conflict);
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "select 'theirs'");
    let theirs = folder.read("a.sql").unwrap();
    folder.save("a.sql", "select 'mine'", Some(&theirs.stamp)).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(folder.save("a.sql", "x", Some(&theirs.stamp)).unwrap_err().kind(), ErrorKind::Conflict);
}

#[test]
fn a_new_name_overwrites_nothing() {
    let (_place, folder) = folder();
    folder.save("a.sql", "select 'a'", None).unwrap();
    folder.save("b.sql", "select 'b'", None).unwrap();
    assert_eq!(folder.rename("a.sql", "b.sql").unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(folder.rename("a.sql", "c/d.sql").unwrap().text, "select 'a'");
    assert_eq!(paths(&folder), ["b.sql", "c/d.sql"]);
}

#[test]
fn odd_names_are_names_and_what_leads_away_is_none() {
    let (_place, folder) = folder();
    for name in ["Größe 🦀 'x' \"y\" & <script>.sql", "a;b $c.sql", "UPPER.SQL", "-- x.sql"] {
        assert_eq!(folder.save(name, "select 1", None).unwrap().file.path, name);
    }
    assert_eq!(folder.list().unwrap().len(), 4);
    let long = format!("{}.sql", "x".repeat(300));
    for name in [
        "",
        "a",
        "../a.sql",
        "a/../../b.sql",
        "/etc/a.sql",
        "a//b.sql",
        ".hidden.sql",
        ".git/a.sql",
        "a\\b.sql",
        "a\nb.sql",
        "starter:a.sql",
        "a/.sql",
        &long,
    ] {
        assert_eq!(folder.save(name, "x", None).unwrap_err().kind(), ErrorKind::InvalidArguments, "{name:?}");
        assert!(folder.read(name).is_err(), "{name:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_symlink_leads_to_a_file_inside_and_never_out() {
    use std::os::unix::fs::symlink;
    let (place, folder) = folder();
    folder.save("inside.sql", "select 'inside'", None).unwrap();
    let (root, outside) = (place.path().join("queries"), place.path().join("outside"));
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret.sql"), "select 'outside'").unwrap();
    symlink("inside.sql", root.join("link.sql")).unwrap();
    symlink(outside.join("secret.sql"), root.join("out.sql")).unwrap();
    symlink(outside.join("not-yet.sql"), root.join("dangling.sql")).unwrap();
    symlink(&outside, root.join("folder")).unwrap();
    symlink(&root, root.join("loop")).unwrap();
    assert_eq!(paths(&folder), ["inside.sql", "link.sql"]);
    for path in ["out.sql", "folder/secret.sql", "folder/new.sql", "dangling.sql"] {
        assert_eq!(folder.read(path).unwrap_err().kind(), ErrorKind::Refused, "{path}");
        assert_eq!(folder.save(path, "x", None).unwrap_err().kind(), ErrorKind::Refused, "{path}");
    }
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    let link = folder.read("link.sql").unwrap();
    folder.save("link.sql", "select 'by link'", Some(&link.stamp)).unwrap();
    assert_eq!(folder.read("inside.sql").unwrap().text, "select 'by link'");
    assert!(fs::symlink_metadata(root.join("link.sql")).unwrap().is_symlink(), "the link is still one");
}

#[cfg(unix)]
#[test]
fn line_ends_the_byte_order_mark_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let (place, folder) = folder();
    folder.save("a.sql", "x", None).unwrap();
    let path = place.path().join("queries/a.sql");
    fs::write(&path, "\u{feff}select 1\r\nfrom t\r\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    let read = folder.read("a.sql").unwrap();
    assert_eq!(read.text, "select 1\nfrom t\n");
    folder.save("a.sql", "select 2\nfrom t\n", Some(&read.stamp)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}select 2\r\nfrom t\r\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o664);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left aside");
}

#[test]
fn what_is_no_text_is_listed_and_says_why_it_cannot_be_read() {
    let (place, folder) = folder();
    folder.save("a.sql", "x", None).unwrap();
    fs::write(place.path().join("queries/a.sql"), b"select '\xff'").unwrap();
    assert_eq!(paths(&folder), ["a.sql"]);
    assert!(folder.read("a.sql").unwrap_err().message().contains("byte 8"));
}

#[test]
fn the_head_of_a_file_goes_on_in_lines_that_are_indented() {
    let mut file = QueryFile::default();
    front::read(
        "\n-- answers: One\n--   and two.\n-- a sentence: not a key\n-- parameters: a = 'x, ''y''', :b, $1 = 3\n-- server: 12-14\n\nselect 1\n-- needs: nothing",
        &mut file,
    );
    assert_eq!(file.answers.as_deref(), Some("One and two."));
    let named: Vec<_> = file.parameters.iter().map(|one| (one.name.as_str(), one.value.as_deref())).collect();
    assert_eq!(named, [("a", Some("x, 'y'")), ("b", None), ("1", Some("3"))]);
    assert_eq!((file.server, file.needs), (Some(ServerRange { from: 12, to: Some(14) }), None));
}

#[test]
fn every_starter_file_says_what_it_answers_what_it_corrects_and_for_which_servers() {
    for file in starter_files(None) {
        assert!(file.answers.is_some_and(|text| text.ends_with('?')), "{}", file.path);
        assert!(file.corrects.is_some_and(|text| text.starts_with('E')), "{}", file.path);
        assert!(file.server.is_some(), "{}", file.path);
        assert!(
            crate::sql::split::split(&starter(&file.path).unwrap().text).is_ok_and(|all| all.len() == 1),
            "{}",
            file.path
        );
    }
}

#[test]
fn a_server_is_offered_what_runs_on_it() {
    let slow = |major| {
        let files =
            starter_files(Some(major)).into_iter().filter(|file| file.title.starts_with("Slow statements"));
        files.map(|file| file.title).collect::<Vec<_>>()
    };
    assert_eq!((slow(12), slow(18)), (vec!["Slow statements (12)".into()], vec!["Slow statements".into()]));
}
