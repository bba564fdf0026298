//! The region's desk of alarms: what is wrong comes in, what walls are told goes out.
//!
//! In: conditions that the analysis published, the state of links, what staff at a wall ask for,
//! and the time.
//! Out: records for walls, answers to who asked for what is not done, and a text to keep.
//! Never: files, sockets, clocks, and never a rule: how an alarm lives is decided in `alert`.
//!
//! The alarms live in the region, not in the analysis: one that is killed takes no alarm with it,
//! and a lost link is an alarm that no analysis can find.
//!
//! In reading order:
//!
//! * [`desk`]: the order of calls.
//! * [`found`]: which conditions become alarms, and what they say.
//! * [`told`]: an alarm and a pause as walls are told of them.
//! * [`kept`]: everything as a text that survives a restart.

pub mod desk;
pub mod found;
pub mod kept;
pub mod told;

pub use desk::{Desk, Link, LinkState, Restored, Snapshot, Taken};
pub use told::{Told, What};
