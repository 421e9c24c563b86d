//! TLS and passwords, with private servers whose certificates are made here.

use std::path::PathBuf;

use aludel::prelude::*;
use aludel::{DatabaseErrorKind, Url, blocking};
use aludel_testsuite::servers::{Options, Server};
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// An authority, and what it has signed.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    fn sign(&self, name: &str) -> (Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// Users by how they show who they are, and only over TLS for some.
const HBA: &str = "local all all trust
hostssl all ssl_only 127.0.0.1/32 scram-sha-256
host all ssl_only 127.0.0.1/32 reject
hostssl all with_certificate 127.0.0.1/32 cert
host all by_md5 127.0.0.1/32 md5
host all in_clear 127.0.0.1/32 password
host all trusted 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
";

fn server(authority: &Authority) -> Server {
    let (certificate, key) = authority.sign("localhost");
    let user = |name: &str| format!("CREATE USER {name} PASSWORD 'pass word'");
    let options = Options::new()
        .file("ca.crt", authority.pem.as_str())
        .file("server.crt", certificate.pem())
        .file("server.key", key.serialize_pem())
        .file("pg_hba.conf", HBA)
        .setting("ssl", "on")
        .setting("ssl_ca_file", "ca.crt")
        .setting("ssl_cert_file", "server.crt")
        .setting("ssl_key_file", "server.key")
        .sql("SET password_encryption = 'md5'; CREATE USER by_md5 PASSWORD 'pass word'");
    let names = ["ssl_only", "with_certificate", "in_clear", "trusted", "by_scram"];
    Server::postgres(names.iter().fold(options, |options, name| options.sql(user(name)))).unwrap()
}

fn file(folder: &TempDir, name: &str, contents: &str) -> String {
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, contents).unwrap();
    path.display().to_string()
}

/// Whether a connection of this user goes over TLS.
fn is_tls(server: &Server, user: &str, host: &str, options: &str) -> Result<bool> {
    let port = server.port();
    let url = format!("postgres://{user}:pass%20word@{host}:{port}/postgres?{options}");
    let engine = blocking::Engine::connect(url)?;
    engine.fetch_one(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").rows_as::<bool>())
}

#[test]
fn certificates_are_verified() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::new("ours"), Authority::new("another"));
    let ours = file(&folder, "ours.pem", &authority.pem);
    let another = file(&folder, "another.pem", &other.pem);
    let server = server(&authority);
    let (name, address) = ("localhost", "127.0.0.1");
    assert!(!is_tls(&server, "by_scram", name, "sslmode=disable").unwrap());
    for good in ["sslmode=prefer", "sslmode=no-verify", "application_name=x"] {
        assert!(is_tls(&server, "by_scram", address, good).unwrap(), "{good}");
    }
    for good in ["require", "verify-full", "verify-ca"] {
        assert!(is_tls(&server, "by_scram", name, &format!("sslmode={good}&sslrootcert={ours}")).unwrap(), "{good}");
        let error = is_tls(&server, "by_scram", name, &format!("sslmode={good}&sslrootcert={another}")).unwrap_err();
        assert!(error.is_disconnect() && error.to_string().contains("certificate"), "{error}");
        assert!(
            is_tls(&server, "by_scram", name, &format!("sslmode={good}")).is_err(),
            "the system knows nothing of it"
        );
    }
    // The certificate is for another name.
    assert!(is_tls(&server, "by_scram", address, &format!("sslmode=verify-ca&sslrootcert={ours}")).unwrap());
    for full in ["require", "verify-full"] {
        let error = is_tls(&server, "by_scram", address, &format!("sslmode={full}&sslrootcert={ours}")).unwrap_err();
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    let error = is_tls(&server, "by_scram", name, "sslmode=require&sslrootcert=/nowhere.pem").unwrap_err();
    assert!(error.to_string().contains("/nowhere.pem"), "{error}");
    assert!(is_tls(&server, "ssl_only", name, "sslmode=no-verify").unwrap());
    assert!(is_tls(&server, "ssl_only", name, "sslmode=disable").is_err());
    // A client with a certificate of its own.
    let (certificate, key) = authority.sign("with_certificate");
    let certificate = file(&folder, "client.pem", &certificate.pem());
    let key = file(&folder, "client.key", &key.serialize_pem());
    let own = format!("sslmode=require&sslrootcert={ours}&sslcert={certificate}&sslkey={key}");
    assert!(is_tls(&server, "with_certificate", name, &own).unwrap());
    assert!(is_tls(&server, "with_certificate", name, &format!("sslmode=require&sslrootcert={ours}")).is_err());
    // The password is bound to the connection.
    let bound = format!("sslmode=require&sslrootcert={ours}&channel_binding=require");
    assert!(is_tls(&server, "by_scram", name, &bound).unwrap());
    for unbound in ["by_md5", "trusted"] {
        let error = is_tls(&server, unbound, name, &bound).unwrap_err().to_string();
        assert!(error.contains("channel_binding=require"), "{error}");
    }
    let error = is_tls(&server, "by_scram", name, "sslmode=disable&channel_binding=require").unwrap_err().to_string();
    assert!(error.contains("channel_binding=require"), "{error}");
}

#[test]
fn passwords() {
    let server = server(&Authority::new("ours"));
    for mode in ["sslmode=disable", "sslmode=no-verify"] {
        for user in ["by_scram", "by_md5", "in_clear", "trusted"] {
            assert_eq!(is_tls(&server, user, "127.0.0.1", mode).unwrap(), mode != "sslmode=disable", "{user}");
            let port = server.port();
            let wrong = format!("postgres://{user}:wrong@127.0.0.1:{port}/postgres?{mode}");
            let none = format!("postgres://{user}@127.0.0.1:{port}/postgres?{mode}");
            for url in [wrong, none] {
                match blocking::Engine::connect(&url) {
                    Ok(_) => assert_eq!(user, "trusted"),
                    Err(error) => {
                        assert_ne!(user, "trusted");
                        let database = error.database().unwrap();
                        assert_eq!(
                            (database.kind(), database.code()),
                            (DatabaseErrorKind::Permission, "28P01"),
                            "{error}"
                        );
                        assert!(!error.to_string().contains("wrong"), "{error}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn much_goes_over_tls_in_both_directions() {
    let server = server(&Authority::new("ours"));
    let url = Url::parse(&server.url()).unwrap();
    let url = format!("postgres://by_scram:pass%20word@127.0.0.1:{}/postgres?sslmode=no-verify", url.port().unwrap());
    let engine = Engine::connect(url).await.unwrap();
    let long = "x".repeat(3_000_000);
    for _ in 0..3 {
        let found: String = engine.fetch_scalar(text("SELECT :x").bind("x", long.clone())).await.unwrap();
        assert!(found == long);
    }
    // Dropped, cancelled, and used again; the request to cancel goes over TLS too.
    for polls in 0..4 {
        crate::support::poll_and_drop(engine.execute(text("SELECT pg_sleep(30)")), polls).await;
        assert_eq!(engine.fetch_one(select(value(7))).await.unwrap(), 7);
    }
}

#[tokio::test]
async fn sockets_in_the_file_system() {
    let server = Server::postgres(Options::new()).unwrap();
    let folder = server.socket().parent().unwrap().display().to_string();
    let url = format!("postgres://postgres@/postgres?host={folder}&port={}", server.port());
    let engine = Engine::connect(&url).await.unwrap();
    assert_eq!(engine.fetch_one(select(value(7))).await.unwrap(), 7);
    let engine = blocking::Engine::connect(&url).unwrap();
    assert_eq!(engine.fetch_one(select(value(7))).unwrap(), 7);
    let nowhere = "postgres://postgres@/postgres?host=/nowhere";
    let error = Engine::connect(nowhere).await.map(|_| ()).unwrap_err();
    assert!(error.is_disconnect() && error.to_string().contains(".s.PGSQL."), "{error}");
}
