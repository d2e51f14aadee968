//! TLS beside libpq: every sslmode with every kind of certificate, ours and psql's, on one server.

use std::path::Path;
use std::process::Command;

use evaldesk_core::connection::{ConnectionProfile, Database, TlsFiles, TlsMode, parse_url};
use evaldesk_core::{Error, ErrorKind};
use support::{Certified, Cluster, Pki, usual};

const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// How a session came about: encrypted or plain, or not at all.
type Outcome = Result<bool, Error>;

fn profile(cluster: &Cluster, host: &str, parameters: &str) -> ConnectionProfile {
    let url = format!("postgres://postgres@{host}:{}/postgres?{parameters}", cluster.port());
    parse_url(&url).unwrap().profile
}

async fn ours(profile: &ConnectionProfile) -> Outcome {
    let open = Database::open(profile, None).await?;
    let asked = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    Ok(sqlx::query_scalar(asked).fetch_one(open.pool()).await?)
}

/// psql's outcome and its words. Its home is empty: no certificate of the reader's comes into it.
fn libpq(cluster: &Cluster, home: &Path, host: &str, parameters: &str) -> (Option<bool>, String) {
    let url = format!("postgres://postgres@{host}:{}/postgres?{parameters}", cluster.port());
    let mut psql = Command::new("psql");
    psql.args(["-XAtc", "select ssl from pg_stat_ssl where pid = pg_backend_pid()", &url]);
    psql.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home).env("LC_ALL", "C");
    let done = psql.output().expect("psql is missing: apt-get install postgresql-client");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.success().then(|| out.trim() == "t"), err.into_owned())
}

/// What is said of a certificate that does not hold.
fn words(kind: &str) -> &'static str {
    match kind {
        "self-signed" => "signed by nobody who is trusted",
        "wrong host" => "is for elsewhere.example, not for localhost",
        "expired" => "has expired",
        _ => "does not support TLS",
    }
}

async fn compare(cluster: &Cluster, home: &Path, kind: &str, parameters: &str) -> Option<Error> {
    let (theirs, said) = libpq(cluster, home, "localhost", parameters);
    let ours = ours(&profile(cluster, "localhost", parameters)).await;
    let shown = format!("{kind}, {parameters}: psql {theirs:?} ({said}), ours {ours:?}");
    assert_eq!(ours.as_ref().ok().copied(), theirs, "{shown}");
    let error = ours.err()?;
    assert_eq!(error.kind(), ErrorKind::Tls, "{shown}");
    assert!(error.hint_text().is_some(), "{shown}");
    Some(error)
}

#[tokio::test]
async fn every_mode_does_with_every_certificate_what_libpq_does() {
    let (cluster, pki, home) = (Cluster::private(usual()), Pki::new(), tempfile::tempdir().unwrap());
    let root = format!("&sslrootcert={}", pki.root().display());
    let shown: [(&str, Option<Certified>); 5] = [
        ("none", None),
        ("good", Some(pki.signed("db", &["localhost"]))),
        ("self-signed", Some(pki.self_signed(&["localhost"]))),
        ("wrong host", Some(pki.signed("db", &["elsewhere.example"]))),
        ("expired", Some(pki.expired(&["localhost"]))),
    ];
    let mut failures = 0;
    for (kind, certificate) in shown {
        if let Some(certificate) = certificate {
            cluster.certify(&certificate);
        }
        for mode in MODES {
            let without = compare(&cluster, home.path(), kind, &format!("sslmode={mode}")).await;
            let with = compare(&cluster, home.path(), kind, &format!("sslmode={mode}{root}")).await;
            if let Some(error) = &with {
                assert!(error.message().contains(words(kind)), "{kind} {mode}: {error}");
            }
            failures += u32::from(without.is_some()) + u32::from(with.is_some());
        }
    }
    // Of the sixty. A table that never fails, or always, would say nothing.
    assert!((20..40).contains(&failures), "{failures}");
}

#[tokio::test]
async fn certificates_of_older_making_are_taken_as_libpq_takes_them() {
    let (cluster, pki, home) = (Cluster::private(usual()), Pki::new(), tempfile::tempdir().unwrap());
    let full = |root: &Path| format!("sslmode=verify-full&sslrootcert={}", root.display());
    // A common name and no other.
    cluster.certify(&pki.signed("localhost", &[]));
    assert!(compare(&cluster, home.path(), "common name", &full(&pki.root())).await.is_none());
    cluster.certify(&pki.signed("elsewhere.example", &[]));
    let other = compare(&cluster, home.path(), "another common name", &full(&pki.root())).await.unwrap();
    assert!(other.message().contains("is for elsewhere.example"), "{other}");
    cluster.certify(&pki.signed("localhost", &["elsewhere.example"]));
    assert!(
        compare(&cluster, home.path(), "a name beside the common one", &full(&pki.root())).await.is_some()
    );
    // The server's own certificate named as the authority.
    let itself = pki.self_signed(&["localhost"]);
    cluster.certify(&itself);
    let root = pki.write("itself.crt", &itself.certificate);
    assert!(compare(&cluster, home.path(), "itself", &full(&root)).await.is_none());
    // The recipe of PostgreSQL's manual: version 1, no names.
    let (first, root) = by_the_manual(&pki);
    cluster.certify(&first);
    assert!(compare(&cluster, home.path(), "version 1", &full(&root)).await.is_none());
    let foreign = compare(&cluster, home.path(), "version 1 of another", &full(&pki.root())).await.unwrap();
    assert!(foreign.message().contains("signed by nobody"), "{foreign}");
    assert!(compare(&cluster, home.path(), "version 1", "sslmode=require").await.is_none());
}

/// <https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-CERTIFICATE-CREATION>, by an OpenSSL that makes version 1
/// of what has no extensions.
fn by_the_manual(pki: &Pki) -> (Certified, std::path::PathBuf) {
    let run = |line: &str| {
        let done = Command::new("openssl").args(line.split(' ')).current_dir(pki.folder()).output().unwrap();
        assert!(done.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
    };
    run("req -new -x509 -days 2 -nodes -subj /CN=manual -keyout manual.key -out manual.crt");
    run("req -new -nodes -subj /CN=localhost -keyout first.key -out first.csr");
    run("x509 -req -in first.csr -CA manual.crt -CAkey manual.key -CAcreateserial -days 2 -out first.crt");
    let read = |name: &str| std::fs::read_to_string(pki.folder().join(name)).unwrap();
    (Certified { certificate: read("first.crt"), key: read("first.key") }, pki.folder().join("manual.crt"))
}

#[tokio::test]
async fn an_address_is_checked_by_its_own_name_or_by_the_one_that_is_told() {
    let (cluster, pki, home) = (Cluster::private(usual()), Pki::new(), tempfile::tempdir().unwrap());
    let full = format!("sslmode=verify-full&sslrootcert={}", pki.root().display());
    cluster.certify(&pki.signed("db", &["db.example", "127.0.0.1"]));
    assert!(ours(&profile(&cluster, "127.0.0.1", &full)).await.unwrap());
    assert_eq!(libpq(&cluster, home.path(), "127.0.0.1", &full).0, Some(true));
    cluster.certify(&pki.signed("db", &["db.example"]));
    let mut by_name = profile(&cluster, "127.0.0.1", &full);
    let refused = ours(&by_name).await.unwrap_err();
    assert!(refused.message().contains("is for db.example, not for 127.0.0.1"), "{refused}");
    assert!(refused.hint_text().is_some_and(|hint| hint.contains("server name")));
    by_name.tls_files.server_name = Some("db.example".into());
    assert!(ours(&by_name).await.unwrap());
    by_name.tls_files.server_name = Some("other.example".into());
    assert_eq!(ours(&by_name).await.unwrap_err().kind(), ErrorKind::Tls);
}

#[tokio::test]
async fn weak_modes_do_not_take_the_systems_authorities() {
    let cluster = Cluster::shared(usual());
    for mode in ["allow", "prefer", "require", "verify-ca"] {
        let mut weak = profile(&cluster, "localhost", "sslrootcert=system");
        weak.tls = serde_json::from_value(mode.into()).unwrap();
        let refused = ours(&weak).await.unwrap_err();
        assert!(refused.kind() == ErrorKind::Tls && refused.message().contains(mode), "{refused}");
    }
    let mut without = profile(&cluster, "localhost", "");
    without.tls = TlsMode::VerifyCa;
    assert!(ours(&without).await.unwrap_err().hint_text().is_some_and(|hint| hint.contains("sslrootcert")));
}

/// A server that lets in whoever shows a certificate of the authority for the user's name.
fn asking(pki: &Pki) -> Cluster {
    let cluster = Cluster::private(usual());
    cluster.put("root.crt", &std::fs::read_to_string(pki.root()).unwrap());
    cluster.put("pg_hba.conf", "hostssl all all all cert\n");
    std::fs::write(cluster.data().join("postgresql.auto.conf"), "ssl_ca_file = 'root.crt'\n").unwrap();
    cluster.certify(&pki.signed("db", &["localhost"]));
    cluster
}

fn with_files(cluster: &Cluster, root: &Path, certificate: &Path, key: &Path) -> ConnectionProfile {
    let mut profile =
        profile(cluster, "localhost", &format!("sslmode=verify-full&sslrootcert={}", root.display()));
    profile.tls_files = TlsFiles {
        client_cert: Some(certificate.display().to_string()),
        client_key: Some(key.display().to_string()),
        server_name: None,
    };
    profile
}

#[tokio::test]
async fn a_client_certificate_says_who_we_are() {
    let pki = Pki::new();
    let cluster = asking(&pki);
    let us = pki.signed("postgres", &[]);
    let (certificate, key) = (pki.write("us.crt", &us.certificate), pki.write("us.key", &us.key));
    assert!(ours(&with_files(&cluster, &pki.root(), &certificate, &key)).await.unwrap());
    let url = format!(
        "sslmode=verify-full&sslrootcert={}&sslcert={}&sslkey={}",
        pki.root().display(),
        certificate.display(),
        key.display()
    );
    assert!(ours(&profile(&cluster, "localhost", &url)).await.unwrap());
    let without =
        profile(&cluster, "localhost", &format!("sslmode=verify-full&sslrootcert={}", pki.root().display()));
    assert_eq!(ours(&without).await.unwrap_err().kind(), ErrorKind::AuthenticationFailed);
    // Somebody else's authority signed it: the server ends the handshake, and says so.
    let stranger = Pki::new().signed("postgres", &[]);
    let foreign = pki.write("foreign.crt", &stranger.certificate);
    let foreign_key = pki.write("foreign.key", &stranger.key);
    let refused = ours(&with_files(&cluster, &pki.root(), &foreign, &foreign_key)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Tls);
    assert!(refused.message().contains("our certificate"), "{refused}");
}

#[tokio::test]
async fn files_of_a_client_certificate_are_looked_at_before_anything_is_sent() {
    use std::os::unix::fs::PermissionsExt as _;
    let pki = Pki::new();
    let cluster = Cluster::shared(usual());
    let (us, other) = (pki.signed("postgres", &[]), pki.signed("other", &[]));
    let (certificate, key) = (pki.write("us.crt", &us.certificate), pki.write("us.key", &us.key));
    let other_key = pki.write("other.key", &other.key);
    let check = async |certificate: &Path, key: &Path, words: &str| {
        let error = ours(&with_files(&cluster, &pki.root(), certificate, key)).await.unwrap_err();
        assert!(error.kind() == ErrorKind::Tls && error.message().contains(words), "{words}: {error}");
        assert!(error.hint_text().is_some());
    };
    check(&pki.folder().join("absent.crt"), &key, "absent.crt cannot be read").await;
    check(&certificate, &pki.folder().join("absent.key"), "absent.key cannot be read").await;
    check(&key, &key, "is no PEM certificate").await;
    check(&certificate, &certificate, "is no PEM key").await;
    check(&certificate, &other_key, "cannot be used with the key").await;
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    check(&certificate, &key, "is open to others (mode 0644)").await;
    let mut half = with_files(&cluster, &pki.root(), &certificate, &key);
    half.tls_files.client_key = None;
    assert!(ours(&half).await.unwrap_err().message().contains("no key for it"));
}
