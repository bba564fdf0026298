//! The levels of some minutes, in the words of the wire.

use ctg::assessment::{Assessment, Extent as Which, Graded, Reason, Why};
use ctg::finding::DecelerationKind;
use ctg::jsog::{Column, JsogLevel, Reviewers};
use ctg::{Case, Determined, Span, figo, nichd, nst};
use protocol::analysis::{
    self as wire, AssessmentFlags, AssessmentSpan, Figo, Nichd, Nst, Unclassifiable,
    VariabilityGrade, WhyCode,
};

use vitals::WallTime;

use super::{Placement, quarters, steps};
use crate::class::Class;
use crate::ledger::Extent;

/// Name and version of the engine.
const ENGINE: &str = concat!("ctg ", env!("CARGO_PKG_VERSION"));

/// FIGO and NICHD look back so far, µs: an hour holds FIGO's fifty minutes and NICHD's thirty.
const PAST_MICROS: i64 = 3_600 * WallTime::MICROS_PER_SECOND;
/// Under so many weeks an acceleration is 10 bpm for 10 s: confirmed, sheet section 1.4.
const EARLY_WEEKS: u8 = 32;

/// What a level rests on beside the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// What is known of her.
    pub case: Case,
    /// How much of the monitoring was read.
    pub past: Past,
}

/// How much of a monitoring was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// All of it.
    Whole,
    /// It had begun before this.
    Since(WallTime),
}

impl Past {
    /// Whether less was read of the hour before `at` than there was.
    fn is_short_at(self, at: WallTime) -> bool {
        matches!(self, Self::Since(from) if at.micros_since(from) < PAST_MICROS)
    }
}

impl Placement {
    /// Levels as they are published; `id_of` gives the id of the finding of a class there.
    #[must_use]
    pub fn assessment(
        self,
        one: &Assessment,
        known: Known,
        id_of: impl Fn(Class, Extent) -> Option<u64>,
    ) -> wire::Assessment {
        let Extent { from, to } = self.extent(one.span);
        let baseline = one.baseline.value();
        let variability = one.variability.value();
        let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = one.table.sha256;
        wire::Assessment {
            span: match one.extent {
                Which::Block => AssessmentSpan::Block,
                Which::Rolling => AssessmentSpan::Rolling,
            },
            jsog: match one.jsog {
                Graded::Level(level) => Ok(level.number()),
                Graded::NotClassifiable(reason) => Err(reason_of(reason)),
            },
            jsog_shown: one.shown.map(JsogLevel::number),
            figo: one.figo.map(figo_of),
            nichd: one.nichd.map(nichd_of),
            nst: one.nst.map(nst_of),
            variability: variability.map(|found| grade_of(found.grade)),
            flags: flags(one, known, to),
            lost_percent: super::percent(one.lost),
            from,
            to,
            baseline_bpm: baseline.map(|level| level.bpm),
            baseline_quarters: baseline.map(|level| quarters(level.raw_bpm)),
            bandwidth_quarters: variability.map(|found| quarters(found.bandwidth_bpm)),
            stv_centims: one.stv_ms.map(|ms| steps(ms, 100.0)),
            ltv_centims: one.ltv_ms.map(|ms| steps(ms, 100.0)),
            contractions_tenths: one
                .has_uterine_activity
                .then(|| steps(one.contractions_per_10_min, 10.0)),
            baseline_age_s: age(one.baseline),
            variability_age_s: age(one.variability),
            table_hash: [b0, b1, b2, b3, b4, b5, b6, b7],
            table_version: one.table.version.to_owned(),
            engine: ENGINE.to_owned(),
            why: one.why.as_slice().iter().map(|why| self.why(why, &id_of)).collect(),
        }
    }

    fn why(self, why: &Why, id_of: &impl Fn(Class, Extent) -> Option<u64>) -> wire::Why {
        let fall = |span: Span| id_of(Class::Deceleration, self.extent(span));
        let whole = |number: f32| number.round() as i32;
        let (code, finding, value) = match *why {
            Why::Baseline(level) => (WhyCode::BASELINE, None, i32::from(level.bpm)),
            Why::Variability(found) => {
                (WhyCode::VARIABILITY, None, i32::from(quarters(found.bandwidth_bpm)))
            }
            Why::Sinusoidal => (WhyCode::SINUSOIDAL, None, 0),
            Why::BaselineCarried { age_s } => (WhyCode::BASELINE_CARRIED, None, count(age_s)),
            Why::VariabilityCarried { age_s } => (WhyCode::VARIABILITY_CARRIED, None, count(age_s)),
            Why::NoDeceleration => (WhyCode::NO_DECELERATION, None, 0),
            Why::Deceleration { column, kind, span, nadir_bpm } => {
                (fall_code(column, kind), fall(span), i32::from(quarters(nadir_bpm)))
            }
            Why::BackgroundRisk => (WhyCode::BACKGROUND_RISK, None, 0),
            Why::DisplayRule => (WhyCode::DISPLAY_RULE, None, 0),
            Why::IncreasedOnBradycardia => (WhyCode::INCREASED_ON_BRADYCARDIA, None, 0),
            Why::NoCell => (WhyCode::NO_CELL, None, 0),
            Why::SpecialCause => (WhyCode::SPECIAL_CAUSE, None, 0),
            Why::Lost { share } => (WhyCode::SIGNAL_LOST, None, whole(100.0 * share)),
            Why::BaselineUndetermined => (WhyCode::BASELINE_UNDETERMINED, None, 0),
            Why::VariabilityUndetermined => (WhyCode::VARIABILITY_UNDETERMINED, None, 0),
            Why::Short { seconds } => (WhyCode::STRIP_TOO_SHORT, None, whole(seconds)),
            Why::FigoBaseline { bpm } => (WhyCode::FIGO_BASELINE, None, i32::from(bpm)),
            Why::FigoVariability { minutes } => (WhyCode::FIGO_VARIABILITY, None, count(minutes)),
            Why::FigoDecelerations { count: many, example } => {
                (WhyCode::FIGO_DECELERATIONS, fall(example), count(many))
            }
            Why::FigoSinusoidal { minutes } => (WhyCode::FIGO_SINUSOIDAL, None, count(minutes)),
            Why::NichdBaseline { bpm } => (WhyCode::NICHD_BASELINE, None, i32::from(bpm)),
            Why::NichdVariability(found) => {
                (WhyCode::NICHD_VARIABILITY, None, i32::from(quarters(found.bandwidth_bpm)))
            }
            Why::NichdDecelerations { share, example } => {
                (WhyCode::NICHD_DECELERATIONS, fall(example), whole(100.0 * share))
            }
            Why::NichdSinusoidal => (WhyCode::NICHD_SINUSOIDAL, None, 0),
            Why::NichdDecelerationsUncounted { example } => {
                (WhyCode::NICHD_DECELERATIONS_UNCOUNTED, fall(example), 0)
            }
            Why::NstAccelerations { count: many } => {
                (WhyCode::NST_ACCELERATIONS, None, count(many))
            }
            Why::NstDecelerations { example } => (WhyCode::NST_DECELERATIONS, fall(example), 0),
            Why::NstLost { share } => (WhyCode::NST_SIGNAL_LOST, None, whole(100.0 * share)),
        };
        wire::Why { code, finding, value }
    }
}

/// A count as a value of the wire; none comes near the bound.
fn count(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

fn fall_code(column: Column, kind: DecelerationKind) -> WhyCode {
    match column {
        _ if kind == DecelerationKind::Unknown => WhyCode::UNKNOWN_AS_LATE,
        Column::None => WhyCode::NO_DECELERATION,
        Column::Early => WhyCode::EARLY,
        Column::VariableMild => WhyCode::VARIABLE_MILD,
        Column::VariableSevere => WhyCode::VARIABLE_SEVERE,
        Column::LateMild => WhyCode::LATE_MILD,
        Column::LateSevere => WhyCode::LATE_SEVERE,
        Column::ProlongedMild => WhyCode::PROLONGED_MILD,
        Column::ProlongedSevere => WhyCode::PROLONGED_SEVERE,
    }
}

fn reason_of(reason: Reason) -> Unclassifiable {
    match reason {
        Reason::Lost => Unclassifiable::Lost,
        Reason::Baseline => Unclassifiable::Baseline,
        Reason::Variability => Unclassifiable::Variability,
        Reason::NoCell => Unclassifiable::NoCell,
        Reason::Short => Unclassifiable::Short,
    }
}

fn figo_of(category: figo::Category) -> Figo {
    match category {
        figo::Category::Normal => Figo::Normal,
        figo::Category::Suspicious => Figo::Suspicious,
        figo::Category::Pathological => Figo::Pathological,
    }
}

fn nichd_of(category: nichd::Category) -> Nichd {
    match category {
        nichd::Category::I => Nichd::I,
        nichd::Category::II => Nichd::II,
        nichd::Category::III => Nichd::III,
    }
}

fn nst_of(reactivity: nst::Reactivity) -> Nst {
    match reactivity {
        nst::Reactivity::Reactive => Nst::Reactive,
        nst::Reactivity::NotYet => Nst::NotYet,
        nst::Reactivity::NonReactive => Nst::NonReactive,
    }
}

fn grade_of(grade: ctg::VariabilityGrade) -> VariabilityGrade {
    match grade {
        ctg::VariabilityGrade::Absent => VariabilityGrade::Absent,
        ctg::VariabilityGrade::Decreased => VariabilityGrade::Decreased,
        ctg::VariabilityGrade::Normal => VariabilityGrade::Normal,
        ctg::VariabilityGrade::Increased => VariabilityGrade::Increased,
    }
}

fn age<V>(value: Determined<V>) -> u16 {
    match value {
        Determined::Carried { age_s, .. } => u16::try_from(age_s).unwrap_or(u16::MAX),
        Determined::Here(_) | Determined::Nowhere => 0,
    }
}

fn flags(one: &Assessment, Known { case, past }: Known, to: WallTime) -> AssessmentFlags {
    let weeks = case.gestation_weeks;
    let all = [
        (one.baseline.is_carried(), AssessmentFlags::BASELINE_CARRIED),
        (one.variability.is_carried(), AssessmentFlags::VARIABILITY_CARRIED),
        (one.is_caution, AssessmentFlags::CAUTION_LOSS),
        (one.is_to_be_checked(), AssessmentFlags::TO_BE_CHECKED),
        (one.table.reviewers == Reviewers::None, AssessmentFlags::TABLE_UNREVIEWED),
        (one.has_background_risk, AssessmentFlags::BACKGROUND_RISK),
        (one.is_sinusoidal, AssessmentFlags::SINUSOIDAL),
        (!one.has_uterine_activity, AssessmentFlags::NO_UTERINE_ACTIVITY),
        (weeks.is_some_and(|weeks| weeks < EARLY_WEEKS), AssessmentFlags::UNDER_32_WEEKS),
        (weeks.is_none(), AssessmentFlags::GESTATION_UNKNOWN),
        (past.is_short_at(to), AssessmentFlags::HISTORY_SHORT),
    ];
    let set = all.into_iter().filter(|(holds, _)| *holds);
    set.fold(AssessmentFlags::NONE, |flags, (_, flag)| flags.with(flag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vitals::Bpm;

    const UNKNOWN: Known = Known {
        case: Case {
            gestation_weeks: None,
            has_background_risk: false,
            uterus: ctg::Uterus::External,
        },
        past: Past::Whole,
    };

    #[test]
    fn a_level_travels_with_its_reasons_and_its_table() {
        let settings = ctg::Settings::default();
        let rate =
            |quarters| ctg::Tick { fhr: Bpm::from_quarters(quarters).ok(), ..ctg::Tick::default() };
        // A rate that wanders by 12 bpm, with a fall of two and a half minutes.
        let ticks: Vec<_> = (0..20 * 240_u16)
            .map(|at| rate(560 + (at % 49) - if (2600..3200).contains(&at) { 200 } else { 0 }))
            .collect();
        let record = ctg::record::read(&ticks, &ctg::Case::default(), &settings);
        let placement = Placement { origin: WallTime(0) };
        let published: Vec<_> = record
            .assessments
            .iter()
            .map(|one| placement.assessment(one, UNKNOWN, |_, _| Some(7)))
            .collect();
        assert_eq!(published[0].jsog, Ok(1));
        assert_eq!(published[1].jsog, Ok(3));
        let falls = |why: &&wire::Why| why.code == WhyCode::PROLONGED_MILD;
        assert_eq!(published[1].why.iter().find(falls).and_then(|why| why.finding), Some(7));
        assert!(published[1].flags.contains(AssessmentFlags::TABLE_UNREVIEWED));
        assert_eq!(published[1].table_version, "jsog-2010/2023");
    }

    #[test]
    fn what_is_known_of_her_and_how_much_was_read_is_beside_every_level() {
        let ticks = vec![ctg::Tick::default(); 20 * 240];
        let record = ctg::record::read(&ticks, &ctg::Case::default(), &ctg::Settings::default());
        let early = AssessmentFlags::UNDER_32_WEEKS;
        let (unknown, short) = (AssessmentFlags::GESTATION_UNKNOWN, AssessmentFlags::HISTORY_SHORT);
        let all = early.with(unknown).with(short);
        let flags = |gestation_weeks, past| {
            let known = Known { case: Case { gestation_weeks, ..Case::default() }, past };
            let placed = Placement { origin: WallTime(0) };
            let flags = placed.assessment(&record.assessments[1], known, |_, _| None).flags;
            AssessmentFlags::from_bits(flags.bits() & all.bits()).unwrap()
        };
        assert_eq!(flags(None, Past::Whole), unknown);
        assert_eq!(flags(Some(31), Past::Whole), early);
        assert_eq!(flags(Some(32), Past::Whole), AssessmentFlags::NONE);
        // The block ends twenty minutes behind its strip's beginning.
        assert_eq!(flags(Some(32), Past::Since(WallTime(0))), short);
        let an_hour_before = WallTime(-40 * 60 * WallTime::MICROS_PER_SECOND);
        assert_eq!(flags(Some(32), Past::Since(an_hour_before)), AssessmentFlags::NONE);
    }

    #[test]
    fn nothing_measured_is_never_a_level() {
        let ticks = vec![ctg::Tick::default(); 20 * 240];
        let record = ctg::record::read(&ticks, &ctg::Case::default(), &ctg::Settings::default());
        for one in &record.assessments {
            let published = Placement { origin: WallTime(0) }.assessment(one, UNKNOWN, |_, _| None);
            assert_eq!(published.jsog, Err(Unclassifiable::Lost));
            assert_eq!(published.jsog_shown, None);
        }
    }
}
