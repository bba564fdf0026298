//! What an operator carries to a new bridge: one line of text, good for one enrolment.
//!
//! It holds a secret that the region will accept once, and the fingerprint of the region's
//! authority, so that the bridge knows at its first call that it speaks to the right region.
//!
//! ```text
//! ubg1-<BASE32 of: secret 16 bytes, first 16 bytes of the authority's SHA-256, CRC-32>
//! ```

use core::fmt;

use data_encoding::BASE32_NOPAD;

use crate::wire::crc32;

const PREFIX: &str = "ubg1-";

/// A one-time token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What the region accepts once.
    pub secret: [u8; 16],
    /// First half of the SHA-256 of the region's authority certificate, DER.
    pub authority: [u8; 16],
}

impl Token {
    /// The line of text for the operator. It is a secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = [self.secret, self.authority].concat();
        let crc = crc32(&bytes);
        bytes.extend_from_slice(&crc.to_le_bytes());
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes).to_lowercase())
    }

    /// Reads the line; space around it and capitals do not matter.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`] for anything else, a single mistyped character included.
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        let text = text.trim().to_ascii_lowercase();
        let code = text.strip_prefix(PREFIX).ok_or(InvalidToken)?.to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(code.as_bytes()).map_err(|_| InvalidToken)?;
        let (body, crc) = bytes.split_last_chunk::<4>().ok_or(InvalidToken)?;
        if crc32(body) != u32::from_le_bytes(*crc) {
            return Err(InvalidToken);
        }
        let (secret, authority) = body.split_first_chunk::<16>().ok_or(InvalidToken)?;
        let authority = authority.try_into().map_err(|_| InvalidToken)?;
        Ok(Self { secret: *secret, authority })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// The text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidToken;

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not a whole enrolment token; copy it again, from \"ubg1-\" to its end")
    }
}

impl core::error::Error for InvalidToken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_token_is_noticed_at_any_place() {
        let token = Token { secret: [7; 16], authority: [9; 16] };
        let text = token.to_text();
        assert_eq!(Token::parse(&format!("  {}\n", text.to_uppercase())), Ok(token));
        for at in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[at] = if wrong[at] == b'b' { b'c' } else { b'b' };
            assert_eq!(Token::parse(core::str::from_utf8(&wrong).unwrap()), Err(InvalidToken));
        }
    }
}
