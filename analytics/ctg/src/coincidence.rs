//! One heart on two channels: the fetal channel shows the maternal pulse, or twice it.

use crate::finding::{Artefact, ArtefactKind};
use crate::settings::CoincidenceSettings;
use crate::smooth::prefix_by;
use crate::tick::{Span, TICKS_PER_SECOND};

/// Finds where the fetal rate is the maternal one, or its double; ticks of the window.
#[derive(Debug, Default)]
pub(crate) struct Coincidence {
    both: Vec<f64>,
    close: Vec<f64>,
}

impl Coincidence {
    /// `fetal` and `maternal` are rates each second, bpm; 0 where there is none.
    pub fn find(
        &mut self,
        fetal: &[f32],
        maternal: &[f32],
        settings: &CoincidenceSettings,
        out: &mut Vec<Artefact>,
    ) {
        if maternal.iter().all(|rate| *rate == 0.0) {
            return;
        }
        self.find_multiple(fetal, maternal, 1.0, ArtefactKind::MaternalCoincidence, settings, out);
        self.find_multiple(fetal, maternal, 2.0, ArtefactKind::MaternalDoubled, settings, out);
    }

    fn find_multiple(
        &mut self,
        fetal: &[f32],
        maternal: &[f32],
        factor: f32,
        kind: ArtefactKind,
        settings: &CoincidenceSettings,
        out: &mut Vec<Artefact>,
    ) {
        let window = settings.window_s as usize;
        let both = |at: usize| fetal[at] > 0.0 && maternal[at] > 0.0;
        let distance = |at: usize| (fetal[at] - factor * maternal[at]).abs();
        let len = fetal.len();
        prefix_by(len, |at| f64::from(u8::from(both(at))), &mut self.both);
        let close = |at: usize| both(at) && distance(at) <= settings.distance_bpm;
        prefix_by(len, |at| f64::from(u8::from(close(at))), &mut self.close);
        let mut open: Option<Span> = None;
        for end in window..=fetal.len() {
            let start = end - window;
            let both_s = self.both[end] - self.both[start];
            let close_s = self.close[end] - self.close[start];
            let share = f64::from(settings.share_min);
            let is_close = close_s >= share * window as f64 && close_s >= 0.9 * both_s;
            if !is_close || !runs_alike(fetal, maternal, factor, (start, end), settings) {
                continue;
            }
            let span = Span { start: tick(start), end: tick(end) };
            match &mut open {
                Some(open) if open.end >= span.start => open.end = span.end,
                _ => out.extend(open.replace(span).map(|span| Artefact { span, kind })),
            }
        }
        out.extend(open.map(|span| Artefact { span, kind }));
    }
}

fn tick(second: usize) -> u32 {
    second as u32 * TICKS_PER_SECOND
}

/// Whether the two courses rise and fall together.
fn runs_alike(
    fetal: &[f32],
    maternal: &[f32],
    factor: f32,
    (start, end): (usize, usize),
    settings: &CoincidenceSettings,
) -> bool {
    let pairs = || {
        let both = fetal[start..end].iter().zip(&maternal[start..end]);
        both.filter(|(f, m)| **f > 0.0 && **m > 0.0).map(|(f, m)| (*f, factor * m))
    };
    let count = pairs().count().max(1) as f32;
    let mean = |sum: f32| sum / count;
    let apart = mean(pairs().map(|(f, m)| (f - m).abs()).sum());
    if apart <= settings.identical_bpm {
        return true;
    }
    let (mean_f, mean_m) = (mean(pairs().map(|p| p.0).sum()), mean(pairs().map(|p| p.1).sum()));
    let (mut ff, mut mm, mut fm) = (0.0, 0.0, 0.0);
    for (f, m) in pairs() {
        let (f, m) = (f - mean_f, m - mean_m);
        ff += f * f;
        mm += m * m;
        fm += f * m;
    }
    fm >= settings.correlation_min * (ff * mm).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(fetal: &[f32], maternal: &[f32]) -> Vec<ArtefactKind> {
        let mut out = Vec::new();
        Coincidence::default().find(fetal, maternal, &CoincidenceSettings::default(), &mut out);
        out.iter().map(|artefact| artefact.kind).collect()
    }

    fn wave(seconds: usize, level: f32, phase: f32) -> Vec<f32> {
        (0..seconds).map(|s| level + 4.0 * (s as f32 / 7.0 + phase).sin()).collect()
    }

    #[test]
    fn the_mothers_pulse_on_the_fetal_channel_is_found() {
        assert_eq!(
            kinds(&wave(200, 90.0, 0.0), &wave(200, 91.0, 0.0)),
            [ArtefactKind::MaternalCoincidence]
        );
    }

    #[test]
    fn two_hearts_that_happen_to_be_close_are_two() {
        assert!(kinds(&wave(200, 110.0, 0.0), &wave(200, 109.0, 1.6)).is_empty());
        assert!(kinds(&wave(200, 140.0, 0.0), &wave(200, 80.0, 0.0)).is_empty());
    }

    #[test]
    fn twice_the_mothers_pulse_is_found() {
        let doubled: Vec<f32> = wave(200, 75.0, 0.0).iter().map(|rate| 2.0 * rate).collect();
        assert_eq!(kinds(&doubled, &wave(200, 75.0, 0.0)), [ArtefactKind::MaternalDoubled]);
    }
}
