//! Who a machine is to its region: its key and certificate, how it got them, and the connection
//! that they open.
//!
//! In: a folder, a token, an address, the time. Out: an identity on disk, an open connection
//! with mutual TLS, or plain words on what is wrong and what to do.
//! Never: what is then said on the connection. Bridges send blocks, an analysis reads and
//! publishes; both are machines of the house that prove themselves in one way, and two ways
//! of proving would come to differ.
//!
//! Start at [`Machine`].

pub mod check;
pub mod connection;
pub mod enroll;
pub mod identity;
mod machine;
pub mod tls;

pub use connection::{LinkError, WireErrorText};
pub use identity::{Identity, IdentityError};
pub use machine::Machine;
