//! What kind of machine proves itself here.

/// What kind of machine proves itself: its words in messages, and what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// What it is called in messages, such as "bridge"; also the name of the file with its own
    /// name.
    pub word: &'static str,
    /// Its program, for what to type next.
    pub program: &'static str,
    /// The application protocol of its connection, see [`protocol::link`].
    pub alpn: &'static [u8],
    /// Most bytes that the region may send ahead of what was read: one second of all that it
    /// says, so that a long way costs no speed.
    pub receive_window: u32,
}
