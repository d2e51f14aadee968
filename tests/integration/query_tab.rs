//! A tab of the query workbench, as tests use it.

use std::sync::Arc;
use std::time::Duration;

use evaldesk_core::Result;
use evaldesk_core::connection::Database;
use evaldesk_core::query::{
    Budget, QueryCondition, QueryParameter, QueryPhase, QueryRange, QueryRequest, QueryRunReply,
    QuerySession, QuerySort, QueryState, QueryTabs,
};
use futures_util::StreamExt as _;
use support::TestDatabase;

/// Rows as their texts.
pub(crate) type Texts = Vec<Vec<Option<String>>>;

/// A tab with an open database.
pub(crate) struct Tab {
    pub(crate) tabs: QueryTabs,
    pub(crate) database: Database,
    folder: tempfile::TempDir,
}

impl Tab {
    pub(crate) async fn of(database: &TestDatabase) -> Self {
        Self::on(database.open().await)
    }

    pub(crate) fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { tabs: QueryTabs::new(folder.path().join("results")), database, folder }
    }

    /// The same with so many bytes of memory for its results.
    pub(crate) fn with_budget(self, bytes: u64) -> Self {
        let tabs = QueryTabs::with_budget(self.folder.path().join("results"), Budget::new(bytes));
        self.with_tabs(tabs)
    }

    pub(crate) fn with_tabs(mut self, tabs: QueryTabs) -> Self {
        self.tabs = tabs;
        self
    }

    /// What the host's data folder would be.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn session(&self) -> Arc<QuerySession> {
        self.tabs.tab("tab")
    }

    pub(crate) fn request(text: &str, range: QueryRange, parameters: &[QueryParameter]) -> QueryRequest {
        let (text, parameters) = (text.to_owned(), parameters.to_vec());
        QueryRequest {
            text,
            range,
            parameters,
            consent: None,
            sort: Vec::new(),
            filters: Vec::new(),
            read_only: false,
        }
    }

    pub(crate) async fn ask(
        &self,
        text: &str,
        range: QueryRange,
        given: &[QueryParameter],
    ) -> Result<QueryRunReply> {
        self.session().run(&self.database, Self::request(text, range, given)).await
    }

    /// Runs a whole text and waits for its end.
    pub(crate) async fn run(&self, text: &str) -> QueryState {
        self.run_with(text, QueryRange::All, &[]).await
    }

    pub(crate) async fn run_with(
        &self,
        text: &str,
        range: QueryRange,
        given: &[QueryParameter],
    ) -> QueryState {
        self.until_over(self.ask(text, range, given).await.unwrap()).await
    }

    pub(crate) async fn sorted(&self, text: &str, column: u32, descending: bool) -> QueryState {
        let mut request = Self::request(text, QueryRange::All, &[]);
        request.sort = vec![QuerySort { column, descending }];
        self.until_over(self.session().run(&self.database, request).await.unwrap()).await
    }

    /// With conditions that the server is asked for.
    pub(crate) async fn filtered(
        &self,
        text: &str,
        given: &[QueryParameter],
        filters: &[QueryCondition],
    ) -> QueryState {
        let mut request = Self::request(text, QueryRange::All, given);
        request.filters = filters.to_vec();
        self.until_over(self.session().run(&self.database, request).await.unwrap()).await
    }

    pub(crate) async fn until_over(&self, reply: QueryRunReply) -> QueryState {
        let QueryRunReply::Started { run } = reply else { panic!("it did not start: {reply:?}") };
        self.until(|state| state.run == run && matches!(state.phase, QueryPhase::Idle | QueryPhase::Lost))
            .await
    }

    /// The first state that fits.
    pub(crate) async fn until(&self, fits: impl Fn(&QueryState) -> bool) -> QueryState {
        let mut states = std::pin::pin!(self.session().watch());
        loop {
            let state = states.next().await.expect("the tab is open");
            if fits(&state) {
                return state;
            }
        }
    }

    /// The first thousand rows of a result.
    pub(crate) async fn texts(&self, state: &QueryState, result: usize) -> Texts {
        let rows = self.tabs.rows(&state.results[result].id, None, 0, 1000).await.unwrap().rows;
        rows.into_iter().map(|row| row.into_iter().map(|cell| cell.map(|cell| cell.text)).collect()).collect()
    }
}

pub(crate) fn texts(rows: &[&[Option<&str>]]) -> Texts {
    rows.iter().map(|row| row.iter().map(|cell| cell.map(str::to_owned)).collect()).collect()
}

/// Waits until so many sessions of this database run something with these words.
pub(crate) async fn until_running(database: &TestDatabase, words: &str, sessions: i64) {
    let asked = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and state = 'active' and query like '%{words}%' \
         and pid <> pg_backend_pid()",
        database.name
    );
    for _ in 0..600 {
        if database.value(&asked).await.unwrap() == sessions.to_string() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {sessions} sessions with {words}");
}
