//! Who saw it, when, on which screen, and what that does.

use alert::{Alarm, AlarmId, Priority, Role, Rules};

use crate::script::{check, run};

#[test]
fn level_5_is_acknowledged_with_a_reason_only() {
    check(
        "00:00 level-5 on | 00:10 ack 1 anna D | 00:20 ack 1 anna D theatre is called | 00:30 ack 1 bob late",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:10 refused: this alarm is acknowledged with a reason only",
            "00:20 acknowledged 1 by anna after 20 s D (theatre is called)",
            "00:30 refused: somebody has acknowledged the alarm already",
        ],
    );
}

#[test]
fn an_acknowledgement_says_who_when_and_where() {
    let (alerts, _) = run(Rules::shipped(), "00:00 bradycardia on | 00:20 ack 1 anna B");
    let one = alerts.alarm(AlarmId(1)).and_then(|alarm| alarm.acknowledgement.clone()).unwrap();
    assert_eq!((one.hand.by.as_str(), one.hand.on.as_str()), ("anna", "desk"));
    assert_eq!(one.at, crate::script::time("00:20"));
}

#[test]
fn what_is_over_or_was_never_there_cannot_be_acknowledged() {
    check(
        "00:00 tachycardia on | 00:10 tachycardia off | 00:20 ack 1 anna | 00:30 ack 2 anna",
        &[
            "00:00 raised 1 tachycardia@1.1 low",
            "00:10 ended 1",
            "00:10 resolved 1",
            "00:20 refused: the alarm was over before it was acknowledged",
            "00:30 refused: there is no such alarm",
        ],
    );
}

#[test]
fn an_acknowledgement_ends_the_escalation_and_no_earlier_call() {
    let script = "00:00 level-5 on | 01:10 ack 1 anna C on my way | 10:00 nothing";
    check(
        script,
        &[
            "00:00 raised 1 level-5@1.1 high",
            "01:00 escalated 1 to facility-doctor",
            "01:10 acknowledged 1 by anna after 70 s C (on my way)",
        ],
    );
    let (alerts, _) = run(Rules::shipped(), script);
    assert_eq!(alerts.list()[0].role, Role::FacilityDoctor);
}

#[test]
fn who_has_seen_the_graver_form_has_seen_the_lesser() {
    check(
        "00:00 level-4 on | 01:10 level-4 off | 01:10 level-5 on | 01:20 level-5@1.2 on
         | 01:30 ack 2 anna D theatre | 01:40 ack 3 anna D the second as well",
        &[
            "01:00 raised 1 level-4@1.1 medium",
            "01:10 ended 1",
            "01:10 raised 2 level-5@1.1 high",
            "01:20 raised 3 level-5@1.2 high",
            "01:30 acknowledged 2 by anna after 20 s D (theatre)",
            "01:30 acknowledged 1 by anna after 30 s D (theatre)",
            "01:30 resolved 1",
            "01:40 acknowledged 3 by anna after 20 s D (the second as well)",
        ],
    );
    check(
        "00:00 bradycardia on | 02:00 severe-bradycardia on | 02:10 ack 1 anna B",
        &[
            "00:00 raised 1 bradycardia@1.1 medium",
            "02:00 raised 2 severe-bradycardia@1.1 high",
            "02:10 acknowledged 1 by anna after 130 s B",
        ],
    );
}

#[test]
fn what_was_acknowledged_as_the_lesser_alarms_again_as_the_graver() {
    let script = "01:00 maternal-coincidence on since 00:00 | 01:30 ack 1 anna | 03:30 ack 1 bob | 09:00 nothing";
    check(
        script,
        &[
            "01:00 raised 1 maternal-coincidence@1.1 low",
            "01:30 acknowledged 1 by anna after 30 s",
            "03:00 promoted 1 from low to medium",
            "03:30 acknowledged 1 by bob after 30 s",
        ],
    );
    let (alerts, _) = run(Rules::shipped(), script);
    let alarm: &Alarm = alerts.list()[0];
    assert_eq!(alarm.priority, Priority::Medium);
    assert_eq!(alarm.earlier.as_ref().map(|one| one.hand.by.as_str()), Some("anna"));
}

#[test]
fn what_alarms_again_calls_everybody_again_from_the_first() {
    let text = include_str!("../../tables/alarms-1.txt");
    let (before, row) = text.split_once("maternal-coincidence").unwrap();
    let row = row.replacen("escalate_s=- ", "escalate_s=30", 1);
    let rules = Rules::parse(&format!("{before}maternal-coincidence{row}"), [0; 32]).unwrap();
    let script = "01:00 maternal-coincidence on since 00:00 | 01:40 ack 1 anna | 05:00 nothing";
    let (_, happened) = run(rules, script);
    let expected = [
        "01:00 raised 1 maternal-coincidence@1.1 low",
        "01:30 escalated 1 to facility-doctor",
        "01:40 acknowledged 1 by anna after 40 s",
        "03:00 promoted 1 from low to medium",
        "03:30 escalated 1 to facility-doctor",
        "04:00 escalated 1 to centre-obstetrician",
    ];
    assert_eq!(happened, expected);
}

#[test]
fn a_tap_that_was_on_its_way_while_the_alarm_rose_has_not_seen_that() {
    check(
        "00:00 level-4 on | 03:00 ack-medium 1 anna | 03:05 ack 1 anna",
        &[
            "01:00 raised 1 level-4@1.1 medium",
            "03:00 promoted 1 from medium to high",
            "03:00 refused: the alarm has risen to a graver one than was seen",
            "03:05 acknowledged 1 by anna after 125 s",
        ],
    );
    check(
        "00:00 bradycardia on | 00:05 ack-medium 1 anna",
        &["00:00 raised 1 bradycardia@1.1 medium", "00:05 acknowledged 1 by anna after 5 s"],
    );
}

#[test]
fn a_coincidence_that_was_interrupted_counts_its_three_minutes_anew() {
    check(
        "00:00 maternal-coincidence on | 02:00 maternal-coincidence off | 02:30 maternal-coincidence on | 06:00 nothing",
        &[
            "00:00 raised 1 maternal-coincidence@1.1 low",
            "02:00 ended 1",
            "02:30 returned 1",
            "05:30 promoted 1 from low to medium",
        ],
    );
}

#[test]
fn an_artefact_is_marked_once_open_or_over_and_changes_nothing_else() {
    check(
        "00:00 bradycardia on | 00:10 invalid 1 anna | 00:20 invalid 1 bob | 00:30 bradycardia off
         | 00:40 tachycardia on | 00:50 tachycardia off | 01:00 invalid 2 bob | 01:10 invalid 9 bob",
        &[
            "00:00 raised 1 bradycardia@1.1 medium",
            "00:10 invalid 1 by anna",
            "00:20 refused: the alarm is marked as invalid already",
            "00:30 ended 1",
            "00:40 raised 2 tachycardia@1.1 low",
            "00:50 ended 2",
            "00:50 resolved 2",
            "01:00 invalid 2 by bob",
            "01:10 refused: there is no such alarm",
        ],
    );
    let (alerts, _) = run(Rules::shipped(), "00:00 bradycardia on | 00:10 invalid 1 anna");
    assert!(alerts.list()[0].is_unanswered());
}
