//! TLS to the server under test, by rustls: whom to take it for, and who this side is.
//!
//! Reads PEM texts and no files. HTTP/1.1 alone is offered by ALPN (RFC 7301), since nothing else is spoken here.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What a user says of the security of connections.
#[derive(Clone, Debug, Default)]
pub struct TlsSettings {
    /// The authorities that are trusted, as PEM; `None`: those of this machine.
    pub authorities: Option<Vec<u8>>,
    /// Who this side is.
    pub identity: Option<Identity>,
    /// Whether any certificate of any server will do.
    pub insecure: bool,
}

/// A certificate chain and its private key, as PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The chain, the certificate of this side first.
    pub chain: Vec<u8>,
    /// The key.
    pub key: Vec<u8>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

/// How connections are secured.
#[derive(Clone)]
pub struct Tls {
    connector: TlsConnector,
}

/// Why connections cannot be secured so.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A text is not PEM of what it should be.
    #[error("{what} cannot be read: {reason}")]
    Pem {
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        reason: rustls::pki_types::pem::Error,
    },
    /// There is no certificate to trust.
    #[error("no certificate of an authority was found in {0}")]
    NoAuthority(&'static str),
    /// The certificate and the key do not do.
    #[error("{0}")]
    Unusable(#[from] rustls::Error),
}

impl Tls {
    /// Connections secured so.
    ///
    /// # Errors
    /// What cannot be read or does not fit.
    pub fn new(settings: &TlsSettings) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = if settings.insecure {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone(provider)))
        } else {
            builder.with_root_certificates(authorities(settings.authorities.as_deref())?)
        };
        let mut config = match &settings.identity {
            None => builder.with_no_client_auth(),
            Some(Identity { chain, key }) => {
                let chain = certificates("the client certificate", chain)?;
                let key = PrivateKeyDer::from_pem_slice(key)
                    .map_err(|reason| TlsError::Pem { what: "the client key", reason })?;
                builder.with_client_auth_cert(chain, key)?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { connector: TlsConnector::from(Arc::new(config)) })
    }

    /// Secures a connection to that host.
    pub(super) async fn secure(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        self.connector.connect(name, stream).await
    }
}

fn authorities(given: Option<&[u8]>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    let (found, place) = match given {
        Some(text) => (certificates("the CA file", text)?, "the CA file"),
        None => (rustls_native_certs::load_native_certs().certs, "this machine's store"),
    };
    let (added, _) = roots.add_parsable_certificates(found);
    if added == 0 { Err(TlsError::NoAuthority(place)) } else { Ok(roots) }
}

fn certificates(what: &'static str, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    CertificateDer::pem_slice_iter(text)
        .collect::<Result<_, _>>()
        .map_err(|reason| TlsError::Pem { what, reason })
}

/// Takes anyone for the server. That it holds the key of the certificate it shows is still asked for.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
