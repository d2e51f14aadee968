//! Every sslmode with libpq's meaning, against a server with a certificate of an authority that nobody knows.

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Cli, Cluster, Finished, usual};

#[test]
fn modes_mean_what_they_mean_to_libpq() {
    let server = Server::start();
    let trusted = format!("&sslrootcert={}", server.authority.display());
    // Role, mode, root certificate, exit code, and what is said of it. "plainly" may enter only unencrypted.
    for (role, mode, root, code, said) in [
        ("both", "disable", "", 0, "not encrypted"),
        ("both", "allow", "", 0, "not encrypted"),
        ("both", "prefer", "", 0, "TLSv1"),
        ("both", "require", "", 0, "TLSv1"),
        ("both", "verify-ca", "", 3, "would take any certificate"),
        ("both", "verify-full", "", 3, "signed by nobody who is trusted"),
        ("both", "verify-ca", &trusted, 0, "TLSv1"),
        ("both", "verify-full", &trusted, 3, "is for elsewhere.example, not for 127.0.0.1"),
        ("both", "verify-full", "&sslrootcert=/no/such.crt", 3, "/no/such.crt cannot be read"),
        ("encrypted", "disable", "", 3, "pg_hba.conf rejects"),
        ("encrypted", "allow", "", 0, "TLSv1"),
        ("plainly", "prefer", "", 0, "not encrypted"),
        ("plainly", "require", "", 3, "pg_hba.conf rejects"),
    ] {
        let tested = server.test(role, mode, root);
        let shown = format!("{role} {mode} {root}: {} {}", tested.out, tested.err);
        assert_eq!(tested.code, code, "{shown}");
        assert!(tested.out.contains(said) || tested.err.contains(said), "{shown}");
        assert!(!tested.err.contains("nothing listens"), "{shown}");
    }
}

#[test]
fn the_authorities_of_the_system_are_taken_where_they_are_named_so() {
    let server = Server::start();
    let url = format!("postgres://both@127.0.0.1:{}/postgres", server.cluster.port());
    // What OpenSSL and its kin read in place of the system's store.
    let trusting = Cli::new().with("SSL_CERT_FILE", server.authority.display().to_string());
    for (cli, code, said) in [(&trusting, 0, "TLSv1"), (&Cli::new(), 3, "signed by nobody who is trusted")] {
        let way = [
            "--ssl-mode",
            "verify-full",
            "--ssl-root-cert",
            "system",
            "--ssl-server-name",
            "elsewhere.example",
        ];
        let add = ["connection", "add", "By the system", "--url", &url];
        let _ = cli.run(&[&add[..], &way[..]].concat()).expect(0);
        let tested = cli.run(&["connection", "test", "By the system"]).expect(code);
        assert!(tested.out.contains(said) || tested.err.contains(said), "{} {}", tested.out, tested.err);
    }
}

#[test]
fn tls_that_is_not_offered_is_said_so_and_a_wrong_password_is_not_blamed_on_it() {
    let cluster = Cluster::shared(usual());
    let url = |user: &str, mode: &str| {
        format!("postgres://{user}@127.0.0.1:{}/postgres?sslmode={mode}", cluster.port())
    };
    let required = Cli::new().run(&["connection", "test", "--url", &url("postgres", "require")]).expect(3);
    assert!(required.err.contains("does not support TLS"), "{}", required.err);
    let allowed = Cli::new().run(&["connection", "test", "--url", &url("nobody:wrong", "allow")]).expect(3);
    assert!(allowed.err.contains("28P01"), "{}", allowed.err);
}

struct Server {
    cluster: Cluster,
    authority: PathBuf,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let (cluster, folder) = (Cluster::private(usual()), tempfile::tempdir().unwrap());
        certify(folder.path(), &cluster.data());
        let rules =
            "hostnossl all encrypted all reject\nhostssl all plainly all reject\nhost all all all trust\n";
        std::fs::write(cluster.data().join("pg_hba.conf"), rules).unwrap();
        let mut settings = std::fs::read_to_string(cluster.data().join("postgresql.conf")).unwrap();
        settings.push_str("ssl = on\n");
        std::fs::write(cluster.data().join("postgresql.conf"), settings).unwrap();
        cluster.restart();
        let server = Self { cluster, authority: folder.path().join("ca.crt"), _folder: folder };
        for role in ["both", "encrypted", "plainly"] {
            server.make(role);
        }
        server
    }

    fn make(&self, role: &str) {
        let url = self.cluster.url("postgres");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = evaldesk_api::core::connection::Database::from_url(&url).await.unwrap();
            let sql = evaldesk_api::core::sql::SafeSql::new("create role ")
                .ident(&evaldesk_api::core::Ident::new(role))
                .push(" login");
            sqlx::query(sql.to_query()).execute(database.pool()).await.unwrap();
        });
    }

    fn test(&self, role: &str, mode: &str, root: &str) -> Finished {
        let port = self.cluster.port();
        let url = format!("postgres://{role}@127.0.0.1:{port}/postgres?sslmode={mode}{root}");
        Cli::new().run(&["connection", "test", "--url", &url])
    }
}

/// An authority, and a certificate of its for a name that is not the server's address.
fn certify(folder: &Path, data: &Path) {
    let run = |line: &str| {
        let done = Command::new("openssl").args(line.split(' ')).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
    };
    std::fs::write(folder.join("ext"), "subjectAltName=DNS:elsewhere.example\nbasicConstraints=CA:FALSE\n")
        .unwrap();
    run("req -new -x509 -days 2 -nodes -subj /CN=scratch -keyout ca.key -out ca.crt");
    run("req -new -nodes -subj /CN=elsewhere.example -keyout server.key -out server.csr");
    run(
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out server.crt",
    );
    for name in ["server.key", "server.crt"] {
        give(&folder.join(name), &data.join(name));
    }
}

/// The key must belong to the server's account, and to nobody else.
fn give(from: &Path, to: &Path) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    std::fs::copy(from, to).unwrap();
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o600)).unwrap();
    let owner = std::fs::metadata(to.parent().unwrap()).unwrap();
    chown(to, Some(owner.uid()), Some(owner.gid())).unwrap();
}
