//! What an operator should hear of.

use core::fmt;
use core::time::Duration;

use protocol::WireError;
use protocol::link::Refusal;
use vitals::{Absence, DeviceId, EpisodeId};

use crate::input::{BlockName, StoreRefusal};

/// Something an operator should hear of. `Display` gives the sentence for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A monitor spoke, and a new episode began.
    EpisodeBegan {
        /// The monitor.
        device: DeviceId,
        /// The new episode.
        episode: EpisodeId,
    },
    /// A monitor spoke again after a restart of the bridge, within the episode.
    EpisodeContinued {
        /// The monitor.
        device: DeviceId,
        /// The episode.
        episode: EpisodeId,
    },
    /// A monitor was silent for so long that its episode is closed.
    EpisodeEnded {
        /// The monitor.
        device: DeviceId,
        /// The episode.
        episode: EpisodeId,
    },
    /// A monitor says nothing, or nothing whole; absent seconds are sent from here on.
    Silent {
        /// The monitor.
        device: DeviceId,
        /// The reason that the first of them gives.
        why: Absence,
    },
    /// A monitor speaks again after seconds that were absent.
    Speaking {
        /// The monitor.
        device: DeviceId,
        /// How many seconds are absent.
        absent_seconds: u64,
    },
    /// The count of seconds and their arrival had drifted apart, and the arrival won.
    Reanchored {
        /// The monitor.
        device: DeviceId,
        /// How far the seconds moved, in milliseconds; positive is later.
        moved_ms: i64,
    },
    /// The wall clock jumped; seconds are dated by the new time, as far as that is possible
    /// without going backwards.
    ClockStepped {
        /// The monitor whose seconds showed it.
        device: DeviceId,
        /// How far, in milliseconds.
        moved_ms: i64,
    },
    /// The spool takes no more blocks; they are sent from memory while there is room.
    SpoolRefuses {
        /// Why.
        why: StoreRefusal,
    },
    /// The spool takes blocks again.
    SpoolAccepts,
    /// Seconds are being lost. Repeated when it ends, with the count.
    SecondsRefused {
        /// The monitor.
        device: DeviceId,
        /// Why.
        why: RefusedWhy,
        /// How many since the last block that was accepted.
        seconds: u64,
    },
    /// A block could not be read back and was sent as absent.
    BlockLost {
        /// Which.
        block: BlockName,
    },
    /// The region said welcome.
    LinkUp {
        /// Blocks that the region does not have yet.
        owed_blocks: u64,
    },
    /// There is no connection.
    LinkDown {
        /// Time to the next attempt.
        retry_in: Duration,
        /// Blocks that the region does not have yet.
        owed_blocks: u64,
    },
    /// The region will not go on.
    Refused(Refusal),
    /// The region sent a frame that has no place here; the connection is closed.
    UnexpectedFrame {
        /// What kind.
        kind: &'static str,
    },
    /// A block out of the spool could not be understood.
    DamagedBlock {
        /// Which.
        block: BlockName,
        /// What was wrong.
        error: WireError,
    },
}

/// Why a second was not made a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedWhy {
    /// The spool takes nothing and the memory for blocks without a place on disk is full.
    NoRoom,
    /// More whole seconds came at one moment than a line can buffer.
    Flood,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EpisodeBegan { device, episode } => write!(f, "{device}: {episode} began"),
            Self::EpisodeContinued { device, episode } => {
                write!(f, "{device}: {episode} goes on after a restart of the bridge")
            }
            Self::EpisodeEnded { device, episode } => {
                write!(f, "{device}: {episode} is closed, the monitor was silent for too long")
            }
            Self::Silent { device, why } => {
                write!(
                    f,
                    "{device}: no whole second comes ({why}); look at the monitor and its cable"
                )
            }
            Self::Speaking { device, absent_seconds } => {
                write!(f, "{device}: speaks again, {absent_seconds} s are absent")
            }
            Self::Reanchored { device, moved_ms } => {
                write!(f, "{device}: its seconds moved by {moved_ms} ms to where they arrive")
            }
            Self::ClockStepped { device, moved_ms } => {
                write!(f, "{device}: this computer's clock jumped by {moved_ms} ms")
            }
            Self::SpoolRefuses { why } => write!(
                f,
                "{why}: blocks are kept in memory only; free space or connect the region before the memory is full"
            ),
            Self::SpoolAccepts => f.write_str("the spool takes blocks again"),
            Self::SecondsRefused { device, why, seconds } => {
                let why = match why {
                    RefusedWhy::NoRoom => "the spool takes nothing and the memory is full",
                    RefusedWhy::Flood => "more seconds came at once than a line can hold",
                };
                write!(f, "{device}: {seconds} s are lost, {why}")
            }
            Self::BlockLost { block } => {
                write!(f, "{block} cannot be read from the spool, it is sent as absent")
            }
            Self::LinkUp { owed_blocks } => {
                write!(f, "the region is connected, {owed_blocks} blocks are owed")
            }
            Self::LinkDown { retry_in, owed_blocks } => write!(
                f,
                "the region is not connected, {owed_blocks} blocks are kept; next attempt in {:.1} s",
                retry_in.as_secs_f32()
            ),
            Self::Refused(refusal) => write!(f, "the region refused: {}", refusal.text),
            Self::UnexpectedFrame { kind } => {
                write!(f, "the region sent a {kind} frame where none belongs; connecting anew")
            }
            Self::DamagedBlock { block, error } => {
                write!(f, "{block} was read from the spool and is damaged: {error}")
            }
        }
    }
}
