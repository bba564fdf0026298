//! The two clocks, read at once.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use uplink::Now;
use vitals::WallTime;

/// Reads the clocks of this computer.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    started: Instant,
}

impl Clock {
    /// A clock that counts from now.
    #[must_use]
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { since_start: self.started.elapsed(), wall: wall() }
    }

    /// A moment since the start, for a timer.
    #[must_use]
    pub fn instant(&self, since_start: std::time::Duration) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.started + since_start)
    }
}

/// The wall clock; a clock before 1970 reads as 1970.
#[must_use]
pub fn wall() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
