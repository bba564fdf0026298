//! Which machines are admitted, and how a new one becomes one.
//!
//! An operator invites a bridge or an analyst: a secret is drawn, good once and for a while.
//! The machine redeems it and is enrolled with its certificate. From then on the certificate
//! is admitted, as what the invitation said and as nothing else, until the machine is revoked
//! or enrolled anew with another one.
//!
//! ```text
//! bridges/<bridge>.json            the certificate that is admitted for it: the truth
//! analysts/<analyst>.json          likewise
//! certificates/<SHA-256>.json      which machine to look at: an index, never believed alone
//! invitations/<SHA-256>.json       not redeemed yet, named after the hash of the secret
//! redeemed/<SHA-256>.json          redeemed, kept to tell a used token from a wrong one
//! ```

use std::path::Path;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use vitals::{AnalystId, BridgeId, WallTime};

use crate::error::AccessError;
use crate::machine::{Machine, MachineRole};
use crate::record::{Folder, Found};
use crate::secret;

/// Bytes of an invitation's secret.
pub const SECRET_BYTES: usize = 16;
/// How long records of past invitations are kept.
const PAST_KEPT_MICROS: i64 = 90 * 24 * 3600 * WallTime::MICROS_PER_SECOND;

/// The enrolled machines and open invitations, in one directory.
///
/// Nothing is cached: admitting reads two small files, some 30 µs beside a handshake of
/// milliseconds, and a machine revoked by the command line is out from the next call on.
#[derive(Clone, Debug)]
pub struct Enrolment {
    bridges: Folder,
    analysts: Folder,
    certificates: Folder,
    invitations: Folder,
    redeemed: Folder,
}

/// A machine that is admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled<N> {
    /// Its name.
    pub name: N,
    /// SHA-256 of its certificate, DER.
    pub certificate_sha256: [u8; 32],
    /// When it was enrolled, by the region's clock.
    pub enrolled_at: WallTime,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MachineRecord {
    certificate_sha256: String,
    enrolled_at_micros: i64,
}

// The field keeps the name it had when there were bridges only: records outlive a program.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateRecord {
    #[serde(rename = "bridge")]
    name: String,
    #[serde(default)]
    role: MachineRole,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationRecord {
    #[serde(rename = "bridge")]
    name: String,
    #[serde(default)]
    role: MachineRole,
    expires_at_micros: i64,
}

impl Enrolment {
    /// Opens the records under `dir`, making `dir/enrolment` where it is missing.
    ///
    /// # Errors
    ///
    /// [`AccessError::Disk`].
    pub fn open(dir: &Path) -> Result<Self, AccessError> {
        let dir = dir.join("enrolment");
        Ok(Self {
            bridges: Folder::open(dir.join("bridges"))?,
            analysts: Folder::open(dir.join("analysts"))?,
            certificates: Folder::open(dir.join("certificates"))?,
            invitations: Folder::open(dir.join("invitations"))?,
            redeemed: Folder::open(dir.join("redeemed"))?,
        })
    }

    /// Invites a machine, for `valid_micros` from `now`. The secret is returned this once; on
    /// disk stands its hash.
    ///
    /// One that is enrolled already may be invited again: it stays admitted with its old
    /// certificate until it redeems.
    ///
    /// # Errors
    ///
    /// The disk's, or [`AccessError::NoRandomness`].
    pub fn invite(
        &self,
        machine: impl Into<Machine>,
        now: WallTime,
        valid_micros: i64,
    ) -> Result<[u8; SECRET_BYTES], AccessError> {
        let machine = machine.into();
        self.forget_past(now)?;
        let secret = secret::draw::<SECRET_BYTES>()?;
        let record = InvitationRecord {
            name: machine.name().to_owned(),
            role: machine.role(),
            expires_at_micros: now.plus_micros(valid_micros).0,
        };
        self.invitations.write(&hash_name(&secret), &record)?;
        Ok(secret)
    }

    /// Redeems an invitation. Of several that try with the same secret, one succeeds.
    ///
    /// It is used up even if the server stops before [`Enrolment::enrol`]; invite once more
    /// then.
    ///
    /// # Errors
    ///
    /// [`TokenRefused`].
    pub fn redeem(&self, secret: &[u8], now: WallTime) -> Result<Machine, TokenRefused> {
        let name = hash_name(secret);
        let Some(record) = self.invitations.read::<InvitationRecord>(&name)? else {
            let used = self.redeemed.read::<InvitationRecord>(&name)?;
            return Err(used.map_or(TokenRefused::Unknown, |_| TokenRefused::Used));
        };
        if now >= WallTime(record.expires_at_micros) {
            return Err(TokenRefused::Expired);
        }
        let machine = Machine::of_record(record.role, &record.name).ok_or(TokenRefused::Unknown)?;
        match self.invitations.move_to(&name, &self.redeemed)? {
            Found::Yes => Ok(machine),
            Found::No => Err(TokenRefused::Used),
        }
    }

    /// Admits a machine with this certificate from now on, and with no earlier one.
    ///
    /// # Errors
    ///
    /// The disk's.
    pub fn enrol(
        &self,
        machine: impl Into<Machine>,
        certificate_sha256: [u8; 32],
        now: WallTime,
    ) -> Result<(), AccessError> {
        let machine = machine.into();
        let folder = self.folder(machine.role());
        let fingerprint = HEXLOWER.encode(&certificate_sha256);
        let before = folder.read::<MachineRecord>(machine.name())?;
        // The index first: without the machine's own record it admits nobody.
        let record = CertificateRecord { name: machine.name().to_owned(), role: machine.role() };
        self.certificates.write(&fingerprint, &record)?;
        let record =
            MachineRecord { certificate_sha256: fingerprint.clone(), enrolled_at_micros: now.0 };
        folder.write(machine.name(), &record)?;
        if let Some(before) = before.filter(|before| before.certificate_sha256 != fingerprint) {
            self.certificates.remove(&before.certificate_sha256)?;
        }
        Ok(())
    }

    /// Whose certificate this is, and as what it is admitted.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`].
    pub fn admit(&self, certificate_sha256: &[u8; 32]) -> Result<Machine, NotEnrolled> {
        let fingerprint = HEXLOWER.encode(certificate_sha256);
        let Some(index) = self.certificates.read::<CertificateRecord>(&fingerprint)? else {
            return Err(NotEnrolled::UnknownCertificate);
        };
        let machine =
            Machine::of_record(index.role, &index.name).ok_or(NotEnrolled::UnknownCertificate)?;
        match self.folder(index.role).read::<MachineRecord>(machine.name())? {
            Some(record) if record.certificate_sha256 == fingerprint => Ok(machine),
            Some(_) | None => Err(NotEnrolled::Revoked { machine }),
        }
    }

    /// The bridge that this certificate is admitted as.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`]; an analyst's certificate is [`NotEnrolled::OtherRole`].
    pub fn admit_bridge(&self, certificate_sha256: &[u8; 32]) -> Result<BridgeId, NotEnrolled> {
        match self.admit(certificate_sha256)? {
            Machine::Bridge(bridge) => Ok(bridge),
            machine @ Machine::Analyst(_) => Err(NotEnrolled::OtherRole { machine }),
        }
    }

    /// The analyst that this certificate is admitted as.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`]; a bridge's certificate is [`NotEnrolled::OtherRole`].
    pub fn admit_analyst(&self, certificate_sha256: &[u8; 32]) -> Result<AnalystId, NotEnrolled> {
        match self.admit(certificate_sha256)? {
            Machine::Analyst(analyst) => Ok(analyst),
            machine @ Machine::Bridge(_) => Err(NotEnrolled::OtherRole { machine }),
        }
    }

    /// Admits the machine no longer. Whoever serves it closes the connection it may have.
    ///
    /// # Errors
    ///
    /// [`AccessError::NoSuchMachine`], or the disk's.
    pub fn revoke(&self, machine: impl Into<Machine>) -> Result<(), AccessError> {
        let machine = machine.into();
        let folder = self.folder(machine.role());
        let record = folder.read::<MachineRecord>(machine.name());
        // The record goes even where it is damaged: revoking must always be possible.
        match folder.remove(machine.name())? {
            Found::Yes => {}
            Found::No => return Err(AccessError::NoSuchMachine { machine }),
        }
        if let Ok(Some(record)) = record {
            self.certificates.remove(&record.certificate_sha256)?;
        }
        Ok(())
    }

    /// Every enrolled bridge, by name.
    ///
    /// # Errors
    ///
    /// The disk's, or [`AccessError::Damaged`] for the first record that cannot be read.
    pub fn bridges(&self) -> Result<Vec<Enrolled<BridgeId>>, AccessError> {
        list(&self.bridges, |name| BridgeId::new(name).ok())
    }

    /// Every enrolled analyst, by name.
    ///
    /// # Errors
    ///
    /// The disk's, or [`AccessError::Damaged`] for the first record that cannot be read.
    pub fn analysts(&self) -> Result<Vec<Enrolled<AnalystId>>, AccessError> {
        list(&self.analysts, |name| AnalystId::new(name).ok())
    }

    fn folder(&self, role: MachineRole) -> &Folder {
        match role {
            MachineRole::Bridge => &self.bridges,
            MachineRole::Analyst => &self.analysts,
        }
    }

    /// Drops invitations that ended long ago, so that their number stays bounded.
    fn forget_past(&self, now: WallTime) -> Result<(), AccessError> {
        for folder in [&self.invitations, &self.redeemed] {
            for name in folder.names()? {
                let record = folder.read::<InvitationRecord>(&name)?;
                let ended = record.map(|record| WallTime(record.expires_at_micros));
                if ended.is_some_and(|ended| now.micros_since(ended) > PAST_KEPT_MICROS) {
                    folder.remove(&name)?;
                }
            }
        }
        Ok(())
    }
}

fn list<N>(
    folder: &Folder,
    named: impl Fn(&str) -> Option<N>,
) -> Result<Vec<Enrolled<N>>, AccessError> {
    let mut list = Vec::new();
    for text in folder.names()? {
        let Some(name) = named(&text) else { continue };
        // Revoked since the directory was listed: not an error.
        let Some(record) = folder.read::<MachineRecord>(&text)? else { continue };
        let mut certificate_sha256 = [0; 32];
        let decoded = HEXLOWER.decode(record.certificate_sha256.as_bytes());
        if let Some(decoded) = decoded.ok().filter(|decoded| decoded.len() == 32) {
            certificate_sha256.copy_from_slice(&decoded);
        }
        let enrolled_at = WallTime(record.enrolled_at_micros);
        list.push(Enrolled { name, certificate_sha256, enrolled_at });
    }
    Ok(list)
}

fn hash_name(secret: &[u8]) -> String {
    HEXLOWER.encode(&secret::hash(secret))
}

/// Why a token was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefused {
    /// It is none of ours, or so old that it was forgotten.
    #[error("this region did not issue the token; check that the right region is called")]
    Unknown,
    /// It was redeemed before.
    #[error(
        "the token was used already; ask for a new one, and find out who used it if it was not you"
    )]
    Used,
    /// Its time is over.
    #[error("the token has expired; ask for a new one")]
    Expired,
    /// The records could not be read or changed.
    #[error(transparent)]
    Records(#[from] AccessError),
}

/// Why a certificate was not admitted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotEnrolled {
    /// No machine is enrolled with it.
    #[error("no machine is enrolled with this certificate; enrol it with a new token")]
    UnknownCertificate,
    /// The machine was revoked, or enrolled anew with another certificate.
    #[error(
        "the {machine} is no longer admitted with this certificate; if that is not meant, enrol it with a new token"
    )]
    Revoked {
        /// Which machine it was.
        machine: Machine,
    },
    /// The machine is admitted, but not as what it came as.
    #[error("the {machine} may not do this; its certificate is good for what it was invited as")]
    OtherRole {
        /// Which machine it is.
        machine: Machine,
    },
    /// The records could not be read.
    #[error(transparent)]
    Records(#[from] AccessError),
}
