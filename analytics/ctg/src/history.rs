//! What was found final in the last hour: what the next findings rest on.

use crate::expert::EventKind;
use crate::finding::{Acceleration, Contraction, Deceleration};
use crate::stretch::Stretch;
use crate::tick::{Span, TICKS_PER_MINUTE};
use crate::window::{BaselineLevel, Minute, Variability};

/// How long findings are kept, ticks: FIGO looks back 50 min.
const KEPT_TICKS: u32 = 60 * TICKS_PER_MINUTE;
/// Minutes that are kept.
const MINUTES_MAX: usize = 60;

/// The last hour, final.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    accelerations: Vec<Acceleration>,
    decelerations: Vec<Deceleration>,
    contractions: Vec<Contraction>,
    minutes: Vec<Minute>,
    /// The last baseline that a block had of its own, and the tick at which that block ended.
    pub baseline: Option<(BaselineLevel, u32)>,
    /// Likewise the last variability.
    pub variability: Option<(Variability, u32)>,
}

impl History {
    /// Learns what has become final, and forgets what is older than an hour.
    pub fn absorb(&mut self, stretch: &Stretch) {
        let oldest = stretch.span.end.saturating_sub(KEPT_TICKS);
        self.accelerations.retain(|one| one.span.end > oldest);
        self.accelerations.extend_from_slice(&stretch.accelerations);
        self.decelerations.retain(|one| one.span.end > oldest);
        self.decelerations.extend_from_slice(&stretch.decelerations);
        self.contractions.retain(|one| one.span.end > oldest);
        self.contractions.extend_from_slice(&stretch.contractions);
        self.minutes.extend_from_slice(&stretch.minutes);
        let surplus = self.minutes.len().saturating_sub(MINUTES_MAX);
        self.minutes.drain(..surplus);
        for block in &stretch.assessments {
            if let crate::window::Determined::Here(level) = block.baseline {
                self.baseline = Some((level, block.span.end));
            }
            if let crate::window::Determined::Here(variability) = block.variability {
                self.variability = Some((variability, block.span.end));
            }
        }
    }

    pub fn accelerations(&self) -> &[Acceleration] {
        &self.accelerations
    }

    pub fn decelerations(&self) -> &[Deceleration] {
        &self.decelerations
    }

    pub fn contractions(&self) -> &[Contraction] {
        &self.contractions
    }

    pub fn minutes(&self) -> &[Minute] {
        &self.minutes
    }

    /// Where the last final contraction ends.
    pub fn contractions_end(&self) -> u32 {
        self.contractions.last().map_or(0, |last| last.span.end)
    }

    /// The final events that reach into a window, in ticks of it.
    pub fn taken(&self, origin: u32) -> impl Iterator<Item = (EventKind, Span)> {
        let rises = self.accelerations.iter().map(|one| (EventKind::Acceleration, one.span));
        let falls = self.decelerations.iter().map(|one| (EventKind::Deceleration, one.span));
        let reaching = rises.chain(falls).filter(move |(_, span)| span.end > origin);
        reaching.map(move |(kind, span)| {
            (kind, Span { start: span.start.saturating_sub(origin), end: span.end - origin })
        })
    }

    pub fn heap_bytes(&self) -> usize {
        self.accelerations.capacity() * size_of::<Acceleration>()
            + self.decelerations.capacity() * size_of::<Deceleration>()
            + self.contractions.capacity() * size_of::<Contraction>()
            + self.minutes.capacity() * size_of::<Minute>()
    }
}
