//! What a bridge owes the region: blocks out of seconds, acknowledgements, when to try again.
//!
//! In: seconds and faults from the monitors, answers of the disk, frames from the region, the
//! passing of time. Out: blocks to store and to send, events for the operator, the next
//! deadline.
//! Never: sockets, files, threads, clocks, randomness. The caller hands in [`Now`], and random
//! bits where a new episode may begin.
//!
//! ```text
//!  second ─► timeline ─► block_builder ─► spool ─► link ═► region
//!            when it was   its name       what is owed   whom to tell
//! ```
//!
//! # The contract
//!
//! One call to [`Uplink::handle`], then drain [`Uplink::poll_transmit`] and
//! [`Uplink::poll_event`], then wait until [`Uplink::poll_timeout`] or the next input. A
//! [`Transmit::Store`] is answered by [`Input::Stored`] or [`Input::StoreRefused`] and a
//! [`Transmit::Load`] by [`Input::Loaded`]: no block leaves before the disk has answered for
//! it.
//!
//! # Three clocks
//!
//! The *device* counts ticks ([`vitals::DeviceTick`]). The *process* counts since its start
//! ([`Now::since_start`]) and never jumps: all distances are measured by it. The *wall* gives
//! the date ([`vitals::WallTime`]) and may jump; it is looked at where a run of seconds is
//! anchored, and a device's times never go backwards.
//!
//! # Memory
//!
//! What is owed is kept as ranges, a few dozen bytes for each run of a monitor, however long
//! the region is away. Of the blocks themselves at most [`RING_BLOCKS_MAX`] are in memory,
//! and [`LOAD_BLOCKS_MAX`] for each monitor while older ones are sent again.

pub mod backoff;
mod block_builder;
mod event;
mod input;
mod link;
mod now;
mod run;
mod settings;
mod spool;
mod timeline;
mod uplink;

pub use block_builder::next_epoch;
pub use event::{Event, RefusedWhy};
pub use input::{BlockName, Input, Lookup, PortState, StoreRefusal, Transmit};
pub use now::Now;
pub use settings::{LastBlock, Monitor, OwedRun, Past, Settings};
pub use spool::{IN_FLIGHT_MAX, LOAD_BLOCKS_MAX, RING_BLOCKS_MAX};
pub use timeline::is_silence;
pub use uplink::Uplink;
