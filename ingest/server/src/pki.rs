//! The region's own authority, and the certificates it issues.
//!
//! ```text
//! DIR/authority.pem   the authority's key and certificate; made once
//! DIR/server.pem      the key and certificate that bridges see; renewed at start
//! DIR/lock            held while one of them is made
//! ```
//!
//! Key and certificate share a file, so that they appear together or not at all. Both files
//! are readable by their owner alone. Whoever has `authority.pem` can admit nobody by that
//! alone: a bridge is admitted by the fingerprint of the certificate it enrolled with.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::link::SERVER_NAME;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustix::fs::FlockOperation;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, CertificateSigningRequestDer, PrivateKeyDer, PrivatePkcs8KeyDer,
};
use sha2::{Digest, Sha256};
use vitals::WallTime;
use x509_parser::prelude::{FromDer, X509Certificate};

const DAY_MICROS: i64 = 24 * 3_600 * WallTime::MICROS_PER_SECOND;
/// The authority outlives the machines: to change it means to enrol every bridge anew.
const AUTHORITY_DAYS: i64 = 20 * 365;
/// The longest that public authorities grant, as good a habit here.
const SERVER_DAYS: i64 = 397;
/// The server's certificate is renewed at a start within so many days of its end.
const RENEW_DAYS: i64 = 30;
/// Certificates hold from a little before now: clocks differ.
const BACKDATED_MICROS: i64 = DAY_MICROS;

/// Why a certificate could not be made or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PkiError {
    /// The file system refused.
    #[error("could not {doing} '{}'", path.display())]
    Disk {
        /// What was attempted.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file does not hold a key and a certificate.
    #[error(
        "'{}' is damaged ({reason}); restore it from a backup. Without the authority's file every bridge must be enrolled anew",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A bridge's signing request is none, or its signature is not by its key.
    #[error("the bridge's signing request cannot be used: {0}")]
    SigningRequest(rcgen::Error),
    /// A certificate could not be issued.
    #[error("a certificate could not be issued: {0}")]
    Issue(#[from] rcgen::Error),
}

/// The region's authority.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// What the region shows to bridges.
pub struct ServerIdentity {
    /// The server's certificate, then the authority's, which bridges know by its fingerprint.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key of the first.
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    /// Opens the authority under `dir`, making it where there is none. Safe to call from
    /// several processes at once.
    ///
    /// # Errors
    ///
    /// [`PkiError`].
    pub fn open(dir: &Path, now: WallTime) -> Result<Self, PkiError> {
        let lock = lock(dir)?;
        let path = dir.join("authority.pem");
        let (certificate, key) = match read_pair(&path)? {
            Some(pair) => pair,
            None => {
                let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
                let certificate = authority_params(now).self_signed(&key)?;
                write_pair(&path, &key, &certificate)?;
                (certificate.der().clone(), key)
            }
        };
        drop(lock);
        let issuer = Issuer::from_ca_cert_der(&certificate, key)
            .map_err(|error| PkiError::Damaged { path, reason: error.to_string() })?;
        Ok(Self { certificate, issuer })
    }

    /// The authority's certificate, DER.
    #[must_use]
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// What a token tells a bridge of the authority: the first half of its SHA-256.
    #[must_use]
    pub fn token_fingerprint(&self) -> [u8; 16] {
        let whole = fingerprint(&self.certificate);
        *whole.first_chunk().expect("32 bytes have a first half")
    }

    /// Opens the server's certificate under `dir`; makes one where there is none, where it is
    /// not of this authority, or where it soon ends.
    ///
    /// # Errors
    ///
    /// [`PkiError`].
    pub fn server_identity(&self, dir: &Path, now: WallTime) -> Result<ServerIdentity, PkiError> {
        let lock = lock(dir)?;
        let path = dir.join("server.pem");
        let usable =
            read_pair(&path)?.filter(|(certificate, _)| self.still_serves(certificate, now));
        let (certificate, key) = match usable {
            Some(pair) => pair,
            None => {
                let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
                let params = leaf_params(now, SERVER_DAYS, ExtendedKeyUsagePurpose::ServerAuth);
                let params = named(params, SERVER_NAME, vec![SERVER_NAME.to_owned()])?;
                let certificate = params.signed_by(&key, &self.issuer)?;
                write_pair(&path, &key, &certificate)?;
                (certificate.der().clone(), key)
            }
        };
        drop(lock);
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        Ok(ServerIdentity { chain: vec![certificate, self.certificate.clone()], key })
    }

    /// Reads a machine's signing request and checks that it has the key it names.
    ///
    /// # Errors
    ///
    /// [`PkiError::SigningRequest`].
    pub fn read_request(csr: &[u8]) -> Result<CertificateSigningRequestParams, PkiError> {
        CertificateSigningRequestParams::from_der(&CertificateSigningRequestDer::from(csr))
            .map_err(PkiError::SigningRequest)
    }

    /// Issues a certificate for a machine, good for `days`. Of the request only the key counts:
    /// the name and the purpose are the region's to give. What the machine may do does not stand
    /// in it: that is looked up at every connection, so that it can be taken away.
    ///
    /// # Errors
    ///
    /// [`PkiError::Issue`].
    pub fn issue(
        &self,
        mut request: CertificateSigningRequestParams,
        name: &str,
        now: WallTime,
        days: u16,
    ) -> Result<CertificateDer<'static>, PkiError> {
        let params = leaf_params(now, i64::from(days), ExtendedKeyUsagePurpose::ClientAuth);
        request.params = named(params, name, Vec::new())?;
        Ok(request.signed_by(&self.issuer)?.der().clone())
    }

    fn still_serves(&self, certificate: &CertificateDer<'_>, now: WallTime) -> bool {
        let Ok((_, parsed)) = X509Certificate::from_der(certificate) else { return false };
        let Ok((_, authority)) = X509Certificate::from_der(&self.certificate) else { return false };
        let is_ours = parsed.verify_signature(Some(authority.public_key())).is_ok();
        let renew_at = now.plus_micros(RENEW_DAYS * DAY_MICROS);
        is_ours && Validity::of_parsed(&parsed).until > renew_at
    }
}

/// From when until when a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// Its first moment.
    pub from: WallTime,
    /// Its last.
    pub until: WallTime,
}

impl Validity {
    /// Reads the validity of a certificate, DER; `None` where it is none.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Option<Self> {
        X509Certificate::from_der(certificate).ok().map(|(_, parsed)| Self::of_parsed(&parsed))
    }

    fn of_parsed(certificate: &X509Certificate<'_>) -> Self {
        let micros = |seconds: i64| WallTime(seconds.saturating_mul(WallTime::MICROS_PER_SECOND));
        let validity = certificate.validity();
        Self {
            from: micros(validity.not_before.timestamp()),
            until: micros(validity.not_after.timestamp()),
        }
    }
}

/// The SHA-256 of a certificate, DER.
#[must_use]
pub fn fingerprint(certificate: &[u8]) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

fn authority_params(now: WallTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Ubugoe region authority");
    limit(&mut params, now, AUTHORITY_DAYS);
    params
}

fn leaf_params(now: WallTime, days: i64, purpose: ExtendedKeyUsagePurpose) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    params.use_authority_key_identifier_extension = true;
    limit(&mut params, now, days);
    params
}

fn named(
    mut params: CertificateParams,
    name: &str,
    alternatives: Vec<String>,
) -> Result<CertificateParams, PkiError> {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.subject_alt_names = CertificateParams::new(alternatives)?.subject_alt_names;
    Ok(params)
}

fn limit(params: &mut CertificateParams, now: WallTime, days: i64) {
    let at = |time: WallTime| {
        let seconds = u64::try_from(time.0 / WallTime::MICROS_PER_SECOND).unwrap_or(0);
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds)
    };
    params.not_before = at(now.plus_micros(-BACKDATED_MICROS));
    params.not_after = at(now.plus_micros(days * DAY_MICROS));
}

fn lock(dir: &Path) -> Result<File, PkiError> {
    let disk = |doing, source| PkiError::Disk { doing, path: dir.to_owned(), source };
    let build = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    build.map_err(|source| disk("create the directory", source))?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(dir.join("lock"));
    let file = file.map_err(|source| disk("open the lock in", source))?;
    rustix::fs::flock(&file, FlockOperation::LockExclusive)
        .map_err(|source| disk("lock", source.into()))?;
    Ok(file)
}

fn read_pair(path: &Path) -> Result<Option<(CertificateDer<'static>, KeyPair)>, PkiError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(PkiError::Disk { doing: "read", path: path.to_owned(), source }),
    };
    let damaged = |reason: String| PkiError::Damaged { path: path.to_owned(), reason };
    let certificate =
        CertificateDer::from_pem_slice(&text).map_err(|error| damaged(error.to_string()))?;
    let key =
        PrivatePkcs8KeyDer::from_pem_slice(&text).map_err(|error| damaged(error.to_string()))?;
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)
        .map_err(|error| damaged(error.to_string()))?;
    Ok(Some((certificate, key)))
}

/// Writes a key and its certificate so that they are on disk, whole, or not there.
fn write_pair(
    path: &Path,
    key: &KeyPair,
    certificate: &rcgen::Certificate,
) -> Result<(), PkiError> {
    let unfinished = path.with_extension("unfinished");
    let write = || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(key.serialize_pem().as_bytes())?;
        file.write_all(certificate.pem().as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        let parent = path.parent().unwrap_or(Path::new("."));
        File::open(parent)?.sync_all()
    };
    write().map_err(|source| PkiError::Disk { doing: "write", path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const NOW: WallTime = WallTime(1_800_000_000_000_000);

    #[test]
    fn the_authority_is_made_once_and_its_key_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let pki = dir.path().join("pki");
        let first = Authority::open(&pki, NOW).unwrap();
        let second = Authority::open(&pki, NOW.plus_micros(DAY_MICROS)).unwrap();
        assert_eq!(first.certificate(), second.certificate());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&pki), 0o700);
        assert_eq!(mode(&pki.join("authority.pem")), 0o600);
    }

    #[test]
    fn the_servers_certificate_is_renewed_before_it_ends_and_not_earlier() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::open(dir.path(), NOW).unwrap();
        let at = |day: i64| {
            let now = NOW.plus_micros(day * DAY_MICROS);
            authority.server_identity(dir.path(), now).unwrap().chain.remove(0)
        };
        let first = at(0);
        assert_eq!(at(SERVER_DAYS - RENEW_DAYS - 1), first);
        let second = at(SERVER_DAYS - RENEW_DAYS);
        assert_ne!(second, first);
        assert_eq!(at(SERVER_DAYS), second);
    }

    #[test]
    fn a_request_gets_the_name_the_region_gives_and_no_more_rights() {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::open(dir.path(), NOW).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut asked = CertificateParams::new(vec![SERVER_NAME.to_owned()]).unwrap();
        asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let csr = asked.serialize_request(&key).unwrap();
        let request = Authority::read_request(csr.der()).unwrap();
        let issued = authority.issue(request, "clinic-a", NOW, 397).unwrap();
        let (_, parsed) = X509Certificate::from_der(&issued).unwrap();
        assert_eq!(parsed.subject().to_string(), "CN=clinic-a");
        assert!(!parsed.is_ca() && parsed.subject_alternative_name().unwrap().is_none());
        let validity = Validity::of(&issued).unwrap();
        assert_eq!(validity.until, NOW.plus_micros(397 * DAY_MICROS));
    }

    #[test]
    fn a_damaged_file_is_named_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("authority.pem"), "no key").unwrap();
        let error = Authority::open(dir.path(), NOW).err().unwrap().to_string();
        assert!(error.contains("authority.pem' is damaged"), "{error}");
    }
}
