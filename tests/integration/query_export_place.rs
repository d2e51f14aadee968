//! Where a page may have files written: never over one that is there, and where the host says so, in one folder alone.

use std::path::Path;
use std::sync::Arc;

use evaldesk_api::{ErrorReport, Session, SessionBuilder, dispatch};
use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{MemoryProfiles, MemorySecrets, SecretPolicy, parse_url};
use evaldesk_core::job::JobState;
use serde_json::{Value, json};
use support::{TestDatabase, any_database};

struct Page {
    session: Session,
    connection: String,
    home: tempfile::TempDir,
    _test: TestDatabase,
}

impl Page {
    async fn new(make: impl FnOnce(SessionBuilder, &Path) -> SessionBuilder) -> Self {
        let (test, home) = (any_database().await, tempfile::tempdir().unwrap());
        let builder = Session::builder(home.path().join("data"))
            .secrets(Arc::new(MemorySecrets::default()))
            .profiles(Arc::new(MemoryProfiles::default()));
        let session = make(builder, home.path()).build();
        let mut parsed = parse_url(&test.url).unwrap();
        parsed.profile.secret_policy = SecretPolicy::None;
        let connection = session.pass(parsed.profile, parsed.password);
        Self { session, connection, home, _test: test }
    }

    /// Asks as a page does, which may send any JSON.
    async fn asks(&self, command: &str, path: &str) -> Result<JobState, ErrorReport> {
        let path = self.home.path().join(path).display().to_string();
        let asked = json!({ "connection": self.connection, "text": "select 7 as a", "format": "csv", "path": path,
            "overwrite": true });
        let started: Value = serde_json::from_str(&dispatch(&self.session, command, asked).await?).unwrap();
        Ok(self.session.jobs().wait(started["job"].as_str().unwrap()).await?.state)
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.home.path().join(path)).unwrap()
    }
}

#[tokio::test]
async fn a_page_that_may_only_read_replaces_no_file_whatever_it_says() {
    let page = Page::new(|builder, _| builder).await;
    std::fs::write(page.home.path().join("a.csv"), "mine").unwrap();
    let refused = page.asks("query_export", "a.csv").await.unwrap_err();
    assert_eq!((refused.code, page.read("a.csv").as_str()), (ErrorKind::Conflict, "mine"));
    assert!(refused.hint.unwrap().contains("query_export_replace"));
    assert_eq!(page.asks("query_export_replace", "a.csv").await.unwrap(), JobState::Done);
    assert_eq!(page.read("a.csv"), "a\r\n7\r\n");
}

#[tokio::test]
async fn a_host_keeps_files_in_its_folder() {
    let page = Page::new(|builder, home| builder.export_folder(home.join("exports"))).await;
    std::fs::create_dir(page.home.path().join("exports")).unwrap();
    std::os::unix::fs::symlink(page.home.path(), page.home.path().join("exports/out")).unwrap();
    for command in ["query_export", "query_export_replace"] {
        for path in ["a.csv", "exports/../a.csv", "exports/out/a.csv"] {
            let refused = page.asks(command, path).await.unwrap_err();
            assert_eq!(refused.code, ErrorKind::Refused, "{path}: {}", refused.message);
            assert!(refused.message.contains("is not below") && refused.hint.is_some());
        }
    }
    let path = page.home.path().join("connections.json").display().to_string();
    let connections = json!({ "connections": [page.connection], "path": path });
    let refused = dispatch(&page.session, "connection_export", connections).await.unwrap_err();
    assert_eq!(refused.code, ErrorKind::Refused, "{}", refused.message);
    assert!(!page.home.path().join("connections.json").exists() && !page.home.path().join("a.csv").exists());
    assert_eq!(page.asks("query_export", "exports/a.csv").await.unwrap(), JobState::Done);
}
