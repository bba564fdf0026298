//! The bridge in the room: it reads monitors and owes the region every second of them.
//!
//! In: serial ports, a configuration, an identity the region issued. Out: blocks over QUIC,
//! a spool on disk, plain words on what is wrong.
//! Never: decisions about blocks. What is owed, when to call again, when a second was: all of
//! that is `uplink`'s; here are its hands.
//!
//! ```text
//!  config ─► bridge ── the one loop ──┬─► serial (one task a port) ─► session, device-codec
//!                                     ├─► spool_file
//!                                     └─► quic ─► credentials
//! ```
//!
//! Start at [`bridge::run`].

pub mod arguments;
pub mod bridge;
pub mod check;
pub mod clock;
pub mod config;
pub mod quic;
pub mod serial;
pub mod session;
pub mod spool_file;
