//! Who signed in, from where, and which machines came and went: one JSON line each.
//!
//! Append-only, mode 0600, synced before the call returns. It holds account names and network
//! addresses, which no other log does, and never a password, token or cookie.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use vitals::{AnalystId, BridgeId, WallTime};

use crate::account::AccountName;
use crate::error::AccessError;
use crate::machine::Machine;
use crate::record::{self, Folder};
use crate::role::Role;

/// What is worth remembering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuditEvent {
    /// Somebody signed in.
    SignedIn {
        /// Who.
        name: AccountName,
        /// As what.
        role: Role,
        /// From where.
        address: IpAddr,
    },
    /// Somebody tried and was refused.
    SignInRefused {
        /// Who, where the account exists; what was typed otherwise is not kept, it may be a
        /// password in the wrong field.
        name: Option<AccountName>,
        /// From where.
        address: IpAddr,
    },
    /// Somebody signed out.
    SignedOut {
        /// Who.
        name: AccountName,
        /// From where.
        address: IpAddr,
    },
    /// An account was made by the command line.
    AccountAdded {
        /// Whose.
        name: AccountName,
        /// As what.
        role: Role,
    },
    /// An account was removed by the command line.
    AccountRemoved {
        /// Whose.
        name: AccountName,
    },
    /// A password was set by the command line.
    PasswordSet {
        /// Whose.
        name: AccountName,
    },
    /// A bridge was invited.
    BridgeInvited {
        /// Which.
        #[serde(serialize_with = "as_text")]
        bridge: BridgeId,
    },
    /// A bridge redeemed its invitation and has a certificate.
    BridgeEnrolled {
        /// Which.
        #[serde(serialize_with = "as_text")]
        bridge: BridgeId,
        /// From where.
        address: IpAddr,
    },
    /// A token was refused.
    TokenRefused {
        /// From where.
        address: IpAddr,
        /// Why, in words.
        reason: String,
    },
    /// A bridge is no longer admitted.
    BridgeRevoked {
        /// Which.
        #[serde(serialize_with = "as_text")]
        bridge: BridgeId,
    },
    /// Somebody gave a level to some minutes of a strip.
    Judged {
        /// Who.
        name: AccountName,
        /// As what.
        role: Role,
        /// The last digits of the episode, as every log has them.
        episode: String,
        /// The level.
        level: u8,
        /// Start of the minutes, µs since 1970 UTC, by the bridge's clock.
        from_micros: i64,
        /// Their end.
        to_micros: i64,
    },
    /// Somebody asked for something at the desk of alarms; what came of it is in the alarm.
    Attended {
        /// Who.
        name: AccountName,
        /// As what.
        role: Role,
        /// What: acknowledge, mark as an artefact, pause.
        request: &'static str,
        /// The number of the alarm, or of the track that was to be quiet.
        number: u64,
    },
    /// An analyst was invited.
    AnalystInvited {
        /// Which.
        #[serde(serialize_with = "as_text")]
        analyst: AnalystId,
    },
    /// An analyst redeemed its invitation and has a certificate.
    AnalystEnrolled {
        /// Which.
        #[serde(serialize_with = "as_text")]
        analyst: AnalystId,
        /// From where.
        address: IpAddr,
    },
    /// An analyst is no longer admitted.
    AnalystRevoked {
        /// Which.
        #[serde(serialize_with = "as_text")]
        analyst: AnalystId,
    },
}

impl AuditEvent {
    /// A machine was invited.
    #[must_use]
    pub fn invited(machine: Machine) -> Self {
        match machine {
            Machine::Bridge(bridge) => Self::BridgeInvited { bridge },
            Machine::Analyst(analyst) => Self::AnalystInvited { analyst },
        }
    }

    /// A machine redeemed its invitation and has a certificate.
    #[must_use]
    pub fn enrolled(machine: Machine, address: IpAddr) -> Self {
        match machine {
            Machine::Bridge(bridge) => Self::BridgeEnrolled { bridge, address },
            Machine::Analyst(analyst) => Self::AnalystEnrolled { analyst, address },
        }
    }

    /// A machine is no longer admitted.
    #[must_use]
    pub fn revoked(machine: Machine) -> Self {
        match machine {
            Machine::Bridge(bridge) => Self::BridgeRevoked { bridge },
            Machine::Analyst(analyst) => Self::AnalystRevoked { analyst },
        }
    }
}

fn as_text<S: serde::Serializer>(name: &impl fmt::Display, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(name)
}

/// The log, `audit.jsonl` in one directory. Several processes may append to it.
#[derive(Debug)]
pub struct Audit {
    path: PathBuf,
    file: File,
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    #[serde(flatten)]
    event: &'a AuditEvent,
}

impl Audit {
    /// Opens the log under `dir`, making both where they are missing.
    ///
    /// # Errors
    ///
    /// [`AccessError::Disk`].
    pub fn open(dir: &Path) -> Result<Self, AccessError> {
        Folder::open(dir.to_owned())?;
        let path = dir.join("audit.jsonl");
        let open = || {
            let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
            record::own_like(&file, dir)?;
            Ok(file)
        };
        let file =
            open().map_err(|source| AccessError::disk("open the audit log", &path, source))?;
        Ok(Self { path, file })
    }

    /// Appends an event that happened at `at`, and returns when it is on disk.
    ///
    /// # Errors
    ///
    /// [`AccessError::Disk`].
    pub fn record(&self, at: WallTime, event: &AuditEvent) -> Result<(), AccessError> {
        let at = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_string();
        let mut line =
            serde_json::to_string(&Line { at, event }).expect("an event holds texts and numbers");
        line.push('\n');
        // One write to a file opened for appending: lines of two processes do not mix.
        (&self.file)
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|source| AccessError::disk("append to the audit log", &self.path, source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_when_and_from_where() {
        let dir = tempfile::tempdir().unwrap();
        let audit = Audit::open(dir.path()).unwrap();
        let address = IpAddr::from([192, 0, 2, 1]);
        let name = AccountName::new("sato").unwrap();
        let at = WallTime(1_700_000_000_000_000);
        audit.record(at, &AuditEvent::SignedIn { name, role: Role::Midwife, address }).unwrap();
        let second = Audit::open(dir.path()).unwrap();
        second.record(at, &AuditEvent::SignInRefused { name: None, address }).unwrap();
        let bridge = BridgeId::new("clinic-1").unwrap();
        audit.record(at, &AuditEvent::BridgeRevoked { bridge }).unwrap();
        let text = std::fs::read_to_string(dir.path().join("audit.jsonl")).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                r#"{"at":"2023-11-14T22:13:20Z","event":"signed_in","name":"sato","role":"midwife","address":"192.0.2.1"}"#,
                r#"{"at":"2023-11-14T22:13:20Z","event":"sign_in_refused","name":null,"address":"192.0.2.1"}"#,
                r#"{"at":"2023-11-14T22:13:20Z","event":"bridge_revoked","bridge":"clinic-1"}"#,
            ]
        );
    }
}
