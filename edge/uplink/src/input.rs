//! What goes in and what comes out, each as one closed list.

use core::fmt;

use protocol::link::Frame;
use vitals::{DeviceId, EpisodeId, Second};

/// What names a block of this bridge for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockName {
    /// The monitor.
    pub device: DeviceId,
    /// The run of the bridge.
    pub epoch: u64,
    /// Its number in the run.
    pub seq: u64,
}

impl fmt::Display for BlockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} of {} in run {}", self.seq, self.device, self.epoch)
    }
}

/// Everything that can happen to an uplink.
#[derive(Clone, Debug)]
pub enum Input {
    /// A monitor sent a whole second.
    Second {
        /// The monitor; one of the settings.
        device: DeviceId,
        /// What it said.
        second: Second,
        /// Bytes of its frame on the line, escapes included: they say how long it travelled.
        wire_bytes: usize,
        /// 128 random bits, used where this second begins a new episode.
        fresh: EpisodeId,
    },
    /// A monitor sent a frame that was damaged.
    Fault {
        /// The monitor.
        device: DeviceId,
    },
    /// Somebody pressed the event marker of a monitor.
    EventMark {
        /// The monitor.
        device: DeviceId,
    },
    /// The port of a monitor came or went.
    Port {
        /// The monitor.
        device: DeviceId,
        /// How it is now.
        state: PortState,
    },
    /// The block of a [`Transmit::Store`] is in the spool.
    Stored(BlockName),
    /// The block of a [`Transmit::Store`] could not be kept.
    StoreRefused {
        /// Which.
        block: BlockName,
        /// Why.
        why: StoreRefusal,
    },
    /// The answer to a [`Transmit::Load`].
    Loaded {
        /// What was asked for.
        lookup: Lookup,
        /// The encoded blocks from the first asked for on; `None` for one that cannot be
        /// read. May be shorter than asked, and is not empty.
        blocks: Vec<Option<Vec<u8>>>,
    },
    /// A [`Transmit::Connect`] led to a connection.
    Connected,
    /// A frame came from the region.
    Frame(Frame),
    /// A connection failed or ended.
    Disconnected,
    /// Time has passed.
    Timeout,
}

/// Whether a port can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortState {
    /// It is open.
    Open,
    /// It is gone, or cannot be opened.
    Lost,
}

/// Why the disk did not take a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreRefusal {
    /// The spool is as large as the configuration allows.
    Quota,
    /// The disk is full.
    DiskFull,
    /// The disk reported another error.
    DiskError,
}

impl fmt::Display for StoreRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quota => "the spool has reached \"spool_bytes_max\"",
            Self::DiskFull => "the disk is full",
            Self::DiskError => "the disk reported an error",
        })
    }
}

/// A stretch of blocks to be read back from the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The monitor.
    pub device: DeviceId,
    /// The run.
    pub epoch: u64,
    /// The first number.
    pub from: u64,
    /// One past the last number.
    pub end: u64,
}

/// What the driver shall do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Append a block to the spool, and answer.
    Store {
        /// Its name.
        block: BlockName,
        /// The encoded block.
        bytes: Vec<u8>,
    },
    /// Read blocks back from the spool, and answer.
    Load(Lookup),
    /// The region has every block of this run below `seq`: the spool may forget them.
    Forget(BlockName),
    /// Open a connection; answer [`Input::Connected`] or [`Input::Disconnected`] within
    /// seconds.
    Connect,
    /// Send an encoded frame.
    Frame(Vec<u8>),
    /// Close the connection. No answer is needed.
    Disconnect,
}
