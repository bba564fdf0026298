//! Who and where, in names that say nothing about a person.

use core::fmt;

/// One woman's monitoring from start to end.
///
/// Opaque: 128 bits drawn at random by the bridge. It leads to a person only through the
/// region's own records, so `Debug` and `Display` print the last four digits alone, for logs;
/// [`EpisodeId::to_u128`] is for files and the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpisodeId(u128);

impl EpisodeId {
    /// Makes an id from 128 bits.
    #[must_use]
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits)
    }

    /// The 128 bits.
    #[must_use]
    pub const fn to_u128(self) -> u128 {
        self.0
    }
}

impl fmt::Debug for EpisodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "episode …{:04x}", self.0 & 0xffff)
    }
}

impl fmt::Display for EpisodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Longest name of a device or a bridge, in bytes.
pub const NAME_BYTES_MAX: usize = 32;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// 1 to 32 of `a-z`, `0-9`, `-`, `_` and `.`, beginning with a letter or a digit: it
        /// is used in file names, queries and logs, and never names a person.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            bytes: [u8; NAME_BYTES_MAX],
            len: u8,
        }

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            ///
            /// [`InvalidName`] where it is empty, too long, or holds another character.
            pub const fn new(name: &str) -> Result<Self, InvalidName> {
                match checked(name) {
                    Ok((bytes, len)) => Ok(Self { bytes, len }),
                    Err(error) => Err(error),
                }
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                core::str::from_utf8(&self.bytes[..usize::from(self.len)])
                    .expect("`new` accepted ASCII only")
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

name! {
    /// A monitor, as its bridge calls it.
    DeviceId
}
name! {
    /// A bridge, as the region enrolled it.
    BridgeId
}
name! {
    /// A program that analyses strips, as the region enrolled it.
    AnalystId
}

/// Why a name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidName {
    /// There is nothing.
    Empty,
    /// It has more than [`NAME_BYTES_MAX`] bytes.
    TooLong,
    /// The byte at this place is not one of the allowed characters there.
    Character {
        /// Bytes before it.
        at: usize,
    },
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty"),
            Self::TooLong => write!(f, "the name is longer than {NAME_BYTES_MAX} characters"),
            Self::Character { at } => write!(
                f,
                "character {} of the name is not allowed; use a-z, 0-9, '-', '_' and '.', beginning with a letter or a digit",
                at + 1
            ),
        }
    }
}

impl core::error::Error for InvalidName {}

const fn checked(name: &str) -> Result<([u8; NAME_BYTES_MAX], u8), InvalidName> {
    let given = name.as_bytes();
    if given.is_empty() {
        return Err(InvalidName::Empty);
    }
    if given.len() > NAME_BYTES_MAX {
        return Err(InvalidName::TooLong);
    }
    let mut bytes = [0; NAME_BYTES_MAX];
    let mut at = 0;
    while at < given.len() {
        let allowed = match given[at] {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'-' | b'_' | b'.' => at > 0,
            _ => false,
        };
        if !allowed {
            return Err(InvalidName::Character { at });
        }
        bytes[at] = given[at];
        at += 1;
    }
    Ok((bytes, given.len() as u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::format;

    #[test]
    fn an_episode_prints_redacted() {
        let id = EpisodeId::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(format!("{id:?} {id}"), "episode …cdef episode …cdef");
    }

    #[test]
    fn names_that_would_confuse_a_path_or_a_query_are_refused() {
        assert_eq!(DeviceId::new(""), Err(InvalidName::Empty));
        assert_eq!(DeviceId::new("../etc"), Err(InvalidName::Character { at: 0 }));
        assert_eq!(DeviceId::new("bed 1"), Err(InvalidName::Character { at: 3 }));
        assert_eq!(DeviceId::new(&"a".repeat(33)), Err(InvalidName::TooLong));
        assert_eq!(DeviceId::new("bed-1").unwrap().as_str(), "bed-1");
    }
}
