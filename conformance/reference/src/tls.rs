//! Being trusted: an authority that is made for one run, and the certificate that it gives to a server.
//!
//! Private keys never leave the process, and that of the authority is forgotten at once.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{self, ServerConfig};

use crate::api::Api;

/// The names by which this machine calls itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// How long certificates last; some clients take none that last longer.
const LIFETIME: Duration = Duration::days(365);

/// How far clocks of clients may be behind.
const SKEW: Duration = Duration::days(1);

/// Who a server is.
#[derive(Clone)]
pub struct Identity {
    authority: String,
    acceptor: TlsAcceptor,
}

/// There is no identity to be had.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// No certificate could be made.
    #[error("no certificate could be made")]
    Certificate(#[from] rcgen::Error),
    /// The certificate cannot be served.
    #[error("the certificate cannot be served")]
    Server(#[from] rustls::Error),
}

/// A folder or a file in it could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}", path.display())]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

impl Identity {
    /// An identity for the loopback interface, and for the address that a server listens on.
    ///
    /// # Errors
    /// [`IdentityError`] when certificates cannot be made.
    pub fn new(address: IpAddr) -> Result<Self, IdentityError> {
        let begin = OffsetDateTime::now_utc();
        let lasting = |mut params: CertificateParams, name: &str| {
            params.distinguished_name.push(DnType::CommonName, name);
            params.not_before = begin - SKEW;
            params.not_after = begin + LIFETIME;
            params
        };
        let mut params = lasting(CertificateParams::default(), "reference authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let mut names = LOOPBACK.map(str::to_owned).to_vec();
        if !address.is_unspecified() && !names.contains(&address.to_string()) {
            names.push(address.to_string());
        }
        let mut params = lasting(CertificateParams::new(names)?, "reference");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &authority)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())?;
        // Upgrades are those of HTTP/1.1, so that it is all there is.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { authority: authority.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// The certificate of the authority, as PEM.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Writes what clients need to a folder, which is made if need be: `ca.crt`, and `kubeconfig` for an API whose
    /// clients read one.
    ///
    /// # Errors
    /// [`WriteError`] names what could not be written.
    pub fn publish(&self, folder: &Path, api: Api, address: SocketAddr) -> Result<(), WriteError> {
        let failed = |path: &Path, source| WriteError { path: path.to_owned(), source };
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
        let mut files = vec![("ca.crt", self.authority.clone())];
        files.extend(api.kubeconfig(&url(address), &self.authority).map(|it| ("kubeconfig", it)));
        for (name, text) in files {
            let path = folder.join(name);
            write(&path, &text).map_err(|source| failed(&path, source))?;
        }
        Ok(())
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// Where a server that listens so is reached over TLS.
#[must_use]
pub fn url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("https://localhost:{}", address.port())
    } else {
        format!("https://{address}")
    }
}

/// Writes a file that others need not read, for it may hold tokens.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
