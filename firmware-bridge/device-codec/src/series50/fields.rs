//! Reads the fields of a payload in order; an end that comes too early is `None`.

/// What is left of a payload.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) const fn new(body: &'a [u8]) -> Self {
        Self(body)
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.bytes::<1>().map(|[byte]| byte)
    }

    /// The most significant byte comes first on this line.
    pub(super) fn word(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_be_bytes)
    }

    /// Four ticks of a rate, oldest first.
    pub(super) fn words(&mut self) -> Option<[u16; 4]> {
        Some([self.word()?, self.word()?, self.word()?, self.word()?])
    }

    pub(super) const fn rest(self) -> &'a [u8] {
        self.0
    }

    /// `value`, if nothing is left.
    pub(super) fn end_with<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}
