//! From a measured rise to an acceleration, by definition or by a reader's eye.

use crate::event::Measured;
use crate::finding::{Acceleration, Profiles};
use crate::settings::EventSettings;
use crate::tick::Span;
use crate::window::Case;

/// Names a rise; `origin` is the tick of the window it was measured in.
pub(crate) fn name(
    rise: &Measured,
    origin: u32,
    likelihood: f32,
    by_expert: bool,
    case: &Case,
    settings: &EventSettings,
) -> Acceleration {
    let span = Span { start: rise.span.start + origin, end: rise.span.end + origin };
    let seconds = span.seconds();
    let is_preterm = case.gestation_weeks.is_some_and(|weeks| weeks < settings.preterm_weeks);
    let (height, shortest) = if is_preterm {
        (settings.preterm, settings.preterm)
    } else {
        (settings.height_bpm, settings.duration_min_s)
    };
    let is_prolonged = seconds >= settings.prolonged_s;
    let is_defined = rise.height_bpm >= height
        && seconds >= shortest
        && seconds < settings.baseline_change_s
        && (is_prolonged || rise.leave_s < settings.abrupt_s);
    Acceleration {
        span,
        peak: rise.extreme + origin,
        peak_bpm: rise.extreme_bpm,
        height_bpm: rise.height_bpm,
        is_prolonged,
        profiles: Profiles { definition: is_defined, expert: by_expert },
        likelihood,
    }
}
