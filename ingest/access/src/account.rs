//! Who may sign in.

use core::fmt;
use core::str::FromStr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::error::AccessError;
use crate::password::{self, Fit, Memory};
use crate::record::{Created, Folder, Found};
use crate::role::Role;
use crate::secret;

/// The name with which a person signs in.
///
/// 1 to 64 of `a-z`, `0-9`, `.`, `-`, `_` and `@`, beginning with a letter or a digit;
/// capitals are read as small letters. It may be a person's name or address: it belongs in the
/// audit log and in no other, so `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AccountName(String);

/// Most bytes of an account name.
const NAME_BYTES_MAX: usize = 64;

impl AccountName {
    /// Reads a name.
    ///
    /// # Errors
    ///
    /// [`InvalidAccountName`] where it is empty, too long, or holds another character.
    pub fn new(name: &str) -> Result<Self, InvalidAccountName> {
        let name = name.trim().to_ascii_lowercase();
        let allowed = |(at, byte): (usize, u8)| match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'.' | b'-' | b'_' | b'@' => at > 0,
            _ => false,
        };
        let good =
            (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().enumerate().all(allowed);
        if good { Ok(Self(name)) } else { Err(InvalidAccountName) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountName(redacted)")
    }
}

impl FromStr for AccountName {
    type Err = InvalidAccountName;

    fn from_str(text: &str) -> Result<Self, InvalidAccountName> {
        Self::new(text)
    }
}

/// The text cannot be the name of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an account name has 1 to 64 of a-z, 0-9, '.', '-', '_' and '@', and begins with a letter or a digit"
)]
pub struct InvalidAccountName;

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Her name.
    pub name: AccountName,
    /// What she is here for.
    pub role: Role,
    /// Which password and role this is about; see [`Accounts::stands`].
    pub credential: Credential,
}

/// A mark that changes with the password and the role of an account. No secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential([u8; 32]);

/// The accounts of the region, in one directory.
///
/// Nothing is cached: a change by the command line counts from the next question on.
#[derive(Clone, Debug)]
pub struct Accounts {
    folder: Folder,
    /// For one check after the other, shared by all clones.
    memory: Arc<Mutex<Memory>>,
}

/// An account as it stands on disk, in a file named after it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountRecord {
    role: Role,
    password: String,
}

impl AccountRecord {
    fn credential(&self) -> Credential {
        Credential(secret::hash(format!("{} {}", self.role, self.password).as_bytes()))
    }
}

impl Accounts {
    /// Opens the accounts under `dir`, making the directory `dir/accounts` where it is missing.
    ///
    /// # Errors
    ///
    /// [`AccessError::Disk`].
    pub fn open(dir: &Path) -> Result<Self, AccessError> {
        Ok(Self { folder: Folder::open(dir.join("accounts"))?, memory: Arc::default() })
    }

    /// Adds a person. Takes some 50 ms: the password is hashed.
    ///
    /// # Errors
    ///
    /// [`AccessError::Password`], [`AccessError::Exists`], or the disk's.
    pub fn add(&self, name: &AccountName, password: &str, role: Role) -> Result<(), AccessError> {
        password::check_rules(name, password)?;
        let record = AccountRecord { role, password: password::hash(password)? };
        match self.folder.create(name.as_str(), &record)? {
            Created::New => Ok(()),
            Created::Existed => Err(AccessError::Exists),
        }
    }

    /// Removes a person; her sessions end with the next [`Accounts::stands`].
    ///
    /// # Errors
    ///
    /// [`AccessError::NoSuchAccount`], or the disk's.
    pub fn remove(&self, name: &AccountName) -> Result<(), AccessError> {
        match self.folder.remove(name.as_str())? {
            Found::Yes => Ok(()),
            Found::No => Err(AccessError::NoSuchAccount),
        }
    }

    /// Everybody, by name.
    ///
    /// # Errors
    ///
    /// The disk's, or [`AccessError::Damaged`] for the first record that cannot be read.
    pub fn list(&self) -> Result<Vec<Account>, AccessError> {
        let mut accounts = Vec::new();
        for file_name in self.folder.names()? {
            let Ok(name) = AccountName::new(&file_name) else { continue };
            // Removed since the directory was listed: not an error.
            let Some(record) = self.folder.read::<AccountRecord>(&file_name)? else { continue };
            accounts.push(Account { name, role: record.role, credential: record.credential() });
        }
        Ok(accounts)
    }

    /// Sets another password; sessions opened with the old one end.
    ///
    /// # Errors
    ///
    /// [`AccessError::Password`], [`AccessError::NoSuchAccount`], or the disk's.
    pub fn set_password(&self, name: &AccountName, password: &str) -> Result<(), AccessError> {
        password::check_rules(name, password)?;
        let Some(record) = self.folder.read::<AccountRecord>(name.as_str())? else {
            return Err(AccessError::NoSuchAccount);
        };
        let record = AccountRecord { password: password::hash(password)?, ..record };
        self.folder.write(name.as_str(), &record)
    }

    /// Checks a name and a password. Takes some 50 ms and 19 MiB, whether or not the name is
    /// known; several at once wait for each other. Call it where that does not hold up others.
    ///
    /// # Errors
    ///
    /// [`LoginRefused`], which does not tell a wrong name from a wrong password.
    pub fn verify(&self, name: &str, password: &str) -> Result<Account, LoginRefused> {
        let name = AccountName::new(name).ok();
        let record = match &name {
            Some(name) => self.folder.read::<AccountRecord>(name.as_str())?,
            None => None,
        };
        let phc = record.as_ref().map(|record| record.password.as_str());
        let fit = {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            password::fits(password, phc, &mut memory)
        };
        match (name, record, fit) {
            (Some(name), Some(record), Fit::Fits) => {
                Ok(Account { name, role: record.role, credential: record.credential() })
            }
            (Some(name), Some(_), Fit::Not) => Err(LoginRefused::Password { name }),
            _ => Err(LoginRefused::Unknown),
        }
    }

    /// Whether the account is still there with the password and role it had.
    ///
    /// # Errors
    ///
    /// The disk's, or [`AccessError::Damaged`].
    pub fn stands(
        &self,
        name: &AccountName,
        credential: Credential,
    ) -> Result<Standing, AccessError> {
        let record = self.folder.read::<AccountRecord>(name.as_str())?;
        let same = record.is_some_and(|record| record.credential() == credential);
        Ok(if same { Standing::Unchanged } else { Standing::Changed })
    }
}

/// What became of an account since a session was opened for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: same password, same role.
    Unchanged,
    /// It was removed, or has another password or role.
    Changed,
}

/// Why a login was refused. Whoever tries is told the same for the first two.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginRefused {
    /// There is no such account. The name as typed is not kept: people type passwords there.
    #[error("the name or the password is wrong")]
    Unknown,
    /// The account exists and has another password.
    #[error("the name or the password is wrong")]
    Password {
        /// Whose; for the audit log.
        name: AccountName,
    },
    /// The account could not be read.
    #[error(transparent)]
    Records(#[from] AccessError),
}
