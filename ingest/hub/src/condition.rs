//! What the hub knows to be wrong without looking at a value.
//!
//! A lost link is also in the roster, which is how a wall learns of it. Silence is not: a
//! bridge builds a block each second even for a device that says nothing, so a connected but
//! silent track means trouble at the bridge, and a wall sees it by the age of its data.

use vitals::WallTime;

use crate::analyst::Analysis;
use crate::track::{Link, Track};

/// A technical condition of one track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The bridge is not connected.
    LinkLost {
        /// Since when, by the region's clock.
        since: WallTime,
    },
    /// The bridge is connected and sends no blocks of this device.
    Silent {
        /// When the last block came, or the link came up, by the region's clock.
        since: WallTime,
    },
    /// Nobody analyses the strip: findings and levels on it stand still. It is of the whole
    /// region, and is said of each track because each is looked at by itself.
    AnalysisAbsent {
        /// When the last sign of life came, by the region's clock.
        since: WallTime,
    },
}

/// What is wrong where the analysis is as it is.
pub(crate) fn of_analysis(analysis: Analysis) -> Option<Condition> {
    match analysis {
        Analysis::Present { .. } => None,
        Analysis::Absent { since } => Some(Condition::AnalysisAbsent { since }),
    }
}

/// What is wrong with `track` at `now`; silence counts after `silent_after_micros`.
pub(crate) fn of(track: &Track, now: WallTime, silent_after_micros: i64) -> Option<Condition> {
    match track.link {
        Link::Lost { since } => Some(Condition::LinkLost { since }),
        Link::Up { since: up_since } => {
            let since = track.last_received_at.map_or(up_since, |last| last.max(up_since));
            (now.micros_since(since) > silent_after_micros).then_some(Condition::Silent { since })
        }
    }
}
