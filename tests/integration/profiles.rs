//! Saved connections as an earlier program left them.

use std::sync::Arc;

use evaldesk_api::Session;
use evaldesk_core::connection::{
    Environment, FileProfiles, MemorySecrets, MigrationSettings, ProfileStore as _, SecretPolicy, WriteMode,
};
use support::{empty_database, usual};

/// As it was written before a connection had settings of its migrations, and before any other field that may be absent.
const OLD: &str = r##"{
  "version": 1,
  "connections": [
    {
      "id": "0190a4d2-0000-7000-8000-000000000001",
      "name": "Staging",
      "host": "127.0.0.1",
      "port": 5432,
      "database": "raaf_eval",
      "user": "postgres",
      "environment": "staging",
      "color": "#7c3aed",
      "readOnly": false,
      "tls": "prefer",
      "tlsRootCert": null,
      "applicationName": "evaldesk",
      "poolSize": 4,
      "timeouts": { "connectMs": 10000, "statementMs": 30000, "lockMs": 2000, "idleInTransactionMs": 60000 },
      "secretPolicy": "none",
      "local": false
    },
    {
      "id": "0190a4d2-0000-7000-8000-000000000002",
      "name": "Least",
      "host": "127.0.0.1",
      "port": 5432,
      "database": "raaf_eval",
      "user": "postgres",
      "environment": "other"
    }
  ]
}"##;

#[test]
fn a_file_without_settings_of_migrations_is_read_and_keeps_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileProfiles::new(folder.path());
    std::fs::write(store.path(), OLD).unwrap();
    let saved = store.load().unwrap();
    assert_eq!(saved.notice, None, "it is no broken file");
    let [staging, least] = &saved.profiles[..] else { panic!("{:?}", saved.profiles) };
    assert_eq!(staging.migrations, MigrationSettings::default());
    assert_eq!((staging.environment, staging.color.as_deref()), (Environment::Staging, Some("#7c3aed")));
    assert_eq!(staging.secret_policy, SecretPolicy::None);
    assert_eq!((least.migrations.own_schema, least.pool_size), (false, 4));
    assert_eq!((staging.writes, staging.write_mode()), (None, WriteMode::Confirm));
    let changed = store.update(Box::new(|all| {
        all[0].migrations.folder = Some("db/migrate".to_owned());
        Ok(())
    }));
    assert_eq!(changed.unwrap()[0].migrations.folder.as_deref(), Some("db/migrate"));
    let again = store.load().unwrap();
    assert_eq!((again.profiles.len(), &again.profiles[1]), (2, least));
}

#[tokio::test]
async fn a_connection_without_settings_of_migrations_is_migrated_with_what_is_compiled_in() {
    let (test, home) = (empty_database(usual()).await, tempfile::tempdir().unwrap());
    let (port, name) = (test.cluster().port(), &test.name);
    let old = OLD.replace("5432", &port.to_string()).replace("raaf_eval", name);
    std::fs::write(home.path().join("connections.json"), old).unwrap();
    let session = Session::builder(home.path()).secrets(Arc::new(MemorySecrets::default())).build();
    let context = session.migration_context("Staging").unwrap();
    assert_eq!((context.set.origin(), context.own_schema), ("embedded", false));
    let arguments = serde_json::json!({ "connection": "Staging" });
    let status = evaldesk_api::dispatch(&session, "migrate_status", arguments).await.unwrap();
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert!(status["pending"].as_u64().unwrap() > 0, "{status}");
}
