//! What the hub answers to a bridge's connection.

use core::fmt;

use protocol::link::Welcome;
use protocol::{Block, WireError};
use vitals::DeviceId;

use crate::publisher::PublisherId;

/// A bridge was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// Its connection in all later calls.
    pub publisher: PublisherId,
    /// What to send it.
    pub welcome: Welcome,
    /// An older connection of the same bridge. It counts for nothing any more: the driver
    /// closes it with [`protocol::link::RefusalCode::Replaced`].
    pub replaced: Option<PublisherId>,
}

/// What became of a block that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is new: hand it to the store.
    Fresh(Block),
    /// It is on the disk already; an ack says so again.
    Duplicate,
    /// It was heard before and is on its way to the disk; an ack will follow.
    Pending,
}

/// Why a block was refused. The connection is then not worth going on with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockRefused {
    /// The bytes are not a block.
    Malformed(WireError),
    /// The hello of this connection did not name the device.
    UnknownDevice {
        /// The device that was not named.
        device: DeviceId,
    },
    /// The blocks of one run have more holes than are remembered.
    Scattered {
        /// The device of the run.
        device: DeviceId,
    },
    /// The connection was closed or replaced.
    NotConnected,
}

impl fmt::Display for BlockRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "a block could not be read: {error}"),
            Self::UnknownDevice { device } => {
                write!(f, "a block of \"{device}\" came, which the hello did not name")
            }
            Self::Scattered { device } => write!(
                f,
                "the blocks of \"{device}\" have too many holes; send the oldest missing first"
            ),
            Self::NotConnected => f.write_str("this connection was closed or replaced"),
        }
    }
}

impl core::error::Error for BlockRefused {}
