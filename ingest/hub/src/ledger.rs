//! Which blocks of which run were heard, shown and stored.
//!
//! A run is one device in one epoch of its bridge. Its blocks are numbered without a hole, so
//! that three sets of numbers say all: *heard* are those that need not be sent again for now,
//! *shown* those that went to the readers, *stored* those on the disk. A failing disk shrinks
//! heard to stored: what is sent again is then stored, and not shown a second time.

use std::collections::BTreeMap;

use vitals::{BridgeId, DeviceId};

use crate::ranges::RangeSet;

/// Most ranges that one set of one run may have.
///
/// A bridge sends each run from its oldest block on, so a set has one range and, after losses
/// on a disk, a few. The bound keeps a bridge that skips every second number from filling the
/// region's memory.
pub const RANGES_MAX: usize = 1_024;
/// Most runs remembered for one device; beyond, the oldest epoch is forgotten.
///
/// Each start of a bridge begins a run, and no bridge owes more than
/// [`protocol::link::EPOCHS_MAX`] of them.
pub const RUNS_MAX: usize = protocol::link::EPOCHS_MAX;

/// What names a block for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey {
    /// The bridge that sent it.
    pub bridge: BridgeId,
    /// The device on it.
    pub device: DeviceId,
    /// The run of the bridge.
    pub epoch: u64,
    /// Its number in the run.
    pub seq: u64,
}

/// One device of one bridge in the [`Ledger`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineId(usize);

/// What became of one block that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// It is new to the store. `shown` says whether readers had it before.
    Fresh { shown: Shown, gap_before: Gap },
    /// It is on its way to the disk.
    Pending,
    /// It is on the disk.
    Stored,
    /// It stands too far apart from all others to be remembered.
    Scattered,
}

/// Whether readers had a block before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Now,
    Before,
}

/// Whether the block before one is missing and may still come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    None,
    Before,
}

/// One run of one device.
///
/// # Invariants
///
/// Stored is within heard, heard is within shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    /// Blocks below are not held by the bridge any more, whether the region has them or not.
    floor: u64,
    heard: RangeSet,
    shown: RangeSet,
    stored: RangeSet,
}

impl Run {
    /// The first block that the region does not have and the bridge may still send.
    pub(crate) fn next(&self) -> u64 {
        self.stored.first_missing_from(self.floor)
    }

    fn enter(&mut self, seq: u64) -> Entry {
        if self.stored.contains(seq) {
            return Entry::Stored;
        }
        if self.heard.contains(seq) {
            return Entry::Pending;
        }
        let full = |set: &RangeSet| set.range_count() >= RANGES_MAX && set.is_apart(seq);
        if full(&self.heard) || full(&self.shown) {
            return Entry::Scattered;
        }
        let missing_before = seq > self.floor && !self.shown.contains(seq - 1);
        self.heard.insert(seq);
        let shown = if self.shown.insert(seq) { Shown::Now } else { Shown::Before };
        Entry::Fresh { shown, gap_before: if missing_before { Gap::Before } else { Gap::None } }
    }

    fn store(&mut self, first: u64, last: u64) {
        for set in [&mut self.stored, &mut self.heard, &mut self.shown] {
            set.insert_range(first, last);
        }
    }

    fn assert_invariants(&self) {
        for set in [&self.stored, &self.heard, &self.shown] {
            set.assert_invariants();
        }
        assert!(self.heard.is_superset(&self.stored), "a block is stored that was never heard");
        assert!(self.shown.is_superset(&self.heard), "a block was heard and never shown");
    }
}

/// The runs of every device that the region has ever heard of.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    names: BTreeMap<(BridgeId, DeviceId), LineId>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    runs: BTreeMap<u64, Run>,
}

impl Ledger {
    /// The line of a device, opened where there is none.
    pub(crate) fn line(&mut self, bridge: BridgeId, device: DeviceId) -> LineId {
        *self.names.entry((bridge, device)).or_insert_with(|| {
            self.lines.push(Line { runs: BTreeMap::new() });
            LineId(self.lines.len() - 1)
        })
    }

    /// The lines of one bridge, by device.
    pub(crate) fn lines_of(&self, bridge: BridgeId) -> Vec<(DeviceId, LineId)> {
        // Names sort by their bytes with the padding, so the shortest sorts first.
        let first = DeviceId::new("0").expect("a digit is a name");
        let of_bridge = self.names.range((bridge, first)..);
        of_bridge
            .take_while(|((of, _), _)| *of == bridge)
            .map(|((_, device), line)| (*device, *line))
            .collect()
    }

    /// Notes that a block came in.
    pub(crate) fn enter(&mut self, line: LineId, epoch: u64, seq: u64) -> Entry {
        let entry = self.run_mut(line, epoch).enter(seq);
        self.forget_oldest(line);
        entry
    }

    /// Notes that blocks are on the disk.
    pub(crate) fn store(&mut self, line: LineId, epoch: u64, first: u64, last: u64) {
        self.run_mut(line, epoch).store(first, last);
        self.forget_oldest(line);
    }

    /// Notes that the bridge holds nothing below `floor` of this run any more.
    pub(crate) fn raise_floor(&mut self, line: LineId, epoch: u64, floor: u64) {
        let run = self.run_mut(line, epoch);
        run.floor = run.floor.max(floor);
        self.forget_oldest(line);
    }

    /// Notes that the bridge holds nothing of its runs but of those in `owed`.
    ///
    /// Whatever is missing below the last stored block will then never come.
    pub(crate) fn close_runs_except(&mut self, line: LineId, owed: &[u64]) {
        let runs = self.lines[line.0].runs.iter_mut();
        for (_, run) in runs.filter(|(epoch, _)| !owed.contains(epoch)) {
            let end = run.stored.last().map_or(0, |last| last.saturating_add(1));
            run.floor = run.floor.max(end);
        }
    }

    /// The first block that the region does not have; 0 for a run it does not know.
    pub(crate) fn next(&self, line: LineId, epoch: u64) -> u64 {
        self.lines[line.0].runs.get(&epoch).map_or(0, Run::next)
    }

    /// Whether the block is on the disk.
    pub(crate) fn is_stored(&self, key: &BlockKey) -> bool {
        let line = self.names.get(&(key.bridge, key.device));
        let run = line.and_then(|line| self.lines[line.0].runs.get(&key.epoch));
        run.is_some_and(|run| run.stored.contains(key.seq))
    }

    /// Forgets everything that was heard and is not on the disk.
    pub(crate) fn forget_unstored(&mut self) {
        for run in self.lines.iter_mut().flat_map(|line| line.runs.values_mut()) {
            if run.heard != run.stored {
                run.heard = run.stored.clone();
            }
        }
    }

    pub(crate) fn assert_invariants(&self) {
        for line in &self.lines {
            assert!(line.runs.len() <= RUNS_MAX, "a device has more runs than are kept");
            line.runs.values().for_each(Run::assert_invariants);
        }
    }

    fn run_mut(&mut self, line: LineId, epoch: u64) -> &mut Run {
        self.lines[line.0].runs.entry(epoch).or_default()
    }

    fn forget_oldest(&mut self, line: LineId) {
        let runs = &mut self.lines[line.0].runs;
        while runs.len() > RUNS_MAX {
            runs.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_sent_again_after_a_failing_disk_is_stored_and_not_shown_again() {
        let mut run = Run::default();
        assert_eq!(run.enter(0), Entry::Fresh { shown: Shown::Now, gap_before: Gap::None });
        assert_eq!(run.enter(0), Entry::Pending);
        run.heard = run.stored.clone();
        assert_eq!(run.enter(0), Entry::Fresh { shown: Shown::Before, gap_before: Gap::None });
        run.store(0, 0);
        assert_eq!(run.enter(0), Entry::Stored);
        run.assert_invariants();
    }

    #[test]
    fn a_bridge_that_skips_every_second_number_is_stopped() {
        let mut run = Run::default();
        for n in 0..RANGES_MAX as u64 {
            assert!(matches!(run.enter(2 * n), Entry::Fresh { .. }));
        }
        assert_eq!(run.enter(1 << 40), Entry::Scattered);
        assert!(matches!(run.enter(1), Entry::Fresh { .. }), "filling a hole is always welcome");
    }

    #[test]
    fn a_hole_below_what_the_bridge_holds_does_not_stop_the_ack() {
        let (bridge, device) = (BridgeId::new("b").unwrap(), DeviceId::new("d").unwrap());
        let mut ledger = Ledger::default();
        let line = ledger.line(bridge, device);
        ledger.store(line, 1, 0, 300);
        ledger.store(line, 1, 302, 999);
        assert_eq!(ledger.next(line, 1), 301);
        ledger.close_runs_except(line, &[]);
        assert_eq!(ledger.next(line, 1), 1000);
        assert_eq!(ledger.lines_of(bridge), [(device, line)]);
    }
}
