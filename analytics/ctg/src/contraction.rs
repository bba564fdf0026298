//! Contractions: what rises over the resting tone for long enough.
//!
//! A belt gives timing and duration, not strength (sheet, section 2.5); heights are kept as
//! they are and named so. The resting tone looks back only, so that a contraction does not
//! change when more of the strip is known. Where contractions follow each other before the
//! womb has come to rest, or the belt has moved, they are told apart by the valleys between
//! them.

use crate::finding::Contraction;
use crate::grid::Levels;
use crate::settings::ContractionSettings;
use crate::smooth::Smoother;
use crate::tick::{Span, TICKS_PER_SECOND};

/// A second without a value.
pub(crate) const NO_ACTIVITY: u16 = u16::MAX;

/// Uterine activity of a window, prepared.
#[derive(Debug, Default)]
pub(crate) struct Uterine {
    /// Activity over the resting tone each second; 0 where there is none.
    pub over_tone: Vec<f32>,
    smooth: Vec<f32>,
    filled: Vec<f32>,
}

/// Where activity is lowest between two contractions.
#[derive(Clone, Copy, Debug)]
struct Valley {
    second: usize,
    /// Activity over the resting tone there, units.
    over: f32,
}

/// A contraction that is too long at its foot is measured at this share of its top. Design.
const SHOULDER_SHARE: f32 = 0.5;
/// Seconds for which one reading of the tone serves.
const TONE_EVERY_S: usize = 8;

impl Uterine {
    /// Prepares activities of a window in eighths of a unit each second, [`NO_ACTIVITY`] where
    /// there is none.
    pub fn prepare(
        &mut self,
        eighths: &[u16],
        settings: &ContractionSettings,
        smoother: &mut Smoother,
    ) {
        self.fill(eighths);
        smoother.centred(&self.filled, settings.smooth_s as usize, &mut self.smooth);
        self.over_tone.clear();
        let mut levels = Levels::of_activity();
        let window = settings.tone_window_s as usize;
        let mut from = 0;
        for (step, chunk) in eighths.chunks(TONE_EVERY_S).enumerate() {
            let at = step * TONE_EVERY_S;
            let present = |at: usize| eighths[at] != NO_ACTIVITY;
            let now = at..at + chunk.len();
            now.clone().filter(|at| present(*at)).for_each(|at| levels.add(self.filled[at], 1.0));
            let oldest = (at + 1).saturating_sub(window);
            (from..oldest)
                .filter(|at| present(*at))
                .for_each(|at| levels.add(self.filled[at], -1.0));
            from = oldest.max(from);
            let [tone] = levels.quantiles([settings.tone_share]);
            let over = now.map(|at| if present(at) { self.smooth[at] - tone } else { 0.0 });
            self.over_tone.extend(over);
        }
    }

    /// Holds the last value over an absence, so that smoothing has something to smooth.
    fn fill(&mut self, eighths: &[u16]) {
        self.filled.clear();
        let mut last = 0.0;
        self.filled.extend(eighths.iter().map(|&value| {
            if value != NO_ACTIVITY {
                last = f32::from(value) / 8.0;
            }
            last
        }));
    }

    /// Finds the contractions of the window that end after second `from`; `origin` is the
    /// tick of the window's first second. One that began before `from` begins there.
    pub fn contractions(
        &self,
        from: usize,
        origin: u32,
        settings: &ContractionSettings,
        out: &mut Vec<Contraction>,
    ) {
        out.clear();
        let mut open: Option<(usize, usize)> = None;
        for at in from..self.over_tone.len() {
            if self.over_tone[at] <= settings.rise {
                continue;
            }
            match &mut open {
                Some((_, end)) if at - *end < settings.gap_max_s as usize => *end = at + 1,
                _ => {
                    if let Some(run) = open.replace((at, at + 1)) {
                        self.split(run, origin, settings, out);
                    }
                }
            }
        }
        if let Some(run) = open {
            self.split(run, origin, settings, out);
        }
    }

    /// Splits a run over the resting tone at its valleys.
    ///
    /// A valley lies deep below the tops on both sides: by what a contraction must rise, and by
    /// a share of the top, for bearing down makes a top ragged.
    fn split(
        &self,
        (start, end): (usize, usize),
        origin: u32,
        settings: &ContractionSettings,
        out: &mut Vec<Contraction>,
    ) {
        let is_far = |top: f32, valley: f32| {
            top - valley >= settings.rise.max(settings.valley_share_min * top)
        };
        let mut left = Valley { second: start, over: 0.0 };
        let mut top = f32::NEG_INFINITY;
        let mut right: Option<Valley> = None;
        for second in start..end {
            let over = self.over_tone[second];
            match &mut right {
                None if over > top => top = over,
                None if is_far(top, over) => right = Some(Valley { second, over }),
                None => {}
                Some(valley) if over < valley.over => *valley = Valley { second, over },
                Some(valley) if is_far(over, valley.over) => {
                    self.keep(left, *valley, origin, settings, out);
                    left = *valley;
                    (top, right) = (over, None);
                }
                Some(_) => {}
            }
        }
        self.keep(left, Valley { second: end, over: 0.0 }, origin, settings, out);
    }

    /// Keeps what stands out between two valleys, if it lasts as long as a contraction.
    fn keep(
        &self,
        left: Valley,
        right: Valley,
        origin: u32,
        settings: &ContractionSettings,
        out: &mut Vec<Contraction>,
    ) {
        let least = |valley: Valley| settings.rise.max(valley.over + settings.rise / 2.0);
        let mut seconds = left.second..right.second;
        let start = seconds.find(|at| self.over_tone[*at] > least(left));
        let last = seconds.rfind(|at| self.over_tone[*at] > least(right));
        let (Some(start), Some(last)) = (start, last) else { return };
        let span = (start, last + 1);
        let lasts = |(start, end): (usize, usize)| {
            (settings.duration_min_s..=settings.duration_max_s).contains(&((end - start) as u32))
        };
        // What is too long at its foot may be a contraction after which the belt sits higher.
        let shoulders = || Some(self.shoulders(span)).filter(|span| lasts(*span));
        if let Some(span) = Some(span).filter(|span| lasts(*span)).or_else(shoulders) {
            out.push(self.contraction(span, origin));
        }
    }

    /// Where a run is higher than half its top, around the top.
    fn shoulders(&self, (start, end): (usize, usize)) -> (usize, usize) {
        let peak = self.peak((start, end));
        let is_high = |at: &usize| self.over_tone[*at] > SHOULDER_SHARE * self.over_tone[peak];
        let from = (start..peak).rev().take_while(is_high).last().unwrap_or(peak);
        let last = (peak..end).take_while(is_high).last().unwrap_or(peak);
        (from, last + 1)
    }

    fn peak(&self, (start, end): (usize, usize)) -> usize {
        let over = &self.over_tone;
        (start..end).max_by(|a, b| over[*a].total_cmp(&over[*b])).unwrap_or(start)
    }

    fn contraction(&self, (start, end): (usize, usize), origin: u32) -> Contraction {
        let peak = self.peak((start, end));
        let tick = |second: usize| origin + second as u32 * TICKS_PER_SECOND;
        Contraction {
            span: Span { start: tick(start), end: tick(end) },
            peak: tick(peak),
            height: self.over_tone[peak],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(units: &[(f32, usize)]) -> Vec<(u32, u32)> {
        let eighths: Vec<u16> =
            units.iter().flat_map(|&(unit, s)| vec![(8.0 * unit) as u16; s]).collect();
        let settings = ContractionSettings::default();
        let mut uterine = Uterine::default();
        uterine.prepare(&eighths, &settings, &mut Smoother::default());
        let mut out = Vec::new();
        uterine.contractions(0, 0, &settings, &mut out);
        out.iter().map(|c| (c.span.start / 4, c.span.end / 4)).collect()
    }

    #[test]
    fn a_contraction_is_found_where_it_is() {
        let found = found(&[(10.0, 300), (50.0, 60), (10.0, 200), (60.0, 50), (10.0, 100)]);
        assert_eq!(found.len(), 2);
        assert!(found[0].0.abs_diff(300) < 10 && found[0].1.abs_diff(360) < 10, "{found:?}");
    }

    #[test]
    fn contractions_without_rest_between_them_are_told_apart() {
        let wave = [(60.0, 50), (35.0, 40)];
        let units: Vec<_> = [(10.0, 300)].into_iter().chain(wave.repeat(6)).collect();
        let found = found(&units);
        assert_eq!(found.len(), 6, "{found:?}");
        assert!(found.iter().enumerate().all(|(n, one)| one.0.abs_diff(300 + 90 * n as u32) < 10));
    }

    #[test]
    fn bearing_down_does_not_split_a_contraction() {
        let units: Vec<_> =
            [(10.0, 300)].into_iter().chain([(70.0, 8), (45.0, 8)].repeat(5)).collect();
        assert_eq!(found(&units).len(), 1);
    }

    #[test]
    fn a_contraction_after_which_the_belt_sits_higher_is_one() {
        let found = found(&[(10.0, 300), (70.0, 60), (30.0, 200), (10.0, 100)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.abs_diff(300) < 10 && found[0].1.abs_diff(360) < 15, "{found:?}");
    }

    #[test]
    fn a_displaced_belt_is_no_contraction() {
        assert!(found(&[(10.0, 300), (50.0, 300), (10.0, 200)]).is_empty());
        assert!(found(&[(10.0, 300), (50.0, 15), (10.0, 200)]).is_empty());
    }
}
