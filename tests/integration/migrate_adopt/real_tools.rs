//! sqlx's and dbmate's own programs on one database with us.

use std::path::Path;
use std::process::Command;

use evaldesk_core::migrate::{AdoptVerdict, BoundBy, MigrationContext, MigrationSet, MigrationTool};
use support::{TestDatabase, empty_database, peers, versions};

use super::{adopt, plan, rows, schema, tools, verdict};

const TABLES: &str = "create table notes (id bigserial primary key, body text not null);\n";
const INDEX: &str = "-- no-transaction\ncreate index concurrently notes_body on notes (body);\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn sqlx_run(test: &TestDatabase, folder: &Path) {
    succeed(
        Command::new(peers::sqlx())
            .args(["migrate", "run", "--database-url", &test.url, "--source"])
            .arg(folder),
    );
}

fn context(folder: &Path) -> MigrationContext {
    MigrationContext { own_schema: true, ..MigrationContext::new(MigrationSet::from_folder(folder).unwrap()) }
}

#[tokio::test]
async fn what_sqlx_applied_binds_by_its_checksum() {
    for major in versions() {
        let test = empty_database(major).await;
        let folder = folder(&[("1_notes.sql", TABLES), ("2_index.sql", INDEX)]);
        sqlx_run(&test, folder.path());
        let found = tools(&test).await;
        assert_eq!((found[0].tool, found[0].applied), (MigrationTool::Sqlx, 2));
        let planned = plan(&test, &context(folder.path())).await;
        for version in ["1", "2"] {
            let one = verdict(&planned, version);
            assert!(
                matches!(one, AdoptVerdict::Binds { by: BoundBy::Checksum } | AdoptVerdict::Recorded),
                "{version}: {one:?}"
            );
        }
        let before = (schema(&test).await, rows(&test, "_sqlx_migrations").await);
        adopt(&test, &context(folder.path())).await;
        assert_eq!((schema(&test).await, rows(&test, "_sqlx_migrations").await), before, "on {major}");
        // sqlx goes on where it stood.
        std::fs::write(folder.path().join("3_more.sql"), "create table more (id int);\n").unwrap();
        sqlx_run(&test, folder.path());
        assert_eq!(test.count("_sqlx_migrations").await, 3);
    }
}

#[tokio::test]
async fn a_file_that_changed_since_sqlx_applied_it_is_shown_and_not_bound() {
    // In sqlx's own form, and in the one that looks like ours.
    for file in ["1_notes.sql", "1_notes.up.sql"] {
        let test = empty_database(15).await;
        let folder = folder(&[(file, TABLES)]);
        sqlx_run(&test, folder.path());
        std::fs::write(folder.path().join(file), format!("-- changed\n{TABLES}")).unwrap();
        let plan = plan(&test, &context(folder.path())).await;
        let one = verdict(&plan, "1");
        let why = format!("{file} is not the file that sqlx applied");
        assert!(matches!(one, AdoptVerdict::Differs { why: told } if told.contains(&why)), "{one:?}");
        assert_eq!(plan.binds(), 0);
    }
}

#[tokio::test]
async fn dbmates_ledger_is_told_and_its_folder_needs_no_adopting() {
    for major in versions() {
        let test = empty_database(major).await;
        let folder = folder(&[(
            "001_notes.sql",
            &format!("-- migrate:up\n{TABLES}\n-- migrate:down\ndrop table notes;\n"),
        )]);
        let url = format!("{}?sslmode=disable", test.url);
        succeed(
            Command::new(peers::dbmate())
                .args(["--no-dump-schema", "--url", &url, "--migrations-dir"])
                .arg(folder.path())
                .arg("up"),
        );
        let found = tools(&test).await;
        assert_eq!(
            (found.len(), found[0].tool, found[0].newest.as_deref()),
            (1, MigrationTool::Dbmate, Some("001"))
        );
        let plan = plan(&test, &context(folder.path())).await;
        assert_eq!(verdict(&plan, "1"), &AdoptVerdict::Recorded);
    }
}

#[tokio::test]
async fn our_own_ledger_is_no_tool_until_it_holds_what_we_have_no_file_of() {
    let test = support::any_database().await;
    let ours = MigrationContext::embedded().unwrap();
    assert!(plan(&test, &ours).await.tools.is_empty());
    test.run("insert into schema_migrations values ('0042')").await;
    let found = plan(&test, &ours).await.tools;
    assert_eq!((found[0].tool, found[0].certain), (MigrationTool::Dbmate, false));
}
