//! Blocks of one monitor: each placed second gets its name.

use protocol::Block;
use vitals::{Flags, WallTime};

use crate::now::Now;
use crate::settings::Monitor;
use crate::timeline::{Placed, Timeline};

/// The epoch of a new run: the wall clock in microseconds, and in any case above the last run.
///
/// The clock may have been put back since; a run must never take the names of an earlier one.
#[must_use]
pub fn next_epoch(wall: WallTime, last: Option<u64>) -> u64 {
    let by_clock = u64::try_from(wall.0).unwrap_or(0);
    last.map_or(by_clock, |last| by_clock.max(last.saturating_add(1)))
}

/// Makes blocks out of what one monitor says.
pub(crate) struct BlockBuilder {
    pub(crate) monitor: Monitor,
    pub(crate) timeline: Timeline,
    epoch: u64,
    seq: u64,
    event_mark: Flags,
    refused: u64,
}

impl BlockBuilder {
    pub(crate) fn new(monitor: Monitor, timeline: Timeline, epoch: u64) -> Self {
        Self { monitor, timeline, epoch, seq: 0, event_mark: Flags::NONE, refused: 0 }
    }

    /// Somebody pressed the marker: the next block says so.
    pub(crate) fn mark(&mut self) {
        self.event_mark = Flags::EVENT_MARK;
    }

    /// A second is given up before it has a name. Returns how many so far.
    pub(crate) fn refuse(&mut self) -> u64 {
        self.refused += 1;
        self.refused
    }

    /// How many seconds were refused since the last block; asking ends the count.
    pub(crate) fn take_refused(&mut self) -> u64 {
        core::mem::take(&mut self.refused)
    }

    /// Names a second. Its block carries [`Flags::REFUSED_BEFORE`] where `refused` is not 0.
    pub(crate) fn build(&mut self, now: Now, placed: &Placed, refused: u64) -> Block {
        let mut second = placed.second;
        second.flags = second.flags.with(core::mem::take(&mut self.event_mark));
        if refused > 0 {
            second.flags = second.flags.with(Flags::REFUSED_BEFORE);
        }
        let seq = self.seq;
        self.seq += 1;
        Block {
            device: self.monitor.device,
            epoch: self.epoch,
            seq,
            episode: placed.episode,
            tick: placed.tick,
            at: placed.at,
            built_at: now.wall,
            second,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_rises_even_where_the_clock_was_put_back() {
        assert_eq!(next_epoch(WallTime(5_000), None), 5_000);
        assert_eq!(next_epoch(WallTime(5_000), Some(9_000)), 9_001);
        assert_eq!(next_epoch(WallTime(-3), None), 0);
    }
}
