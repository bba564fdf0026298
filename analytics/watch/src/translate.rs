//! From the words of the engine to those of the wire: ticks become times, numbers their steps.

use ctg::{
    Acceleration, Artefact, ArtefactKind, Contraction, Deceleration, DecelerationKind, Span,
    Stretch, tick::TICKS_PER_SECOND,
};
use protocol::analysis::{Baseline, Finding, FindingKind, Profiles, Severity};
use vitals::{DeviceTick, WallTime};

use crate::class::Class;
use crate::ledger::{Extent, Finality};

pub mod assessment;

/// Shortest artefact that is published, ticks: the strip itself shows a spike of a few.
const ARTEFACT_TICKS_MIN: u32 = 8;
/// Length of the pieces in which the baseline is published, seconds.
const PIECE_S: usize = 600;
/// Time between two published values of the baseline that stays, tenths of a second.
const STEP_FINAL_TENTHS: usize = 25;
/// The same while it still changes: it is sent often, and curves little.
const STEP_PROVISIONAL_TENTHS: usize = 100;

/// Where a strip lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// When its tick 0 is.
    pub origin: WallTime,
}

/// A finding, and the contraction it is judged against, which has no name as yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draft {
    /// The finding, without the id of its contraction.
    pub finding: Finding,
    /// When that contraction is.
    pub contraction: Option<Extent>,
}

impl Placement {
    /// When a tick is.
    #[must_use]
    pub fn at(self, tick: u32) -> WallTime {
        self.origin.plus_micros(i64::from(tick) * DeviceTick::MICROS)
    }

    /// When a span is.
    #[must_use]
    pub fn extent(self, span: Span) -> Extent {
        Extent { from: self.at(span.start), to: self.at(span.end) }
    }

    /// The findings of one class in a stretch.
    #[must_use]
    pub fn findings(self, stretch: &Stretch, class: Class) -> Vec<Draft> {
        match class {
            Class::Acceleration => {
                stretch.accelerations.iter().map(|one| self.acceleration(one)).collect()
            }
            Class::Deceleration => {
                stretch.decelerations.iter().map(|one| self.deceleration(one)).collect()
            }
            Class::Contraction => {
                stretch.contractions.iter().map(|one| self.contraction(one)).collect()
            }
            Class::Sinusoidal => {
                let kind = FindingKind::Sinusoidal;
                stretch.sinusoidal.iter().map(|span| self.plain(kind, *span)).collect()
            }
            _ => {
                let artefacts = stretch.artefacts.iter().map(|one| self.artefact(one));
                let long = artefacts
                    .zip(&stretch.artefacts)
                    .filter(|(_, one)| one.span.ticks() >= ARTEFACT_TICKS_MIN);
                long.map(|(draft, _)| draft)
                    .filter(|draft| Class::of(draft.finding.kind) == class)
                    .collect()
            }
        }
    }

    fn acceleration(self, one: &Acceleration) -> Draft {
        let finding = Finding {
            profiles: profiles(one.profiles),
            likelihood_percent: percent(one.likelihood),
            value: Some(quarters(one.peak_bpm)),
            depth_quarters: Some(quarters(one.height_bpm)),
            ..self.at_its_extreme(FindingKind::Acceleration, one.span, one.peak)
        };
        Draft { finding, contraction: None }
    }

    fn deceleration(self, one: &Deceleration) -> Draft {
        let kind = match one.kind {
            DecelerationKind::Early => FindingKind::DecelerationEarly,
            DecelerationKind::Variable => FindingKind::DecelerationVariable,
            DecelerationKind::Late => FindingKind::DecelerationLate,
            DecelerationKind::Prolonged => FindingKind::DecelerationProlonged,
            DecelerationKind::Unknown => FindingKind::DecelerationUnknown,
        };
        let severity = one.severity.map(|severity| match severity {
            ctg::Severity::Mild => Severity::Mild,
            ctg::Severity::Severe => Severity::Severe,
        });
        let finding = Finding {
            severity,
            profiles: profiles(one.profiles),
            likelihood_percent: percent(one.likelihood),
            lost_percent: percent(one.lost),
            value: Some(quarters(one.nadir_bpm)),
            depth_quarters: Some(quarters(one.depth_bpm)),
            fall_ticks: Some(steps(one.fall_s, TICKS_PER_SECOND as f32)),
            area_bpm_s: one.area_bpm_s.round().max(0.0) as u32,
            lag_ms: one.lag_s.map(|lag| (lag * 1_000.0).round() as i32),
            ..self.at_its_extreme(kind, one.span, one.nadir)
        };
        Draft { finding, contraction: one.contraction.map(|span| self.extent(span)) }
    }

    fn contraction(self, one: &Contraction) -> Draft {
        let finding = Finding {
            profiles: Profiles::DEFINITION.with(Profiles::EXPERT),
            value: Some(steps(one.height, 2.0)),
            ..self.at_its_extreme(FindingKind::Contraction, one.span, one.peak)
        };
        Draft { finding, contraction: None }
    }

    fn artefact(self, one: &Artefact) -> Draft {
        let kind = match one.kind {
            ArtefactKind::Doubled => FindingKind::Doubled,
            ArtefactKind::Halved => FindingKind::Halved,
            ArtefactKind::Spike => FindingKind::Spike,
            ArtefactKind::MaternalCoincidence => FindingKind::MaternalCoincidence,
            ArtefactKind::MaternalDoubled => FindingKind::MaternalDoubled,
        };
        self.plain(kind, one.span)
    }

    fn plain(self, kind: FindingKind, span: Span) -> Draft {
        Draft { finding: self.at_its_extreme(kind, span, span.start), contraction: None }
    }

    /// A finding of which nothing but its place is known.
    fn at_its_extreme(self, kind: FindingKind, span: Span, extreme: u32) -> Finding {
        Finding {
            kind,
            severity: None,
            profiles: Profiles::DEFINITION,
            likelihood_percent: 0,
            lost_percent: 0,
            value: None,
            depth_quarters: None,
            fall_ticks: None,
            area_bpm_s: 0,
            from: self.at(span.start),
            to: self.at(span.end),
            extreme_at: self.at(extreme.clamp(span.start, span.end)),
            lag_ms: None,
            contraction: None,
        }
    }

    /// The baseline of a stretch, in pieces that begin on the clock's ten minutes; pieces
    /// without a value are left out.
    #[must_use]
    pub fn baseline(self, stretch: &Stretch, finality: Finality) -> Vec<Baseline> {
        let tenths = match finality {
            Finality::Provisional => STEP_PROVISIONAL_TENTHS,
            Finality::Final => STEP_FINAL_TENTHS,
        };
        let from = self.at(stretch.span.start);
        let pieces = stretch.baseline_bpm.chunks(PIECE_S).enumerate();
        let published = pieces.map(|(piece, seconds)| {
            let values = (0..).map_while(|step: usize| seconds.get(step * tenths / 10));
            let micros = (piece * PIECE_S) as i64 * WallTime::MICROS_PER_SECOND;
            Baseline {
                from: from.plus_micros(micros),
                step_ms: tenths as u32 * 100,
                values: values.map(|bpm| (!bpm.is_nan()).then(|| quarters(*bpm).max(1))).collect(),
            }
        });
        published.filter(|baseline| baseline.values.iter().any(Option::is_some)).collect()
    }
}

// A piece at its finest fits one record.
const _: () = assert!(PIECE_S * 10 / STEP_FINAL_TENTHS <= protocol::analysis::BASELINE_VALUES_MAX);

fn profiles(profiles: ctg::Profiles) -> Profiles {
    let none = Profiles::NONE;
    let definition = if profiles.definition { Profiles::DEFINITION } else { none };
    definition.with(if profiles.expert { Profiles::EXPERT } else { none })
}

/// Quarters of a bpm.
pub(crate) fn quarters(bpm: f32) -> u16 {
    steps(bpm, 4.0)
}

/// A number in steps of `1 / per_unit`; what is not a number, or negative, is 0.
pub(crate) fn steps(value: f32, per_unit: f32) -> u16 {
    // The highest value of the wire means that there is none.
    (value * per_unit).round().clamp(0.0, f32::from(u16::MAX - 1)) as u16
}

/// A share, 0 to 1, in percent.
pub(crate) fn percent(share: f32) -> u8 {
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}
