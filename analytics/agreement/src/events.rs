//! Agreement on accelerations and decelerations, over all recordings.

use ctg::Span;
use ctg::expert::EventKind;

use crate::fhrma::{EXPERT, Recording};
use crate::matching::Agreement;
use crate::table::{Figures, Row};

/// How a published method agrees with the experts.
#[must_use]
pub fn of_source(recordings: &[Recording], source: &str) -> Row {
    let figures = |kind| {
        let agreements: Vec<_> = recordings
            .iter()
            .map(|recording| agreement(recording, kind, recording.events(source, kind)))
            .collect();
        Figures::of(&agreements)
    };
    Row {
        method: source.to_owned(),
        acceleration: figures(EventKind::Acceleration),
        deceleration: figures(EventKind::Deceleration),
    }
}

/// How some events of one recording agree with the experts'.
#[must_use]
pub fn agreement(recording: &Recording, kind: EventKind, events: &[Span]) -> Agreement {
    Agreement::of(recording.events(EXPERT, kind), events, &recording.unjudged)
}
