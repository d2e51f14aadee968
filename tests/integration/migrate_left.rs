//! What a statement that no transaction takes back leaves when it breaks off, and how resume and undo deal with it.

use evaldesk_core::Error;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationOutcome, MigrationPlan, MigrationRequest, MigrationSet, MigrationState,
    StatementPurpose, Version, apply_migrate, migration_status, plan_migrate,
};
use sqlx::Connection as _;
use support::{TestDatabase, empty_database, versions};

const HEAD: &str = "-- evaldesk: no-transaction\nset statement_timeout = '400ms';\n";

/// A database and the files of one version, with a log in the database.
pub(crate) struct Broken {
    pub(crate) test: TestDatabase,
    pub(crate) context: MigrationContext,
}

impl Broken {
    /// The version breaks off while a session holds on to what it saw of `t`.
    async fn by_a_reader(major: u32, prepare: &str, up: &str, down: &str) -> Self {
        let test = empty_database(major).await;
        test.run(prepare).await;
        let mut reader = test.session().await;
        let read = "begin isolation level repeatable read; select * from t";
        sqlx::raw_sql(read).execute(&mut reader).await.unwrap();
        let broken = Self::of(test, up, down);
        broken.breaks_off().await;
        reader.close().await.unwrap();
        broken
    }

    pub(crate) fn of(test: TestDatabase, up: &str, down: &str) -> Self {
        let files = [("1_a.up.sql", up.as_bytes()), ("1_a.down.sql", down.as_bytes())];
        let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
        context.own_schema = true;
        Self { test, context }
    }

    pub(crate) async fn breaks_off(&self) {
        self.run(MigrationRequest::Up).await.unwrap_err();
        assert_eq!(self.state().await, MigrationState::Partial);
    }

    pub(crate) async fn plan(&self, request: MigrationRequest) -> Result<MigrationPlan, Error> {
        plan_migrate(&self.test.open().await, &self.context, request).await
    }

    pub(crate) async fn run(&self, request: MigrationRequest) -> Result<MigrationOutcome, Error> {
        let (database, plan) = (self.test.open().await, self.plan(request).await?);
        apply_migrate(&database, &self.context, &plan, &JobContext::detached()).await
    }

    pub(crate) async fn state(&self) -> MigrationState {
        migration_status(&self.test.open().await, &self.context).await.unwrap().migrations.remove(0).state
    }

    async fn invalid(&self) -> String {
        let sql = "select coalesce(string_agg(relname, ' ' order by relname), '') from pg_class join pg_index on indexrelid = oid where not indisvalid";
        self.test.value(sql).await.unwrap()
    }
}

pub(crate) fn resume() -> MigrationRequest {
    MigrationRequest::Resume { version: Version::new("1") }
}

pub(crate) fn undo() -> MigrationRequest {
    MigrationRequest::Undo { version: Version::new("1") }
}

/// What the plan sends, without the settings.
fn sent(plan: &MigrationPlan) -> Vec<(StatementPurpose, &str)> {
    let all = plan.statements().map(|(_, _, one)| (one.purpose, one.sql.as_str()));
    all.filter(|(_, sql)| !sql.starts_with("set ")).collect()
}

fn says(plan: &MigrationPlan, part: &str) {
    assert!(plan.notices.iter().any(|notice| notice.contains(part)), "{part}: {:#?}", plan.notices);
}

const TABLE: &str =
    "create table t (id int, body text); insert into t select g, 'x' from generate_series(1, 9) as g;
    create index i on t (id); create index j on t (body)";

#[tokio::test]
async fn what_a_broken_reindex_left_is_dropped_and_it_is_sent_again() {
    for major in versions() {
        for (target, count) in [("index concurrently i", 1), ("table concurrently t", 3)] {
            let up = format!("{HEAD}reindex {target}");
            let broken = Broken::by_a_reader(major, TABLE, &up, "select 1").await;
            let invalid = broken.invalid().await;
            assert!(invalid.starts_with("i_ccnew"), "{major} {target}: {invalid}");
            let plan = broken.plan(resume()).await.unwrap();
            says(&plan, "i_ccnew");
            let sent = sent(&plan);
            let drops = invalid.split(' ').count();
            assert_eq!((sent.len(), drops), (count + 1, count), "{sent:?}");
            let drop = (StatementPurpose::Leftover, "drop index concurrently \"public\".\"i_ccnew\"");
            assert!(sent[..drops].contains(&drop), "{sent:?}");
            assert_eq!(sent[drops].0, StatementPurpose::Migration);
            broken.run(resume()).await.unwrap();
            assert_eq!((broken.state().await, broken.invalid().await.as_str()), (MigrationState::Up, ""));
        }
    }
}

#[tokio::test]
async fn an_index_that_was_swapped_already_counts_as_built_anew() {
    for major in versions() {
        let broken =
            Broken::by_a_reader(major, TABLE, &format!("{HEAD}reindex index concurrently i"), "select 1")
                .await;
        // As it is between the swap and the drop of the old one.
        broken.test.run("alter index i_ccnew rename to i_ccold").await;
        let plan = broken.plan(resume()).await.unwrap();
        says(&plan, "is done: the index was built anew, and the old one is left");
        assert_eq!(
            sent(&plan),
            [(StatementPurpose::Leftover, "drop index concurrently \"public\".\"i_ccold\"")]
        );
        broken.run(resume()).await.unwrap();
        assert_eq!((broken.state().await, broken.invalid().await.as_str()), (MigrationState::Up, ""));
    }
}

#[tokio::test]
async fn the_way_back_clears_away_what_a_broken_reindex_left() {
    for (major, down) in
        versions().into_iter().zip(["select 1", "-- evaldesk: no-transaction\nselect 1"].iter().cycle())
    {
        let broken =
            Broken::by_a_reader(major, TABLE, &format!("{HEAD}reindex table concurrently t"), down).await;
        assert_ne!(broken.invalid().await, "");
        broken.run(undo()).await.unwrap();
        assert_eq!((broken.state().await, broken.invalid().await.as_str()), (MigrationState::Down, ""));
    }
}

#[tokio::test]
async fn a_partition_that_is_half_detached_is_finalized() {
    let parts = "create table t (id int) partition by range (id); create table \"Old\" partition of t for values from (0) to (9);
        create table t2 partition of t for values from (9) to (19); insert into t values (1), (10)";
    let up = format!("{HEAD}alter table t detach partition \"Old\" concurrently");
    for major in versions().into_iter().filter(|major| *major >= 14) {
        let broken = Broken::by_a_reader(
            major,
            parts,
            &up,
            "alter table t attach partition \"Old\" for values from (0) to (9)",
        )
        .await;
        let plan = broken.plan(resume()).await.unwrap();
        says(&plan, "is half detached: finalize ends that");
        let finalize = "alter table \"public\".\"t\" detach partition \"public\".\"Old\" finalize";
        assert_eq!(sent(&plan), [(StatementPurpose::Instead, finalize)]);
        broken.run(resume()).await.unwrap();
        assert_eq!(broken.state().await, MigrationState::Up);
        assert_eq!(broken.test.count("t").await, 1);

        let broken = Broken::by_a_reader(
            major,
            parts,
            &up,
            "alter table t attach partition \"Old\" for values from (0) to (9)",
        )
        .await;
        let plan = broken.plan(undo()).await.unwrap();
        assert_eq!(sent(&plan)[0], (StatementPurpose::Leftover, finalize));
        broken.run(undo()).await.unwrap();
        assert_eq!((broken.state().await, broken.test.count("t").await), (MigrationState::Down, 2));
    }
}

#[tokio::test]
async fn a_partition_that_is_detached_by_now_counts_as_done_and_one_that_is_not_is_detached_again() {
    let parts = "create table t (id int) partition by range (id); create table t1 partition of t for values from (0) to (9)";
    let up = format!("{HEAD}alter table t detach partition t1 concurrently;\nselect 1");
    for major in versions().into_iter().filter(|major| *major >= 14) {
        let broken = Broken::by_a_reader(major, parts, &up, "select 1").await;
        broken.test.run("alter table t detach partition t1 finalize").await;
        let plan = broken.plan(resume()).await.unwrap();
        assert_eq!(sent(&plan), [(StatementPurpose::Migration, "select 1")]);
        broken.test.run("alter table t attach partition t1 for values from (0) to (9)").await;
        let plan = broken.plan(resume()).await.unwrap();
        says(&plan, "t1 is a partition still");
        assert_eq!(sent(&plan).len(), 2);
        broken.run(resume()).await.unwrap();
        assert_eq!(broken.state().await, MigrationState::Up);
    }
}

const TWICE: &str =
    "create table t (id int, \"order\" int, body text); insert into t values (1, 1, 'x'), (1, 1, 'x')";

#[tokio::test]
async fn an_index_that_the_server_named_is_found_by_what_it_is() {
    for major in versions() {
        for keys in ["id, \"order\" desc", "lower(body)"] {
            let test = empty_database(major).await;
            // Somebody else's, invalid too: another definition, and a name that somebody chose.
            test.run(&format!("{TWICE}; create index other on t (body)")).await;
            let up = format!("-- evaldesk: no-transaction\ncreate unique index concurrently on t ({keys})");
            let broken = Broken::of(test, &up, "select 1");
            broken.breaks_off().await;
            let spoil = "update pg_index set indisvalid = false where indexrelid = 'other'::regclass";
            broken.test.run(&format!("truncate t; {spoil}")).await;
            let plan = broken.plan(resume()).await.unwrap();
            let sent = sent(&plan);
            assert_eq!(sent.len(), 2, "{sent:?}");
            assert_eq!(sent[0].0, StatementPurpose::Leftover);
            assert!(sent[0].1.ends_with("_idx\"") && !sent[0].1.contains("other"), "{sent:?}");
            broken.run(resume()).await.unwrap();
            assert_eq!(
                (broken.state().await, broken.invalid().await.as_str()),
                (MigrationState::Up, "other")
            );
            assert_eq!(broken.test.count("pg_index where indrelid = 't'::regclass").await, 2);
        }
    }
}

#[tokio::test]
async fn an_index_without_a_name_that_is_there_and_valid_counts_as_done_unless_it_is_another_one() {
    for major in versions() {
        let test = empty_database(major).await;
        test.run(TWICE).await;
        let broken = Broken::of(
            test,
            "-- evaldesk: no-transaction\ncreate unique index concurrently on t (id)",
            "select 1",
        );
        broken.breaks_off().await;
        broken.test.run("truncate t; drop index t_id_idx; create unique index t_id_idx on t (id desc)").await;
        assert_eq!(sent(&broken.plan(resume()).await.unwrap()).len(), 1, "the order differs");
        broken.test.run("create unique index on t (id)").await;
        let plan = broken.plan(resume()).await.unwrap();
        says(&plan, "t_id_idx1 is valid, and the same index");
        assert_eq!(sent(&plan), []);
        broken.run(resume()).await.unwrap();
        assert_eq!(broken.state().await, MigrationState::Up);
    }
}

#[tokio::test]
async fn the_way_back_drops_an_index_that_the_server_named_and_no_file_drops() {
    for major in versions() {
        for down in ["select 1", "drop index t_id_idx"] {
            let test = empty_database(major).await;
            test.run(TWICE).await;
            let up = "-- evaldesk: no-transaction\ncreate unique index concurrently on t (id)";
            let broken = Broken::of(test, up, down);
            broken.breaks_off().await;
            let outcome = broken.run(undo()).await.unwrap();
            assert_eq!(outcome.applied[0].passed_over, Vec::<String>::new());
            assert_eq!((broken.state().await, broken.invalid().await.as_str()), (MigrationState::Down, ""));
        }
    }
}

#[tokio::test]
async fn an_index_that_is_half_dropped_is_dropped_or_built_anew() {
    let up = format!("{HEAD}drop index concurrently i");
    for major in versions() {
        let broken = Broken::by_a_reader(major, TABLE, &up, "create index i on t (id)").await;
        assert_eq!(broken.invalid().await, "i");
        says(&broken.plan(resume()).await.unwrap(), "i is invalid by now");
        broken.run(resume()).await.unwrap();
        assert_eq!((broken.state().await, broken.invalid().await.as_str()), (MigrationState::Up, ""));

        for down in [
            "create index i on t (id)",
            "-- evaldesk: no-transaction\ncreate index concurrently if not exists i on t (id)",
        ] {
            let broken = Broken::by_a_reader(major, TABLE, &up, down).await;
            let plan = broken.plan(undo()).await.unwrap();
            assert_eq!(sent(&plan)[0].0, StatementPurpose::Leftover, "{:?}", sent(&plan));
            broken.run(undo()).await.unwrap();
            assert_eq!((broken.state().await, broken.invalid().await.as_str()), (MigrationState::Down, ""));
            let valid = "select indisvalid from pg_index where indexrelid = 'i'::regclass";
            assert_eq!(broken.test.value(valid).await.as_deref(), Some("true"));
        }
    }
}
