//! What happened, for whoever shows, sounds, calls and writes it down.

use std::collections::VecDeque;

use vitals::WallTime;

use crate::lifecycle::Alarm;
use crate::pause::{Pause, PauseEnd};
use crate::rules::{Priority, Role};

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// To an alarm.
    Alarm {
        /// When, by the region's clock.
        at: WallTime,
        /// What.
        change: Change,
        /// The alarm as it is now.
        alarm: Box<Alarm>,
    },
    /// The sound of a bed is paused.
    Paused {
        /// By whom and for how long.
        pause: Box<Pause>,
    },
    /// It sounds again.
    PauseEnded {
        /// When, by the region's clock.
        at: WallTime,
        /// Why.
        end: PauseEnd,
        /// What it was.
        pause: Box<Pause>,
    },
    /// Events were not fetched in time, and are gone. No alarm is: read all of them anew.
    Missed {
        /// How many.
        count: u64,
    },
}

/// What happened to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It is there.
    Raised,
    /// Its priority rose.
    Promoted {
        /// From this one.
        from: Priority,
    },
    /// Nobody has acknowledged it in time.
    Escalated {
        /// Who is called now.
        to: Role,
    },
    /// Somebody has seen it.
    Acknowledged,
    /// Its condition is back before somebody saw it.
    Returned,
    /// Value and limit are others.
    DetailChanged,
    /// Its condition is over.
    Ended,
    /// It is history.
    Resolved,
    /// Staff say that it was an artefact.
    MarkedInvalid,
}

impl Alarm {
    /// Says what has happened to it.
    pub(crate) fn changed(&mut self, at: WallTime, change: Change) -> Event {
        self.revision = self.revision.saturating_add(1);
        Event::Alarm { at, change, alarm: Box::new(self.clone()) }
    }
}

/// Most events that wait to be fetched. A caller that drains after each call never sees half of
/// it: every bed of a full region losing its link at once makes one event each.
pub(crate) const WAITING_MAX: usize = 65_536;

/// Events that wait to be fetched.
///
/// # Invariants
///
/// At most [`WAITING_MAX`]. The oldest goes first, and is counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events {
    waiting: VecDeque<Event>,
    missed: u64,
}

impl Events {
    pub(crate) fn push(&mut self, event: Event) {
        if self.waiting.len() >= WAITING_MAX {
            self.waiting.pop_front();
            self.missed = self.missed.saturating_add(1);
        }
        self.waiting.push_back(event);
    }

    pub(crate) fn poll(&mut self) -> Option<Event> {
        match std::mem::take(&mut self.missed) {
            0 => self.waiting.pop_front(),
            count => Some(Event::Missed { count }),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}
