//! A clock that is set back, leaps ahead, or is asked late.

use alert::{Alerts, Rules};
use vitals::WallTime;

use crate::script::{check, run};

#[test]
fn a_clock_that_is_set_back_shortens_and_stretches_nothing() {
    // 40 s of the minute have gone by when the clock is set back by 30 s.
    check(
        "01:00 level-5 on | 01:40 late | 01:10 late | 02:00 nothing",
        &["01:00 raised 1 level-5@1.1 high", "01:30 escalated 1 to facility-doctor"],
    );
    check(
        "01:00 level-4 on | 01:40 late | 01:10 late | 02:00 nothing",
        &["01:30 raised 1 level-4@1.1 medium"],
    );
    check(
        "01:00 pause 1 60 anna | 01:40 late | 01:10 late | 02:00 nothing",
        &["01:00 paused bed-1 by anna until 02:00", "01:30 pause of bed-1 ended: elapsed"],
    );
}

#[test]
fn a_clock_that_was_set_back_does_not_make_a_response_negative() {
    check(
        "05:00 bradycardia on | 05:20 late | 01:00 ack 1 anna",
        &["05:00 raised 1 bradycardia@1.1 medium", "01:00 acknowledged 1 by anna after 20 s"],
    );
}

#[test]
fn after_a_sleep_all_that_was_due_comes_at_once_and_once() {
    check(
        "00:00 level-5 on | 00:00 level-4@2 on | 45:00 late | 45:01 late | 48:00 nothing",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "45:00 escalated 1 to facility-doctor",
            "45:00 escalated 1 to centre-obstetrician",
            // Nobody could see this one before: its own time begins now.
            "45:00 raised 2 level-4@2.1 medium",
            "47:00 promoted 2 from medium to high",
            "48:00 escalated 2 to facility-doctor",
        ],
    );
}

#[test]
fn after_a_sleep_what_was_due_first_comes_first() {
    check(
        "00:00 level-4@2 on | 00:50 link-lost@1 on | 05:00 late",
        &["05:00 raised 1 level-4@2.1 medium", "05:00 raised 2 link-lost@1 medium"],
    );
}

#[test]
fn no_step_of_the_clock_makes_a_pause_longer_than_two_minutes() {
    let mut alerts = Alerts::new(Rules::shipped());
    let late = WallTime(i64::MAX - 200_000_000);
    alerts.handle_pause(late, crate::script::bed("1"), 120, &crate::script::hand("anna")).unwrap();
    let early = WallTime(i64::MIN + 200_000_000);
    alerts.handle_timeout(early);
    assert!(alerts.poll_timeout().unwrap() <= early.plus_micros(120_000_000));
}

#[test]
fn what_is_due_comes_before_what_is_said_at_the_same_time() {
    check(
        "00:00 level-5 on | 01:00 ack 1 anna on my way",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "01:00 escalated 1 to facility-doctor",
            "01:00 acknowledged 1 by anna after 60 s (on my way)",
        ],
    );
}

#[test]
fn a_condition_that_is_said_to_begin_later_begins_now() {
    check("00:00 link-lost on since 30:00 | 01:00 nothing", &["00:15 raised 1 link-lost@1 medium"]);
}

#[test]
fn the_ends_of_time_do_no_harm() {
    for ends in [[i64::MIN, i64::MAX], [i64::MAX, i64::MIN]] {
        let (mut alerts, _) = run(
            Rules::shipped(),
            "00:00 level-5 on | 00:00 level-4@2 on | 00:00 level-3@3 on | 00:00 maternal-coincidence@4 on
             | 00:00 pause 1 120 anna | 01:00 level-3@3 off | 01:30 level-3@3 on",
        );
        for now in ends {
            alerts.handle_timeout(WallTime(now));
            assert!(alerts.poll_timeout().is_none_or(|due| due > WallTime(now)));
            alerts.assert_invariants();
        }
        assert!(alerts.list().iter().any(|alarm| alarm.id.0 == 1), "it is still on the list");
    }
}

#[test]
fn nothing_is_waited_for_where_nothing_is_wrong() {
    assert_eq!(Alerts::new(Rules::shipped()).poll_timeout(), None);
    let (alerts, _) = run(Rules::shipped(), "00:00 tachycardia on | 00:10 tachycardia off");
    assert_eq!(alerts.poll_timeout(), None);
}
