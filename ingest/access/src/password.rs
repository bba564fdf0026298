//! Passwords: the rules for new ones, and how they are kept.
//!
//! Argon2id with 19 MiB, two passes, one lane, the least that the OWASP Password Storage Cheat
//! Sheet (2024) asks for; a 16-byte salt of its own for each. Kept as a PHC string, so that
//! later, stronger parameters can live beside these.

use core::fmt;

use argon2::password_hash::{Output, PasswordHash, PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::account::AccountName;
use crate::error::AccessError;
use crate::secret;

/// Fewest characters of a password.
pub const CHARACTERS_MIN: usize = 12;
/// Most bytes of a password: beyond, hashing it would be work for nothing.
pub const BYTES_MAX: usize = 512;
/// Fewest different characters of a password.
const DIFFERENT_MIN: usize = 5;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash that nobody's password has, made with the parameters above: checked when the name is
/// unknown, so that the time of the answer does not tell which names exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyBpdCE$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password cannot be used. The text is for the person who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeakPassword {
    /// Fewer than [`CHARACTERS_MIN`] characters.
    #[error(
        "the password is too short: use at least {CHARACTERS_MIN} characters; three or four words that belong together only for you are good"
    )]
    TooShort,
    /// More than [`BYTES_MAX`] bytes.
    #[error("the password is too long: use at most {BYTES_MAX} bytes")]
    TooLong,
    /// The same few characters again and again.
    #[error("the password repeats itself: use at least {DIFFERENT_MIN} different characters")]
    Repeats,
    /// It holds the account's name.
    #[error("the password contains the account name: choose one that does not")]
    ContainsName,
}

/// Checks a new password against the rules.
///
/// # Errors
///
/// [`WeakPassword`], worded for the person who chose it.
pub fn check_rules(name: &AccountName, password: &str) -> Result<(), WeakPassword> {
    if password.chars().count() < CHARACTERS_MIN {
        return Err(WeakPassword::TooShort);
    }
    if password.len() > BYTES_MAX {
        return Err(WeakPassword::TooLong);
    }
    let different: std::collections::BTreeSet<char> = password.chars().collect();
    if different.len() < DIFFERENT_MIN {
        return Err(WeakPassword::Repeats);
    }
    // A name of one or two letters is in many good passwords by chance.
    if name.as_str().len() > 2 && password.to_lowercase().contains(name.as_str()) {
        return Err(WeakPassword::ContainsName);
    }
    Ok(())
}

/// Hashes a password, as a PHC string.
pub(crate) fn hash(password: &str) -> Result<String, AccessError> {
    let salt = SaltString::encode_b64(&secret::draw::<16>()?).map_err(AccessError::Hash)?;
    let hash = argon2id().hash_password(password.as_bytes(), &salt).map_err(AccessError::Hash)?;
    Ok(hash.to_string())
}

/// What a check needs: 19 MiB, taken at the first one and kept.
///
/// Given back each time, they would pile up: the system's allocator keeps what a thread has
/// freed for that thread, and a server checks on many.
#[derive(Default)]
pub(crate) struct Memory(Vec<Block>);

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("blocks", &self.0.len()).finish()
    }
}

/// Whether the password fits the hash; no hash takes as long, and never fits.
pub(crate) fn fits(password: &str, phc: Option<&str>, memory: &mut Memory) -> Fit {
    let bytes = &password.as_bytes()[..password.len().min(BYTES_MAX + 1)];
    let hash = PasswordHash::new(phc.unwrap_or(NOBODY));
    let verdict = hash.and_then(|hash| compare(bytes, &hash, memory)).unwrap_or(Fit::Not);
    if phc.is_some() { verdict } else { Fit::Not }
}

/// Hashes the password with the salt and parameters of the other hash, and compares. That
/// takes the same time wherever the two differ.
fn compare(
    password: &[u8],
    other: &PasswordHash<'_>,
    memory: &mut Memory,
) -> argon2::password_hash::Result<Fit> {
    let (Some(salt), Some(expected)) = (other.salt, other.hash) else { return Ok(Fit::Not) };
    let algorithm = Algorithm::try_from(other.algorithm)?;
    let params = Params::try_from(other)?;
    memory.0.resize(params.block_count(), Block::default());
    let mut salt_bytes = [0; 64];
    let salt = salt.decode_b64(&mut salt_bytes)?;
    let computed = Output::init_with(expected.len(), |out| {
        Argon2::new(algorithm, Version::V0x13, params)
            .hash_password_into_with_memory(password, salt, out, &mut memory.0)
            .map_err(Into::into)
    })?;
    Ok(if computed == expected { Fit::Fits } else { Fit::Not })
}

/// Whether a password fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It does.
    Fits,
    /// It does not.
    Not,
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("within Argon2's own bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_told_in_words() {
        let name = AccountName::new("sato").unwrap();
        let check = |password: &str| check_rules(&name, password);
        assert_eq!(check("elevenchars"), Err(WeakPassword::TooShort));
        assert_eq!(check("ababababababab"), Err(WeakPassword::Repeats));
        assert_eq!(check("my name is Sato"), Err(WeakPassword::ContainsName));
        assert_eq!(check(&"abcdefgh".repeat(65)), Err(WeakPassword::TooLong));
        assert_eq!(check("春の海ひねもすのたりのたりかな"), Ok(()));
        assert_eq!(check("correct horse battery"), Ok(()));
        assert!(WeakPassword::TooShort.to_string().contains("at least 12 characters"));
    }

    #[test]
    fn the_hash_of_nobody_is_as_much_work_as_a_real_one() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = hash("correct horse battery").unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(nobody.version, real.version);
        assert_eq!(nobody.params, real.params);
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
        assert_eq!(fits("", None, &mut Memory::default()), Fit::Not);
    }

    #[test]
    fn a_record_without_a_whole_hash_fits_no_password() {
        let mut memory = Memory::default();
        let whole = hash("correct horse battery").unwrap();
        let mut check = |phc: &str| fits("correct horse battery", Some(phc), &mut memory);
        assert_eq!(check(&whole), Fit::Fits);
        let (without_hash, _) = whole.rsplit_once('$').unwrap();
        let (without_salt, _) = without_hash.rsplit_once('$').unwrap();
        for damaged in [without_hash, without_salt, "$argon2id$", "correct horse battery", ""] {
            assert_eq!(check(damaged), Fit::Not, "{damaged}");
        }
        assert_eq!(check(&whole.replace("argon2id", "argon2d")), Fit::Not);
    }
}
