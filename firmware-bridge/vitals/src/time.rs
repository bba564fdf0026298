//! Two clocks, and no conversion between them here.
//!
//! A device counts ticks and knows no date. A wall clock knows the date and can be wrong or
//! jump. The bridge relates the two by arrival times, in `uplink`, and says how.

/// Ticks of 250 ms since the stream of one device began, as its bridge counts them.
///
/// Rises by four a second also across a silence, so that equal distances on the count are
/// equal distances in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceTick(pub u64);

impl DeviceTick {
    /// Length of a tick in microseconds.
    pub const MICROS: i64 = 250_000;
}

/// A reading of a wall clock: microseconds since 1970-01-01T00:00:00Z.
///
/// Whose clock it was stands in the name of the field that holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(pub i64);

impl WallTime {
    /// Microseconds in a second.
    pub const MICROS_PER_SECOND: i64 = 1_000_000;

    /// Microseconds from `earlier` to this; negative where `earlier` is later.
    #[must_use]
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This and so many microseconds more (or less), stopping at the ends of the range.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}
