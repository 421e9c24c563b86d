//! What TLS trusts.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// What is asked of the server's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// It is signed by an authority that is trusted, and names the host.
    #[default]
    Full,
    /// It is signed by an authority that is trusted.
    Authority,
    /// Nothing: the connection is encrypted, and anybody may be at its other end.
    Nothing,
}

/// How TLS is set up; made once, used by all connections.
#[derive(Debug, Default)]
pub struct TlsSettings {
    /// What is asked of the server's certificate.
    pub verify: Verify,
    /// A PEM file of the authorities to trust; the system's where it is absent.
    pub root_certificate: Option<PathBuf>,
    /// A PEM file of the client's own certificate, with the authorities between behind it.
    pub client_certificate: Option<PathBuf>,
    /// A PEM file of its private key.
    pub client_key: Option<PathBuf>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl TlsSettings {
    /// Settings that ask this of the server's certificate, and are otherwise the system's.
    #[must_use]
    pub fn new(verify: Verify) -> Self {
        Self { verify, ..Self::default() }
    }

    pub(crate) fn session(&self, host: &str) -> io::Result<ClientConnection> {
        let config = match self.config.get() {
            Some(config) => Arc::clone(config),
            None => {
                let config = Arc::new(self.load()?);
                Arc::clone(self.config.get_or_init(|| config))
            }
        };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            io::Error::new(ErrorKind::InvalidInput, format!("{host:?} is no name that a certificate can have"))
        })?;
        ClientConnection::new(config, name).map_err(tls_error)
    }

    fn load(&self) -> io::Result<ClientConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(tls_error)?;
        let builder = builder.dangerous().with_custom_certificate_verifier(self.verifier(provider)?);
        match (&self.client_certificate, &self.client_key) {
            (Some(certificate), Some(key)) => {
                let chain = certificates(certificate)?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
                builder.with_client_auth_cert(chain, key).map_err(tls_error)
            }
            (None, None) => Ok(builder.with_no_client_auth()),
            _ => Err(io::Error::new(
                ErrorKind::InvalidInput,
                "a client's certificate and its private key are given together, or neither is",
            )),
        }
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> io::Result<Arc<dyn ServerCertVerifier>> {
        if self.verify == Verify::Nothing {
            return Ok(Arc::new(Lenient { trusted: None, provider }));
        }
        let mut roots = RootCertStore::empty();
        match &self.root_certificate {
            Some(file) => {
                for certificate in certificates(file)? {
                    roots.add(certificate).map_err(tls_error)?;
                }
            }
            None => {
                let found = rustls_native_certs::load_native_certs();
                roots.add_parsable_certificates(found.certs);
                if roots.is_empty() {
                    let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
                    let message = format!(
                        "the system has no certificates of authorities{why}; name a PEM file of those to trust, in the URL"
                    );
                    return Err(io::Error::new(ErrorKind::NotFound, message));
                }
            }
        }
        let trusted = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| io::Error::new(ErrorKind::InvalidInput, error))?;
        Ok(match self.verify {
            Verify::Full => trusted,
            _ => Arc::new(Lenient { trusted: Some(trusted), provider }),
        })
    }
}

fn certificates(file: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error: rustls::pki_types::pem::Error| unreadable(file, &error))?;
    if found.is_empty() {
        let message = format!("the file {} holds no certificate in PEM", file.display());
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(found)
}

#[cold]
fn unreadable(file: &Path, error: &dyn fmt::Display) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, format!("the file {} can't be read as PEM: {error}", file.display()))
}

#[cold]
fn tls_error(error: rustls::Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

/// Takes certificates for other names, or any.
#[derive(Debug)]
struct Lenient {
    trusted: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(trusted) = &self.trusted else {
            return Ok(ServerCertVerified::assertion());
        };
        match trusted.verify_server_cert(certificate, between, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
