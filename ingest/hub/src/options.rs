//! What may be moved, and what moving it costs.

use vitals::WallTime;

use crate::track::Keep;

/// How much the hub remembers, and when it calls something late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HubOptions {
    /// How much of each strip is kept for a wall that comes, µs. Default 20 min; a minute of
    /// one track costs about 16 KiB.
    pub recent_micros: i64,
    /// A block that arrives so much after it was built counts as late, µs. Default 5 s: above
    /// any round trip, below what a wall calls stale twice over.
    pub late_after_micros: i64,
    /// A connected device without a block for so long counts as silent, µs. Default 10 s.
    pub silent_after_micros: i64,
    /// Most arrivals that a slow wall may lag behind. Default 32,768: half a minute of a
    /// thousand monitors.
    pub log_entries_max: usize,
}

impl Default for HubOptions {
    fn default() -> Self {
        Self {
            recent_micros: 20 * 60 * WallTime::MICROS_PER_SECOND,
            late_after_micros: 5 * WallTime::MICROS_PER_SECOND,
            silent_after_micros: 10 * WallTime::MICROS_PER_SECOND,
            log_entries_max: 32_768,
        }
    }
}

impl HubOptions {
    /// A device builds a block a second; twice as many leaves room for what a bridge resends
    /// with times of its own.
    pub(crate) fn keep(&self) -> Keep {
        let seconds = self.recent_micros / WallTime::MICROS_PER_SECOND;
        let blocks_max = usize::try_from(2 * seconds).unwrap_or(0).max(2);
        Keep { micros: self.recent_micros, blocks_max }
    }
}
