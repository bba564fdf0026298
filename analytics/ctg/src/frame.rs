//! One look at a window of a strip: from raw ticks to findings.
//!
//! In: up to forty minutes of ticks, and the second from which findings are wanted. Out:
//! everything that [`Stretch`](crate::Stretch) holds but levels. Never: memory of another
//! window; what was found before comes in as spans that are taken. Buffers are kept between
//! calls, so that a thread allocates once for all its strips.

use crate::artefacts;
use crate::baseline::{Courses, Quiet};
use crate::coincidence::Coincidence;
use crate::contraction::Uterine;
use crate::event::{Line, Measured, ON_BASELINE_BPM};
use crate::expert::candidate::{Finder, Stretch as Seconds};
use crate::expert::choice::Chooser;
use crate::expert::features::Features;
use crate::expert::{Candidate, EventKind};
use crate::finding::{Artefact, Contraction};
use crate::grid::GRID_SECONDS;
use crate::settings::Settings;
use crate::signal::Signal;
use crate::sinusoidal::Swings;
use crate::smooth::Smoother;
use crate::tick::{Span, TICKS_PER_SECOND};
use crate::variability::{Cover, Variability};

const TICKS: usize = TICKS_PER_SECOND as usize;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// Fetal rate each tick, quarters, 0 for absent; whole seconds.
    pub fetal: &'a [u16],
    /// Maternal rate each second, quarters, 0 for absent.
    pub maternal: &'a [u16],
    /// Uterine activity each second, eighths; see [`crate::contraction::NO_ACTIVITY`].
    pub activity: &'a [u16],
    /// From which second of the window on findings are wanted.
    pub from: usize,
    /// Up to which second events matter: those ahead of what becomes final shape its baseline.
    pub to: usize,
    /// Events of the window that were found before, in ticks of the window.
    pub taken: &'a [(EventKind, Span)],
}

impl View<'_> {
    /// From which second on events may begin.
    fn free(&self) -> usize {
        let ends = self.taken.iter().map(|(_, span)| (span.end as usize).div_ceil(TICKS));
        ends.max().unwrap_or(0).max(self.from.saturating_sub(EARLY_S))
    }
}

/// An event that experts would mark, or that a definition names, measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marked {
    pub measured: Measured,
    /// How sure the engine is that an expert would mark it.
    pub likelihood: f32,
    pub by_expert: bool,
}

impl Marked {
    /// Whether a second of the window is part of it.
    fn covers(&self, second: usize) -> bool {
        let Span { start, end } = self.measured.span;
        (start as usize / TICKS..(end as usize).div_ceil(TICKS)).contains(&second)
    }
}

/// Buffers and results of the last look.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub signal: Signal,
    pub courses: Courses,
    pub uterine: Uterine,
    pub variability: Variability,
    pub swings: Swings,
    /// Baseline each second, bpm.
    pub baseline: Vec<f32>,
    /// What covers each second.
    pub covers: Vec<Cover>,
    /// Events that start after [`View::from`], by time.
    pub events: Vec<Marked>,
    /// Contractions that end after it, by time; ticks of the window.
    pub contractions: Vec<Contraction>,
    /// Artefacts of the whole window; ticks of the window.
    pub artefacts: Vec<Artefact>,
    smoother: Smoother,
    features: Features,
    finder: Finder,
    chooser: Chooser,
    coincidence: Coincidence,
    candidates: Vec<Seconds>,
    likelihoods: Vec<f32>,
    gains: Vec<f32>,
    chosen: Vec<usize>,
    falls: Vec<Seconds>,
    covered: Vec<bool>,
    rate: Vec<f32>,
    fetal_second: Vec<f32>,
    maternal_second: Vec<f32>,
}

/// Long falls are found by rule; no reader misses one. Design value.
const LIKELIHOOD_OF_LONG_FALLS: f32 = 1.0;
/// An event may begin so much before the stretch in which it is found, s: what is seen ahead
/// of a border can move it.
const EARLY_S: usize = 60;

impl Frame {
    /// Looks at a window.
    pub fn look(&mut self, view: View<'_>, settings: &Settings) {
        self.prepare(view, settings);
        self.courses.compute(&self.signal.second, &self.signal.present, &mut self.smoother);
        self.features.prepare(&self.signal, &self.courses, &mut self.smoother);
        self.find_candidates(view);
        self.choose(settings);
        self.find_long_falls(view, settings);
        self.cover(view);
        let quiet = Quiet {
            window_s: settings.baseline.window_s,
            usable_min_s: settings.baseline.usable_min_s,
            distance_bpm: settings.baseline.distance_bpm,
        };
        self.courses.baseline(&self.covered, quiet, &mut self.smoother, &mut self.baseline);
        self.measure(view, settings);
        self.uterine.contractions(view.from, 0, &settings.contraction, &mut self.contractions);
        let seconds = (&self.signal.second[..], &self.signal.present[..]);
        self.variability.prepare(&self.signal.rate, seconds, &self.covers, &mut self.smoother);
        self.swings.prepare(&self.signal.second, &mut self.smoother);
    }

    /// The candidates of a window with their features; for training.
    pub fn candidates(&mut self, view: View<'_>, settings: &Settings, out: &mut Vec<Candidate>) {
        self.prepare(view, settings);
        self.courses.compute(&self.signal.second, &self.signal.present, &mut self.smoother);
        self.features.prepare(&self.signal, &self.courses, &mut self.smoother);
        self.find_candidates(view);
        for at in 0..self.candidates.len() {
            let candidate = self.candidates[at];
            let features = self.features_of(candidate);
            let span = Span {
                start: (candidate.start * TICKS) as u32,
                end: (candidate.end * TICKS) as u32,
            };
            out.push(Candidate { kind: candidate.kind, span, features });
        }
    }

    fn prepare(&mut self, view: View<'_>, settings: &Settings) {
        self.signal.prepare(view.fetal, &settings.signal, &mut self.smoother);
        self.artefacts.clear();
        self.artefacts.append(&mut self.signal.artefacts);
        if view.maternal.iter().any(|rate| *rate != 0) {
            self.find_coincidence(view, settings);
        }
        self.uterine.prepare(view.activity, &settings.contraction, &mut self.smoother);
    }

    /// Finds where the fetal channel shows the mother, and takes that out of use.
    fn find_coincidence(&mut self, view: View<'_>, settings: &Settings) {
        let present = self.signal.second.iter().zip(&self.signal.present);
        self.fetal_second.clear();
        self.fetal_second.extend(present.map(|(rate, p)| if *p >= 0.5 { *rate } else { 0.0 }));
        self.maternal_second.clear();
        self.maternal_second.extend(view.maternal.iter().map(|rate| f32::from(*rate) / 4.0));
        let before = self.artefacts.len();
        let (fetal, maternal) = (&self.fetal_second, &self.maternal_second);
        self.coincidence.find(fetal, maternal, &settings.coincidence, &mut self.artefacts);
        let found = &self.artefacts[before..];
        artefacts::take_out(found, &mut self.signal);
        self.artefacts.sort_by_key(|artefact| artefact.span);
    }

    fn find_candidates(&mut self, view: View<'_>) {
        let free = view.free();
        let rates = [&self.features.rate5[..], &self.features.rate25[..]];
        let within = free..view.to.max(free);
        self.finder.find(rates, &self.courses, within, &mut self.candidates);
    }

    fn features_of(&mut self, candidate: Seconds) -> [f32; crate::expert::FEATURES] {
        let activity = &self.uterine.over_tone;
        self.features.of(candidate, &self.courses, activity)
    }

    fn choose(&mut self, settings: &Settings) {
        self.likelihoods.clear();
        self.gains.clear();
        for at in 0..self.candidates.len() {
            let candidate = self.candidates[at];
            let features = self.features_of(candidate);
            let likelihood = settings.experts.likelihood(candidate.kind, &features);
            self.likelihoods.push(likelihood);
            self.gains.push(likelihood - settings.experts.threshold(candidate.kind));
        }
        self.chooser.choose(&self.candidates, &self.gains, &mut self.chosen);
    }

    /// Notes the long falls that begin here.
    fn find_long_falls(&mut self, view: View<'_>, settings: &Settings) {
        self.courses.find_long_falls(&settings.event);
        let shortest = settings.event.prolonged_s as usize;
        let falls = self.courses.falls.iter().map(|fall| Seconds {
            kind: EventKind::Deceleration,
            start: (GRID_SECONDS * fall.start).max(view.free()),
            end: GRID_SECONDS * fall.settled,
        });
        self.falls.clear();
        self.falls.extend(falls.filter(|f| f.start + shortest <= f.end && f.start < view.to));
    }

    /// Notes which seconds events cover: those found before and those chosen now.
    fn cover(&mut self, view: View<'_>) {
        let seconds = self.signal.second.len();
        self.covers.clear();
        self.covers.resize(seconds, Cover::Nothing);
        let now = self.chosen.iter().map(|at| self.candidates[*at]);
        let now =
            now.chain(self.falls.iter().copied()).map(|event| (event.kind, event.start, event.end));
        let before = view.taken.iter().map(|(kind, span)| {
            (*kind, span.start as usize / TICKS, (span.end as usize).div_ceil(TICKS))
        });
        for (kind, start, end) in before.chain(now) {
            self.covers[start.min(seconds)..end.min(seconds)].fill(cover_of(kind));
        }
        self.covered.clear();
        self.covered.extend(self.covers.iter().map(|cover| *cover != Cover::Nothing));
    }

    /// Measures the chosen, then what the definitions name beside them.
    fn measure(&mut self, view: View<'_>, settings: &Settings) {
        self.smoother.centred(&self.signal.rate, TICKS + 1, &mut self.rate);
        let line = Line {
            rate: &self.rate,
            course: &self.features.rate5,
            usable: &self.signal.usable,
            baseline: &self.baseline,
        };
        self.events.clear();
        // What lies in a long fall is part of it: it is told once.
        let falls = &self.falls;
        let within = |one: Seconds| falls.iter().map(|fall| fall.overlap(one)).sum::<usize>();
        let is_apart = |one: Seconds| 2 * within(one) < one.len();
        for &at in &self.chosen {
            let candidate = self.candidates[at];
            let measured = line.measure(candidate.kind, candidate.start, candidate.end);
            let kept = measured.filter(|m| m.lost <= settings.event.lost_max);
            self.events.extend(kept.filter(|_| is_apart(candidate)).map(|measured| Marked {
                measured,
                likelihood: self.likelihoods[at],
                by_expert: true,
            }));
        }
        for fall in falls {
            // It began where the rate left the baseline for it, if nothing else was there.
            let is_below = |at: &usize| self.baseline[*at] - line.course[*at] > ON_BASELINE_BPM;
            let is_free = |at: &usize| !self.events.iter().any(|event| event.covers(*at));
            let earliest = fall.start.saturating_sub(EARLY_S).max(view.free());
            let way_down = (earliest..fall.start).rev().take_while(is_below).take_while(is_free);
            let start = way_down.last().unwrap_or(fall.start);
            let measured = line.measure(fall.kind, start, fall.end);
            self.events.extend(measured.map(|measured| Marked {
                measured: Measured { is_long_fall: true, ..measured },
                likelihood: LIKELIHOOD_OF_LONG_FALLS,
                by_expert: true,
            }));
        }
        let experts = self.events.len();
        for kind in [EventKind::Acceleration, EventKind::Deceleration] {
            let rate = &self.features.rate5;
            for (start, end) in sides(rate, &self.baseline, kind, view.from, view.to) {
                if !may_be_defined(kind, &rate[start..end], &self.baseline[start..end], settings) {
                    continue;
                }
                let Some(measured) = line.measure(kind, start, end) else { continue };
                let overlaps = |span: Span| span.overlap(measured.span) > 0;
                let is_taken = view.taken.iter().any(|(_, span)| overlaps(*span))
                    || self.events[..experts].iter().any(|e| overlaps(e.measured.span));
                if !is_taken && is_defined(&measured, settings) {
                    self.events.push(Marked { measured, likelihood: 0.0, by_expert: false });
                }
            }
        }
        self.events.sort_by_key(|event| event.measured.span);
        for event in &self.events[..] {
            let span = event.measured.span;
            let end = (span.end as usize).div_ceil(TICKS).min(self.covers.len());
            self.covers[span.start as usize / TICKS..end].fill(cover_of(event.measured.kind));
        }
    }
}

fn cover_of(kind: EventKind) -> Cover {
    match kind {
        EventKind::Acceleration => Cover::Acceleration,
        EventKind::Deceleration => Cover::Deceleration,
    }
}

/// Whether height and duration can be those of a written definition; who names the event
/// knows how far she is.
fn is_defined(measured: &Measured, settings: &Settings) -> bool {
    let event = &settings.event;
    let seconds = measured.span.seconds();
    let (height, shortest) = match measured.kind {
        EventKind::Acceleration => (event.preterm, event.preterm),
        EventKind::Deceleration => (event.height_bpm, event.duration_min_s),
    };
    measured.height_bpm >= height
        && seconds >= shortest
        && seconds < event.baseline_change_s
        && measured.lost <= event.lost_max
}

/// Whether a stretch is worth measuring: the rate of a second can lie beyond that of five.
fn may_be_defined(kind: EventKind, rate: &[f32], baseline: &[f32], settings: &Settings) -> bool {
    const MARGIN: f32 = 0.7;
    let least = MARGIN * settings.event.height_bpm.min(settings.event.preterm);
    let shortest = MARGIN * settings.event.duration_min_s.min(settings.event.preterm);
    let sign = kind.sign();
    rate.len() as f32 >= shortest
        && rate.iter().zip(baseline).any(|(rate, baseline)| sign * (rate - baseline) >= least)
}

/// The stretches of whole seconds on one side of the baseline that start in `from..to`.
fn sides(
    rate: &[f32],
    baseline: &[f32],
    kind: EventKind,
    from: usize,
    to: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let sign = kind.sign();
    let beyond = move |at: &usize| sign * (rate[*at] - baseline[*at]) > ON_BASELINE_BPM;
    let mut at = from.saturating_sub(EARLY_S);
    // What was on this side before belongs to the stretch before.
    while at > 0 && at < rate.len() && beyond(&at) && beyond(&(at - 1)) {
        at += 1;
    }
    core::iter::from_fn(move || {
        let start = (at..to.min(rate.len())).find(beyond)?;
        let end = (start..rate.len()).find(|at| !beyond(at)).unwrap_or(rate.len());
        at = end;
        Some((start, end))
    })
}
