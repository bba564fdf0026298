//! The connected analyses, and whether one of them lives.

use std::collections::BTreeMap;

use protocol::analyst::SILENT_MILLIS;
use vitals::{AnalystId, WallTime};

use crate::subscriber::ViewerId;

/// How long without a sign of life until an analysis counts as absent, µs.
const SILENT_MICROS: u64 = SILENT_MILLIS * 1_000;

/// Whether the analysis lives, by the region's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analysis {
    /// It is connected and says that it works.
    Present {
        /// Since when.
        since: WallTime,
    },
    /// There is none, or it says nothing: what it published stands still.
    Absent {
        /// When the last sign of life came; the beginning of 1970 where none ever did.
        since: WallTime,
    },
}

/// One connection of one analysis.
#[derive(Debug)]
struct Analyst {
    name: AnalystId,
    alive_at: WallTime,
}

/// The connected analyses.
///
/// # Invariants
///
/// Of each name one connection at most.
#[derive(Debug)]
pub(crate) struct Analysts {
    connected: BTreeMap<ViewerId, Analyst>,
    state: Analysis,
    last_alive_at: WallTime,
}

impl Default for Analysts {
    fn default() -> Self {
        let never = WallTime(0);
        Self {
            connected: BTreeMap::new(),
            state: Analysis::Absent { since: never },
            last_alive_at: never,
        }
    }
}

impl Analysts {
    /// Adds a connection; returns the older one of the same name, which counts no more.
    pub(crate) fn connect(
        &mut self,
        now: WallTime,
        viewer: ViewerId,
        name: AnalystId,
    ) -> Option<ViewerId> {
        let older = self.connected.iter().find(|(_, analyst)| analyst.name == name);
        let older = older.map(|(viewer, _)| *viewer);
        if let Some(older) = older {
            self.connected.remove(&older);
        }
        self.connected.insert(viewer, Analyst { name, alive_at: now });
        self.heard(now);
        older
    }

    /// Notes a sign of life; of a connection that counts no more it is none.
    pub(crate) fn alive(&mut self, now: WallTime, viewer: ViewerId) {
        // A silence that nobody looked at is noticed here.
        self.look(now);
        if let Some(analyst) = self.connected.get_mut(&viewer) {
            analyst.alive_at = now;
            self.heard(now);
        }
    }

    pub(crate) fn is_connected(&self, viewer: ViewerId) -> bool {
        self.connected.contains_key(&viewer)
    }

    pub(crate) fn disconnect(&mut self, now: WallTime, viewer: ViewerId) {
        self.connected.remove(&viewer);
        self.look(now);
    }

    /// Whether one lives at `now`.
    pub(crate) fn look(&mut self, now: WallTime) -> Analysis {
        self.state = self.state_at(now);
        self.state
    }

    /// Whether one lives at `now`, for whoever may change nothing.
    pub(crate) fn state_at(&self, now: WallTime) -> Analysis {
        match (self.state, self.lives(now)) {
            (Analysis::Absent { .. }, true) => Analysis::Present { since: now },
            (Analysis::Present { .. }, false) => Analysis::Absent { since: self.last_alive_at },
            (unchanged, _) => unchanged,
        }
    }

    /// The distance counts either way: a clock that was set back must not keep a dead one alive.
    fn lives(&self, now: WallTime) -> bool {
        self.connected
            .values()
            .any(|analyst| now.micros_since(analyst.alive_at).unsigned_abs() <= SILENT_MICROS)
    }

    fn heard(&mut self, now: WallTime) {
        self.last_alive_at = now;
        self.look(now);
    }

    pub(crate) fn assert_invariants(&self) {
        let mut names: Vec<_> = self.connected.values().map(|analyst| analyst.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), self.connected.len(), "an analysis has two connections");
    }
}
