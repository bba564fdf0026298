//! What is owed of one monitor.

use std::collections::VecDeque;

use protocol::Block;
use protocol::link::Progress;
use vitals::DeviceId;

use super::repair::{Facts, absent_block};
use super::{LOAD_BLOCKS_MAX, Next, Room};
use crate::event::Event;
use crate::input::{BlockName, Lookup};
use crate::settings::OwedRun;

/// Most blocks of one monitor for which the disk has not answered.
const ASKED_MAX: usize = 32;

/// What is owed of one monitor.
pub(super) struct Track {
    pub(super) device: DeviceId,
    /// The oldest first; that of this process, once it has a block, is the last.
    runs: VecDeque<Owed>,
    /// The newest blocks of this process, by rising number, perhaps with holes.
    ring: VecDeque<Kept>,
    /// Blocks read back, to be sent next.
    loaded: VecDeque<(u64, u64, Vec<u8>)>,
    loading: Option<Lookup>,
    /// The last block that was read back whole, and its run.
    before: Option<(u64, Facts)>,
}

/// A run and how far it is.
struct Owed {
    epoch: u64,
    /// The first number that the region does not have.
    acked: u64,
    /// The first number that was not sent on this connection.
    sent: u64,
    /// One past the last number.
    end: u64,
    last: Facts,
}

/// A block in memory.
struct Kept {
    seq: u64,
    bytes: Vec<u8>,
    place: Place,
}

/// Where else a block in memory is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The disk has not answered yet.
    Asked,
    OnDisk,
    MemoryOnly,
}

impl Track {
    pub(super) fn new(device: DeviceId) -> Self {
        Self {
            device,
            runs: VecDeque::new(),
            ring: VecDeque::new(),
            loaded: VecDeque::new(),
            loading: None,
            before: None,
        }
    }

    pub(super) fn add_past(&mut self, run: &OwedRun) {
        let newest = self.runs.back().map_or(0, |owed| owed.epoch);
        assert!(self.runs.is_empty() || newest < run.epoch, "runs are handed in oldest first");
        self.runs.push_back(Owed {
            epoch: run.epoch,
            acked: run.from,
            sent: run.from,
            end: run.end,
            last: Facts { seq: run.end - 1, at: run.at, tick: run.tick, episode: run.episode },
        });
    }

    pub(super) fn room(&self, share: usize) -> Room {
        let count = |place| self.ring.iter().filter(|kept| kept.place == place).count();
        if count(Place::MemoryOnly) >= share - ASKED_MAX.min(share / 2) {
            Room::Full
        } else if count(Place::Asked) >= ASKED_MAX.min(share / 2) {
            Room::Waiting
        } else {
            Room::Free
        }
    }

    pub(super) fn push(&mut self, block: &Block, bytes: Vec<u8>, share: usize) {
        if self.ring.len() >= share {
            let oldest = self.ring.iter().position(|kept| kept.place == Place::OnDisk);
            let oldest = oldest.expect("`room` leaves space for a block that is on disk");
            self.ring.remove(oldest);
        }
        self.ring.push_back(Kept { seq: block.seq, bytes, place: Place::Asked });
        let last = Facts::of(block);
        match self.runs.back_mut() {
            Some(run) if run.epoch == block.epoch => {
                assert_eq!(run.end, block.seq, "numbers rise by one");
                run.end += 1;
                run.last = last;
            }
            _ => {
                let (epoch, seq) = (block.epoch, block.seq);
                self.runs.push_back(Owed { epoch, acked: seq, sent: seq, end: seq + 1, last });
            }
        }
    }

    pub(super) fn settle(&mut self, seq: u64, place: Place) {
        let at = self.ring.partition_point(|kept| kept.seq < seq);
        if let Some(kept) = self.ring.get_mut(at).filter(|kept| kept.seq == seq) {
            kept.place = place;
        }
    }

    pub(super) fn owed(&self) -> impl Iterator<Item = Progress> + '_ {
        self.runs.iter().filter(|run| run.acked < run.end).map(|run| Progress {
            device: self.device,
            epoch: run.epoch,
            next: run.acked,
        })
    }

    pub(super) fn owed_blocks(&self) -> u64 {
        self.runs.iter().map(|run| run.end - run.acked).sum()
    }

    pub(super) fn in_flight(&self) -> u64 {
        self.runs.iter().map(|run| run.sent - run.acked).sum()
    }

    pub(super) fn blocks_in_memory(&self) -> usize {
        self.ring.len() + self.loaded.len()
    }

    pub(super) fn rewind(&mut self) {
        self.runs.iter_mut().for_each(|run| run.sent = run.acked);
        self.loaded.clear();
        self.loading = None;
        self.before = None;
    }

    /// Moves the account of a run; returns what the disk may forget, where it moved.
    pub(super) fn acknowledge(&mut self, epoch: u64, next: u64, now: u64) -> Option<BlockName> {
        let run = self.runs.iter_mut().find(|run| run.epoch == epoch)?;
        // The region may have more than a disk that lost its last blocks remembers.
        let next = next.min(run.end);
        if next <= run.acked {
            return None;
        }
        run.acked = next;
        run.sent = run.sent.max(next);
        if epoch == now {
            while self.ring.front().is_some_and(|kept| kept.seq < next) {
                self.ring.pop_front();
            }
        }
        self.runs.retain(|run| run.acked < run.end || run.epoch == now);
        Some(BlockName { device: self.device, epoch, seq: next })
    }

    /// The region's count stands below ours: what lies between is sent, whole or as lost.
    pub(super) fn lower(&mut self, epoch: u64, next: u64) {
        if let Some(run) = self.runs.iter_mut().find(|run| run.epoch == epoch && next < run.acked) {
            run.acked = next;
            run.sent = next;
        }
    }

    pub(super) fn next(&mut self, now: u64) -> Option<Next> {
        let run = self.runs.iter_mut().find(|run| run.sent < run.end)?;
        let (epoch, seq) = (run.epoch, run.sent);
        let mut ring_from = run.end;
        if epoch == now {
            let at = self.ring.partition_point(|kept| kept.seq < seq);
            if let Some(kept) = self.ring.get(at) {
                ring_from = kept.seq;
                if kept.seq == seq {
                    if kept.place == Place::Asked {
                        return None;
                    }
                    run.sent += 1;
                    return Some(Next::Send(kept.bytes.clone()));
                }
            }
        }
        while self.loaded.front().is_some_and(|(e, s, _)| (*e, *s) < (epoch, seq)) {
            self.loaded.pop_front();
        }
        if self.loaded.front().is_some_and(|(e, s, _)| (*e, *s) == (epoch, seq)) {
            run.sent += 1;
            return self.loaded.pop_front().map(|(_, _, bytes)| Next::Send(bytes));
        }
        if self.loading.is_some() {
            return None;
        }
        let end = (seq + LOAD_BLOCKS_MAX as u64).min(run.end).min(ring_from);
        let lookup = Lookup { device: self.device, epoch, from: seq, end };
        self.loaded.clear();
        self.loading = Some(lookup);
        Some(Next::Load(lookup))
    }

    /// Takes blocks that were read back; what cannot be read becomes an absent block.
    pub(super) fn loaded(
        &mut self,
        lookup: &Lookup,
        mut blocks: Vec<Option<Vec<u8>>>,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        if self.loading != Some(*lookup) {
            return events;
        }
        self.loading = None;
        let Some(run) = self.runs.iter().find(|run| run.epoch == lookup.epoch) else {
            return events;
        };
        if blocks.is_empty() {
            // An answer of nothing would be asked for again for ever.
            blocks.push(None);
        }
        blocks.truncate(LOAD_BLOCKS_MAX);
        let name = |seq| BlockName { device: lookup.device, epoch: lookup.epoch, seq };
        let facts: Vec<Option<Facts>> = (lookup.from..)
            .zip(&blocks)
            .map(|(seq, bytes)| Facts::read(&name(seq), bytes.as_deref()?, &mut events))
            .collect();
        for (i, (seq, bytes)) in (lookup.from..).zip(blocks).enumerate() {
            let bytes = match (facts[i], bytes) {
                (Some(fact), Some(bytes)) => {
                    self.before = Some((lookup.epoch, fact));
                    bytes
                }
                _ => {
                    let before = self.before.filter(|(epoch, _)| *epoch == lookup.epoch);
                    let after = facts[i..].iter().flatten().next().unwrap_or(&run.last);
                    events.push(Event::BlockLost { block: name(seq) });
                    absent_block(&name(seq), before.map(|(_, facts)| facts), after).to_bytes()
                }
            };
            self.loaded.push_back((lookup.epoch, seq, bytes));
        }
        events
    }

    pub(super) fn assert_invariants(&self, share: usize) {
        assert!(self.ring.len() <= share, "a monitor keeps to its share of memory");
        assert!(self.loaded.len() <= LOAD_BLOCKS_MAX, "one stretch is read back at a time");
        for run in &self.runs {
            assert!(run.acked <= run.sent && run.sent <= run.end, "acked ≤ sent ≤ end");
        }
        if let (Some(run), Some(kept)) = (self.runs.back(), self.ring.front()) {
            assert!(kept.seq >= run.acked, "nothing acknowledged is in memory");
        }
    }
}
