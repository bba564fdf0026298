//! What the hub answers to the connection of a bridge or an analysis.

use core::fmt;

use protocol::feed::TrackNumber;
use protocol::link::Welcome;
use protocol::{Block, Publication, WireError};
use vitals::{BridgeId, DeviceId};

use crate::publisher::PublisherId;
use crate::subscriber::ViewerId;

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

/// An analysis was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnalystConnected {
    /// Its connection in all later calls; it reads as every viewer does.
    pub viewer: ViewerId,
    /// An older connection of the same analysis. It counts for nothing any more: the driver
    /// closes it with [`protocol::link::RefusalCode::Replaced`].
    pub replaced: Option<ViewerId>,
}

/// What became of a record that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is new: hand it to the store.
    Fresh {
        /// Whose strip it speaks of.
        bridge: BridgeId,
        /// Which device of it.
        device: DeviceId,
        /// What it says.
        publication: Box<Publication>,
    },
    /// The same revision of it, or a newer one, is known.
    Known,
}

/// Why a record was refused. The connection is then not worth going on with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordRefused {
    /// The bytes are not a record.
    Malformed(WireError),
    /// There is no such track.
    UnknownTrack {
        /// The number that came.
        track: TrackNumber,
    },
    /// A judgement came from an analysis: those are for people.
    NotForAnalysis,
    /// The connection was closed or replaced.
    NotConnected,
}

impl fmt::Display for RecordRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "a record could not be read: {error}"),
            Self::UnknownTrack { track } => {
                write!(f, "a record of track {} came, which the roster does not name", track.0)
            }
            Self::NotForAnalysis => f.write_str("a judgement came, which only a person may give"),
            Self::NotConnected => f.write_str("this connection was closed or replaced"),
        }
    }
}

impl core::error::Error for RecordRefused {}
