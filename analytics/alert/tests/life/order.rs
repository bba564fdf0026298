//! The order of the list, and of beds by what is wrong with them.

use alert::{Alerts, Rules, Urgency, wall_order};

use crate::script::{bed, run};

const SCRIPT: &str = "00:00 tachycardia@1 on | 00:10 bradycardia@2 on | 00:20 level-5@3 on
    | 00:25 level-5@4 on | 00:30 bradycardia@5 on | 00:40 ack 3 anna theatre | 00:45 ack 2 anna
    | 00:50 tachycardia@6 on | 00:55 tachycardia@6 off";

#[test]
fn priority_comes_first_then_what_nobody_saw_then_age() {
    let (alerts, _) = run(Rules::shipped(), SCRIPT);
    // High unseen, high seen, medium unseen, medium seen, low.
    assert_eq!(numbers(&alerts), [4, 3, 5, 2, 1]);
}

#[test]
fn the_order_is_total_and_the_same_from_wherever_it_starts() {
    let (alerts, _) = run(Rules::shipped(), SCRIPT);
    let mut all: Vec<_> = alerts.list().into_iter().chain(alerts.history()).cloned().collect();
    let expected: Vec<_> = all.iter().map(|alarm| alarm.id.0).collect();
    for _ in 0..all.len() {
        all.rotate_left(1);
        let mut sorted = all.clone();
        sorted.sort_by(wall_order);
        assert_eq!(sorted.iter().map(|alarm| alarm.id.0).collect::<Vec<_>>(), expected);
    }
    for (one, other) in all.iter().zip(all.iter().skip(1)) {
        assert!(wall_order(one, other).is_ne() && wall_order(one, one).is_eq());
    }
}

#[test]
fn a_bed_is_as_urgent_as_its_first_alarm_and_quiet_beds_stay_where_they_were() {
    let (alerts, _) = run(Rules::shipped(), SCRIPT);
    let mut beds = ["9", "6", "1", "2", "3", "4", "5", "8"];
    beds.sort_by_key(|number| alerts.urgency(&bed(number)));
    assert_eq!(beds, ["4", "3", "5", "2", "1", "9", "6", "8"]);
    assert_eq!(alerts.urgency(&bed("6")), Urgency::QUIET, "what is over is not urgent");
}

#[test]
fn a_new_alarm_of_the_same_priority_comes_in_below() {
    let (alerts, _) = run(Rules::shipped(), "00:00 bradycardia@2 on | 00:10 bradycardia@1 on");
    assert_eq!(numbers(&alerts), [1, 2]);
}

fn numbers(alerts: &Alerts) -> Vec<u64> {
    alerts.list().iter().map(|alarm| alarm.id.0).collect()
}
