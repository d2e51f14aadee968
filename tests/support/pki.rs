//! Certificates, made for the test: an authority, and what it and others sign.

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};

use crate::cluster::Cluster;

/// A folder of certificates.
#[derive(Debug)]
pub struct Pki {
    folder: tempfile::TempDir,
    authority: Issuer<'static, KeyPair>,
}

/// A certificate in PEM and its key.
#[derive(Debug, Clone)]
pub struct Certified {
    pub certificate: String,
    pub key: String,
}

impl Pki {
    /// A new authority that nobody knows.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("evaldesk-pki-").tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = named("Test authority", &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        std::fs::write(folder.path().join("root.crt"), certificate.pem()).unwrap();
        Self { folder, authority: Issuer::new(params, key) }
    }

    /// The authority's certificate.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root.crt")
    }

    /// Signed by the authority, for these names.
    pub fn signed(&self, common: &str, names: &[&str]) -> Certified {
        self.sign(named(common, names))
    }

    /// As `signed`, and over since a few years.
    pub fn expired(&self, names: &[&str]) -> Certified {
        let mut params = named("expired", names);
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        self.sign(params)
    }

    /// Signed by itself alone, as `openssl req -x509` makes it.
    pub fn self_signed(&self, names: &[&str]) -> Certified {
        let key = KeyPair::generate().unwrap();
        let mut params = named(names[0], names);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.extended_key_usages.clear();
        Certified { certificate: params.self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
    }

    fn sign(&self, params: CertificateParams) -> Certified {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.authority).unwrap().pem();
        Certified { certificate, key: key.serialize_pem() }
    }

    /// Writes a text to a file that only its owner may read.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        close(&file);
        file
    }

    /// The folder, for programs that make certificates themselves.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Default for Pki {
    fn default() -> Self {
        Self::new()
    }
}

impl Cluster {
    /// Shows this certificate from here on; it restarts for that.
    pub fn certify(&self, shown: &Certified) {
        self.put("server.crt", &shown.certificate);
        self.put("server.key", &shown.key);
        self.set("ssl = on");
    }

    /// Adds a line to its settings and restarts.
    pub fn set(&self, line: &str) {
        let file = self.data().join("postgresql.conf");
        let held = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{held}{line}\n")).unwrap();
        self.restart();
    }

    /// Puts a file into its data folder that is its own alone.
    pub fn put(&self, name: &str, text: &str) {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let file = self.data().join(name);
        std::fs::write(&file, text).unwrap();
        close(&file);
        let owner = std::fs::metadata(self.data()).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
}

fn close(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn named(common: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, common);
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params
}
