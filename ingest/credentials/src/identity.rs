//! Who this machine is to its region: a key, a certificate, and the authority that issued it.
//!
//! A folder `identity` with `key.pem` (readable by its owner only), `certificate.pem`,
//! `authority.pem`, and a file with the name, itself named after [`Machine::word`]. It is written beside its place and renamed into
//! it, so that there is always a whole identity or none.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use jiff::Timestamp;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use vitals::{BridgeId, WallTime};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::machine::Machine;

/// Who this machine is to its region. `Debug` shows no key.
pub struct Identity {
    /// What kind of machine it is.
    pub machine: Machine,
    /// The name under which the region enrolled it; the names of all machines follow the rule
    /// of [`BridgeId`].
    pub name: String,
    /// Its certificate.
    pub certificate: CertificateDer<'static>,
    /// The region's authority.
    pub authority: CertificateDer<'static>,
    /// Its private key.
    pub key: PrivateKeyDer<'static>,
    /// From when to when the certificate holds.
    pub validity: Validity,
}

/// From when to when a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
}

impl Validity {
    /// Whether the certificate holds at `now`.
    #[must_use]
    pub fn contains(&self, now: WallTime) -> bool {
        let now = Timestamp::from_microsecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
        (self.from..=self.until).contains(&now)
    }
}

/// Why there is no usable identity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// This machine was never enrolled.
    #[error(
        "this {} is not enrolled: '{}' does not exist; ask the region for a token and run `{} enroll`",
        machine.word, path.display(), machine.program
    )]
    NotEnrolled {
        /// Which kind of machine.
        machine: Machine,
        /// The folder.
        path: PathBuf,
    },
    /// There is an identity already.
    #[error(
        "'{}' holds a valid identity of \"{name}\" until {until}; add --replace to give it up",
        path.display()
    )]
    Exists {
        /// The folder.
        path: PathBuf,
        /// Its name.
        name: String,
        /// When its certificate ends.
        until: Timestamp,
    },
    /// A file of it cannot be read as what it should be.
    #[error(
        "'{}' is damaged ({reason}); ask the region for a token and run `{} enroll --replace`",
        path.display(), machine.program
    )]
    Damaged {
        /// Which kind of machine.
        machine: Machine,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
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
}

impl Identity {
    /// The folder of the identity within a data folder.
    #[must_use]
    pub fn folder(data: &Path) -> PathBuf {
        data.join("identity")
    }

    /// Reads the identity in a data folder.
    ///
    /// # Errors
    ///
    /// [`IdentityError`]; a certificate that has expired is read all the same.
    pub fn load(machine: Machine, data: &Path) -> Result<Self, IdentityError> {
        let folder = Self::folder(data);
        if !folder.exists() {
            return Err(IdentityError::NotEnrolled { machine, path: folder });
        }
        let name_path = folder.join(machine.word);
        let name = fs::read_to_string(&name_path).map_err(disk("read", &name_path))?;
        let name = BridgeId::new(name.trim()).map_err(damaged(machine, &name_path))?.to_string();
        let certificate_path = folder.join("certificate.pem");
        let certificate = read_certificate(machine, &certificate_path)?;
        let authority = read_certificate(machine, &folder.join("authority.pem"))?;
        let key_path = folder.join("key.pem");
        let bytes = fs::read(&key_path).map_err(disk("read", &key_path))?;
        let key = PrivateKeyDer::from_pem_slice(&bytes).map_err(damaged(machine, &key_path))?;
        let validity = validity_of(&certificate).map_err(damaged(machine, &certificate_path))?;
        Ok(Self { machine, name, certificate, authority, key, validity })
    }

    /// Puts a new identity in place: all of it or nothing. One that was there is kept beside
    /// it as `identity.old`.
    ///
    /// # Errors
    ///
    /// [`IdentityError::Disk`].
    pub fn store(
        machine: Machine,
        data: &Path,
        name: &str,
        certificate: &[u8],
        authority: &[u8],
        key: &PrivatePkcs8KeyDer<'_>,
    ) -> Result<(), IdentityError> {
        let folder = Self::folder(data);
        let (fresh, old) = (data.join("identity.new"), data.join("identity.old"));
        fs::create_dir_all(data).map_err(disk("make the folder", data))?;
        remove_folder(&fresh)?;
        let mut builder = DirBuilder::new();
        builder.mode(0o700).create(&fresh).map_err(disk("make the folder", &fresh))?;
        let files = [
            ("key.pem", pem("PRIVATE KEY", key.secret_pkcs8_der())),
            ("certificate.pem", pem("CERTIFICATE", certificate)),
            ("authority.pem", pem("CERTIFICATE", authority)),
            (machine.word, format!("{name}\n")),
        ];
        for (file, text) in files {
            write_private(&fresh.join(file), &text)?;
        }
        sync(&fresh)?;
        if folder.exists() {
            remove_folder(&old)?;
            fs::rename(&folder, &old).map_err(disk("put aside", &folder))?;
        }
        fs::rename(&fresh, &folder).map_err(disk("put in place", &folder))?;
        sync(data)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("name", &self.name)
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}

/// From when to when a certificate holds.
///
/// # Errors
///
/// A sentence, where the bytes are not a certificate.
pub fn validity_of(certificate: &CertificateDer<'_>) -> Result<Validity, String> {
    let (_, parsed) =
        X509Certificate::from_der(certificate).map_err(|_| "not a certificate".to_owned())?;
    let read = |time: i64| Timestamp::from_second(time).map_err(|error| error.to_string());
    Ok(Validity {
        from: read(parsed.validity().not_before.timestamp())?,
        until: read(parsed.validity().not_after.timestamp())?,
    })
}

fn read_certificate(
    machine: Machine,
    path: &Path,
) -> Result<CertificateDer<'static>, IdentityError> {
    let bytes = fs::read(path).map_err(disk("read", path))?;
    CertificateDer::from_pem_slice(&bytes).map_err(damaged(machine, path))
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text + &format!("-----END {label}-----\n")
}

fn write_private(path: &Path, text: &str) -> Result<(), IdentityError> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(disk("write", path))
}

fn remove_folder(path: &Path) -> Result<(), IdentityError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(disk("remove the folder", path)(error))
        }
        _ => Ok(()),
    }
}

fn sync(folder: &Path) -> Result<(), IdentityError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk("sync", folder))
}

fn disk(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> IdentityError {
    let path = path.to_owned();
    move |source| IdentityError::Disk { doing, path, source }
}

fn damaged<E: std::fmt::Display>(machine: Machine, path: &Path) -> impl FnOnce(E) -> IdentityError {
    let path = path.to_owned();
    move |error| IdentityError::Damaged { machine, path, reason: error.to_string() }
}
