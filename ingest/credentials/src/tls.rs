//! Mutual TLS 1.3: whom this machine trusts, and what it shows of itself.

use std::sync::Arc;

use protocol::link::ENROLL_ALPN;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore,
    SignatureScheme,
};
use sha2::{Digest, Sha256};

use crate::identity::Identity;

/// The settings of an enrolled machine: the region's authority is the only one trusted, and
/// the machine shows the certificate that it issued.
///
/// # Errors
///
/// [`Error`] where key, certificate and authority do not belong together.
pub fn link_config(identity: &Identity) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(identity.authority.clone())?;
    let chain = vec![identity.certificate.clone()];
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, identity.key.clone_key())?;
    config.alpn_protocols = vec![identity.machine.alpn.to_vec()];
    Ok(config)
}

/// The settings of an enrolment: no certificate is shown, and the region is the one whose
/// authority has this fingerprint.
///
/// # Errors
///
/// [`Error`] where the cryptography of this build lacks TLS 1.3; it does not.
pub fn enroll_config(authority: [u8; 16]) -> Result<ClientConfig, Error> {
    let provider = provider();
    let verifier = PinnedAuthority { fingerprint: authority, provider: provider.clone() };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![ENROLL_ALPN.to_vec()];
    Ok(config)
}

/// First half of the SHA-256 of a certificate, as a token carries it.
#[must_use]
pub fn fingerprint(certificate: &[u8]) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(certificate).into();
    *digest.first_chunk().expect("a SHA-256 has 32 bytes")
}

/// Whether `authority` issued `certificate` for a client, and it holds now.
///
/// # Errors
///
/// [`Error`] says why not.
pub fn check_issued(certificate: &[u8], authority: &[u8], now: UnixTime) -> Result<(), Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority))?;
    let verifier =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .map_err(|error| Error::General(error.to_string()))?;
    verifier.verify_client_cert(&CertificateDer::from(certificate), &[], now).map(|_| ())
}

/// The region at the other end belongs to another authority than the token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the server belongs to another region than the token; check the address, or ask for a token of that region"
)]
pub struct AnotherRegion;

/// Trusts the chain whose last certificate has the fingerprint out of the token.
///
/// The last certificate is then the only root for the usual verification: name, dates,
/// signatures, purpose.
#[derive(Debug)]
struct PinnedAuthority {
    fingerprint: [u8; 16],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let another_region = || {
            let other = OtherError(Arc::new(AnotherRegion));
            Error::InvalidCertificate(CertificateError::Other(other))
        };
        let (authority, between) = intermediates.split_last().ok_or_else(another_region)?;
        if fingerprint(authority) != self.fingerprint {
            return Err(another_region());
        }
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned())?;
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone())
            .build()
            .map_err(|error| Error::General(error.to_string()))?
            .verify_server_cert(end_entity, between, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2 is not offered".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
