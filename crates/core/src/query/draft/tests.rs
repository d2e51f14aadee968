//! Drafts through restarts, damage, and two windows at once.

use std::fs;

use chrono::{DateTime, Utc};

use super::*;
use crate::ErrorKind;

fn at() -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

fn draft(tab: &str, text: &str, revision: u32) -> QueryDraft {
    QueryDraft {
        tab: tab.into(),
        connection: "c1".into(),
        title: "Query 1".into(),
        text: text.into(),
        cursor: 3,
        file: Some("sizes.sql".into()),
        revision,
        notice: None,
    }
}

#[test]
fn what_was_typed_is_there_after_a_restart_with_all_of_its_tab() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    let mut revision = 0;
    for text in ["s", "select", "select 'größe 🦀'", "select 'größe 🦀', 1", "select 'gröe', 1", ""]
    {
        revision = store.save(draft("t1", text, revision), at()).unwrap().revision;
        let restored = DraftStore::new(folder.path()).list().unwrap();
        assert_eq!(restored, [draft("t1", text, revision)]);
    }
}

#[test]
fn reading_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("not-yet");
    assert!(DraftStore::new(&inside).list().unwrap().is_empty());
    assert!(!inside.exists());
}

#[test]
fn two_windows_with_one_tab_lose_neither_text() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (DraftStore::new(folder.path()), DraftStore::new(folder.path()));
    let base = one.save(draft("t1", "select", 0), at()).unwrap().revision;
    assert!(!one.save(draft("t1", "select one", base), at()).unwrap().forked);
    let saved = two.save(draft("t1", "select two", base), at()).unwrap();
    assert!(saved.forked && saved.tab != "t1", "{saved:?}");
    let again = two.save(draft(&saved.tab, "select two!", saved.revision), at()).unwrap();
    assert!(!again.forked, "from then on it is a tab of its own");
    let mut texts: Vec<String> = one.list().unwrap().into_iter().map(|draft| draft.text).collect();
    texts.sort();
    assert_eq!(texts, ["select one", "select two!"]);
}

#[test]
fn an_answer_that_was_lost_makes_no_second_tab() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    store.save(draft("t1", "select 1", 0), at()).unwrap();
    assert!(!store.save(draft("t1", "select 1", 0), at()).unwrap().forked);
    assert_eq!(store.list().unwrap().len(), 1);
}

#[test]
fn a_journal_stays_within_a_few_times_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    let (mut text, mut revision) = (String::new(), 0);
    for n in 0..2_000 {
        text.push_str(if n % 80 == 79 { "\n" } else { "x" });
        revision = store.save(draft("t1", &text, revision), at()).unwrap().revision;
    }
    let bytes = fs::metadata(folder.path().join("t1.draft")).unwrap().len();
    assert!(bytes < 80 * 1024, "{bytes}");
    assert_eq!(DraftStore::new(folder.path()).list().unwrap()[0].text, text);
}

#[test]
fn a_journal_that_was_cut_off_gives_all_before_and_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    let first = store.save(draft("t1", "select 1", 0), at()).unwrap().revision;
    store.save(draft("t1", "select 1, 2", first), at()).unwrap();
    let path = folder.path().join("t1.draft");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
    let restored = DraftStore::new(folder.path()).list().unwrap();
    assert_eq!(restored[0].text, "select 1");
    assert!(restored[0].notice.as_deref().unwrap().contains("t1.damaged-1"), "{:?}", restored[0].notice);
    assert_eq!(fs::read(folder.path().join("t1.damaged-1")).unwrap(), &bytes[..bytes.len() - 5]);
    let saved = DraftStore::new(folder.path()).save(draft("t1", "select 1, 3", first), at()).unwrap();
    assert!(!saved.forked);
}

#[test]
fn damage_in_the_middle_is_noticed_even_where_it_still_reads_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    let first = store.save(draft("t1", "select aa", 0), at()).unwrap().revision;
    store.save(draft("t1", "select aab", first), at()).unwrap();
    let path = folder.path().join("t1.draft");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("select aa", "select ab")).unwrap();
    let restored = DraftStore::new(folder.path()).list().unwrap();
    assert_eq!(restored[0].text, "");
    assert!(restored[0].notice.is_some());
    assert!(folder.path().join("t1.damaged-1").exists());
}

#[test]
fn a_tab_whose_file_is_no_journal_can_be_saved_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t1.draft"), [0u8; 40]).unwrap();
    let store = DraftStore::new(folder.path());
    store.save(draft("t1", "select 1", 0), at()).unwrap();
    assert_eq!(store.list().unwrap()[0].text, "select 1");
    assert_eq!(fs::read(folder.path().join("t1.damaged-1")).unwrap(), [0u8; 40]);
}

#[test]
fn an_id_leads_nowhere_else_and_a_text_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    for tab in ["", "../x", "a/b", "a.b", "ü", &"x".repeat(65)] {
        let error = store.save(draft(tab, "x", 0), at()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArguments, "{tab}");
        assert_eq!(store.remove(tab).unwrap_err().kind(), ErrorKind::InvalidArguments, "{tab}");
    }
    let error = store.save(draft("t1", &"x".repeat(LONGEST_DRAFT + 1), 0), at()).unwrap_err();
    assert!(error.message().contains("16 MB"), "{error}");
}

#[test]
fn a_closed_tab_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    store.save(draft("t1", "select 1", 0), at()).unwrap();
    store.remove("t1").unwrap();
    store.remove("t1").unwrap();
    assert!(store.list().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_a_draft() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let store = DraftStore::new(folder.path());
    store.save(draft("t1", "select 1", 0), at()).unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
}
