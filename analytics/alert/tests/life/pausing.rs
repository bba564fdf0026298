//! Two minutes of quiet at one bed, and what they do not do.

use alert::{Priority, Rules};

use crate::script::{bed, check, run};

#[test]
fn a_pause_is_of_one_bed_and_ends_by_itself() {
    check(
        "00:00 bradycardia on | 00:00 bradycardia@2 on | 00:10 pause 1 120 anna | 05:00 nothing",
        &[
            "00:00 raised 1 bradycardia@1.1 medium",
            "00:00 raised 2 bradycardia@2.1 medium",
            "00:10 paused bed-1 by anna until 02:10",
            "02:10 pause of bed-1 ended: elapsed",
        ],
    );
    let script = "00:00 bradycardia on | 00:00 bradycardia@2 on | 00:10 pause 1 120 anna";
    let (alerts, _) = run(Rules::shipped(), script);
    assert_eq!(alerts.sound(Some(bed("1"))), None);
    assert_eq!(alerts.sound(Some(bed("2"))), Some(Priority::Medium));
    assert_eq!(alerts.list().len(), 2, "the list shows what does not sound");
    let (alerts, _) = run(Rules::shipped(), &format!("{script} | 02:10 nothing"));
    assert_eq!(alerts.sound(Some(bed("1"))), Some(Priority::Medium));
}

#[test]
fn no_pause_is_longer_than_two_minutes_or_stretched() {
    check(
        "00:00 pause 1 121 anna | 00:00 pause 1 0 anna | 00:00 pause 1 120 anna | 01:00 pause 1 120 bob | 02:00 pause 1 60 bob",
        &[
            "00:00 refused: a pause of 121 s was asked for; 1 to 120 s are allowed",
            "00:00 refused: a pause of 0 s was asked for; 1 to 120 s are allowed",
            "00:00 paused bed-1 by anna until 02:00",
            "01:00 refused: the bed is paused already",
            "02:00 pause of bed-1 ended: elapsed",
            "02:00 paused bed-1 by bob until 03:00",
        ],
    );
}

#[test]
fn a_pause_delays_no_promotion_and_no_escalation() {
    check(
        "00:00 level-5 on | 00:10 pause 1 120 anna | 02:30 nothing",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:10 paused bed-1 by anna until 02:10",
            "01:00 escalated 1 to facility-doctor",
            "02:00 escalated 1 to centre-obstetrician",
            "02:10 pause of bed-1 ended: elapsed",
        ],
    );
}

#[test]
fn an_alarm_that_is_raised_high_or_becomes_so_ends_the_quiet() {
    check(
        "00:00 pause 1 120 anna | 00:10 bradycardia on | 00:20 level-5 on",
        &[
            "00:00 paused bed-1 by anna until 02:00",
            "00:10 raised 1 bradycardia@1.1 medium",
            "00:20 raised 2 level-5@1.1 high",
            "00:20 pause of bed-1 ended: high alarm",
        ],
    );
    check(
        "00:00 level-4 on | 02:30 pause 1 120 anna | 03:30 nothing",
        &[
            "01:00 raised 1 level-4@1.1 medium",
            "02:30 paused bed-1 by anna until 04:30",
            "03:00 promoted 1 from medium to high",
            "03:00 pause of bed-1 ended: high alarm",
        ],
    );
    // Another bed's is no reason.
    check(
        "00:00 pause 1 60 anna | 00:20 level-5@2 on",
        &["00:00 paused bed-1 by anna until 01:00", "00:20 raised 1 level-5@2.1 high"],
    );
}

#[test]
fn quiet_ends_by_hand_too() {
    check(
        "00:00 pause 1 120 anna | 00:20 resume 1 bob | 00:30 resume 1 bob",
        &["00:00 paused bed-1 by anna until 02:00", "00:20 pause of bed-1 ended: by bob"],
    );
}

#[test]
fn what_somebody_acknowledged_does_not_sound() {
    let script = "00:00 level-5 on | 00:00 tachycardia on | 00:10 ack 1 anna D theatre";
    let (alerts, _) = run(Rules::shipped(), script);
    assert_eq!(alerts.sound(Some(bed("1"))), Some(Priority::Low));
    assert_eq!(alerts.sound(None), None);
}
