//! Where the three classifications differ, by name: none is made from another.

use ctg::grading_settings::GradingSettings;
use ctg::{Graded, figo, nichd};

use crate::hand::{Fall, Hand, every};

/// Level of the Japanese table, category of FIGO, category of NICHD.
fn all(hand: &Hand) -> (Option<u8>, Option<figo::Category>, Option<nichd::Category>) {
    let assessment = hand.assess();
    let level = match assessment.jsog {
        Graded::Level(level) => Some(level.number()),
        Graded::NotClassifiable(_) => None,
    };
    (level, assessment.figo, assessment.nichd)
}

#[test]
fn late_has_no_least_depth_in_japan_and_nichd_and_15_bpm_with_figo() {
    let hand = Hand::normal(60).contractions(every(3.0, 1.0, 60.0));
    let with = |depth_bpm| {
        let late = Fall { depth_bpm, ..Fall::LATE };
        all(&hand.clone().falls(late, every(3.0, 1.5, 60.0)))
    };
    let shallow = (Some(3), Some(figo::Category::Normal), Some(nichd::Category::II));
    let deep = (Some(3), Some(figo::Category::Pathological), Some(nichd::Category::II));
    assert_eq!(with(8.0), shallow);
    assert_eq!(with(14.0), shallow);
    assert_eq!(with(15.0), shallow);
    assert_eq!(with(16.0), deep);
}

#[test]
fn figo_counts_a_late_fall_of_10_bpm_with_reduced_variability_and_no_acceleration() {
    let hand = Hand::normal(60).band(4.0, 30).contractions(every(3.0, 1.0, 60.0));
    let with = |depth_bpm| {
        let late = Fall { depth_bpm, ..Fall::LATE };
        hand.clone().falls(late, every(3.0, 1.5, 60.0))
    };
    assert_eq!(with(9.75).assess().figo, Some(figo::Category::Suspicious));
    assert_eq!(with(10.0).assess().figo, Some(figo::Category::Pathological));
    // An acceleration, or normal variability, and it is none.
    let rising = with(10.0).rises([55.0]);
    assert_eq!(rising.assess().figo, Some(figo::Category::Suspicious));
    let lively = with(10.0).band(12.0, 60);
    assert_eq!(lively.assess().figo, Some(figo::Category::Normal));
    // The depth is not confirmed: it can be set.
    let settings = GradingSettings { figo_shallow_late_bpm: 12.0, ..GradingSettings::default() };
    let other = Hand { settings, ..with(10.0) };
    assert_eq!(other.assess().figo, Some(figo::Category::Suspicious));
}

#[test]
fn prolonged_is_two_minutes_in_japan_and_nichd_and_three_with_figo() {
    let with = |seconds| {
        let hand = Hand::normal(60).contractions(every(4.0, 1.0, 60.0));
        let prolonged = Fall { seconds, fall_s: 10.0, ..Fall::PROLONGED };
        all(&hand.falls(prolonged, every(4.0, 1.5, 60.0)))
    };
    let two = (Some(3), Some(figo::Category::Suspicious), Some(nichd::Category::II));
    let three = (Some(3), Some(figo::Category::Pathological), Some(nichd::Category::II));
    assert_eq!(with(120.0), two);
    assert_eq!(with(180.0), two);
    assert_eq!(with(180.25), three);
}

#[test]
fn variability_is_normal_from_6_in_japan_and_nichd_and_from_5_with_figo() {
    let with = |band| all(&Hand::normal(30).band(band, 10));
    let normal = (Some(1), Some(figo::Category::Normal), Some(nichd::Category::I));
    assert_eq!(with(6.0), normal);
    assert_eq!(with(5.0), (Some(2), Some(figo::Category::Normal), Some(nichd::Category::II)));
    assert_eq!(with(4.0), (Some(2), Some(figo::Category::Suspicious), Some(nichd::Category::II)));
    assert_eq!(with(25.0), normal);
    assert_eq!(with(26.0), (Some(2), Some(figo::Category::Suspicious), Some(nichd::Category::II)));
}

#[test]
fn tachycardia_is_above_160_everywhere_and_weighs_differently() {
    let with = |raw| all(&Hand::normal(30).baseline(raw));
    assert_eq!(with(160.0), (Some(1), Some(figo::Category::Normal), Some(nichd::Category::I)));
    assert_eq!(with(165.0), (Some(2), Some(figo::Category::Suspicious), Some(nichd::Category::II)));
}

#[test]
fn bradycardia_below_100_is_pathological_with_figo_alone() {
    let with = |raw| all(&Hand::normal(30).baseline(raw));
    assert_eq!(with(105.0), (Some(3), Some(figo::Category::Suspicious), Some(nichd::Category::II)));
    assert_eq!(
        with(95.0),
        (Some(3), Some(figo::Category::Pathological), Some(nichd::Category::II))
    );
}

#[test]
fn how_often_counts_with_figo_and_nichd_and_not_in_japan() {
    let hand = Hand::normal(60).band(1.0, 20).contractions(every(2.5, 1.0, 60.0));
    let with = |count| all(&hand.clone().falls(Fall::VARIABLE, every(2.5, 51.5, 60.0).take(count)));
    // One fall is as grave as four in Japan.
    assert_eq!(with(1), (Some(5), Some(figo::Category::Suspicious), Some(nichd::Category::II)));
    assert_eq!(with(4), (Some(5), Some(figo::Category::Suspicious), Some(nichd::Category::III)));
    // Exactly half is recurrent with NICHD and not repetitive with FIGO.
    let normal = Hand::normal(60).contractions(every(2.5, 51.0, 60.0));
    let half = normal.clone().falls(Fall::VARIABLE, every(2.5, 51.5, 60.0).take(2));
    assert_eq!(half.assess().figo, Some(figo::Category::Normal));
    let flat = half.band(1.0, 20);
    assert_eq!(flat.assess().nichd, Some(nichd::Category::III));
}
