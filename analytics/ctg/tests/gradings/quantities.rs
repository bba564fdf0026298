//! Contractions, loss and the footnotes of the table on hand-built windows.

use ctg::{Case, Graded, JsogLevel, Reason, Uterus, Why};

use crate::hand::{Fall, Hand, every};

#[test]
fn more_than_five_in_ten_minutes_over_thirty_is_tachysystole_and_exactly_five_is_not() {
    let with = |count: usize, minutes| {
        Hand::normal(minutes).contractions(every(1.9, 0.5, minutes as f32).take(count)).assess()
    };
    let five = with(15, 30);
    assert_eq!((five.contractions_per_10_min, five.is_tachysystole), (5.0, false));
    assert!(with(16, 30).is_tachysystole);
    // Less than thirty minutes do not tell.
    assert!(!with(15, 29).is_tachysystole);
}

#[test]
fn montevideo_units_need_a_catheter_and_ten_minutes() {
    let with = |minutes, uterus| {
        let hand = Hand::normal(minutes).contractions(every(2.5, 1.0, minutes as f32));
        Hand { case: Case { uterus, ..Case::default() }, ..hand }.assess().montevideo
    };
    assert_eq!(with(20, Uterus::IntraUterine), Some(160.0));
    assert_eq!(with(20, Uterus::External), None);
    assert_eq!(with(9, Uterus::IntraUterine), None);
}

#[test]
fn a_contraction_across_a_border_counts_where_its_peak_is() {
    let hand = Hand::normal(20).contractions([9.9, 12.0, 19.75]);
    let hand = Hand { case: Case { uterus: Uterus::IntraUterine, ..Case::default() }, ..hand };
    assert_eq!(hand.assess().montevideo, Some(80.0));
}

#[test]
fn more_than_half_lost_gives_no_level_and_more_than_a_fifth_needs_care() {
    let with = |lost| Hand { lost, ..Hand::normal(20) }.assess();
    assert_eq!(with(0.51).jsog, Graded::NotClassifiable(Reason::Lost));
    assert_eq!(with(0.5).jsog, Graded::Level(JsogLevel::One));
    assert!(with(0.21).is_caution && !with(0.2).is_caution);
}

#[test]
fn absent_variability_without_a_fall_asks_for_individual_judgement() {
    for raw in [140.0, 170.0, 100.0, 70.0] {
        let assessment = Hand::normal(20).baseline(raw).band(1.0, 10).assess();
        assert!(assessment.needs_judgement, "{raw}");
        assert!(assessment.why.as_slice().contains(&Why::SpecialCause), "{raw}");
        assert_eq!(assessment.jsog, Graded::Level(JsogLevel::Four));
    }
    let falling = Hand::normal(20).band(1.0, 10).falls(Fall::EARLY, [15.0]).assess();
    assert!(!falling.needs_judgement && falling.jsog == Graded::Level(JsogLevel::Five));
    assert!(!Hand::normal(20).band(2.0, 10).assess().needs_judgement);
}

#[test]
fn several_falls_give_the_gravest_level() {
    let hand = Hand::normal(20).contractions(every(3.0, 10.5, 20.0));
    let mild = Fall { depth_bpm: 10.0, ..Fall::LATE };
    let both = hand.falls(Fall::VARIABLE, [12.0]).falls(mild, [16.0]).assess();
    assert_eq!(both.jsog, Graded::Level(JsogLevel::Three));
    let falls = both.why.as_slice().iter().filter(|why| matches!(why, Why::Deceleration { .. }));
    assert_eq!(falls.map(Why::word).collect::<Vec<_>>(), ["late mild"]);
}
