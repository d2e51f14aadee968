//! Closing a connection, or leading it elsewhere, ends the sessions of its query tabs.

use std::sync::Arc;

use evaldesk_api::Session;
use evaldesk_api::commands::{
    ConnectionArguments, ConnectionSaveArguments, connection_close, connection_remove, connection_save,
};
use evaldesk_core::connection::{ConnectionProfile, MemoryProfiles, MemorySecrets, SecretPolicy, parse_url};
use evaldesk_core::query::{
    QueryPhase, QueryRange, QueryRequest, QueryRunReply, QueryState, StatementOutcome, TransactionState,
};
use futures_util::StreamExt as _;
use support::{TestDatabase, any_database};

struct Desk {
    session: Session,
    profile: ConnectionProfile,
    _home: tempfile::TempDir,
}

impl Desk {
    async fn at(database: &TestDatabase) -> Self {
        let home = tempfile::tempdir().unwrap();
        let session = Session::builder(home.path().join("data"))
            .secrets(Arc::new(MemorySecrets::default()))
            .profiles(Arc::new(MemoryProfiles::default()))
            .build();
        let mut profile = parse_url(&database.url).unwrap().profile;
        "Here".clone_into(&mut profile.name);
        profile.secret_policy = SecretPolicy::None;
        let mut desk = Self { session, profile, _home: home };
        desk.profile = desk.save().await;
        desk
    }

    async fn save(&self) -> ConnectionProfile {
        let profile = self.profile.clone();
        let save = ConnectionSaveArguments { profile, password: None, url: None, ssh_secret: None };
        connection_save(&self.session, save).await.unwrap()
    }

    fn here(&self) -> ConnectionArguments {
        ConnectionArguments { connection: self.profile.id.clone() }
    }

    async fn start(&self, text: &str) -> u32 {
        let database = self.session.database(&self.profile.id).await.unwrap();
        let (text, range) = (text.to_owned(), QueryRange::All);
        let request = QueryRequest {
            text,
            range,
            parameters: vec![],
            consent: None,
            sort: vec![],
            filters: vec![],
            read_only: false,
        };
        match self.session.query_tab("tab").run(&database, request).await.unwrap() {
            QueryRunReply::Started { run } => run,
            other => panic!("{other:?}"),
        }
    }

    async fn until(&self, fits: impl Fn(&QueryState) -> bool) -> QueryState {
        let mut states = std::pin::pin!(self.session.query_tab("tab").watch());
        loop {
            let state = states.next().await.expect("the tab is open");
            if fits(&state) {
                return state;
            }
        }
    }

    async fn run(&self, text: &str) -> QueryState {
        let run = self.start(text).await;
        self.until(|state| state.run == run && state.phase == QueryPhase::Idle).await
    }
}

/// Sessions of tabs, by their mark.
async fn sessions(database: &TestDatabase) -> String {
    let asked = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and application_name like 'evaldesk tab-%'",
        database.name
    );
    database.value(&asked).await.unwrap()
}

async fn until_none(database: &TestDatabase) {
    for _ in 0..200 {
        if sessions(database).await == "0" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("a tab's session is still there");
}

#[tokio::test]
async fn closing_ends_a_tabs_session_and_its_transaction_and_keeps_its_rows() {
    let database = any_database().await;
    database.run("create table t (n int)").await;
    let desk = Desk::at(&database).await;
    let open = desk.run("begin; insert into t values (1) returning n").await;
    assert_eq!((open.transaction, sessions(&database).await.as_str()), (TransactionState::Open, "1"));
    connection_close(&desk.session, desk.here()).await.unwrap();
    until_none(&database).await;
    let closed = desk.session.query_tab("tab").state();
    assert_eq!((closed.transaction, closed.pid), (TransactionState::None, None));
    assert!(closed.notices.iter().any(|notice| notice.message.contains("rolled back")), "{closed:?}");
    let rows = desk.session.queries().rows(&open.results[0].id, None, 0, 10).await.unwrap();
    assert_eq!(rows.total, 1);
    assert_eq!(database.count("t").await, 0);
    let again = desk.run("select 1").await;
    assert_eq!(again.statements[0].outcome, StatementOutcome::Done);
}

#[tokio::test]
async fn closing_cancels_what_a_tab_runs() {
    let database = any_database().await;
    let desk = Desk::at(&database).await;
    let run = desk.start("select pg_sleep(600)").await;
    desk.until(|state| state.pid.is_some()).await;
    connection_close(&desk.session, desk.here()).await.unwrap();
    let state = desk.until(|state| state.run == run && state.phase == QueryPhase::Idle).await;
    assert_eq!(state.statements[0].outcome, StatementOutcome::Cancelled, "{state:?}");
    until_none(&database).await;
}

#[tokio::test]
async fn a_connection_that_leads_elsewhere_takes_its_tabs_along_and_one_that_is_renamed_leaves_them() {
    let (database, elsewhere) = (any_database().await, any_database().await);
    let mut desk = Desk::at(&database).await;
    assert_eq!(desk.run("begin").await.transaction, TransactionState::Open);
    "There".clone_into(&mut desk.profile.name);
    desk.save().await;
    assert_eq!(sessions(&database).await, "1");
    desk.profile.database.clone_from(&elsewhere.name);
    desk.save().await;
    until_none(&database).await;
    let state = desk.run("select current_database()").await;
    let rows = desk.session.queries().rows(&state.results[0].id, None, 0, 1).await.unwrap();
    assert_eq!(rows.rows[0][0].as_ref().unwrap().text, elsewhere.name);
    connection_remove(&desk.session, desk.here()).await.unwrap();
    until_none(&elsewhere).await;
}
