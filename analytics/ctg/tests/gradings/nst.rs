//! The non-stress test, rule by rule and limit by limit.

use ctg::nst::Reactivity::{self, NonReactive, NotYet, Reactive};
use ctg::{Determined, Why};

use crate::hand::{Fall, Hand, every};

#[track_caller]
fn is(hand: &Hand, expected: Reactivity) {
    assert_eq!(hand.assess().nst, Some(expected));
}

#[test]
fn two_accelerations_in_twenty_minutes_are_reactive() {
    is(&Hand::normal(20).rises([3.0]), NotYet);
    is(&Hand::normal(20).rises([3.0, 17.0]), Reactive);
    // Twenty minutes, not twenty-one.
    is(&Hand::normal(30).rises([9.9, 29.0]), NotYet);
    is(&Hand::normal(30).rises([10.0, 29.0]), Reactive);
}

#[test]
fn before_twenty_minutes_nothing_is_said() {
    assert_eq!(Hand::normal(19).rises([3.0, 9.0]).assess().nst, None);
}

#[test]
fn forty_minutes_without_are_non_reactive() {
    is(&Hand::normal(39), NotYet);
    is(&Hand::normal(40), NonReactive);
    is(&Hand::normal(40).rises([39.0]), NonReactive);
    is(&Hand::normal(40).rises([25.0, 39.0]), Reactive);
}

#[test]
fn a_strip_that_was_reactive_half_an_hour_ago_is_not_called_non_reactive() {
    let hand = Hand::normal(60);
    is(&hand.clone().rises([25.0, 35.0]), NotYet);
    // Forty minutes after it is.
    is(&hand.clone().rises([5.0, 19.0]), NonReactive);
    // Two that lie further apart than twenty minutes never met the rule.
    is(&hand.rises([22.0, 43.0]), NonReactive);
}

#[test]
fn no_deceleration_is_tolerated() {
    let calm = Hand::normal(40).rises([25.0, 30.0]);
    is(&calm, Reactive);
    for fall in [Fall::EARLY, Fall::VARIABLE, Fall::LATE, Fall::PROLONGED] {
        // The twenty minutes before it were calm: it was met, and now it is not.
        is(&calm.clone().falls(fall, [35.0]), NotYet);
        is(&calm.clone().falls(fall, [27.0]), NonReactive);
    }
    // One before the twenty minutes is behind.
    is(&calm.falls(Fall::VARIABLE, [15.0]), Reactive);
}

#[test]
fn the_baseline_and_the_variability_are_normal() {
    let calm = Hand::normal(20).rises([5.0, 15.0]);
    for (raw, expected) in [(110.0, Reactive), (160.0, Reactive), (165.0, NotYet), (105.0, NotYet)]
    {
        is(&calm.clone().baseline(raw), expected);
    }
    for (band, expected) in [(6.0, Reactive), (25.0, Reactive), (5.0, NotYet), (26.0, NotYet)] {
        is(&calm.clone().band(band, 10), expected);
    }
}

#[test]
fn a_tenth_may_be_lost() {
    let losing = |share, hand: Hand| {
        let mut hand = hand;
        hand.minutes.iter_mut().for_each(|minute| minute.lost = share);
        hand
    };
    let calm = Hand::normal(40).rises([25.0, 35.0]);
    is(&losing(0.1, calm.clone()), Reactive);
    is(&losing(0.11, calm), NotYet);
    // What is lost may have held an acceleration.
    is(&losing(0.1, Hand::normal(40)), NonReactive);
    is(&losing(0.11, Hand::normal(40)), NotYet);
}

#[test]
fn what_is_missing_is_named() {
    let mut hand = Hand::normal(40).rises([39.0]).falls(Fall::VARIABLE, [35.0]);
    hand.minutes.iter_mut().for_each(|minute| minute.lost = 0.2);
    let why = hand.assess().why;
    let example = hand.falls[0].span;
    for reason in [Why::NstAccelerations { count: 1 }, Why::NstDecelerations { example }] {
        assert!(why.as_slice().contains(&reason), "{why:?}");
    }
    assert!(why.as_slice().iter().any(|why| why.word() == "nst signal lost"));
    let met = Hand::normal(40).rises(every(5.0, 1.0, 40.0)).assess().why;
    assert!(met.as_slice().iter().all(|why| !why.word().starts_with("nst")), "{met:?}");
}

#[test]
fn without_baseline_or_variability_nothing_is_said() {
    let normal = Hand::normal(40);
    assert_eq!(Hand { baseline: Determined::Nowhere, ..normal.clone() }.assess().nst, None);
    assert_eq!(Hand { variability: Determined::Nowhere, ..normal.clone() }.assess().nst, None);
    assert_eq!(Hand { lost: 0.51, ..normal }.assess().nst, None);
}
