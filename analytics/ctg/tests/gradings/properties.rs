//! What holds of every assessment, whatever the window.

use ctg::finding::DecelerationKind as Kind;
use ctg::{
    BaselineLevel, Determined, Graded, JsogLevel, Minute, Reason, Variability, VariabilityGrade,
};
use proptest::prelude::*;

use crate::hand::{Fall, Hand};

proptest! {
    #[test]
    fn with_more_than_half_lost_there_is_never_a_level(hand in any_hand(), lost in 0.5001_f32..=1.0) {
        let one = Hand { lost, ..hand }.assess();
        prop_assert_eq!(one.jsog, Graded::NotClassifiable(Reason::Lost));
        prop_assert_eq!((one.shown, one.figo, one.nichd, one.nst), (None, None, None, None));
    }

    #[test]
    fn every_level_is_shown_and_never_milder_and_every_reason_speaks_two_languages(
        hand in any_hand(),
    ) {
        let one = hand.assess();
        match one.jsog {
            Graded::Level(level) => prop_assert!(one.shown.is_some_and(|shown| shown >= level)),
            Graded::NotClassifiable(_) => prop_assert_eq!(one.shown, None),
        }
        prop_assert!(!one.why.as_slice().is_empty());
        for why in one.why.as_slice() {
            let (ja, en) = (why.ja(), why.en());
            prop_assert!(!ja.is_empty() && !en.is_empty() && ja != en);
            prop_assert!(!ja.contains("NaN") && !en.contains("NaN") && !why.word().is_empty());
        }
    }

    #[test]
    fn a_graver_fall_never_lowers_a_level(hand in any_hand(), fall in any_fall(), at in 0.0_f32..60.0) {
        let before = hand.assess();
        let minutes = hand.minutes.len() as f32;
        let after = hand.falls(fall, [at.min(minutes - 0.5)]).assess();
        if let (Some(before), Some(after)) = (before.shown, after.shown) {
            prop_assert!(after >= before, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_fall_made_severe_never_lowers_a_level(hand in any_hand(), fall in any_fall()) {
        let at = [hand.minutes.len() as f32 - 4.0];
        let mild = Fall { depth_bpm: 8.0, ..fall };
        let deep = Fall { depth_bpm: 90.0, ..fall };
        let (mild, deep) = (hand.clone().falls(mild, at).assess(), hand.falls(deep, at).assess());
        if let (Some(mild), Some(deep)) = (mild.shown, deep.shown) {
            prop_assert!(deep >= mild);
        }
    }

    #[test]
    fn less_variability_than_normal_never_lowers_a_level(hand in any_hand(), raw in 50.0_f32..220.0) {
        let hand = hand.baseline(raw);
        let level = |band: f32| {
            let hand = Hand { is_sinusoidal: false, ..hand.clone() };
            hand.band(band, 0).assess().shown
        };
        let levels = [12.0, 4.0, 1.0].map(level);
        let known: Vec<JsogLevel> = levels.into_iter().flatten().collect();
        prop_assert!(known.is_sorted(), "{known:?}");
    }

    #[test]
    fn a_background_risk_never_lowers_a_level(hand in any_hand()) {
        let mut risky = hand.clone();
        risky.case.has_background_risk = true;
        let (without, with) = (hand.assess(), risky.assess());
        prop_assert!(with.shown >= without.shown);
        prop_assert_eq!((with.figo, with.nichd, with.nst), (without.figo, without.nichd, without.nst));
    }
}

fn any_fall() -> impl Strategy<Value = Fall> {
    let kinds = prop::sample::select(Kind::ALL.to_vec());
    let lag = prop::option::of(-30.0_f32..90.0);
    let onset = prop::option::of(0.0_f32..60.0);
    (kinds, 5.0_f32..100.0, 10.0_f32..590.0, 0.0_f32..60.0, onset, lag).prop_map(
        |(kind, depth_bpm, seconds, fall_s, onset_s, lag_s)| {
            let fall_s = fall_s.min(seconds);
            Fall { kind, depth_bpm, seconds, fall_s, onset_s, lag_s }
        },
    )
}

/// Any window, of a strip of ten to sixty minutes.
fn any_hand() -> impl Strategy<Value = Hand> {
    let baseline = determined(30.0_f32..250.0).prop_map(|raw| map(raw, BaselineLevel::from_raw));
    let grades = [
        VariabilityGrade::Absent,
        VariabilityGrade::Decreased,
        VariabilityGrade::Normal,
        VariabilityGrade::Increased,
    ];
    let variability = determined((0.0_f32..120.0, prop::sample::select(grades.to_vec())))
        .prop_map(|it| map(it, |(bandwidth_bpm, grade)| Variability { bandwidth_bpm, grade }));
    let minutes = prop::collection::vec(any_minute(), 10..=60);
    let times = || prop::collection::vec(0.0_f32..60.0, 0..20);
    let falls = prop::collection::vec((any_fall(), 0.0_f32..60.0), 0..12);
    let rest = (any::<bool>(), any::<bool>(), 0.0_f32..0.5);
    (baseline, variability, minutes, times(), times(), falls, rest).prop_map(
        |(baseline, variability, minutes, rises, contractions, falls, rest)| {
            let (is_sinusoidal, has_activity, lost) = rest;
            let hand = Hand {
                baseline,
                variability,
                minutes,
                is_sinusoidal,
                has_activity,
                lost,
                ..Hand::normal(10)
            };
            let hand = hand.rises(rises).contractions(contractions);
            falls.into_iter().fold(hand, |hand, (fall, at)| hand.falls(fall, [at]))
        },
    )
}

fn any_minute() -> impl Strategy<Value = Minute> {
    let band = || prop::option::of(0.0_f32..60.0);
    (band(), band(), any::<bool>(), 0.0_f32..=1.0).prop_map(
        |(bandwidth_bpm, bandwidth_in_deceleration_bpm, is_sinusoidal, lost)| Minute {
            bandwidth_bpm,
            bandwidth_in_deceleration_bpm,
            baseline_bpm: None,
            is_sinusoidal,
            lost,
        },
    )
}

fn determined<V: Copy + std::fmt::Debug>(
    value: impl Strategy<Value = V> + Clone + 'static,
) -> impl Strategy<Value = Determined<V>> {
    prop_oneof![
        6 => value.clone().prop_map(Determined::Here),
        2 => (value, 1_u32..=600).prop_map(|(value, age_s)| Determined::Carried { value, age_s }),
        1 => Just(Determined::Nowhere),
    ]
}

fn map<V: Copy, W>(value: Determined<V>, map: impl Fn(V) -> W) -> Determined<W> {
    match value {
        Determined::Here(value) => Determined::Here(map(value)),
        Determined::Carried { value, age_s } => Determined::Carried { value: map(value), age_s },
        Determined::Nowhere => Determined::Nowhere,
    }
}
