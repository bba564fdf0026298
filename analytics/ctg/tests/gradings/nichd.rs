//! NICHD 2008, rule by rule and limit by limit.

use ctg::nichd::Category::{self, I, II, III};
use ctg::{Determined, Why};

use crate::hand::{Fall, Hand, every};

#[track_caller]
fn is(hand: &Hand, expected: Category) {
    assert_eq!(hand.assess().nichd, Some(expected));
}

#[test]
fn category_one_has_a_baseline_of_110_to_160() {
    for (raw, expected) in
        [(110.0, I), (160.0, I), (162.0, I), (163.0, II), (108.0, I), (107.0, II), (60.0, II)]
    {
        is(&Hand::normal(30).baseline(raw), expected);
    }
}

#[test]
fn category_one_has_a_variability_of_6_to_25() {
    for (band, expected) in
        [(6.0, I), (25.0, I), (5.0, II), (26.0, II), (2.0, II), (0.0, II), (5.5, I), (25.5, II)]
    {
        is(&Hand::normal(30).band(band, 10), expected);
    }
}

#[test]
fn category_one_has_no_late_or_variable_falls_and_may_have_early_ones() {
    let with = |fall| Hand::normal(30).contractions(every(3.0, 1.0, 30.0)).falls(fall, [25.0]);
    is(&with(Fall::EARLY), I);
    for fall in [Fall::LATE, Fall::VARIABLE, Fall::PROLONGED, Fall::UNKNOWN] {
        is(&with(fall), II);
    }
    is(&with(Fall::EARLY).rises([22.0, 27.0]), I);
}

#[test]
fn a_sinusoidal_pattern_is_category_three() {
    is(&Hand { is_sinusoidal: true, ..Hand::normal(30) }, III);
}

#[test]
fn absent_variability_with_bradycardia_is_category_three() {
    let absent = Hand::normal(30).band(1.0, 10);
    is(&absent, II);
    is(&absent.clone().baseline(110.0), II);
    is(&absent.clone().baseline(107.0), III);
    is(&absent.clone().baseline(170.0), II);
    // Decreased is not absent.
    is(&Hand::normal(30).band(2.0, 10).baseline(100.0), II);
}

/// Absent variability, and this fall with so many of the eight contractions of 20 minutes.
fn absent_with(fall: Fall, count: usize) -> Hand {
    let hand = Hand::normal(30).band(1.0, 20).contractions(every(2.5, 11.0, 30.0));
    assert_eq!(hand.contractions.len(), 8);
    hand.falls(fall, every(2.5, 11.5, 30.0).take(count))
}

#[test]
fn absent_variability_with_falls_at_half_of_the_contractions_is_category_three() {
    for fall in [Fall::LATE, Fall::VARIABLE, Fall::UNKNOWN, Fall::PROLONGED] {
        is(&absent_with(fall, 3), II);
        is(&absent_with(fall, 4), III);
    }
    is(&absent_with(Fall::EARLY, 8), II);
}

#[test]
fn late_and_variable_falls_are_each_counted_by_themselves() {
    let mixed = absent_with(Fall::LATE, 3).falls(Fall::VARIABLE, [25.0, 27.5, 29.5]);
    is(&mixed, II);
    is(&mixed.falls(Fall::VARIABLE, [22.0]), III);
}

#[test]
fn recurrence_looks_back_20_minutes() {
    let hand = Hand::normal(40).band(1.0, 30).contractions(every(2.5, 1.0, 40.0));
    is(&hand.clone().falls(Fall::LATE, every(2.5, 1.0, 19.0)), II);
    is(&hand.falls(Fall::LATE, every(2.5, 30.5, 40.0)), III);
}

#[test]
fn falls_without_recorded_contractions_are_not_taken_for_rare() {
    let with = |count| {
        let hand = Hand { has_activity: false, ..Hand::normal(30).band(1.0, 20) };
        hand.falls(Fall::UNKNOWN, every(4.5, 11.0, 30.0).take(count))
    };
    is(&with(3), II);
    is(&with(4), III);
    let words: Vec<_> = with(4).assess().why.as_slice().iter().map(Why::word).collect();
    assert!(words.contains(&"nichd decelerations uncounted"), "{words:?}");
}

#[test]
fn the_share_that_is_told_is_that_of_the_contractions() {
    let told = absent_with(Fall::LATE, 2).falls(Fall::LATE, [29.5]).assess().why;
    let share = told.as_slice().iter().find_map(|why| match why {
        Why::NichdDecelerations { share, .. } => Some(*share),
        _ => None,
    });
    assert_eq!(share, Some(3.0 / 8.0));
}

#[test]
fn without_baseline_or_variability_there_is_no_category() {
    let normal = Hand::normal(30);
    assert_eq!(Hand { baseline: Determined::Nowhere, ..normal.clone() }.assess().nichd, None);
    assert_eq!(Hand { variability: Determined::Nowhere, ..normal.clone() }.assess().nichd, None);
    assert_eq!(Hand { lost: 0.51, ..normal }.assess().nichd, None);
    assert_eq!(Hand::normal(1).assess().nichd, None);
}
