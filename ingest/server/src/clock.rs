//! The region's clock: the one place in ingest that reads it for the hub.

use std::time::{SystemTime, UNIX_EPOCH};

use vitals::WallTime;

/// The time of day. A machine whose clock stands before 1970 is taken to be at 1970.
#[must_use]
pub fn now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
