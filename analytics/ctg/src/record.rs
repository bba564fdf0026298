//! A whole recording at once: the stretches of the engine, one behind the other.

use crate::assessment::Assessment;
use crate::engine::{Engine, Scratch};
use crate::finding::{Acceleration, Artefact, Contraction, Deceleration};
use crate::settings::Settings;
use crate::stretch::Stretch;
use crate::tick::{Span, TICKS_PER_SECOND, Tick};
use crate::window::Case;

/// Everything read from one recording; spans are ticks from its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// How many ticks it has.
    pub ticks: u32,
    /// The baseline each second, bpm; NaN where there is none.
    pub baseline_bpm: Vec<f32>,
    /// Accelerations of either profile, by time.
    pub accelerations: Vec<Acceleration>,
    /// Decelerations of either profile, by time.
    pub decelerations: Vec<Deceleration>,
    /// Contractions, by time.
    pub contractions: Vec<Contraction>,
    /// Where the fetal channel does not show the fetus, by time.
    pub artefacts: Vec<Artefact>,
    /// Sinusoidal stretches.
    pub sinusoidal: Vec<Span>,
    /// The levels of blocks of ten minutes from the start; the last may be shorter.
    pub assessments: Vec<Assessment>,
    /// Mean short-term variation, ms; `None` where no minute could be read.
    pub stv_ms: Option<f32>,
    /// Mean long-term variation, ms; likewise.
    pub ltv_ms: Option<f32>,
    /// Area of the decelerations by definition, bpm·s.
    pub deceleration_area_bpm_s: f32,
    /// Share of ticks without a usable fetal rate, 0 to 1.
    pub signal_loss: f32,
}

/// Reads a recording.
#[must_use]
pub fn read(ticks: &[Tick], case: &Case, settings: &Settings) -> Record {
    read_with(ticks, case, settings, &mut Scratch::default())
}

/// Reads a recording with buffers of the caller's, for many of them.
#[must_use]
pub fn read_with(
    ticks: &[Tick],
    case: &Case,
    settings: &Settings,
    scratch: &mut Scratch,
) -> Record {
    let mut engine = Engine::new(*case);
    let mut record = Record::default();
    let mut variation = Variation::default();
    let mut lost = 0.0;
    let mut take = |stretch: Stretch, record: &mut Record| {
        lost += f64::from(stretch.lost) * f64::from(stretch.span.ticks());
        variation.add(&stretch);
        record.add(stretch);
    };
    for tick in ticks {
        if let Some(stretch) = engine.push(*tick, settings, scratch) {
            take(stretch, &mut record);
        }
    }
    take(engine.finish(settings, scratch), &mut record);
    record.ticks = engine.ticks();
    let whole = record.ticks / TICKS_PER_SECOND * TICKS_PER_SECOND;
    record.signal_loss = if whole == 0 { 1.0 } else { (lost / f64::from(whole)) as f32 };
    (record.stv_ms, record.ltv_ms) =
        (variation.mean(variation.short), variation.mean(variation.long));
    record
}

impl Record {
    fn add(&mut self, stretch: Stretch) {
        self.baseline_bpm.extend(stretch.baseline_bpm);
        self.accelerations.extend(stretch.accelerations);
        let defined = stretch.decelerations.iter().filter(|one| one.profiles.definition);
        self.deceleration_area_bpm_s += defined.map(|one| one.area_bpm_s).sum::<f32>();
        self.decelerations.extend(stretch.decelerations);
        self.contractions.extend(stretch.contractions);
        join(&mut self.artefacts, stretch.artefacts);
        self.sinusoidal.extend(stretch.sinusoidal);
        self.assessments.extend(stretch.assessments);
    }
}

/// An artefact that a border cut in two is one.
fn join(known: &mut Vec<Artefact>, more: Vec<Artefact>) {
    for artefact in more {
        match known.last_mut() {
            Some(last) if last.kind == artefact.kind && last.span.end == artefact.span.start => {
                last.span.end = artefact.span.end;
            }
            _ => known.push(artefact),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Variation {
    short: f32,
    long: f32,
    minutes: u32,
}

impl Variation {
    fn add(&mut self, stretch: &Stretch) {
        let minutes = stretch.stv_ms.iter().zip(&stretch.ltv_ms);
        for (short, long) in minutes.filter(|(short, _)| !short.is_nan()) {
            self.short += short;
            self.long += long;
            self.minutes += 1;
        }
    }

    fn mean(&self, sum: f32) -> Option<f32> {
        (self.minutes > 0).then(|| sum / self.minutes as f32)
    }
}
