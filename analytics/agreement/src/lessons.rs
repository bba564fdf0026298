//! What the engine can learn from a recording: its own candidates, and whether an expert
//! marked them.

use ctg::expert::training::candidates;
use ctg::expert::{EventKind, FEATURES};
use ctg::{Settings, Span};

use crate::fhrma::{EXPERT, Recording};
use crate::matching::OVERLAP_TICKS;
use crate::trainer::Rows;

/// A candidate is a yes where it shares at least this of its union with one event.
///
/// From an experiment on the same recordings, cross-validated: 0.3 to 0.5 differ little, 0.6 is
/// worse.
const SHARED_MIN: f32 = 0.4;

/// Candidates of a recording of which each counts once, about those of an hour; with more of
/// them each counts less, or one long labour would teach more than many short ones. Design.
const CANDIDATES_OF_FULL_WEIGHT: f32 = 500.0;
/// How much a candidate of the other kind teaches: how an expert tells an event from what is
/// none is much the same up and down. From an experiment on the same recordings.
const OTHER_KIND_WEIGHT: f32 = 0.3;
/// The features that are learned from: those of a candidate, then its kind, see [`told`].
pub const TAUGHT: usize = FEATURES + 1;

/// How the kind of a candidate is told to the trainer.
#[must_use]
pub const fn told(kind: EventKind) -> f32 {
    match kind {
        EventKind::Acceleration => 0.0,
        EventKind::Deceleration => 1.0,
    }
}

/// The candidates of a recording, with what experts think of them.
#[derive(Clone, Debug, Default)]
pub struct Lessons(Vec<Lesson>);

#[derive(Clone, Debug)]
struct Lesson {
    kind: EventKind,
    features: [f32; FEATURES],
    label: f32,
    weight: f32,
}

impl Lessons {
    /// Finds every candidate of a recording, exactly as the engine does.
    #[must_use]
    pub fn of(recording: &Recording, settings: &Settings) -> Self {
        let lesson = |candidate: ctg::expert::Candidate| {
            let events = recording.events(EXPERT, candidate.kind);
            let shared = events.iter().map(|event| shared(candidate.span, *event));
            let is_marked = shared.fold(0.0, f32::max) >= SHARED_MIN;
            Lesson {
                kind: candidate.kind,
                features: candidate.features,
                label: f32::from(is_marked),
                weight: f32::from(recording.unjudged.allows(candidate.span)),
            }
        };
        Self(candidates(&recording.ticks, settings).into_iter().map(lesson).collect())
    }

    /// Adds what there is to learn about one kind. `rows` have [`TAUGHT`] features.
    pub fn add_to(&self, kind: EventKind, rows: &mut Rows) {
        let each = (CANDIDATES_OF_FULL_WEIGHT / self.0.len().max(1) as f32).sqrt();
        for lesson in &self.0 {
            let share = if lesson.kind == kind { 1.0 } else { OTHER_KIND_WEIGHT };
            let mut taught = [told(lesson.kind); TAUGHT];
            taught[..FEATURES].copy_from_slice(&lesson.features);
            rows.push(&taught, lesson.label, each * share * lesson.weight);
        }
    }
}

/// Intersection over union of a candidate and an event, 0 where they do not match.
fn shared(candidate: Span, event: Span) -> f32 {
    let overlap = candidate.overlap(event);
    if overlap <= OVERLAP_TICKS {
        return 0.0;
    }
    let union = candidate.end.max(event.end) - candidate.start.min(event.start);
    overlap as f32 / union as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_match_shares_nothing() {
        let candidate = Span::of_seconds(0, 20);
        assert_eq!(shared(candidate, Span::of_seconds(15, 20)), 0.0);
        assert_eq!(shared(candidate, Span::of_seconds(10, 40)), 0.25);
        assert_eq!(shared(candidate, candidate), 1.0);
    }
}
