//! FIGO 2015, rule by rule and limit by limit.

use ctg::figo::Category::{self, Normal, Pathological, Suspicious};
use ctg::{Determined, Why};

use crate::hand::{Fall, Hand, every};

#[track_caller]
fn is(hand: &Hand, expected: Category) {
    assert_eq!(hand.assess().figo, Some(expected));
}

#[test]
fn a_baseline_is_normal_from_110_to_160_and_pathological_below_100() {
    for (raw, expected) in [
        (110.0, Normal),
        (160.0, Normal),
        (162.0, Normal),
        (163.0, Suspicious),
        (200.0, Suspicious),
        (108.0, Normal),
        (107.0, Suspicious),
        (98.0, Suspicious),
        (97.0, Pathological),
        (60.0, Pathological),
    ] {
        is(&Hand::normal(20).baseline(raw), expected);
    }
}

#[test]
fn a_bandwidth_is_normal_from_5_to_25() {
    for (band, expected) in
        [(5.0, Normal), (25.0, Normal), (4.75, Suspicious), (25.25, Suspicious), (0.0, Suspicious)]
    {
        is(&Hand::normal(20).band(band, 10), expected);
    }
}

#[test]
fn reduced_variability_is_pathological_after_more_than_50_minutes() {
    is(&Hand::normal(60).band(4.0, 50), Suspicious);
    is(&Hand::normal(60).band(4.0, 51), Pathological);
}

#[test]
fn increased_variability_is_pathological_after_more_than_30_minutes() {
    is(&Hand::normal(60).band(30.0, 30), Suspicious);
    is(&Hand::normal(60).band(30.0, 31), Pathological);
}

#[test]
fn a_minute_that_does_not_tell_neither_ends_a_run_nor_adds_to_it() {
    let mut hand = Hand::normal(60).band(4.0, 52);
    hand.minutes[30].bandwidth_bpm = None;
    is(&hand, Pathological);
    hand.minutes[31].bandwidth_bpm = None;
    is(&hand, Suspicious);
}

#[test]
fn the_minutes_of_an_abnormal_variability_are_never_none() {
    // The newest minute is a normal one, and the window is not.
    let mut hand = Hand::normal(20).band(4.0, 10);
    hand.minutes[19].bandwidth_bpm = Some(7.0);
    let why = hand.assess().why;
    assert!(why.as_slice().contains(&Why::FigoVariability { minutes: 9 }), "{why:?}");
}

#[test]
fn more_than_three_reduced_minutes_within_a_fall_are_pathological_wherever_it_ended() {
    let long = Fall { seconds: 280.0, ..Fall::PROLONGED };
    let reduced = |minutes: core::ops::Range<usize>| {
        let mut hand = Hand::normal(30).falls(long, [23.0]);
        for minute in minutes {
            hand.minutes[minute].bandwidth_in_deceleration_bpm = Some(3.0);
        }
        hand
    };
    is(&reduced(23..26), Normal);
    is(&reduced(23..27), Pathological);
    // The same minutes outside a fall that is longer than three are no such thing.
    let mut hand = reduced(23..27);
    hand.falls[0].span.end = hand.falls[0].span.start + 3 * 240;
    is(&hand, Normal);
}

#[test]
fn a_sinusoidal_pattern_is_pathological_after_more_than_30_minutes_and_never_normal() {
    let swinging = |newest: usize| {
        let mut hand = Hand { is_sinusoidal: true, ..Hand::normal(60) };
        hand.minutes[60 - newest..].iter_mut().for_each(|it| it.is_sinusoidal = true);
        hand
    };
    is(&swinging(10), Suspicious);
    is(&swinging(30), Suspicious);
    is(&swinging(31), Pathological);
}

#[test]
fn one_fall_of_more_than_five_minutes_is_pathological() {
    let lasting = |seconds| Hand::normal(30).falls(Fall { seconds, ..Fall::PROLONGED }, [22.0]);
    is(&lasting(300.0), Normal);
    is(&lasting(300.25), Pathological);
}

#[test]
fn a_rate_that_has_sunk_for_more_than_five_minutes_is_one_fall_while_the_baseline_is_carried() {
    let sunk = |minutes: usize, bpm: f32, is_carried: bool| {
        let mut hand = Hand::normal(30);
        if is_carried {
            let value = hand.baseline.value().unwrap();
            hand.baseline = Determined::Carried { value, age_s: 600 };
        }
        let from = hand.minutes.len() - minutes;
        hand.minutes[from..].iter_mut().for_each(|minute| minute.baseline_bpm = Some(bpm));
        hand
    };
    is(&sunk(5, 70.0, true), Normal);
    is(&sunk(6, 70.0, true), Pathological);
    is(&sunk(6, 125.0, true), Normal);
    is(&sunk(6, 124.0, true), Pathological);
    // A baseline of these minutes has been judged by itself.
    is(&sunk(6, 70.0, false), Normal);
}

#[test]
fn falls_are_repetitive_with_more_than_half_of_the_contractions() {
    let hand = Hand::normal(20).contractions(every(2.5, 10.5, 20.0));
    assert_eq!(hand.contractions.len(), 4);
    let with =
        |count: usize| hand.clone().falls(Fall::VARIABLE, every(2.5, 10.75, 20.0).take(count));
    is(&with(1), Normal);
    is(&with(2), Normal);
    is(&with(3), Suspicious);
}

#[test]
fn a_fall_of_15_bpm_or_15_s_is_none() {
    let hand = Hand::normal(20).contractions(every(2.5, 10.5, 20.0));
    let with = |fall| hand.clone().falls(fall, every(2.5, 10.75, 20.0));
    is(&with(Fall { depth_bpm: 15.0, ..Fall::VARIABLE }), Normal);
    is(&with(Fall { depth_bpm: 15.25, ..Fall::VARIABLE }), Suspicious);
    is(&with(Fall { seconds: 15.0, ..Fall::VARIABLE }), Normal);
    is(&with(Fall { seconds: 15.25, ..Fall::VARIABLE }), Suspicious);
}

/// A strip of an hour with a fall behind every contraction of the last so many minutes.
fn with_every(fall: Fall, last_minutes: f32) -> Hand {
    let first = 60.0 - last_minutes;
    Hand::normal(60).contractions(every(3.0, 1.0, 60.0)).falls(fall, every(3.0, first, 60.0))
}

#[test]
fn repetitive_late_falls_are_pathological_after_more_than_30_minutes() {
    is(&with_every(Fall::LATE, 29.0), Suspicious);
    // The start counts, which lies 40 s before the nadir.
    is(&with_every(Fall::LATE, 32.0), Pathological);
    is(&with_every(Fall::VARIABLE, 60.0), Suspicious);
}

#[test]
fn with_reduced_variability_20_minutes_are_enough() {
    let reduced = |minutes| with_every(Fall::LATE, minutes).band(4.0, 30);
    is(&reduced(19.0), Suspicious);
    is(&reduced(22.0), Pathological);
}

#[test]
fn late_falls_that_have_ceased_for_ten_minutes_are_not_going_on() {
    let mut hand = with_every(Fall::LATE, 50.0);
    is(&hand, Pathological);
    hand.falls.retain(|one| one.span.start < 30 * 240 || one.span.start >= 42 * 240);
    is(&hand, Suspicious);
}

#[test]
fn late_falls_with_half_of_the_contractions_are_not_repetitive() {
    let late = |step| {
        let hand = Hand::normal(60).contractions(every(3.0, 1.0, 60.0));
        hand.falls(Fall::LATE, every(step, 1.5, 60.0))
    };
    is(&late(6.0), Normal);
    is(&late(4.5), Pathological);
}

#[test]
fn a_fall_is_late_by_its_onset_as_well() {
    let onset = |onset_s, lag_s| {
        let early = Fall { onset_s: Some(onset_s), lag_s: Some(lag_s), ..Fall::EARLY };
        with_every(early, 50.0)
    };
    is(&onset(20.0, 10.0), Suspicious);
    is(&onset(20.25, 10.0), Pathological);
    // Its nadir must not come before the peak.
    is(&onset(25.0, -1.0), Suspicious);
    // An abrupt one is none.
    let abrupt = Fall { fall_s: 30.0, onset_s: Some(25.0), ..Fall::EARLY };
    is(&with_every(abrupt, 50.0), Suspicious);
}

#[test]
fn where_contractions_are_not_recorded_two_in_ten_minutes_are_repetitive() {
    let falls = |count: usize| {
        let hand = Hand { has_activity: false, ..Hand::normal(20) };
        hand.falls(Fall::UNKNOWN, every(4.0, 11.0, 20.0).take(count))
    };
    is(&falls(1), Normal);
    is(&falls(2), Suspicious);
    let hand = Hand { has_activity: false, ..Hand::normal(60) };
    is(&hand.falls(Fall::UNKNOWN, every(4.5, 5.0, 60.0)), Pathological);
}

#[test]
fn accelerations_are_not_graded() {
    is(&Hand::normal(60), Normal);
    is(&Hand::normal(60).rises(every(4.0, 1.0, 60.0)), Normal);
}

#[test]
fn without_baseline_or_variability_or_signal_or_time_there_is_no_category() {
    let normal = Hand::normal(20);
    assert_eq!(Hand { baseline: Determined::Nowhere, ..normal.clone() }.assess().figo, None);
    assert_eq!(Hand { variability: Determined::Nowhere, ..normal.clone() }.assess().figo, None);
    assert_eq!(Hand { lost: 0.51, ..normal.clone() }.assess().figo, None);
    assert_eq!(Hand::normal(1).assess().figo, None);
    is(&Hand { lost: 0.5, ..normal }, Normal);
}

#[test]
fn every_feature_that_is_not_normal_is_named() {
    let hand = with_every(Fall::LATE, 50.0).baseline(165.0).band(30.0, 40);
    let words: Vec<_> = hand.assess().why.as_slice().iter().map(Why::word).collect();
    for word in ["figo baseline", "figo variability", "figo decelerations"] {
        assert!(words.contains(&word), "{words:?}");
    }
}
