//! Tunnels, through OpenSSH's own server: who it is, who we are, jump hosts, and a server that dies.

use evaldesk_core::connection::{
    Access, ConnectionProfile, Database, Secret, SshAuth, SshPlace, SshTunnel, StepOutcome, Tunnel,
    parse_url, test_connection,
};
use evaldesk_core::{Error, ErrorKind};
use support::{
    Cluster, PasswordSshd, Pki, SshAgent, SshAsks, Sshd, TestDatabase, any_database, keygen, usual,
};

/// A profile whose database is reached through an SSH server.
struct Through {
    profile: ConnectionProfile,
    place: SshPlace,
}

impl Through {
    /// Its key is known, and ours is a file.
    fn known(database: &TestDatabase, sshd: &Sshd) -> Self {
        let through = Self::new(database, sshd);
        through.write("known_hosts", &sshd.known_hosts_line());
        through
    }

    fn new(database: &TestDatabase, sshd: &Sshd) -> Self {
        Self::new_at(&database.url, sshd)
    }

    fn new_at(url: &str, sshd: &Sshd) -> Self {
        let mut profile = parse_url(url).unwrap().profile;
        profile.ssh = Some(SshTunnel {
            host: "127.0.0.1".into(),
            port: Some(sshd.port()),
            user: Some(sshd.user()),
            auth: SshAuth::Key,
            key_file: Some(sshd.key_file().display().to_string()),
            ..SshTunnel::default()
        });
        let place = SshPlace {
            home: Some(sshd.home().to_owned()),
            user: Some("somebody-else".into()),
            agent: None,
            known_hosts: sshd.home().join("accepted"),
        };
        Self { profile, place }
    }

    fn ssh(&mut self) -> &mut SshTunnel {
        self.profile.ssh.as_mut().unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.place.home.as_ref().unwrap().join(".ssh").join(name), text).unwrap();
    }

    fn tunnel(&self, secret: Option<&str>) -> Tunnel {
        Tunnel::new(self.profile.ssh.as_ref().unwrap(), secret.map(Secret::new), self.place.clone())
    }

    fn access(&self, secret: Option<&str>) -> Access {
        Access { password: None, tunnel: Some(self.tunnel(secret)) }
    }

    async fn open(&self) -> Result<Database, Error> {
        Database::open_with(&self.profile, &self.access(None)).await
    }

    /// Opens it and reads who is connected.
    async fn works(&self, secret: Option<&str>) {
        let database = Database::open_with(&self.profile, &self.access(secret)).await.unwrap();
        assert_eq!(one(&database).await, 1);
    }

    async fn fails(&self, secret: Option<&str>) -> Error {
        Database::open_with(&self.profile, &self.access(secret)).await.err().expect("it opens")
    }
}

async fn one(database: &Database) -> i32 {
    sqlx::query_scalar("select 1").fetch_one(database.pool()).await.unwrap()
}

#[tokio::test]
async fn every_session_goes_through_one_ssh_session() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let through = Through::known(&database, &sshd);
    let open = through.open().await.unwrap();
    let mut own = open.dedicated().await.unwrap();
    let (in_pool, in_own): (i32, i32) = tokio::join!(one(&open), async {
        sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut own).await.unwrap()
    });
    assert!(in_pool == 1 && in_own > 0);
    assert_eq!(sshd.sign_ins(), 1, "{}", sshd.log());
    // The settings of the profile count as on any other session.
    let limit: String = sqlx::query_scalar("show lock_timeout").fetch_one(open.pool()).await.unwrap();
    assert_eq!(limit, "2s");
}

#[tokio::test]
async fn cancelling_works_through_the_tunnel() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let open = Through::known(&database, &sshd).open().await.unwrap();
    let mut own = open.dedicated().await.unwrap();
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut own).await.unwrap();
    let (slept, _) = tokio::join!(sqlx::raw_sql("select pg_sleep(20)").execute(&mut own), async {
        database_is_asleep(&database, pid).await;
        assert!(open.cancel_backend(pid).await.unwrap());
    });
    assert_eq!(Error::from(slept.unwrap_err()).kind(), ErrorKind::Cancelled);
}

async fn database_is_asleep(database: &TestDatabase, pid: i32) {
    let asked = format!("select wait_event = 'PgSleep' from pg_stat_activity where pid = {pid}");
    while database.value(&asked).await.as_deref() != Some("true") {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_unknown_host_key_is_a_question_and_is_asked_once() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let through = Through::new(&database, &sshd);
    let asked = through.fails(None).await;
    assert_eq!(asked.kind(), ErrorKind::UnknownHostKey);
    assert_eq!(asked.detail_text(), Some(sshd.fingerprint().as_str()));
    assert_eq!(sshd.sign_ins(), 0);
    // Another fingerprint than the one that is shown is no answer to it.
    let wrong = through.tunnel(None).trust("SHA256:somebodyelses").await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::UnknownHostKey);
    through.tunnel(None).trust(&sshd.fingerprint()).await.unwrap();
    through.works(None).await;
    assert!(!through.place.home.unwrap().join(".ssh/known_hosts").exists(), "only our own file is written");
}

#[tokio::test]
async fn a_changed_host_key_is_refused_with_both_fingerprints_and_nothing_is_sent() {
    let (database, mut sshd) = (any_database().await, Sshd::start());
    let through = Through::known(&database, &sshd);
    through.works(None).await;
    let before = sshd.fingerprint();
    sshd.kill();
    sshd.change_host_key();
    sshd.run();
    let signed_in = sshd.sign_ins();
    let refused = through.fails(None).await;
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert!(
        refused.message().contains(&before) && refused.message().contains(&sshd.fingerprint()),
        "{refused}"
    );
    assert_eq!(sshd.sign_ins(), signed_in);
    // A key that changed cannot be accepted by its fingerprint either.
    let trusted = through.tunnel(None).trust(&sshd.fingerprint()).await.unwrap_err();
    assert_eq!(trusted.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_key_with_a_passphrase_is_opened_by_it_alone() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let key = sshd.home().join("locked");
    keygen(&key, "open sesame");
    sshd.also_take(&key);
    let mut through = Through::known(&database, &sshd);
    through.ssh().key_file = Some(key.display().to_string());
    let missing = through.fails(None).await;
    assert_eq!(missing.kind(), ErrorKind::SecretUnavailable);
    assert!(missing.message().contains("passphrase") && missing.message().contains("locked"), "{missing}");
    let wrong = through.fails(Some("open barley")).await;
    assert_eq!(wrong.kind(), ErrorKind::SecretUnavailable);
    assert!(!format!("{wrong:?}").contains("barley"));
    through.works(Some("open sesame")).await;
}

#[tokio::test]
async fn a_key_that_others_may_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let (database, sshd) = (any_database().await, Sshd::start());
    std::fs::set_permissions(sshd.key_file(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = Through::known(&database, &sshd).fails(None).await;
    assert!(refused.message().contains("0644"), "{refused}");
    assert!(refused.hint_text().is_some_and(|hint| hint.contains("chmod 600")));
}

#[tokio::test]
async fn an_agent_signs_and_one_without_the_key_says_what_was_tried() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let mut through = Through::known(&database, &sshd);
    (through.ssh().auth, through.ssh().key_file) = (SshAuth::Agent, None);
    let without = through.fails(None).await;
    assert_eq!(without.kind(), ErrorKind::AuthenticationFailed);
    assert!(without.message().contains("SSH_AUTH_SOCK"), "{without}");
    let strange = sshd.home().join("strange");
    keygen(&strange, "");
    let empty_handed = SshAgent::with(&[&strange]);
    through.place.agent = Some(empty_handed.socket());
    let refused = through.fails(None).await;
    assert!(refused.message().contains("1 of the 1 keys of ssh-agent"), "{refused}");
    let agent = SshAgent::with(&[&strange, &sshd.key_file()]);
    through.place.agent = Some(agent.socket());
    through.works(None).await;
}

#[tokio::test]
async fn a_jump_leads_through_two_servers_and_both_are_checked() {
    let (database, gate, inner) = (any_database().await, Sshd::start(), Sshd::start());
    inner.also_take(&gate.key_file());
    let mut through = Through::known(&database, &gate);
    // The gate's key is named by the config: a jump host takes what that says.
    through.write(
        "config",
        &format!(
            "Host gate\n HostName 127.0.0.1\n Port {}\n User {}\n IdentityFile {}\nHost inner\n HostName 127.0.0.1\n Port {}\n User {}\n ProxyJump gate\n",
            gate.port(), gate.user(), gate.key_file().display(), inner.port(), inner.user(),
        ),
    );
    *through.ssh() = SshTunnel {
        host: "inner".into(),
        auth: SshAuth::Key,
        key_file: Some(gate.key_file().display().to_string()),
        ..SshTunnel::default()
    };
    let asked = through.fails(None).await;
    assert_eq!(
        (asked.kind(), asked.detail_text()),
        (ErrorKind::UnknownHostKey, Some(inner.fingerprint().as_str()))
    );
    through.tunnel(None).trust(&inner.fingerprint()).await.unwrap();
    through.works(None).await;
    assert!(gate.sign_ins() > 0 && inner.sign_ins() > 0);
}

#[tokio::test]
async fn a_server_that_died_is_noticed_and_the_tunnel_opens_again() {
    let (database, mut sshd) = (any_database().await, Sshd::start());
    let through = Through::known(&database, &sshd);
    let open = through.open().await.unwrap();
    assert_eq!(one(&open).await, 1);
    sshd.kill();
    let down = open.dedicated().await.unwrap_err();
    assert_eq!(down.kind(), ErrorKind::ConnectionRefused);
    assert!(down.message().contains("SSH server"), "{down}");
    sshd.run();
    let mut own = open.dedicated().await.unwrap();
    let two: i32 = sqlx::query_scalar("select 2").fetch_one(&mut own).await.unwrap();
    assert_eq!((two, one(&open).await), (2, 1));
}

#[tokio::test]
async fn a_pool_says_why_the_tunnel_is_not_there() {
    let (database, mut sshd) = (any_database().await, Sshd::start());
    let open = Through::known(&database, &sshd).open().await.unwrap();
    assert_eq!(one(&open).await, 1);
    sshd.kill();
    let down = Error::from(sqlx::query("select 1").fetch_one(open.pool()).await.unwrap_err());
    assert_eq!(down.kind(), ErrorKind::ConnectionRefused);
    assert!(down.message().contains("cannot reach the SSH server"), "{down}");
    assert!(down.hint_text().is_some());
}

#[tokio::test]
async fn what_the_ssh_server_will_not_do_is_its_own_fault_and_said_so() {
    let database = any_database().await;
    let closed = Sshd::with("AllowTcpForwarding no");
    let refused = Through::known(&database, &closed).fails(None).await;
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    assert!(refused.hint_text().is_some_and(|hint| hint.contains("AllowTcpForwarding")));
    let sshd = Sshd::start();
    let mut through = Through::known(&database, &sshd);
    through.profile.port = 1;
    let unreachable = through.fails(None).await;
    assert_eq!(unreachable.kind(), ErrorKind::ConnectionRefused);
    assert!(unreachable.message().contains("does not lead to 127.0.0.1:1"), "{unreachable}");
}

#[tokio::test]
async fn a_test_begins_with_the_tunnel_and_ends_with_direct() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let mut through = Through::known(&database, &sshd);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
    let report = test_connection(&through.profile, &through.access(None), today).await;
    let names: Vec<&str> = report.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Tunnel", "Host", "Reached", "TLS", "Password", "Database", "Version", "Direct"]);
    assert!(report.error.is_none(), "{:?}", report.error);
    assert!(report.steps[0].took_ms.is_some_and(|took| took > 0.0));
    assert!(report.steps[0].detail.contains(&sshd.user()), "{:?}", report.steps[0]);
    through.ssh().port = Some(1);
    let report = test_connection(&through.profile, &through.access(None), today).await;
    let outcomes: Vec<StepOutcome> = report.steps.iter().map(|step| step.outcome).collect();
    assert_eq!(outcomes[0], StepOutcome::Failed);
    assert!(outcomes[1..].iter().all(|outcome| *outcome == StepOutcome::Skipped));
}

#[tokio::test]
async fn a_profile_with_a_tunnel_never_goes_another_way() {
    let (database, sshd) = (any_database().await, Sshd::start());
    let through = Through::known(&database, &sshd);
    let refused = Database::open(&through.profile, None).await.err().expect("it opens");
    assert_eq!(refused.kind(), ErrorKind::Precondition);
}

/// Through a server that takes a password.
fn by_password(database: &TestDatabase, sshd: &PasswordSshd) -> Through {
    let mut profile = parse_url(&database.url).unwrap().profile;
    profile.ssh = Some(SshTunnel {
        host: "127.0.0.1".into(),
        port: Some(sshd.port()),
        user: Some(PasswordSshd::USER.into()),
        auth: SshAuth::Password,
        ..SshTunnel::default()
    });
    let place = SshPlace {
        home: Some(sshd.home().to_owned()),
        user: None,
        agent: None,
        known_hosts: sshd.home().join("accepted"),
    };
    Through { profile, place }
}

#[tokio::test]
async fn a_password_signs_in_whether_it_is_sent_or_asked_for_as_a_question() {
    let database = any_database().await;
    for asks in [SshAsks::Password, SshAsks::Question] {
        let sshd = PasswordSshd::start(asks, "open sesame").await;
        let through = by_password(&database, &sshd);
        through.works(Some("open sesame")).await;
        let wrong = through.fails(Some("open barley")).await;
        assert_eq!(wrong.kind(), ErrorKind::AuthenticationFailed, "{asks:?}: {wrong}");
        assert!(wrong.message().contains("the password is wrong"), "{asks:?}: {wrong}");
        assert!(!format!("{wrong:?}").contains("barley"), "{asks:?}");
        let missing = through.fails(None).await;
        assert_eq!(missing.kind(), ErrorKind::SecretUnavailable, "{asks:?}: {missing}");
    }
}

#[tokio::test]
async fn a_server_that_asks_for_more_than_a_password_is_not_answered() {
    let database = any_database().await;
    let sshd = PasswordSshd::start(SshAsks::PasswordAndCode, "open sesame").await;
    let refused = by_password(&database, &sshd).fails(Some("open sesame")).await;
    assert_eq!(refused.kind(), ErrorKind::AuthenticationFailed);
    assert!(refused.message().contains("more than a password"), "{refused}");
}

#[tokio::test]
async fn an_idle_tunnel_asks_the_server_whether_it_lives_and_stays_open() {
    let (database, sshd) = (any_database().await, Sshd::with("LogLevel DEBUG1"));
    let open = Through::known(&database, &sshd).open().await.unwrap();
    assert_eq!(one(&open).await, 1);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while !sshd.log().contains("keepalive@openssh.com") {
        assert!(std::time::Instant::now() < until, "nothing was asked:\n{}", sshd.log());
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(one(&open).await, 1);
    assert_eq!(sshd.sign_ins(), 1, "{}", sshd.log());
}

#[tokio::test]
async fn through_a_tunnel_a_certificate_has_to_be_for_the_databases_host() {
    let (cluster, pki) = (Cluster::private(usual()), Pki::new());
    let sshd = Sshd::start();
    let url = |host: &str| {
        let root = pki.root().display().to_string();
        format!(
            "postgres://postgres@{host}:{}/postgres?sslmode=verify-full&sslrootcert={root}",
            cluster.port()
        )
    };
    let through = |host: &str| {
        let through = Through::new_at(&url(host), &sshd);
        through.write("known_hosts", &sshd.known_hosts_line());
        through
    };
    // The SSH server knows the name; it is 127.0.0.1 that the stream comes from.
    cluster.certify(&pki.signed("localhost", &["localhost"]));
    through("localhost").works(None).await;
    let by_address = through("127.0.0.1").fails(None).await;
    assert!(by_address.message().contains("is for localhost, not for 127.0.0.1"), "{by_address}");
    let mut named = through("127.0.0.1");
    named.profile.tls_files.server_name = Some("localhost".into());
    named.works(None).await;
    cluster.certify(&pki.signed("elsewhere.example", &["elsewhere.example"]));
    let wrong = through("localhost").fails(None).await;
    assert!(wrong.message().contains("is for elsewhere.example, not for localhost"), "{wrong}");
}

#[tokio::test]
async fn client_tools_go_through_the_tunnel_too() {
    let (database, sshd) = (any_database().await, Sshd::start());
    database.run("create table kept (n int); insert into kept select 4711").await;
    let open = Through::known(&database, &sshd).open().await.unwrap();
    let tools = open.profile_of_tools();
    assert!(tools.host.starts_with('/') && tools.ssh.is_none(), "{tools:?}");
    let mut dump = std::process::Command::new("pg_dump");
    dump.args(["--data-only", "--table=kept", "--host", &tools.host, "--port", &tools.port.to_string()]);
    dump.args(["--username", &tools.user, &tools.database]).env_clear();
    let path = std::env::var_os("PATH").unwrap();
    let dumped = tokio::task::spawn_blocking(move || dump.env("PATH", path).output()).await.unwrap();
    let dumped = dumped.expect("pg_dump is missing: apt-get install postgresql-client");
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    assert!(String::from_utf8_lossy(&dumped.stdout).contains("4711"));
    assert_eq!(sshd.sign_ins(), 1, "{}", sshd.log());
}
