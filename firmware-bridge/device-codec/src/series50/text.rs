//! Short texts of fixed length, kept as the bytes the device sent.

use core::fmt;

/// A text of exactly `N` bytes.
///
/// Devices send ASCII, but nothing on the line enforces it: the bytes are kept as they came
/// and print with every other byte escaped, without the blanks at the end.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text<const N: usize>([u8; N]);

impl<const N: usize> Text<N> {
    /// A text of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.trim_ascii_end().escape_ascii())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// A revision of the protocol in three characters: `A20` is A.02.00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Revision(Text<3>);

impl Revision {
    /// A.02.00, the first one with fetal oxygen saturation in the `C` block.
    pub const A20: Self = Self::from_bytes(*b"A20");

    /// A revision of these characters.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 3]) -> Self {
        Self(Text::from_bytes(bytes))
    }

    /// Its characters.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 3] {
        self.0.bytes()
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::format;

    #[test]
    fn bytes_that_are_no_text_cannot_disturb_a_log() {
        let text = Text::from_bytes(*b"A\n\x1b[2J\xff  ");
        assert_eq!(format!("{text} {text:?}"), r#"A\n\x1b[2J\xff "A\n\x1b[2J\xff""#);
    }
}
