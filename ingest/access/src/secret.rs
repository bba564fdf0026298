//! The one place that draws random bytes, and the one way secrets are put on record.

use sha2::{Digest, Sha256};

use crate::error::AccessError;

/// Draws `N` bytes from the operating system.
pub(crate) fn draw<const N: usize>() -> Result<[u8; N], AccessError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(AccessError::NoRandomness)?;
    Ok(bytes)
}

/// What is kept of a secret that was drawn here.
///
/// A plain SHA-256 is enough for 128 random bits and more: there is nothing to guess from. It
/// would not be for a password, see [`crate::password`].
pub(crate) fn hash(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}
