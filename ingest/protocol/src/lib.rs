//! The wire grammar between bridge, region and screen. Alone in knowing the bytes.
//!
//! In: values of `vitals`. Out: bytes, and back. Never: sockets, clocks, decisions.
//!
//! * [`block`]: one second of one monitor, the same bytes from the bridge's spool to the
//!   screen, closed by a checksum that every room on the way can verify.
//! * [`link`]: the frames between a bridge and its region.
//! * [`feed`]: the frames between the region and a wall.
//! * [`analysis`]: what the analysis publishes: findings, levels, baselines, conditions.
//! * [`alert`]: what a wall is told of alarms and pauses.
//! * [`analyst`]: the frames between the analysis and the region, which is a wall that publishes.
//! * [`token`]: what an operator carries to a new bridge.
//!
//! Every decoder takes bytes from outside as allegations: it never panics, never allocates
//! more than the bytes it was given can justify, and names what was wrong. Encodings are
//! canonical: what decodes encodes to the same bytes again. `golden/*.hex` holds one example
//! of each, shared with the browser's decoder.

pub mod alert;
pub mod analysis;
pub mod analyst;
pub mod block;
pub mod feed;
pub mod link;
pub mod token;
mod wire;

pub use analysis::{PUBLICATION_BYTES_MAX, Publication};
pub use block::{BLOCK_BYTES_MAX, Block};
pub use token::Token;
pub use wire::WireError;
