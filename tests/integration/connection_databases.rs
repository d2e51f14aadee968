//! Databases of a server: what is listed, what a plan refuses, and that nothing goes without its name.

use std::sync::Arc;

use evaldesk_api::commands::{
    ConnectionArguments, ConnectionSaveArguments, DatabaseCreateArguments, DatabaseCreatePlanArguments,
    DatabaseDropArguments, DatabaseDropPlanArguments, DatabaseOpenArguments, connection_remove,
    connection_save, database_create, database_create_plan, database_drop, database_drop_plan, database_list,
    database_open,
};
use evaldesk_api::{ErrorReport, Session};
use evaldesk_core::ErrorKind;
use evaldesk_core::connection::databases::{
    DatabaseCreateRequest, DatabaseDropRequest, DatabaseLocale, LocaleProvider, ServerEncoding,
};
use evaldesk_core::connection::{
    ConnectionProfile, Environment, MemoryProfiles, MemorySecrets, Secret, SecretPolicy, parse_url,
};
use support::{TestDatabase, empty_database, for_each_version, usual};

struct Desk {
    test: TestDatabase,
    session: Session,
    connection: String,
    _home: tempfile::TempDir,
}

impl Desk {
    async fn new(major: u32) -> Self {
        Self::with(empty_database(major).await, |_| ()).await
    }

    async fn with(test: TestDatabase, change: impl FnOnce(&mut ConnectionProfile)) -> Self {
        Self::at(&test.url.clone(), test, change).await
    }

    async fn at(url: &str, test: TestDatabase, change: impl FnOnce(&mut ConnectionProfile)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let session = Session::builder(home.path().join("data"))
            .secrets(Arc::new(MemorySecrets::default()))
            .profiles(Arc::new(MemoryProfiles::default()))
            .build();
        let mut parsed = parse_url(url).unwrap();
        "Here".clone_into(&mut parsed.profile.name);
        parsed.profile.secret_policy = SecretPolicy::Keyring;
        change(&mut parsed.profile);
        // The server takes its superuser by trust, whatever is sent.
        let password = parsed.password.or_else(|| Some(Secret::new("trusted")));
        let save = ConnectionSaveArguments { profile: parsed.profile, password, url: None, ssh_secret: None };
        let saved = connection_save(&session, save).await.unwrap();
        Self { test, session, connection: saved.id, _home: home }
    }

    fn here(&self) -> ConnectionArguments {
        ConnectionArguments { connection: self.connection.clone() }
    }

    /// A name beside the test's own database.
    fn name(&self, end: &str) -> String {
        format!("{}{end}", self.test.name)
    }

    async fn make(&self, request: DatabaseCreateRequest) -> Result<String, ErrorReport> {
        let connection = self.connection.clone();
        let arguments = DatabaseCreatePlanArguments { connection: connection.clone(), request };
        let plan = database_create_plan(&self.session, arguments).await?;
        let sql = plan.sql.clone();
        database_create(&self.session, DatabaseCreateArguments { connection, plan, confirm: None }).await?;
        Ok(sql)
    }

    async fn drop(&self, name: &str, force: bool, confirm: Option<&str>) -> Result<(), ErrorReport> {
        let connection = self.connection.clone();
        let request = DatabaseDropRequest { name: name.to_owned(), force };
        let arguments = DatabaseDropPlanArguments { connection: connection.clone(), request };
        let plan = database_drop_plan(&self.session, arguments).await?;
        let confirm = confirm.map(str::to_owned);
        database_drop(&self.session, DatabaseDropArguments { connection, plan, confirm }).await.map(|_| ())
    }

    async fn names(&self) -> Vec<String> {
        let all = database_list(&self.session, self.here()).await.unwrap();
        all.into_iter().map(|one| one.name).collect()
    }
}

fn named(name: &str) -> DatabaseCreateRequest {
    DatabaseCreateRequest { name: name.to_owned(), ..DatabaseCreateRequest::default() }
}

#[tokio::test]
async fn a_database_is_listed_made_and_dropped_on_every_version() {
    for_each_version(|test| async move {
        let desk = Desk::with(test, |_| ()).await;
        let all = database_list(&desk.session, desk.here()).await.unwrap();
        let own = all.iter().find(|one| one.current).unwrap();
        assert_eq!((own.name.as_str(), own.encoding.as_str()), (desk.test.name.as_str(), "UTF8"));
        assert!(own.bytes.is_some_and(|bytes| bytes > 0) && own.may_connect && own.sessions > 0, "{own:?}");
        assert!(all.iter().any(|one| one.name == "template0" && one.template && !one.may_connect));

        let weird = format!("\"<script>'🐘 {}", desk.test.name.rsplit('_').next().unwrap());
        let sql = desk.make(named(&weird)).await.unwrap();
        assert!(sql.starts_with("create database \"") && sql.contains("\"\"<script>"), "{sql}");
        assert!(desk.names().await.contains(&weird));
        desk.drop(&weird, false, Some(&weird)).await.unwrap();
        assert!(!desk.names().await.contains(&weird));
    })
    .await;
}

#[tokio::test]
async fn encoding_and_locale_come_from_the_request_on_every_version() {
    for_each_version(|test| async move {
        let major = test.major;
        let desk = Desk::with(test, |_| ()).await;
        let name = desk.name("_latin");
        let locale = Some(DatabaseLocale { provider: LocaleProvider::Libc, name: "C".to_owned() });
        let encoding = Some(ServerEncoding::Latin9);
        desk.make(DatabaseCreateRequest { encoding, locale, connection_limit: Some(3), ..named(&name) })
            .await
            .unwrap();
        let all = database_list(&desk.session, desk.here()).await.unwrap();
        let made = all.iter().find(|one| one.name == name).unwrap();
        assert_eq!((made.encoding.as_str(), made.locale.as_str(), made.connection_limit), ("LATIN9", "C", 3));
        desk.drop(&name, false, Some(&name)).await.unwrap();

        let icu = Some(DatabaseLocale { provider: LocaleProvider::Icu, name: "und".to_owned() });
        let asked = desk.make(DatabaseCreateRequest { locale: icu, ..named(&name) }).await;
        if major < 15 {
            assert_eq!(asked.unwrap_err().code, ErrorKind::InvalidArguments);
        } else {
            asked.unwrap();
            desk.drop(&name, false, Some(&name)).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_stands_in_the_way_is_in_the_plan() {
    let desk = Desk::new(usual()).await;
    let why = async |request: DatabaseCreateRequest| {
        let arguments = DatabaseCreatePlanArguments { connection: desk.connection.clone(), request };
        database_create_plan(&desk.session, arguments).await.unwrap().problem.unwrap_or_default()
    };
    assert!(why(named(&desk.test.name)).await.contains("already"));
    assert!(
        why(DatabaseCreateRequest { owner: Some("nobody".into()), ..named("x") })
            .await
            .contains("no role nobody")
    );
    assert!(
        why(DatabaseCreateRequest { template: Some("nothing".into()), ..named("x") })
            .await
            .contains("no template")
    );
    let other = DatabaseCreateRequest {
        template: Some("template1".into()),
        encoding: Some(ServerEncoding::SqlAscii),
        ..named("x")
    };
    assert!(why(other).await.contains("only template0"));
    for bad in ["", "a\nb", &"x".repeat(64)] {
        assert_eq!(desk.make(named(bad)).await.unwrap_err().code, ErrorKind::InvalidArguments, "{bad:?}");
    }
}

#[tokio::test]
async fn a_role_without_the_right_is_told_before_anything_is_sent() {
    let test = empty_database(usual()).await;
    let role = format!("plain_{}", test.name.rsplit('_').next().unwrap());
    test.run(&format!("create role {role} login password 'x'")).await;
    let desk = Desk::at(&test.url_as(&role, "x"), test, |_| ()).await;
    let error = desk.make(named("never")).await.unwrap_err();
    assert!(error.code == ErrorKind::Precondition && error.message.contains("CREATEDB"), "{error}");
    let own = desk.test.name.clone();
    let error = desk.drop(&own, false, Some(&own)).await.unwrap_err();
    assert!(error.message.contains("only its owner"), "{error}");
}

#[tokio::test]
async fn nothing_goes_without_its_own_name_or_on_a_read_only_connection() {
    let desk = Desk::new(usual()).await;
    let name = desk.name("_kept");
    desk.make(named(&name)).await.unwrap();
    for typed in [None, Some(desk.test.name.as_str())] {
        assert_eq!(desk.drop(&name, true, typed).await.unwrap_err().code, ErrorKind::Refused);
    }
    let guarded = Desk::with(empty_database(usual()).await, |profile| profile.read_only = true).await;
    assert_eq!(guarded.drop(&name, true, Some(&name)).await.unwrap_err().code, ErrorKind::Refused);
    assert_eq!(guarded.make(named("never")).await.unwrap_err().code, ErrorKind::Refused);
    assert!(desk.names().await.contains(&name));
    desk.drop(&name, false, Some(&name)).await.unwrap();
}

#[tokio::test]
async fn production_asks_for_its_name_before_a_database_is_made() {
    let desk =
        Desk::with(empty_database(usual()).await, |profile| profile.environment = Environment::Production)
            .await;
    let error = desk.make(named("never")).await.unwrap_err();
    assert!(error.code == ErrorKind::Refused && error.message.contains("production"), "{error}");
}

#[tokio::test]
async fn who_is_in_it_is_shown_stands_in_the_way_and_can_be_sent_away() {
    let desk = Desk::new(usual()).await;
    let name = desk.name("_busy");
    desk.make(named(&name)).await.unwrap();
    let url = desk.test.url.replace(&desk.test.name, &name);
    let _stranger =
        evaldesk_core::connection::Database::from_url(&url).await.unwrap().dedicated().await.unwrap();
    let request = DatabaseDropRequest { name: name.clone(), force: false };
    let arguments = DatabaseDropPlanArguments { connection: desk.connection.clone(), request };
    let plan = database_drop_plan(&desk.session, arguments).await.unwrap();
    assert!(plan.sessions.iter().any(|session| session.application == "evaldesk"), "{plan:?}");
    assert!(plan.bytes.is_some_and(|bytes| bytes > 0));
    let error = desk.drop(&name, false, Some(&name)).await.unwrap_err();
    assert_eq!(error.sqlstate.as_deref(), Some("55006"));
    assert!(error.hint.is_some_and(|hint| hint.contains("send them away")));
    desk.drop(&name, true, Some(&name)).await.unwrap();
    assert!(!desk.names().await.contains(&name));
}

#[tokio::test]
async fn a_database_can_be_dropped_by_the_connection_that_leads_to_it() {
    let desk = Desk::new(usual()).await;
    let name = desk.name("_own");
    desk.make(named(&name)).await.unwrap();
    let arguments = DatabaseOpenArguments { connection: desk.connection.clone(), database: name.clone() };
    let there = database_open(&desk.session, arguments).await.unwrap();
    let leaving = Desk { connection: there.id.clone(), ..desk };
    assert!(leaving.names().await.contains(&name));
    leaving.drop(&name, false, Some(&name)).await.unwrap();
}

#[tokio::test]
async fn another_database_opens_with_the_same_password_and_keeps_it_when_the_first_goes() {
    let test = empty_database(usual()).await;
    let role = format!("shared_{}", test.name.rsplit('_').next().unwrap());
    test.run(&format!("create role {role} login createdb password 'shared-8812'")).await;
    let desk = Desk::at(&test.url_as(&role, "shared-8812"), test, |_| ()).await;
    let name = desk.name("_next");
    desk.make(named(&name)).await.unwrap();
    let open = async || {
        let arguments = DatabaseOpenArguments { connection: desk.connection.clone(), database: name.clone() };
        database_open(&desk.session, arguments).await.unwrap()
    };
    let second = open().await;
    assert_eq!(open().await.id, second.id, "it is found again, not made again");
    assert_eq!(second.secret_of.as_deref(), Some(desk.connection.as_str()));
    let there = desk.session.database(&second.id).await.unwrap();
    assert_eq!(there.profile().database, name);
    desk.session.close(&second.id).await;
    connection_remove(&desk.session, desk.here()).await.unwrap();
    assert_eq!(desk.session.profile(&second.id).unwrap().secret_of, None);
    let again = desk.session.database(&second.id).await.unwrap();
    assert_eq!(again.profile().database, name);
    again.close().await;
}
