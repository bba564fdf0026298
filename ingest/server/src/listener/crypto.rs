//! TLS towards bridges: our certificate, and theirs where they have one.
//!
//! The client's certificate must be of this region's authority, or absent: a new bridge has
//! none yet. That it has not expired and is enrolled is checked after the handshake, where a
//! refusal can be said in words; a TLS alert is a number on somebody's screen at night.

use std::sync::Arc;
use std::time::Duration;

use protocol::analyst::ANALYSIS_ALPN;
use protocol::link::{ENROLL_ALPN, LINK_ALPN};
use quinn::crypto::rustls::{NoInitialCipherSuite, QuicServerConfig};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme, version,
};

use crate::pki::{ServerIdentity, Validity};

/// Why the certificates cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The authority's certificate cannot be trusted for checking others.
    #[error(transparent)]
    Authority(#[from] VerifierBuilderError),
    /// The server's key, or the protocol's settings, were refused.
    #[error(transparent)]
    Settings(#[from] Error),
    /// The cryptography of this build cannot carry QUIC.
    #[error(transparent)]
    Quic(#[from] NoInitialCipherSuite),
}

/// What quinn needs to receive bridges.
pub(crate) fn server_config(
    identity: ServerIdentity,
) -> Result<Arc<QuicServerConfig>, CryptoError> {
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    let authority = identity.chain.last().cloned().into_iter();
    roots.add_parsable_certificates(authority);
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build()?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .with_client_cert_verifier(Arc::new(BridgeVerifier { chains: verifier }))
        .with_single_cert(identity.chain, identity.key)?;
    config.alpn_protocols = [LINK_ALPN, ENROLL_ALPN, ANALYSIS_ALPN].map(<[u8]>::to_vec).to_vec();
    // Every connection shows its certificate afresh; connections last for days.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(QuicServerConfig::try_from(config)?))
}

/// Checks that a certificate is of our authority, whenever it held.
#[derive(Debug)]
struct BridgeVerifier {
    chains: Arc<dyn ClientCertVerifier>,
}

impl ClientCertVerifier for BridgeVerifier {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chains.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let validity = Validity::of(end_entity).ok_or(CertificateError::BadEncoding)?;
        let micros = u64::try_from(validity.until.0).unwrap_or(0);
        let then = UnixTime::since_unix_epoch(Duration::from_micros(micros));
        self.chains.verify_client_cert(end_entity, intermediates, then)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chains.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chains.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chains.supported_verify_schemes()
    }
}
