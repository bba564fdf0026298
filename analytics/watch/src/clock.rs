//! The wall clock of this computer.

use std::time::{SystemTime, UNIX_EPOCH};

use vitals::WallTime;

/// Reads it; a clock before 1970 reads as 1970.
#[must_use]
pub fn wall() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
