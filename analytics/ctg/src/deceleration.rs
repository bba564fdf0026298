//! From a measured fall to a deceleration: which kind, how severe, whether by definition.

use crate::event::Measured;
use crate::finding::{Contraction, Deceleration, DecelerationKind, Profiles};
use crate::jsog::severity;
use crate::settings::{EventSettings, Settings};
use crate::tick::{Span, TICKS_PER_SECOND};

/// What is known of the contractions around a fall.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labour<'a> {
    /// Contractions by time, in ticks of the strip.
    pub contractions: &'a [Contraction],
    /// Whether uterine activity is recorded around the fall.
    pub is_recorded: bool,
}

impl Labour<'_> {
    /// The contraction whose peak lies nearest to `nadir` within the range, and the lag, s.
    fn nearest(&self, nadir: u32, settings: &EventSettings) -> Option<(Span, f32)> {
        let (before_s, behind_s) = settings.lag_range_s;
        let lags = self.contractions.iter().map(|contraction| {
            let lag = (i64::from(nadir) - i64::from(contraction.peak)) as f32;
            (contraction.span, lag / TICKS_PER_SECOND as f32)
        });
        lags.filter(|(_, lag)| (-before_s..=behind_s).contains(lag))
            .min_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
    }
}

/// Names a fall; `origin` is the tick of the window it was measured in.
pub(crate) fn name(
    fall: &Measured,
    origin: u32,
    likelihood: f32,
    by_expert: bool,
    labour: Labour<'_>,
    settings: &Settings,
) -> Deceleration {
    let (settings, grading) = (&settings.event, &settings.grading);
    let span = Span { start: fall.span.start + origin, end: fall.span.end + origin };
    let nadir = fall.extreme + origin;
    let nearest = labour.nearest(nadir, settings).filter(|_| labour.is_recorded);
    let kind = kind_of(fall, nearest.map(|(_, lag)| lag), settings);
    let is_defined = fall.height_bpm >= settings.height_bpm
        && span.seconds() >= settings.duration_min_s
        && (fall.is_long_fall || span.seconds() < settings.baseline_change_s);
    Deceleration {
        span,
        nadir,
        nadir_bpm: fall.extreme_bpm,
        depth_bpm: fall.height_bpm,
        fall_s: fall.leave_s,
        area_bpm_s: fall.area_bpm_s,
        lost: fall.lost,
        kind,
        severity: severity(kind, fall.extreme_bpm, fall.height_bpm, span.seconds(), grading),
        contraction: nearest.map(|(span, _)| span),
        lag_s: nearest.map(|(_, lag)| lag),
        profiles: Profiles { definition: is_defined, expert: by_expert },
        likelihood,
    }
}

/// The kind by the definitions: how long, how abrupt, how far behind its contraction.
fn kind_of(fall: &Measured, lag_s: Option<f32>, settings: &EventSettings) -> DecelerationKind {
    let seconds = fall.span.seconds();
    if seconds >= settings.prolonged_s && fall.height_bpm >= settings.height_bpm {
        return DecelerationKind::Prolonged;
    }
    if fall.leave_s < settings.abrupt_s {
        return DecelerationKind::Variable;
    }
    match lag_s {
        Some(lag) if lag > settings.late_lag_s => DecelerationKind::Late,
        Some(lag) if lag >= -settings.late_lag_s => DecelerationKind::Early,
        // A nadir well before the peak does not coincide with it: this contraction tells nothing.
        Some(_) | None => DecelerationKind::Unknown,
    }
}

/// Counts shallow late decelerations in: Japan names no least depth, and asks for a pattern.
///
/// A gradual fall behind its contraction that is shallower than the definition counts where
/// [`EventSettings::shallow_late_of_four`] of the last four contractions have a late one.
pub(crate) fn count_shallow_late(
    decelerations: &mut [Deceleration],
    before: &[Deceleration],
    contractions: &[Contraction],
    settings: &EventSettings,
) {
    for at in 0..decelerations.len() {
        let one = decelerations[at];
        let Some(own) = one.contraction.filter(|_| is_shallow_late(&one, settings)) else {
            continue;
        };
        let until = contractions.partition_point(|c| c.span.start <= own.start);
        let last = &contractions[until.saturating_sub(4)..until];
        let has_late = |contraction: &Contraction| {
            let known = before.iter().chain(&decelerations[..=at]);
            known
                .filter(|d| d.kind == DecelerationKind::Late)
                .any(|d| d.contraction == Some(contraction.span))
        };
        let with_late = last.iter().filter(|contraction| has_late(contraction)).count();
        if with_late >= settings.shallow_late_of_four as usize {
            decelerations[at].profiles.definition = true;
        }
    }
}

fn is_shallow_late(one: &Deceleration, settings: &EventSettings) -> bool {
    one.kind == DecelerationKind::Late
        && !one.profiles.definition
        && one.depth_bpm >= settings.shallow_late_bpm
        && one.span.seconds() < settings.baseline_change_s
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expert::EventKind;

    #[test]
    fn a_gradual_fall_is_early_only_where_its_nadir_is_near_the_peak() {
        let fall = Measured {
            kind: EventKind::Deceleration,
            span: Span::of_seconds(0, 80),
            extreme: 160,
            extreme_bpm: 120.0,
            height_bpm: 20.0,
            leave_s: 40.0,
            area_bpm_s: 800.0,
            lost: 0.0,
            is_long_fall: false,
        };
        let kind = |lag_s| kind_of(&fall, lag_s, &EventSettings::default());
        for (lag_s, expected) in [
            (Some(-15.25), DecelerationKind::Unknown),
            (Some(-15.0), DecelerationKind::Early),
            (Some(15.0), DecelerationKind::Early),
            (Some(15.25), DecelerationKind::Late),
            (None, DecelerationKind::Unknown),
        ] {
            assert_eq!(kind(lag_s), expected, "{lag_s:?}");
        }
        let abrupt = Measured { leave_s: 29.75, ..fall };
        assert_eq!(
            kind_of(&abrupt, Some(-15.25), &EventSettings::default()),
            DecelerationKind::Variable
        );
    }
}
