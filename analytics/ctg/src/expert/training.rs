//! Candidates of a whole strip, as the engine sees them; for training.

use crate::expert::Candidate;
use crate::frame::{Frame, View};
use crate::kept::{AHEAD_TICKS, BACK_TICKS, Kept, STEP_TICKS};
use crate::settings::Settings;
use crate::tick::{TICKS_PER_SECOND, Tick};

/// Every candidate of a strip with its features, each once, from the window in which the
/// engine would decide on it.
#[must_use]
pub fn candidates(ticks: &[Tick], settings: &Settings) -> Vec<Candidate> {
    let mut frame = Frame::default();
    let mut all = Vec::new();
    let mut found = Vec::new();
    let mut from = 0;
    let end = ticks.len() as u32 / TICKS_PER_SECOND * TICKS_PER_SECOND;
    while from < end {
        let origin = from.saturating_sub(BACK_TICKS);
        let to = (from + STEP_TICKS + AHEAD_TICKS).min(end);
        let mut kept = Kept::starting(origin);
        ticks[origin as usize..to as usize].iter().for_each(|tick| kept.push(*tick));
        let view = View {
            fetal: &kept.fetal,
            maternal: &kept.maternal,
            activity: &kept.activity,
            from: ((from - origin) / TICKS_PER_SECOND) as usize,
            to: kept.seconds(),
            taken: &[],
        };
        found.clear();
        frame.candidates(view, settings, &mut found);
        let until = if to == end { end } else { from + STEP_TICKS };
        for mut candidate in found.drain(..) {
            candidate.span.start += origin;
            candidate.span.end += origin;
            if (from..until).contains(&candidate.span.start) {
                all.push(candidate);
            }
        }
        from = until;
    }
    all
}
