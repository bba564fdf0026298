//! Short texts that travel with an alarm, each with its bound.
//!
//! They are shown and kept, never read: no text decides anything here.

use core::fmt;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidText {
    /// There is nothing but space.
    Empty,
    /// It has more bytes than its bound.
    TooLong {
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// A control character, which would tear a line of a list or a log.
    Control {
        /// Bytes before it.
        at: usize,
    },
}

impl fmt::Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the text is empty"),
            Self::TooLong { bytes_max } => write!(f, "the text is longer than {bytes_max} bytes"),
            Self::Control { at } => write!(f, "byte {at} of the text is a control character"),
        }
    }
}

impl core::error::Error for InvalidText {}

fn checked(text: &str, bytes_max: usize) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InvalidText::Empty);
    }
    if text.len() > bytes_max {
        return Err(InvalidText::TooLong { bytes_max });
    }
    match text.char_indices().find(|(_, character)| character.is_control()) {
        Some((at, _)) => Err(InvalidText::Control { at }),
        None => Ok(text.to_owned()),
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $bytes_max:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Most bytes of it.
            pub const BYTES_MAX: usize = $bytes_max;

            /// Reads a text; space around it is left out.
            ///
            /// # Errors
            ///
            /// [`InvalidText`] where it is empty, too long, or holds a control character.
            pub fn new(text: &str) -> Result<Self, InvalidText> {
                checked(text, Self::BYTES_MAX).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

/// What `Debug` prints of texts that may name a person.
macro_rules! redacted {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        })+
    };
}

text! {
    /// Value and limit of a condition as they are shown: "FHR 105 < 110". 1 to 48 bytes.
    ///
    /// Made by whoever found the condition. The form (parameter, value, limit) is that of
    /// central stations in the field.
    #[derive(Debug)]
    Detail, 48
}
text! {
    /// The account of a member of staff. 1 to 64 bytes; `Debug` does not print it.
    Staff, 64
}
text! {
    /// The screen on which something was done, as the region calls it. 1 to 64 bytes.
    #[derive(Debug)]
    Screen, 64
}
text! {
    /// What somebody wrote beside an acknowledgement. 1 to 200 bytes; it may name a person, so
    /// `Debug` does not print it.
    Words, 200
}
redacted!(Staff, Words);

/// Who did something, and on which screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The account.
    pub by: Staff,
    /// The screen.
    pub on: Screen,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_something_to_say_within_its_bound() {
        assert_eq!(Words::new("  \t "), Err(InvalidText::Empty));
        assert_eq!(Detail::new(&"x".repeat(49)), Err(InvalidText::TooLong { bytes_max: 48 }));
        assert_eq!(Words::new("one\ntwo"), Err(InvalidText::Control { at: 3 }));
        assert_eq!(Detail::new(" FHR 105 < 110 ").unwrap().as_str(), "FHR 105 < 110");
    }

    #[test]
    fn who_it_was_does_not_reach_a_log() {
        let hand =
            Hand { by: Staff::new("sato.hanako").unwrap(), on: Screen::new("desk-2").unwrap() };
        let printed = format!("{hand:?} {:?}", Words::new("Tanaka called").unwrap());
        assert!(!printed.contains("sato") && !printed.contains("Tanaka"), "{printed}");
        assert!(printed.contains("desk-2"), "{printed}");
    }
}
