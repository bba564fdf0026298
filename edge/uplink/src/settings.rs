//! What the driver hands in before the first call: settings, and what an earlier run left.

use core::time::Duration;

use protocol::link::SiteKind;
use vitals::{DeviceId, DeviceTick, EpisodeId, WallTime};

/// How this bridge is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// This run of the process; see [`crate::next_epoch`].
    pub epoch: u64,
    /// Name and version of the software, for the hello.
    pub software: String,
    /// What people call the place.
    pub facility: String,
    /// What kind of place it is.
    pub site: SiteKind,
    /// The monitors, at most [`protocol::link::DEVICES_MAX`].
    pub monitors: Vec<Monitor>,
    /// Silence after which absent seconds are sent.
    ///
    /// Default 3 s, as the device sheet states in section 1: "nothing valid for 3 s". Longer
    /// hides a pulled cable; shorter takes a busy computer for a silent monitor.
    pub silence_after: Duration,
    /// Silence after which an episode is closed, and a new second opens a new one.
    ///
    /// Default 30 min. Shorter cuts one labour in two when the woman walks about; longer
    /// joins two women to one strip.
    pub episode_gap: Duration,
    /// Random bits for the jitter between attempts, so that a thousand bridges do not come
    /// back at one moment.
    pub jitter_seed: u64,
}

/// One monitor of this bridge.
#[derive(Clone, Debug)]
pub struct Monitor {
    /// Its name on this bridge.
    pub device: DeviceId,
    /// What people call the bed. Names no person.
    pub bed: String,
    /// Speed of its line in baud, 10 bits a byte; at least 1. It says how long a frame was on
    /// its way.
    pub baud: u32,
}

/// What an earlier run left in the spool.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The last block of each monitor, acknowledged or not.
    pub last: Vec<LastBlock>,
    /// What may still be owed: each run once, of each monitor the oldest first.
    pub owed: Vec<OwedRun>,
}

/// Where an earlier run stopped with a monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastBlock {
    /// The monitor.
    pub device: DeviceId,
    /// The episode of its last block.
    pub episode: EpisodeId,
    /// The device tick of its last block.
    pub tick: DeviceTick,
    /// When its last block began.
    pub at: WallTime,
    /// When the monitor last spoke: the `at` of its last block that is not silence.
    pub heard: WallTime,
}

/// Blocks of one run that the spool holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwedRun {
    /// The monitor.
    pub device: DeviceId,
    /// The run.
    pub epoch: u64,
    /// The first number that may be owed.
    pub from: u64,
    /// One past the last number.
    pub end: u64,
    /// Episode of the last block.
    pub episode: EpisodeId,
    /// Device tick of the last block.
    pub tick: DeviceTick,
    /// When the last block began.
    pub at: WallTime,
}
