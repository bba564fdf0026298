//! Which blocks are owed, and where the bytes of each are: accounts, not bytes.
//!
//! In: blocks as they are built, answers of the disk, acknowledgements.
//! Out: the next block to send, or what to read back first.
//! Never: files. The driver keeps the bytes on disk; here are ranges, and the newest blocks.

use protocol::Block;
use protocol::link::{EPOCHS_MAX, Progress};
use vitals::DeviceId;

use crate::event::Event;
use crate::input::{BlockName, Lookup};
use crate::settings::OwedRun;
use track::{Place, Track};

mod repair;
mod track;

/// Most blocks kept in memory for all monitors together, so that a healthy link never reads
/// the disk. About 400 KiB.
pub const RING_BLOCKS_MAX: usize = 2_048;
/// Most blocks of one monitor read back at once.
pub const LOAD_BLOCKS_MAX: usize = 128;
/// Most blocks sent and not yet acknowledged, of all monitors together.
///
/// Eight monitors fill it in four minutes without an answer; at a catch-up over a link of
/// 100 ms it lets 20,000 blocks a second through.
pub const IN_FLIGHT_MAX: u64 = 2_048;
/// Fewest blocks of one monitor in memory, however many monitors there are.
const RING_SHARE_MIN: usize = 32;

const _: () = assert!(
    RING_SHARE_MIN * protocol::link::DEVICES_MAX <= RING_BLOCKS_MAX,
    "every monitor's share fits"
);

/// What is owed to the region.
///
/// # Invariants
///
/// Of each run: acknowledged ≤ sent ≤ end. Nothing acknowledged is in memory, and never more
/// than [`RING_BLOCKS_MAX`] blocks are.
pub(crate) struct Spool {
    tracks: Vec<Track>,
    epoch: u64,
    ring_share: usize,
    /// The track that is asked first for the next block: all take turns.
    turn: usize,
}

/// Whether a new block finds room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    Free,
    /// The disk has not yet answered for earlier blocks.
    Waiting,
    /// Memory is full of blocks that the disk did not take.
    Full,
}

/// What sending needs next.
pub(crate) enum Next {
    Send(Vec<u8>),
    Load(Lookup),
}

impl Spool {
    pub(crate) fn new(epoch: u64, monitors: &[DeviceId], owed: &[OwedRun]) -> Self {
        let mut tracks: Vec<Track> = monitors.iter().map(|device| Track::new(*device)).collect();
        for run in owed.iter().filter(|run| run.from < run.end) {
            assert!(run.epoch < epoch, "this run's epoch is above all earlier ones");
            let place = tracks.iter().position(|track| track.device == run.device);
            let place = place.unwrap_or_else(|| {
                // A monitor that was taken out of the configuration is still owed.
                tracks.push(Track::new(run.device));
                tracks.len() - 1
            });
            tracks[place].add_past(run);
        }
        let ring_share = (RING_BLOCKS_MAX / monitors.len().max(1)).max(RING_SHARE_MIN);
        Self { tracks, epoch, ring_share, turn: 0 }
    }

    pub(crate) fn room(&self, device: DeviceId) -> Room {
        self.track(device).map_or(Room::Full, |track| track.room(self.ring_share))
    }

    /// Takes a new block of this run, and gives its bytes for the disk.
    pub(crate) fn push(&mut self, block: &Block) -> (BlockName, Vec<u8>) {
        let (epoch, share) = (self.epoch, self.ring_share);
        assert_eq!(block.epoch, epoch, "new blocks belong to this run");
        let track = self.track_mut(block.device).expect("the settings name the monitor");
        let bytes = block.to_bytes();
        track.push(block, bytes.clone(), share);
        (BlockName { device: block.device, epoch, seq: block.seq }, bytes)
    }

    pub(crate) fn stored(&mut self, block: &BlockName) {
        self.settle(block, Place::OnDisk);
    }

    pub(crate) fn refused(&mut self, block: &BlockName) {
        self.settle(block, Place::MemoryOnly);
    }

    /// What a hello says.
    pub(crate) fn owed(&self) -> Vec<Progress> {
        let mut owed: Vec<Progress> = self.tracks.iter().flat_map(Track::owed).collect();
        owed.sort_by_key(|progress| progress.epoch);
        owed.truncate(EPOCHS_MAX);
        owed
    }

    /// Devices that are owed, those of the settings first.
    pub(crate) fn devices(&self) -> impl Iterator<Item = DeviceId> + '_ {
        self.tracks.iter().map(|track| track.device)
    }

    /// Blocks that the region does not have.
    pub(crate) fn owed_blocks(&self) -> u64 {
        self.tracks.iter().map(Track::owed_blocks).sum()
    }

    /// Blocks sent and not acknowledged.
    pub(crate) fn in_flight(&self) -> u64 {
        self.tracks.iter().map(Track::in_flight).sum()
    }

    /// Blocks whose bytes are in memory.
    pub(crate) fn blocks_in_memory(&self) -> usize {
        self.tracks.iter().map(Track::blocks_in_memory).sum()
    }

    /// A connection begins or has ended: all that is owed is to be sent again.
    pub(crate) fn rewind(&mut self) {
        self.tracks.iter_mut().for_each(Track::rewind);
    }

    /// The region has these. Returns what the disk may forget.
    pub(crate) fn acknowledge(&mut self, stored: &[Progress]) -> Vec<BlockName> {
        let epoch = self.epoch;
        let mut forget = Vec::new();
        for progress in stored {
            let moved = self
                .track_mut(progress.device)
                .and_then(|track| track.acknowledge(progress.epoch, progress.next, epoch));
            forget.extend(moved);
        }
        forget
    }

    /// The region lacks blocks that this bridge believed to be acknowledged or never had.
    pub(crate) fn lower(&mut self, stored: &[Progress]) {
        for progress in stored {
            if let Some(track) = self.track_mut(progress.device) {
                track.lower(progress.epoch, progress.next);
            }
        }
    }

    /// The next block to send, of each monitor in turn, while the window has room.
    pub(crate) fn next(&mut self) -> Option<Next> {
        if self.in_flight() >= IN_FLIGHT_MAX {
            return None;
        }
        let (count, epoch) = (self.tracks.len(), self.epoch);
        for step in 0..count {
            let place = (self.turn + step) % count;
            if let Some(next) = self.tracks[place].next(epoch) {
                self.turn = (place + 1) % count;
                return Some(next);
            }
        }
        None
    }

    /// Blocks came back from the disk.
    pub(crate) fn loaded(&mut self, lookup: &Lookup, blocks: Vec<Option<Vec<u8>>>) -> Vec<Event> {
        self.track_mut(lookup.device).map_or_else(Vec::new, |track| track.loaded(lookup, blocks))
    }

    pub(crate) fn assert_invariants(&self) {
        self.tracks.iter().for_each(|track| track.assert_invariants(self.ring_share));
    }

    fn settle(&mut self, block: &BlockName, place: Place) {
        if block.epoch == self.epoch
            && let Some(track) = self.track_mut(block.device)
        {
            track.settle(block.seq, place);
        }
    }

    fn track(&self, device: DeviceId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.device == device)
    }

    fn track_mut(&mut self, device: DeviceId) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.device == device)
    }
}
