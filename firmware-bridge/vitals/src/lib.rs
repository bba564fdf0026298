//! The shared vocabulary: what was measured, of whom, when, and how well.
//!
//! In: raw numbers, checked once. Out: types that cannot hold a wrong unit or an
//! invented value. Never: heap, clock, I/O, wire formats. Those live one floor up, in
//! `protocol`: the words of the ward outlive any encoding of them.
//!
//! Read [`reading`] first: a tick is either a value with its quality or an
//! [`Absence`] with its reason, and no room of the house turns one into the other.

#![no_std]

pub mod channel;
pub mod episode;
pub mod reading;
pub mod second;
pub mod time;
pub mod unit;

pub use channel::{ActivityTransducer, Channel, HeartTransducer, Transducers};
pub use episode::{AnalystId, BridgeId, DeviceId, EpisodeId, InvalidName};
pub use reading::{Absence, Quality, Reading};
pub use second::{Flags, Movement, Second, TICKS_PER_SECOND};
pub use time::{DeviceTick, WallTime};
pub use unit::{Activity, Bpm, OutOfRange};
