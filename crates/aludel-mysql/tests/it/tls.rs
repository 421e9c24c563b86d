//! TLS to a private server, whose certificates are made here.

use std::path::{Path, PathBuf};

use aludel::prelude::*;
use aludel::{Url, blocking};
use aludel_testsuite::servers::{self, Options, Server};
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

    fn sign(&self, names: &[&str]) -> (Certificate, KeyPair) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "somebody");
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// A server with a certificate for this name.
fn server(authority: &Authority, name: &str) -> Server {
    let (certificate, key) = authority.sign(&[name]);
    servers::private_mysql(
        Options::new()
            .file("ca.pem", authority.pem.as_str())
            .file("server.pem", certificate.pem())
            .file("server.key", key.serialize_pem())
            .setting("ssl-ca", "ca.pem")
            .setting("ssl-cert", "server.pem")
            .setting("ssl-key", "server.key"),
    )
}

fn file(folder: &TempDir, name: &str, contents: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, contents).unwrap();
    path
}

/// The cipher that a connection with these options has; empty without TLS.
fn cipher(url: &str, options: &str) -> Result<String> {
    let engine = blocking::Engine::connect(format!("{url}?{options}"))?;
    let row = engine.fetch_one(text("SHOW STATUS LIKE 'Ssl_cipher'").rows_as::<(String, String)>())?;
    Ok(row.1)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn certificates_are_verified() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::new("ours"), Authority::new("another"));
    let ours = shown(&file(&folder, "ours.pem", &authority.pem));
    let another = shown(&file(&folder, "another.pem", &other.pem));
    let server = server(&authority, "localhost");
    let by_address = server.url();
    let by_name = by_address.replace("127.0.0.1", "localhost");
    assert!(by_name != by_address);

    assert_eq!(cipher(&by_name, "ssl-mode=disable").unwrap(), "");
    for good in ["ssl-mode=prefer", "ssl-mode=no-verify", "statement_cache=5"] {
        assert_ne!(cipher(&by_address, good).unwrap(), "", "{good}");
    }
    for good in ["require", "verify-full", "VERIFY_IDENTITY", "verify-ca"] {
        assert_ne!(cipher(&by_name, &format!("ssl-mode={good}&ssl-ca={ours}")).unwrap(), "", "{good}");
        let error = cipher(&by_name, &format!("ssl-mode={good}&ssl-ca={another}")).unwrap_err();
        assert!(error.is_disconnect() && error.to_string().contains("certificate"), "{error}");
    }
    // The certificate is for another name.
    assert_ne!(cipher(&by_address, &format!("sslmode=verify-ca&sslrootcert={ours}")).unwrap(), "");
    let error = cipher(&by_address, &format!("sslmode=verify-full&sslrootcert={ours}")).unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    // Without a word on the mode, authorities that are named are looked at.
    assert!(cipher(&by_name, &format!("ssl-ca={another}")).is_err());
    // The system does not know our authority.
    assert!(cipher(&by_name, "ssl-mode=require").is_err());
    let error = cipher(&by_name, "ssl-mode=require&ssl-ca=/nowhere.pem").unwrap_err();
    assert!(error.to_string().contains("/nowhere.pem"), "{error}");
}

#[tokio::test]
async fn clients_have_certificates_too() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("ours");
    let ours = shown(&file(&folder, "ours.pem", &authority.pem));
    let (certificate, key) = authority.sign(&["client"]);
    let certificate = shown(&file(&folder, "client.pem", &certificate.pem()));
    let key = shown(&file(&folder, "client.key", &key.serialize_pem()));
    let server = server(&authority, "localhost");
    server.run("CREATE USER 'known'@'%' REQUIRE X509").unwrap();
    server.run("CREATE USER 'known'@'localhost' REQUIRE X509").unwrap();
    let url = Url::parse(&server.url()).unwrap();
    let place = format!("mysql://known@localhost:{}/", url.port().unwrap());
    let trusted = format!("{place}?ssl-mode=require&ssl-ca={ours}");
    let engine = Engine::connect(format!("{trusted}&ssl-cert={certificate}&ssl-key={key}")).await.unwrap();
    // Much, in both directions.
    let long = "x".repeat(1_000_000);
    for _ in 0..3 {
        let found: String = engine.fetch_scalar(text("SELECT :x").bind("x", long.clone())).await.unwrap();
        assert!(found == long);
    }
    let error = Engine::connect(trusted).await.map(|_| ()).unwrap_err();
    assert_eq!(error.database().unwrap().code(), "1045", "{error}");
    assert!(Engine::connect(format!("{place}?ssl-mode=require&ssl-ca={ours}&ssl-cert={certificate}")).await.is_err());
}

#[test]
fn servers_without_tls() {
    let server = servers::private_mysql(Options::new().setting("skip-ssl", ""));
    assert_eq!(cipher(&server.url(), "ssl-mode=prefer").unwrap(), "");
    let error = cipher(&server.url(), "ssl-mode=require").unwrap_err().to_string();
    assert!(error.contains("speaks no TLS"), "{error}");
}
