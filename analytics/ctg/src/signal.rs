//! From ticks as they came to a line that can be measured: what is usable, what is artefact,
//! and one value a second.
//!
//! In: raw rates in quarters, 0 for absent. Out: which ticks can be used, a line without holes
//! for computation only, and its mean and fine movement each second. Never: a straight line
//! that anyone is shown; [`Signal::usable`] says which ticks are real.

use crate::finding::{Artefact, ArtefactKind};
use crate::settings::SignalSettings;
use crate::smooth::Smoother;
use crate::tick::{Span, TICKS_PER_SECOND};

const TICKS: usize = TICKS_PER_SECOND as usize;
/// Ticks over which the fine movement of a rate is told from its course: 3 s.
const FINE_TICKS: usize = 12;

/// A window of one fetal rate, prepared.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    /// Rate of each tick, bpm; across what cannot be used a straight line.
    pub rate: Vec<f32>,
    /// Whether the tick is a rate of this fetus as far as one can tell.
    pub usable: Vec<bool>,
    /// Mean rate of each whole second, bpm.
    pub second: Vec<f32>,
    /// Share of usable ticks of each second, 0 to 1.
    pub present: Vec<f32>,
    /// Mean square of the rate's fine movement in each second, bpm².
    pub fine: Vec<f32>,
    /// What was found to be no rate of this fetus, by time; ticks of the window.
    pub artefacts: Vec<Artefact>,
    pieces: Vec<Piece>,
    course: Vec<f32>,
}

/// Neighbouring ticks without a jump between them.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    end: usize,
    first: f32,
    last: f32,
}

impl Signal {
    /// Prepares the rates of a window, in quarters of a bpm, 0 for absent.
    pub fn prepare(
        &mut self,
        quarters: &[u16],
        settings: &SignalSettings,
        smoother: &mut Smoother,
    ) {
        self.cut(quarters, settings);
        self.judge(quarters.len(), settings);
        self.bridge(quarters);
        self.sum_up(smoother);
    }

    /// Cuts the ticks into pieces at every absence, every impossible rate and every jump.
    fn cut(&mut self, quarters: &[u16], settings: &SignalSettings) {
        self.pieces.clear();
        let (low, high) = (4.0 * settings.rate_min_bpm, 4.0 * settings.rate_max_bpm);
        let jump = 4.0 * settings.jump_bpm;
        let mut open: Option<Piece> = None;
        for (at, &value) in quarters.iter().enumerate() {
            let value = f32::from(value);
            if value < low || value > high {
                self.pieces.extend(open.take());
                continue;
            }
            match &mut open {
                Some(piece) if (value - piece.last).abs() <= jump => {
                    piece.last = value;
                    piece.end = at + 1;
                }
                _ => {
                    self.pieces.extend(open.take());
                    open = Some(Piece { start: at, end: at + 1, first: value, last: value });
                }
            }
        }
        self.pieces.extend(open);
    }

    /// Tells pieces of the fetus from pieces of something else.
    fn judge(&mut self, ticks: usize, settings: &SignalSettings) {
        self.usable.clear();
        self.usable.resize(ticks, false);
        self.artefacts.clear();
        for at in 0..self.pieces.len() {
            let piece = self.pieces[at];
            let before = at.checked_sub(1).map(|before| self.pieces[before]);
            let after = self.pieces.get(at + 1).copied();
            match artefact(piece, before, after, settings) {
                Some(kind) => {
                    let span = Span { start: tick(piece.start), end: tick(piece.end) };
                    self.artefacts.push(Artefact { span, kind });
                }
                None => self.usable[piece.start..piece.end].fill(true),
            }
        }
    }

    /// Lays straight lines across what cannot be used.
    fn bridge(&mut self, quarters: &[u16]) {
        self.rate.clear();
        self.rate.extend(quarters.iter().map(|&value| f32::from(value) / 4.0));
        let mut known: Option<usize> = None;
        for at in 0..self.rate.len() {
            if !self.usable[at] {
                continue;
            }
            match known {
                Some(before) if before + 1 < at => {
                    let (from, to) = (self.rate[before], self.rate[at]);
                    let step = (to - from) / (at - before) as f32;
                    for between in before + 1..at {
                        self.rate[between] = from + step * (between - before) as f32;
                    }
                }
                None => {
                    let first = self.rate[at];
                    self.rate[..at].fill(first);
                }
                Some(_) => {}
            }
            known = Some(at);
        }
        match known {
            Some(last) => {
                let value = self.rate[last];
                self.rate[last + 1..].fill(value);
            }
            None => self.rate.fill(NOTHING_KNOWN_BPM),
        }
    }

    fn sum_up(&mut self, smoother: &mut Smoother) {
        smoother.centred(&self.rate, FINE_TICKS, &mut self.course);
        self.second.clear();
        self.present.clear();
        self.fine.clear();
        let ticks = self.rate.chunks_exact(TICKS).zip(self.course.chunks_exact(TICKS));
        for ((rate, course), usable) in ticks.zip(self.usable.chunks_exact(TICKS)) {
            self.second.push(rate.iter().sum::<f32>() / TICKS as f32);
            let usable = usable.iter().filter(|usable| **usable).count();
            self.present.push(usable as f32 / TICKS as f32);
            let fine: f32 = rate.iter().zip(course).map(|(r, c)| (r - c) * (r - c)).sum();
            self.fine.push(fine / TICKS as f32);
        }
    }
}

/// What stands in the line where a window holds no usable tick at all; nothing is found there.
const NOTHING_KNOWN_BPM: f32 = 140.0;

fn tick(at: usize) -> u32 {
    u32::try_from(at).expect("a window is below an hour")
}

/// What a piece is, where it is not the fetus.
fn artefact(
    piece: Piece,
    before: Option<Piece>,
    after: Option<Piece>,
    settings: &SignalSettings,
) -> Option<ArtefactKind> {
    let ticks = piece.end - piece.start;
    let seconds = ticks as f32 / TICKS as f32;
    let times = |factor: f32| {
        let near = |mine: f32, other: f32| {
            (mine - factor * other).abs() <= settings.multiple_tolerance * factor * other
        };
        let left = before.filter(|b| is_neighbour(b.end, piece.start, settings));
        let right = after.filter(|a| is_neighbour(piece.end, a.start, settings));
        match (left, right) {
            (Some(left), Some(right)) => {
                near(piece.first, left.last) && near(piece.last, right.first)
            }
            _ => false,
        }
    };
    if seconds <= settings.multiple_max_s {
        if times(2.0) {
            return Some(ArtefactKind::Doubled);
        }
        if times(0.5) {
            return Some(ArtefactKind::Halved);
        }
    }
    let jump = 4.0 * settings.jump_bpm;
    let is_off = |other: Option<f32>, mine: f32| other.is_none_or(|o| (o - mine).abs() > jump);
    let is_lonely =
        is_off(before.map(|b| b.last), piece.first) && is_off(after.map(|a| a.first), piece.last);
    let is_spike = seconds < settings.island_min_s || (seconds < settings.sustained_s && is_lonely);
    is_spike.then_some(ArtefactKind::Spike)
}

fn is_neighbour(end: usize, start: usize, settings: &SignalSettings) -> bool {
    (start - end) as f32 <= settings.multiple_gap_max_s * TICKS as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(parts: &[(u16, usize)]) -> Signal {
        let quarters: Vec<u16> =
            parts.iter().flat_map(|&(bpm, ticks)| vec![4 * bpm; ticks]).collect();
        let mut signal = Signal::default();
        signal.prepare(&quarters, &SignalSettings::default(), &mut Smoother::default());
        signal
    }

    fn kinds(signal: &Signal) -> Vec<ArtefactKind> {
        signal.artefacts.iter().map(|artefact| artefact.kind).collect()
    }

    #[test]
    fn a_doubled_stretch_is_found_and_not_used() {
        let signal = prepared(&[(75, 400), (150, 40), (75, 400)]);
        assert_eq!(kinds(&signal), [ArtefactKind::Doubled]);
        assert!(!signal.usable[420]);
        assert!((signal.rate[420] - 75.0).abs() < 0.01);
    }

    #[test]
    fn a_halved_stretch_is_found_and_not_used() {
        let signal = prepared(&[(150, 400), (75, 40), (150, 400)]);
        assert_eq!(kinds(&signal), [ArtefactKind::Halved]);
    }

    #[test]
    fn a_fall_that_stays_is_no_artefact() {
        let signal = prepared(&[(150, 400), (90, 400), (140, 400)]);
        assert!(signal.artefacts.is_empty());
        assert!(signal.usable.iter().all(|usable| *usable));
    }

    #[test]
    fn a_spike_is_bridged_for_computation_and_marked_unusable() {
        let signal = prepared(&[(140, 100), (200, 2), (140, 100)]);
        assert_eq!(kinds(&signal), [ArtefactKind::Spike]);
        assert!((signal.rate[100] - 140.0).abs() < 0.01);
        assert!(!signal.usable[101] && signal.usable[102]);
    }

    #[test]
    fn nothing_usable_is_no_rate() {
        let signal = prepared(&[(0, 400)]);
        assert!(signal.usable.iter().all(|usable| !usable));
        assert!(signal.present.iter().all(|share| *share == 0.0));
    }
}
