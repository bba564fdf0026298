//! The engine: one strip, tick by tick.
//!
//! Call [`Engine::push`] with every tick. Twenty minutes after its start, and every ten
//! minutes from then on, ten minutes become final and come back as a [`Stretch`]; they lie ten
//! to twenty minutes behind and never change. [`Engine::provisional`] says at any time what
//! would follow if the strip ended now; [`Engine::finish`] says it for good. A strip pushed
//! whole and finished gives the same stretches as one pushed a tick at a time, bit for bit:
//! there is no other way through.
//!
//! A strip keeps at most forty minutes of ticks, an hour of findings, and nothing else.

use crate::acceleration;
use crate::contraction::NO_ACTIVITY;
use crate::deceleration::{self, Labour};
use crate::expert::EventKind;
use crate::finding::{Acceleration, Artefact, Contraction, Deceleration};
use crate::frame::{Frame, View};
use crate::history::History;
use crate::kept::{AHEAD_TICKS, BACK_TICKS, Kept, STEP_TICKS};
use crate::levels;
use crate::settings::Settings;
use crate::stretch::Stretch;
use crate::tick::{Span, TICKS_PER_MINUTE, TICKS_PER_SECOND, Tick};
use crate::window::{Case, Minute};

/// Buffers for looking at strips; one a thread serves all its engines.
#[derive(Debug, Default)]
pub struct Scratch {
    frame: Frame,
    taken: Vec<(EventKind, Span)>,
    pub(crate) levels: levels::Buffers,
}

/// One strip being read. See the [module](self) for the order of calls.
///
/// # Invariants
///
/// Everything before `final_until` was given out; at most twenty minutes after it are kept.
#[derive(Clone, Debug)]
pub struct Engine {
    case: Case,
    kept: Kept,
    final_until: u32,
    history: History,
}

impl Engine {
    /// An engine for a strip that begins now.
    #[must_use]
    pub fn new(case: Case) -> Self {
        Self { case, kept: Kept::starting(0), final_until: 0, history: History::default() }
    }

    /// How many ticks were pushed.
    #[must_use]
    pub fn ticks(&self) -> u32 {
        self.kept.end()
    }

    /// The first tick that is not final.
    #[must_use]
    pub fn final_until(&self) -> u32 {
        self.final_until
    }

    /// What is known of the case.
    #[must_use]
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Bytes that this strip holds in memory.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>() + self.kept.heap_bytes() + self.history.heap_bytes()
    }

    /// Takes one tick; the stretch that becomes final with it, every ten minutes.
    pub fn push(
        &mut self,
        tick: Tick,
        settings: &Settings,
        scratch: &mut Scratch,
    ) -> Option<Stretch> {
        self.kept.push(tick);
        (self.kept.end() - self.final_until >= STEP_TICKS + AHEAD_TICKS).then(|| {
            self.make_final(self.final_until + STEP_TICKS, Border::Open, settings, scratch)
        })
    }

    /// Puts ticks where none were: those from tick `at` on, which were pushed as absent because
    /// they had not come. What is there stays, and so does what is final; every later look reads
    /// the strip as if they had come in time.
    ///
    /// Her rate and activity are kept a second at a time: a second that has one keeps it.
    ///
    /// Says how many ticks of the fetal rate found their place.
    pub fn fill(&mut self, at: u32, ticks: &[Tick]) -> usize {
        let is_open = |tick: u32| self.final_until <= tick && tick < self.kept.end();
        let open = (at..).zip(ticks).filter(|(tick, _)| is_open(*tick));
        let open: Vec<_> = open.map(|(tick, value)| (tick, *value)).collect();
        self.kept.fill(&open)
    }

    /// What would be said if the strip ended here: from the last final tick to the last whole
    /// second. Its last assessment is that of the last ten minutes.
    #[must_use]
    pub fn provisional(&self, settings: &Settings, scratch: &mut Scratch) -> Stretch {
        self.look(self.whole_seconds_end(), Border::Now, settings, scratch)
    }

    /// Ends the strip: the rest of it, final. Nothing is to be pushed after it.
    pub fn finish(&mut self, settings: &Settings, scratch: &mut Scratch) -> Stretch {
        self.make_final(self.whole_seconds_end(), Border::End, settings, scratch)
    }

    fn whole_seconds_end(&self) -> u32 {
        self.kept.origin + self.kept.seconds() as u32 * TICKS_PER_SECOND
    }

    fn make_final(
        &mut self,
        until: u32,
        border: Border,
        settings: &Settings,
        scratch: &mut Scratch,
    ) -> Stretch {
        let stretch = self.look(until, border, settings, scratch);
        self.history.absorb(&stretch);
        self.final_until = until;
        self.kept.forget_before(until.saturating_sub(BACK_TICKS));
        stretch
    }

    fn look(
        &self,
        until: u32,
        border: Border,
        settings: &Settings,
        scratch: &mut Scratch,
    ) -> Stretch {
        let origin = self.kept.origin;
        let second = |tick: u32| ((tick - origin) / TICKS_PER_SECOND) as usize;
        scratch.taken.clear();
        scratch.taken.extend(self.history.taken(origin));
        let view = View {
            fetal: &self.kept.fetal[..self.kept.seconds() * TICKS_PER_SECOND as usize],
            maternal: &self.kept.maternal,
            activity: &self.kept.activity,
            from: second(self.final_until),
            to: if border == Border::Open {
                second(until + BASELINE_AHEAD_TICKS)
            } else {
                self.kept.seconds()
            },
            taken: &scratch.taken,
        };
        scratch.frame.look(view, settings);
        let mut stretch = Stretch {
            span: Span { start: self.final_until, end: until },
            baseline_bpm: self.heard_baseline(&scratch.frame.baseline, until),
            ..Stretch::default()
        };
        self.name_contractions(&scratch.frame.contractions, until, &mut stretch);
        self.name_events(&scratch.frame, until, settings, &mut stretch);
        self.name_artefacts(&scratch.frame.artefacts, &mut stretch);
        self.sum_up_minutes(&scratch.frame, settings, &mut stretch);
        let asked = levels::Asked {
            case: &self.case,
            history: &self.history,
            has_activity: &|span: Span| self.has_activity(span),
            usable_share: &|span: Span| usable_share(&scratch.frame.signal.usable, span, origin),
            covers: &scratch.frame.covers,
            long_falls: &scratch.frame.courses.falls,
            origin,
            heard_from: self.kept.heard_from.unwrap_or(0),
            with_rolling: border == Border::Now,
            with_rest: border == Border::End,
        };
        levels::assess(&asked, settings, &mut scratch.levels, &mut stretch);
        stretch
    }

    /// The baseline of what is not final up to `until`, each second; none before the strip's
    /// first value, whatever the window lays there for computation.
    fn heard_baseline(&self, baseline: &[f32], until: u32) -> Vec<f32> {
        let second = |tick: u32| ((tick - self.kept.origin) / TICKS_PER_SECOND) as usize;
        let mut baseline = baseline[second(self.final_until)..second(until)].to_vec();
        let heard_from = self.kept.heard_from.unwrap_or(0).max(self.final_until);
        let unheard = ((heard_from - self.final_until) / TICKS_PER_SECOND) as usize;
        let unheard = unheard.min(baseline.len());
        baseline[..unheard].fill(f32::NAN);
        baseline
    }

    fn name_contractions(&self, found: &[Contraction], until: u32, stretch: &mut Stretch) {
        let origin = self.kept.origin;
        let free = self.history.contractions_end().max(self.final_until);
        for contraction in found {
            let span = Span {
                start: (contraction.span.start + origin).max(free),
                end: contraction.span.end + origin,
            };
            if span.start < until && span.end > span.start && contraction.peak + origin >= free {
                let peak = contraction.peak + origin;
                stretch.contractions.push(Contraction { span, peak, ..*contraction });
            }
        }
    }

    fn name_events(&self, frame: &Frame, until: u32, settings: &Settings, stretch: &mut Stretch) {
        let origin = self.kept.origin;
        // Contractions ahead of the border matter for the last falls before it.
        let mut contractions: Vec<Contraction> = self.history.contractions().to_vec();
        let ahead = frame.contractions.iter().map(|contraction| Contraction {
            span: Span {
                start: contraction.span.start + origin,
                end: contraction.span.end + origin,
            },
            peak: contraction.peak + origin,
            ..*contraction
        });
        let known = self.history.contractions_end();
        contractions.extend(ahead.filter(|contraction| contraction.peak >= known));
        for event in &frame.events {
            let measured = &event.measured;
            if measured.span.start + origin >= until {
                continue;
            }
            let (likelihood, by_expert) = (event.likelihood, event.by_expert);
            match measured.kind {
                EventKind::Acceleration => {
                    let (case, rules) = (&self.case, &settings.event);
                    let one =
                        acceleration::name(measured, origin, likelihood, by_expert, case, rules);
                    stretch.accelerations.push(one);
                }
                EventKind::Deceleration => {
                    let around = Span {
                        start: (measured.span.start + origin).saturating_sub(TICKS_PER_MINUTE),
                        end: measured.span.end + origin,
                    };
                    let is_recorded = self.has_activity(around);
                    let labour = Labour { contractions: &contractions, is_recorded };
                    let one = deceleration::name(
                        measured, origin, likelihood, by_expert, labour, settings,
                    );
                    stretch.decelerations.push(one);
                }
            }
        }
        let before = self.history.decelerations();
        let rules = &settings.event;
        deceleration::count_shallow_late(&mut stretch.decelerations, before, &contractions, rules);
        let counts = |by_definition: bool, by_expert: bool| by_definition || by_expert;
        stretch
            .accelerations
            .retain(|one: &Acceleration| counts(one.profiles.definition, one.profiles.expert));
        stretch
            .decelerations
            .retain(|one: &Deceleration| counts(one.profiles.definition, one.profiles.expert));
    }

    fn name_artefacts(&self, found: &[Artefact], stretch: &mut Stretch) {
        let origin = self.kept.origin;
        for artefact in found {
            let span = Span {
                start: (artefact.span.start + origin).max(stretch.span.start),
                end: (artefact.span.end + origin).min(stretch.span.end),
            };
            if span.start < span.end {
                stretch.artefacts.push(Artefact { span, kind: artefact.kind });
            }
        }
    }

    fn sum_up_minutes(&self, frame: &Frame, settings: &Settings, stretch: &mut Stretch) {
        let origin = self.kept.origin;
        let (signal, mut start) = (&frame.signal, stretch.span.start);
        let usable = usable_share(&signal.usable, stretch.span, origin);
        stretch.lost = 1.0 - usable;
        while start + TICKS_PER_MINUTE <= stretch.span.end {
            let at = (start - origin) as usize;
            let second = at / TICKS_PER_SECOND as usize;
            let movement =
                frame.variability.minute(at, &signal.rate, &signal.usable, &frame.covers);
            let baseline = &frame.baseline[second..second + 60];
            let mean = baseline.iter().sum::<f32>() / 60.0;
            let minute = Span { start, end: start + TICKS_PER_MINUTE };
            let lost = 1.0 - usable_share(&signal.usable, minute, origin);
            let swings = frame.swings.is_sinusoidal(second, &signal.fine, &settings.sinusoidal);
            stretch.minutes.push(Minute {
                bandwidth_bpm: movement.bandwidth_bpm,
                bandwidth_in_deceleration_bpm: movement.bandwidth_in_deceleration_bpm,
                baseline_bpm: (!mean.is_nan()).then_some(mean),
                is_sinusoidal: swings && lost < 0.5,
                lost,
            });
            stretch.stv_ms.push(movement.stv_ms);
            stretch.ltv_ms.push(movement.ltv_ms);
            start += TICKS_PER_MINUTE;
        }
        stretch.sinusoidal.extend(sinusoidal_spans(&stretch.minutes, stretch.span.start));
    }

    /// Whether uterine activity is recorded in at least half of a span: something moves there,
    /// and it is not absent.
    fn has_activity(&self, span: Span) -> bool {
        let origin = self.kept.origin;
        let seconds = self.kept.activity.len();
        let second =
            |tick: u32| ((tick.saturating_sub(origin) / TICKS_PER_SECOND) as usize).min(seconds);
        let values = &self.kept.activity[second(span.start)..second(span.end)];
        let present = values.iter().filter(|value| **value != NO_ACTIVITY && **value != 0).count();
        !values.is_empty() && 2 * present >= values.len()
    }
}

/// How far ahead of a border the events must be known that shape the baseline before it.
const BASELINE_AHEAD_TICKS: u32 = 5 * TICKS_PER_MINUTE;
const _: () = assert!(BASELINE_AHEAD_TICKS <= AHEAD_TICKS);

/// How a look ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Border {
    /// More of the strip is known behind it.
    Open,
    /// The strip goes on, and nothing of it is known yet.
    Now,
    /// The strip ends.
    End,
}

fn usable_share(usable: &[bool], span: Span, origin: u32) -> f32 {
    let place = |tick: u32| (tick.saturating_sub(origin) as usize).min(usable.len());
    let ticks = &usable[place(span.start)..place(span.end)];
    let count = ticks.iter().filter(|usable| **usable).count();
    if ticks.is_empty() { 0.0 } else { count as f32 / ticks.len() as f32 }
}

/// The runs of sinusoidal minutes.
fn sinusoidal_spans(minutes: &[Minute], start: u32) -> impl Iterator<Item = Span> {
    let runs = minutes.chunk_by(|a, b| a.is_sinusoidal == b.is_sinusoidal);
    let mut at = start;
    runs.filter_map(move |run| {
        let span = Span { start: at, end: at + run.len() as u32 * TICKS_PER_MINUTE };
        at = span.end;
        run[0].is_sinusoidal.then_some(span)
    })
}
