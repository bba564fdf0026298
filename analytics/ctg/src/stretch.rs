//! What the engine says of one stretch of a strip.

use crate::assessment::Assessment;
use crate::finding::{Acceleration, Artefact, Contraction, Deceleration};
use crate::tick::Span;
use crate::window::Minute;

/// Everything read from one stretch: final, ten minutes at a time, or provisional, from the
/// last final tick to the newest.
///
/// Stretches follow each other without a hole. A finding belongs to the stretch in which it
/// starts; it may end in the next, and nothing of the next overlaps it. What is seen ahead of a
/// border can move a start across it: a finding may begin up to a minute before its stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch {
    /// Where it lies.
    pub span: Span,
    /// The baseline, bpm, one value a second from the start of the span; NaN where there is
    /// none because the rate was lost for long.
    pub baseline_bpm: Vec<f32>,
    /// Accelerations that start here, of either profile, by time.
    pub accelerations: Vec<Acceleration>,
    /// Decelerations that start here, of either profile, by time.
    pub decelerations: Vec<Deceleration>,
    /// Contractions that start here, by time.
    pub contractions: Vec<Contraction>,
    /// Stretches in which the fetal channel does not show the fetus, by time.
    pub artefacts: Vec<Artefact>,
    /// Sinusoidal stretches that start here.
    pub sinusoidal: Vec<Span>,
    /// Each whole minute.
    pub minutes: Vec<Minute>,
    /// Short-term variation of each whole minute, ms; NaN where too little is left to tell.
    pub stv_ms: Vec<f32>,
    /// Long-term variation of each whole minute, ms; NaN likewise.
    pub ltv_ms: Vec<f32>,
    /// The levels of the ten-minute blocks that end here; for a provisional stretch also of
    /// the last ten minutes up to now, last.
    pub assessments: Vec<Assessment>,
    /// Share of ticks without a usable fetal rate, 0 to 1.
    pub lost: f32,
}
