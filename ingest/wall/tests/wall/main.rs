//! Promises of the wall, over real sockets: a real hub behind it, real clients before it.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod data_channel;
mod sign_in;
mod socket;
mod support;
