//! One unbroken count of seconds, and the signs that say why one is missing.

use std::collections::VecDeque;

use vitals::{Absence, EpisodeId};

use crate::input::PortState;
use crate::timeline::SECOND;

/// How long after its expected arrival a second is given up, where a damaged frame was seen.
///
/// Just below a second: whatever was merely late has come by then, and the next has not.
pub(crate) const LABEL_AFTER: i64 = 900_000;
/// A fault this much before the expected arrival of a missing second explains it.
const FAULT_BEFORE: i64 = 700_000;
/// A fault this much after it explains it as well: a cut frame is noticed when the next begins.
const FAULT_AFTER: i64 = 1_100_000;
/// Faults closer than this are of one frame.
const FAULT_CLUSTER: i64 = 500_000;
/// Most faults remembered; older ones explain nothing any more.
const FAULTS_MAX: usize = 8;

/// Seconds counted from one anchor. Times are microseconds since the process began.
pub(crate) struct Run {
    /// When the next second begins.
    pub(crate) next: i64,
    /// What to add to get the wall clock's time.
    pub(crate) wall_offset: i64,
    /// When the monitor last sent a whole second.
    pub(crate) heard_at: i64,
    /// How long a frame travels on this line.
    pub(crate) travel: i64,
    pub(crate) episode: EpisodeId,
    /// Absent seconds since the monitor was last heard.
    pub(crate) absent: u64,
    pub(crate) lost_before: bool,
    pub(crate) silent_noted: bool,
}

impl Run {
    pub(crate) fn new(
        next: i64,
        wall_offset: i64,
        heard_at: i64,
        travel: i64,
        episode: EpisodeId,
    ) -> Self {
        let (absent, lost_before, silent_noted) = (0, false, false);
        Self { next, wall_offset, heard_at, travel, episode, absent, lost_before, silent_noted }
    }

    pub(crate) fn hear(&mut self, arrived: i64) {
        self.heard_at = self.heard_at.max(arrived);
        self.absent = 0;
        self.lost_before = false;
        self.silent_noted = false;
    }
}

/// What was noticed on the line besides whole seconds.
#[derive(Default)]
pub(crate) struct Signs {
    faults: VecDeque<i64>,
    port: Port,
}

#[derive(Default)]
enum Port {
    #[default]
    Open,
    Lost {
        since: i64,
    },
    /// Open again after it was lost.
    Back {
        lost: i64,
        since: i64,
    },
}

impl Signs {
    /// Notes a damaged frame. Several faults of one frame count once.
    pub(crate) fn fault(&mut self, at: i64) {
        if self.faults.back().is_some_and(|last| at - last < FAULT_CLUSTER) {
            return;
        }
        if self.faults.len() == FAULTS_MAX {
            self.faults.pop_front();
        }
        self.faults.push_back(at);
    }

    /// Notes that the port came or went.
    pub(crate) fn port(&mut self, at: i64, state: PortState) {
        self.port = match (state, &self.port) {
            (PortState::Lost, Port::Lost { since }) => Port::Lost { since: *since },
            (PortState::Lost, _) => Port::Lost { since: at },
            (PortState::Open, Port::Lost { since }) => Port::Back { lost: *since, since: at },
            (PortState::Open, Port::Back { lost, since }) => {
                Port::Back { lost: *lost, since: *since }
            }
            (PortState::Open, Port::Open) => Port::Open,
        };
    }

    /// Whether a damaged frame explains that nothing whole came when it was expected.
    pub(crate) fn has_fault(&self, expected: i64) -> bool {
        self.faults.iter().any(|fault| explains(*fault, expected))
    }

    /// Why the second expected then did not come. A fault explains one second and is used up.
    pub(crate) fn why_missing(&mut self, expected: i64) -> Absence {
        while self.faults.front().is_some_and(|fault| *fault < expected - FAULT_BEFORE - SECOND) {
            self.faults.pop_front();
        }
        if let Some(place) = self.faults.iter().position(|fault| explains(*fault, expected)) {
            self.faults.drain(..=place);
            return Absence::DamagedFrame;
        }
        match self.port {
            Port::Lost { since } if since <= expected => Absence::PortLost,
            Port::Back { lost, since } if lost <= expected && expected < since => Absence::PortLost,
            _ => Absence::DeviceSilent,
        }
    }
}

fn explains(fault: i64, expected: i64) -> bool {
    fault > expected - FAULT_BEFORE && fault <= expected + FAULT_AFTER
}
