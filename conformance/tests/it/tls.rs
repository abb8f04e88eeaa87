//! Exchanges over TLS: whom the checker trusts, and who it says it is.

use std::sync::Arc;

use conformance::probe::{Probe, Request};
use conformance::transcript::{End, Transcript};
use conformance::wire::{Identity, Limits, Tls, TlsSettings, Wire};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An authority of its own, as PEM, and certificates that it gives out.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    /// Certificate and key for a name.
    fn gives(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Identity { chain: certificate.pem().into_bytes(), key: key.serialize_pem().into_bytes() }
    }
}

/// A server of that name that answers every request alike; the URL it is reached by.
async fn server(authority: &Authority, name: &str, asks_for_client: bool) -> String {
    let Identity { chain, key } = authority.gives(name);
    let chain = CertificateDer::pem_slice_iter(&chain).collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = if asks_for_client {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&authority.pem()).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut heard = [0; 4096];
                while stream.read(&mut heard).await.is_ok_and(|length| length > 0) {
                    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe";
                    drop(stream.write_all(answer).await);
                    drop(stream.flush().await);
                }
            });
        }
    });
    format!("https://localhost:{port}")
}

async fn asked(url: &str, settings: &TlsSettings) -> Transcript {
    let tls = Tls::new(settings).unwrap();
    let wire = Wire::secured(url.parse().unwrap(), Limits::default(), tls);
    let first = wire.exchange(&Probe::new(Request::new("GET", "/"))).await;
    if first.head.is_some() {
        let second = wire.exchange(&Probe::new(Request::new("GET", "/"))).await;
        assert_eq!(second.status(), Some(200));
        assert!(!second.fresh_connection, "a connection is used again");
    }
    first
}

#[tokio::test]
async fn a_server_is_trusted_by_its_authority_or_by_leave_of_the_user() {
    let authority = Authority::new();
    let url = server(&authority, "localhost", false).await;
    let trusting = TlsSettings { authorities: Some(authority.pem()), ..TlsSettings::default() };
    let answer = asked(&url, &trusting).await;
    assert_eq!((answer.status(), answer.body().as_ref()), (Some(200), b"safe".as_slice()));
    let other = TlsSettings { authorities: Some(Authority::new().pem()), ..TlsSettings::default() };
    assert!(matches!(asked(&url, &other).await.end, End::Unreachable(_)));
    let insecure = TlsSettings { insecure: true, ..other };
    assert_eq!(asked(&url, &insecure).await.status(), Some(200));
}

#[tokio::test]
async fn a_server_of_another_name_is_none() {
    let authority = Authority::new();
    let url = server(&authority, "elsewhere.test", false).await;
    let trusting = TlsSettings { authorities: Some(authority.pem()), ..TlsSettings::default() };
    assert!(matches!(asked(&url, &trusting).await.end, End::Unreachable(_)));
}

#[tokio::test]
async fn a_server_that_asks_who_is_there_is_told() {
    let authority = Authority::new();
    let url = server(&authority, "localhost", true).await;
    let nameless = TlsSettings { authorities: Some(authority.pem()), ..TlsSettings::default() };
    assert_eq!(asked(&url, &nameless).await.status(), None);
    let named = TlsSettings { identity: Some(authority.gives("client")), ..nameless };
    assert_eq!(asked(&url, &named).await.status(), Some(200));
}

#[tokio::test]
async fn what_cannot_be_used_is_told() {
    let told = |settings: TlsSettings| Tls::new(&settings).err().unwrap().to_string();
    let empty = TlsSettings { authorities: Some(b"nothing".to_vec()), ..TlsSettings::default() };
    assert_eq!(told(empty), "no certificate of an authority was found in the CA file");
    let keyless = TlsSettings {
        identity: Some(Identity { chain: Authority::new().pem(), key: b"nothing".to_vec() }),
        insecure: true,
        ..TlsSettings::default()
    };
    assert!(told(keyless).starts_with("the client key cannot be read"));
    let wire = Wire::new("https://localhost:9".parse().unwrap(), Limits::default());
    let answer = wire.exchange(&Probe::new(Request::new("GET", "/"))).await;
    assert!(matches!(answer.end, End::Unreachable(why) if why.contains("TLS")));
}
