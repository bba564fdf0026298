//! The certificate that browsers see.
//!
//! From files, where the hospital has its own authority or a public one, or as DER that the
//! region's authority has issued. TLS 1.3 only, which every browser since 2019 speaks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The file cannot be read.
    #[error("could not read '{}'; check that it exists and that this user may read it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not PEM, or holds something else.
    #[error("'{}' holds no {wanted} in PEM form (text between BEGIN and END lines)", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        wanted: &'static str,
        /// What the reader said.
        source: pem::Error,
    },
    /// Certificate and key do not go together, or are of a kind that is not supported.
    #[error("the certificate and the key for the wall cannot be used together: {0}")]
    Unusable(#[from] rustls::Error),
}

/// Reads a certificate chain and its key, both PEM.
///
/// # Errors
///
/// [`TlsError`], naming the file.
pub fn from_files(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = certificates(certificate)?;
    let text = read(key)?;
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(|source| TlsError::Pem {
        path: key.to_owned(),
        wanted: "private key",
        source,
    })?;
    from_der(chain, key)
}

/// Uses a certificate chain, the server's own first, and its key.
///
/// # Errors
///
/// [`TlsError::Unusable`].
pub fn from_der(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    // WebSockets over HTTP/2 are rare enough not to offer it at all.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(path)?;
    let pem = |source| TlsError::Pem { path: path.to_owned(), wanted: "certificate", source };
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(pem)?;
    if chain.is_empty() { Err(pem(pem::Error::NoItemsFound)) } else { Ok(chain) }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn issue() -> (String, String) {
        let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        (issued.cert.pem(), issued.signing_key.serialize_pem())
    }

    #[test]
    fn a_certificate_and_its_key_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, key) = issue();
        let paths = (dir.path().join("wall.crt"), dir.path().join("wall.key"));
        fs::write(&paths.0, certificate).unwrap();
        fs::write(&paths.1, key).unwrap();
        assert!(from_files(&paths.0, &paths.1).is_ok());
    }

    #[test]
    fn a_wrong_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let (certificate, _) = issue();
        let (_, other_key) = issue();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("wall.crt"), &certificate).unwrap();
        fs::write(path("other.key"), other_key).unwrap();
        let error = |certificate: &str, key: &str| {
            from_files(&path(certificate), &path(key)).unwrap_err().to_string()
        };
        assert!(error("none.crt", "other.key").contains("none.crt"));
        assert!(error("wall.crt", "wall.crt").contains("wall.crt' holds no private key"));
        assert!(error("other.key", "other.key").contains("other.key' holds no certificate"));
        assert!(error("wall.crt", "other.key").contains("cannot be used together"));
    }
}
