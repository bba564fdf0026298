//! What distinguishes the scenarios: one table of numbers for each.
//!
//! Shapes and limits follow the Japanese definitions in force (JSOG 2003): late falls are
//! gradual, variable ones abrupt, prolonged ones last two to ten minutes, a sinusoidal rate
//! has two to six cycles a minute. The numbers inside those limits are ours.

use super::dice::{Span, span};
use crate::source::Scenario;

/// The numbers of one scenario. Times in seconds, rates and depths in bpm.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) contractions: Contractions,
    pub(super) baseline_bpm: Span,
    pub(super) variability: Variability,
    /// Seconds from one acceleration to the next; `None` for a heart without.
    pub(super) accelerations_every_s: Option<Span>,
    pub(super) decelerations: Decelerations,
    pub(super) reception: Reception,
    pub(super) mother_baseline_bpm: Span,
    /// What a contraction adds to the mother's rate at its peak.
    pub(super) mother_effort_bpm: f64,
    /// Baseline of the second fetus; `None` where there is one fetus.
    pub(super) twin_baseline_bpm: Option<Span>,
}

/// Times in seconds; heights in units above the resting tone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contractions {
    pub(super) every_s: Span,
    pub(super) lasts_s: Span,
    pub(super) height: Span,
}

/// How the rate moves around its baseline.
#[derive(Clone, Copy, Debug)]
pub(super) enum Variability {
    /// Irregular waves of two to six cycles a minute; deviations when the fetus is quiet and
    /// when it is active. The visible band is about four times the deviation.
    Waves { quiet_bpm: f64, active_bpm: f64, beat_bpm: f64 },
    /// A smooth sine.
    Sine { amplitude_bpm: Span, per_minute: Span },
}

/// Which falls there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decelerations {
    None,
    Late,
    Variable,
    Prolonged,
}

/// What happens to the transducer of the first fetus, besides short losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reception {
    Steady,
    ComesOff,
    FindsMother,
}

impl Plan {
    pub(super) fn of(scenario: Scenario) -> Self {
        let usual = Self::usual();
        match scenario {
            Scenario::Reassuring => usual,
            Scenario::LateDecelerations => Self {
                contractions: Contractions { every_s: span(150.0, 195.0), ..usual.contractions },
                baseline_bpm: span(142.0, 152.0),
                variability: waves(1.1, 1.8, 0.6),
                accelerations_every_s: None,
                decelerations: Decelerations::Late,
                ..usual
            },
            Scenario::VariableDecelerations => Self {
                contractions: Contractions { every_s: span(135.0, 190.0), ..usual.contractions },
                accelerations_every_s: Some(span(120.0, 300.0)),
                decelerations: Decelerations::Variable,
                ..usual
            },
            Scenario::ProlongedDeceleration => Self {
                decelerations: Decelerations::Prolonged,
                accelerations_every_s: Some(span(80.0, 220.0)),
                // Above the fall, so that the strip shows one thing at a time.
                mother_baseline_bpm: span(95.0, 102.0),
                ..usual
            },
            Scenario::Tachysystole => Self {
                contractions: Contractions {
                    every_s: span(78.0, 100.0),
                    lasts_s: span(48.0, 64.0),
                    ..usual.contractions
                },
                baseline_bpm: span(140.0, 152.0),
                accelerations_every_s: Some(span(150.0, 400.0)),
                ..usual
            },
            Scenario::Sinusoidal => Self {
                variability: Variability::Sine {
                    amplitude_bpm: span(8.0, 12.0),
                    per_minute: span(3.0, 4.0),
                },
                accelerations_every_s: None,
                ..usual
            },
            Scenario::ReducedVariability => Self {
                baseline_bpm: span(138.0, 150.0),
                variability: waves(0.7, 0.95, 0.25),
                accelerations_every_s: None,
                ..usual
            },
            Scenario::TransducerOff => Self { reception: Reception::ComesOff, ..usual },
            Scenario::MaternalRateAsFetal => Self {
                reception: Reception::FindsMother,
                // She pushes: her rate rises with each contraction, as a fetal one rarely does.
                mother_effort_bpm: 14.0,
                ..usual
            },
            Scenario::Twins => Self {
                baseline_bpm: span(126.0, 134.0),
                twin_baseline_bpm: Some(span(144.0, 154.0)),
                ..usual
            },
        }
    }

    /// An ordinary labour, from which each scenario departs.
    fn usual() -> Self {
        Self {
            contractions: Contractions {
                every_s: span(135.0, 225.0),
                lasts_s: span(55.0, 85.0),
                height: span(34.0, 62.0),
            },
            baseline_bpm: span(126.0, 144.0),
            variability: waves(2.1, 3.9, 1.1),
            accelerations_every_s: Some(span(50.0, 170.0)),
            decelerations: Decelerations::None,
            reception: Reception::Steady,
            mother_baseline_bpm: span(74.0, 92.0),
            mother_effort_bpm: 4.0,
            twin_baseline_bpm: None,
        }
    }
}

const fn waves(quiet_bpm: f64, active_bpm: f64, beat_bpm: f64) -> Variability {
    Variability::Waves { quiet_bpm, active_bpm, beat_bpm }
}
