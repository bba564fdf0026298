//! The newest arrivals of all tracks, in the order they came.
//!
//! One log serves every reader: a reader is a place in it, not a queue. Who stays away longer
//! than the log reaches back has missed the rest, and is told so.

use std::collections::VecDeque;
use std::sync::Arc;

use protocol::feed::{BlockEntry, Marks, TrackNumber};
use vitals::WallTime;

/// The number of the first arrival. Blocks restored from the store have 0: they never arrived
/// in this life of the region.
pub(crate) const FIRST: u64 = 1;

/// One block as it came in.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// Counts all arrivals; 0 for a block restored from the store.
    pub index: u64,
    pub track: TrackNumber,
    pub marks: Marks,
    /// By the region's clock.
    pub received_at: WallTime,
    /// When it was measured, by the region's clock; never after `received_at`.
    pub placed_at: WallTime,
    pub epoch: u64,
    pub seq: u64,
    /// The block as its bridge encoded it, in memory of its own.
    pub bytes: Box<[u8]>,
}

impl Arrival {
    /// Where it stands in the strip.
    pub(crate) fn key(&self) -> Key {
        (self.placed_at, self.epoch, self.seq)
    }

    pub(crate) fn entry(&self, marks: Marks) -> BlockEntry<'_> {
        BlockEntry { track: self.track, marks, received_at: self.received_at, block: &self.bytes }
    }
}

/// Orders the blocks of one track along its strip.
pub(crate) type Key = (WallTime, u64, u64);

/// The newest arrivals.
///
/// # Invariants
///
/// Indices rise by one; never more than `entries_max`.
#[derive(Debug)]
pub(crate) struct Log {
    entries: VecDeque<Arc<Arrival>>,
    first: u64,
    entries_max: usize,
}

impl Log {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { entries: VecDeque::new(), first: FIRST, entries_max: entries_max.max(1) }
    }

    /// The index of the oldest arrival that is kept.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The index that the next arrival will have.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// Adds an arrival, whose index must be [`Log::end`].
    pub(crate) fn push(&mut self, arrival: Arc<Arrival>) {
        assert_eq!(arrival.index, self.end(), "arrivals are numbered without a hole");
        if self.entries.len() == self.entries_max {
            self.entries.pop_front();
            self.first += 1;
        }
        self.entries.push_back(arrival);
    }

    /// The arrivals from `cursor` on; all that are kept where it lies before them.
    pub(crate) fn from(&self, cursor: u64) -> impl Iterator<Item = &Arc<Arrival>> {
        let skip = usize::try_from(cursor.saturating_sub(self.first)).unwrap_or(usize::MAX);
        self.entries.range(skip.min(self.entries.len())..)
    }

    pub(crate) fn assert_invariants(&self) {
        assert!(self.entries.len() <= self.entries_max, "the log outgrew its bound");
        for (at, arrival) in self.entries.iter().enumerate() {
            assert_eq!(arrival.index, self.first + at as u64, "the log has a hole");
        }
    }
}
