//! What can go wrong with the records on disk.

use std::io;
use std::path::PathBuf;

use crate::account::InvalidAccountName;
use crate::machine::Machine;
use crate::password::WeakPassword;

/// Why accounts or enrolments could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// The file system refused.
    #[error("could not {doing} '{}'; check that the directory exists, is writable by this user, and that its disk is not full", path.display())]
    Disk {
        /// What was attempted, as a verb.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A record is there and cannot be understood.
    #[error("the record '{}' is damaged; restore it from a backup, or delete it and add it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where it stopped making sense.
        source: serde_json::Error,
    },
    /// An account of this name exists.
    #[error("there is an account of this name already; choose another, or set its password")]
    Exists,
    /// No account of this name exists.
    #[error("there is no account of this name; `user list` shows those that are")]
    NoSuchAccount,
    /// No machine of this kind and name is enrolled.
    #[error("no {machine} is enrolled; the list of its kind shows those that are")]
    NoSuchMachine {
        /// What was looked for.
        machine: Machine,
    },
    /// The account name cannot be used.
    #[error(transparent)]
    Name(#[from] InvalidAccountName),
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    NoRandomness(getrandom::Error),
    /// The password could not be hashed: too little memory.
    #[error("the password could not be hashed ({0}); it needs 19 MiB of free memory")]
    Hash(argon2::password_hash::Error),
}

impl AccessError {
    pub(crate) fn disk(doing: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Disk { doing, path: path.into(), source }
    }
}
