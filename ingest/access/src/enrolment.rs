//! Which bridges are admitted, and how a new one becomes one.
//!
//! An operator invites a bridge: a secret is drawn, good once and for a while. The bridge
//! redeems it and is enrolled with its certificate. From then on the certificate is admitted,
//! until the bridge is revoked or enrolled anew with another one.
//!
//! ```text
//! bridges/<bridge>.json            the certificate that is admitted for it: the truth
//! certificates/<SHA-256>.json      which bridge to look at: an index, never believed alone
//! invitations/<SHA-256>.json       not redeemed yet, named after the hash of the secret
//! redeemed/<SHA-256>.json          redeemed, kept to tell a used token from a wrong one
//! ```

use std::path::Path;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use vitals::{BridgeId, WallTime};

use crate::error::AccessError;
use crate::record::{Folder, Found};
use crate::secret;

/// Bytes of an invitation's secret.
pub const SECRET_BYTES: usize = 16;
/// How long records of past invitations are kept.
const PAST_KEPT_MICROS: i64 = 90 * 24 * 3600 * WallTime::MICROS_PER_SECOND;

/// The enrolled bridges and open invitations, in one directory.
///
/// Nothing is cached: admitting reads two small files, some 30 µs beside a handshake of
/// milliseconds, and a bridge revoked by the command line is out from the next call on.
#[derive(Clone, Debug)]
pub struct Enrolment {
    bridges: Folder,
    certificates: Folder,
    invitations: Folder,
    redeemed: Folder,
}

/// A bridge that is admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledBridge {
    /// Its name.
    pub bridge: BridgeId,
    /// SHA-256 of its certificate, DER.
    pub certificate_sha256: [u8; 32],
    /// When it was enrolled, by the region's clock.
    pub enrolled_at: WallTime,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BridgeRecord {
    certificate_sha256: String,
    enrolled_at_micros: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateRecord {
    bridge: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationRecord {
    bridge: String,
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
            certificates: Folder::open(dir.join("certificates"))?,
            invitations: Folder::open(dir.join("invitations"))?,
            redeemed: Folder::open(dir.join("redeemed"))?,
        })
    }

    /// Invites a bridge, for `valid_micros` from `now`. The secret is returned this once; on
    /// disk stands its hash.
    ///
    /// A bridge that is enrolled already may be invited again: it stays admitted with its old
    /// certificate until it redeems.
    ///
    /// # Errors
    ///
    /// The disk's, or [`AccessError::NoRandomness`].
    pub fn invite(
        &self,
        bridge: BridgeId,
        now: WallTime,
        valid_micros: i64,
    ) -> Result<[u8; SECRET_BYTES], AccessError> {
        self.forget_past(now)?;
        let secret = secret::draw::<SECRET_BYTES>()?;
        let record = InvitationRecord {
            bridge: bridge.as_str().to_owned(),
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
    pub fn redeem(&self, secret: &[u8], now: WallTime) -> Result<BridgeId, TokenRefused> {
        let name = hash_name(secret);
        let Some(record) = self.invitations.read::<InvitationRecord>(&name)? else {
            let used = self.redeemed.read::<InvitationRecord>(&name)?;
            return Err(used.map_or(TokenRefused::Unknown, |_| TokenRefused::Used));
        };
        if now >= WallTime(record.expires_at_micros) {
            return Err(TokenRefused::Expired);
        }
        let bridge = BridgeId::new(&record.bridge).map_err(|_| TokenRefused::Unknown)?;
        match self.invitations.move_to(&name, &self.redeemed)? {
            Found::Yes => Ok(bridge),
            Found::No => Err(TokenRefused::Used),
        }
    }

    /// Admits a bridge with this certificate from now on, and with no earlier one.
    ///
    /// # Errors
    ///
    /// The disk's.
    pub fn enrol(
        &self,
        bridge: BridgeId,
        certificate_sha256: [u8; 32],
        now: WallTime,
    ) -> Result<(), AccessError> {
        let fingerprint = HEXLOWER.encode(&certificate_sha256);
        let before = self.bridges.read::<BridgeRecord>(bridge.as_str())?;
        // The index first: without the bridge's own record it admits nobody.
        let record = CertificateRecord { bridge: bridge.as_str().to_owned() };
        self.certificates.write(&fingerprint, &record)?;
        let record =
            BridgeRecord { certificate_sha256: fingerprint.clone(), enrolled_at_micros: now.0 };
        self.bridges.write(bridge.as_str(), &record)?;
        if let Some(before) = before.filter(|before| before.certificate_sha256 != fingerprint) {
            self.certificates.remove(&before.certificate_sha256)?;
        }
        Ok(())
    }

    /// Whose certificate this is.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`].
    pub fn admit(&self, certificate_sha256: &[u8; 32]) -> Result<BridgeId, NotEnrolled> {
        let fingerprint = HEXLOWER.encode(certificate_sha256);
        let Some(index) = self.certificates.read::<CertificateRecord>(&fingerprint)? else {
            return Err(NotEnrolled::UnknownCertificate);
        };
        let bridge = BridgeId::new(&index.bridge).map_err(|_| NotEnrolled::UnknownCertificate)?;
        match self.bridges.read::<BridgeRecord>(bridge.as_str())? {
            Some(record) if record.certificate_sha256 == fingerprint => Ok(bridge),
            Some(_) | None => Err(NotEnrolled::Revoked { bridge }),
        }
    }

    /// Admits the bridge no longer. Whoever serves it closes the connection it may have.
    ///
    /// # Errors
    ///
    /// [`AccessError::NoSuchBridge`], or the disk's.
    pub fn revoke(&self, bridge: BridgeId) -> Result<(), AccessError> {
        let record = self.bridges.read::<BridgeRecord>(bridge.as_str());
        // The record goes even where it is damaged: revoking must always be possible.
        match self.bridges.remove(bridge.as_str())? {
            Found::Yes => {}
            Found::No => return Err(AccessError::NoSuchBridge),
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
    pub fn list(&self) -> Result<Vec<EnrolledBridge>, AccessError> {
        let mut list = Vec::new();
        for name in self.bridges.names()? {
            let Ok(bridge) = BridgeId::new(&name) else { continue };
            // Revoked since the directory was listed: not an error.
            let Some(record) = self.bridges.read::<BridgeRecord>(&name)? else { continue };
            let mut certificate_sha256 = [0; 32];
            let decoded = HEXLOWER.decode(record.certificate_sha256.as_bytes());
            if let Some(decoded) = decoded.ok().filter(|decoded| decoded.len() == 32) {
                certificate_sha256.copy_from_slice(&decoded);
            }
            let enrolled_at = WallTime(record.enrolled_at_micros);
            list.push(EnrolledBridge { bridge, certificate_sha256, enrolled_at });
        }
        Ok(list)
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

fn hash_name(secret: &[u8]) -> String {
    HEXLOWER.encode(&secret::hash(secret))
}

/// Why a token was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefused {
    /// It is none of ours, or so old that it was forgotten.
    #[error("this region did not issue the token; check that the bridge calls the right region")]
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
    /// No bridge is enrolled with it.
    #[error("no bridge is enrolled with this certificate; enrol it with a new token")]
    UnknownCertificate,
    /// The bridge was revoked, or enrolled anew with another certificate.
    #[error(
        "the bridge '{bridge}' is no longer admitted with this certificate; if that is not meant, enrol it with a new token"
    )]
    Revoked {
        /// Which bridge it was.
        bridge: BridgeId,
    },
    /// The records could not be read.
    #[error(transparent)]
    Records(#[from] AccessError),
}
