//! The moment of a call, by two clocks.

use core::time::Duration;

use vitals::WallTime;

/// The moment of a call, read by the driver from two clocks at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Time since the process began, by a clock that never jumps. Distances use this one.
    pub since_start: Duration,
    /// The wall clock. It may be wrong or jump, and only dates what is sent.
    pub wall: WallTime,
}

impl Now {
    /// Microseconds since the process began.
    #[must_use]
    pub fn micros(self) -> i64 {
        i64::try_from(self.since_start.as_micros()).expect("a process runs below 290,000 years")
    }

    /// What to add to a count since the start to get the wall clock's time.
    pub(crate) fn wall_offset(self) -> i64 {
        self.wall.0.saturating_sub(self.micros())
    }
}
