//! The order of a list of alarms, and of beds by what is wrong with them.
//!
//! Both are total and depend on the alarms alone: the same alarms stand in the same order on
//! every wall, and a new one moves only what it is graver than. A list that reorders when nobody
//! did anything is one in which the wrong line is tapped.

use core::cmp::{Ordering, Reverse};

use vitals::WallTime;

use crate::lifecycle::{Alarm, AlarmId, Stage};
use crate::rules::Priority;

/// Where an alarm stands in the list; the least stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// What is over stands behind what is not.
    is_resolved: bool,
    /// The higher priority first.
    priority: Reverse<Priority>,
    /// What nobody has seen before what somebody has.
    is_acknowledged: bool,
    /// The one that waits longer first, so that new ones come in below.
    raised_at: WallTime,
    /// The earlier number first.
    id: AlarmId,
}

impl Rank {
    fn of(alarm: &Alarm) -> Self {
        Self {
            is_resolved: alarm.stage() == Stage::Resolved,
            priority: Reverse(alarm.priority),
            is_acknowledged: alarm.acknowledgement.is_some(),
            raised_at: alarm.raised_at,
            id: alarm.id,
        }
    }
}

/// The order of a list of alarms: what is open before what is over, then priority, what nobody
/// has seen first, the oldest first. Two alarms are equal only if they are the same.
#[must_use]
pub fn wall_order(one: &Alarm, other: &Alarm) -> Ordering {
    Rank::of(one).cmp(&Rank::of(other))
}

/// How urgent a bed is: that of its first open alarm in [`wall_order`]. The most urgent is the
/// least. Beds without an open alarm are equal, and a stable sort keeps them where they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Urgency(Urgent);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgent {
    Alarm(Rank),
    Quiet,
}

impl Urgency {
    /// Of a bed on which nothing is wrong.
    pub const QUIET: Self = Self(Urgent::Quiet);

    /// Of a bed with these alarms.
    #[must_use]
    pub fn of<'a>(alarms: impl IntoIterator<Item = &'a Alarm>) -> Self {
        let open = alarms.into_iter().filter(|alarm| alarm.stage() != Stage::Resolved);
        open.map(Rank::of).min().map_or(Self::QUIET, |rank| Self(Urgent::Alarm(rank)))
    }
}
