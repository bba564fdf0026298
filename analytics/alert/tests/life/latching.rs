//! What stays, what goes, what comes back, and what a new monitoring leaves behind.

use alert::{Rules, Stage};

use crate::script::{check, run};

#[test]
fn a_finding_that_is_over_stays_until_somebody_saw_it_and_escalates_as_long() {
    check(
        "00:00 level-5 on | 00:20 level-5 off | 03:00 ack 1 anna a short fall, over",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:20 ended 1",
            "01:00 escalated 1 to facility-doctor",
            "02:00 escalated 1 to centre-obstetrician",
            "03:00 acknowledged 1 by anna after 180 s (a short fall, over)",
            "03:00 resolved 1",
        ],
    );
}

#[test]
fn an_acknowledgement_does_not_clear_a_finding() {
    let (alerts, _) =
        run(Rules::shipped(), "00:00 level-5 on | 00:30 ack 1 anna D theatre | 59:00 nothing");
    let list = alerts.list();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].stage(), Stage::Acknowledged);
    assert_eq!(list[0].ended_at, None);
}

#[test]
fn what_returns_before_somebody_saw_it_is_the_same_alarm() {
    check(
        "00:00 bradycardia on | 01:00 bradycardia off | 02:00 bradycardia on FHR 98 < 110 | 03:00 bradycardia off",
        &[
            "00:00 raised 1 bradycardia@1.1 medium",
            "01:00 ended 1",
            "02:00 returned 1",
            "03:00 ended 1",
        ],
    );
    // The time without an answer does not begin anew.
    check(
        "00:00 level-5 on | 00:50 level-5 off | 00:55 level-5 on | 01:30 nothing",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:50 ended 1",
            "00:55 returned 1",
            "01:00 escalated 1 to facility-doctor",
        ],
    );
}

#[test]
fn what_returns_after_it_was_acknowledged_and_over_is_a_new_alarm() {
    check(
        "00:00 bradycardia on | 00:30 ack 1 anna A | 01:00 bradycardia off | 02:00 bradycardia on",
        &[
            "00:00 raised 1 bradycardia@1.1 medium",
            "00:30 acknowledged 1 by anna after 30 s A",
            "01:00 ended 1",
            "01:00 resolved 1",
            "02:00 raised 2 bradycardia@1.1 medium",
        ],
    );
}

#[test]
fn what_is_said_twice_is_raised_once() {
    check(
        "00:00 level-5 on | 00:01 level-5 on | 00:02 level-5 on | 00:03 tachysystole off",
        &["00:00 raised 1 level-5@1.1 high"],
    );
}

#[test]
fn a_source_that_says_all_it_finds_ends_the_rest_and_nothing_of_another() {
    check(
        "00:00 level-5 on | 00:00 only link link-lost@1 link-lost@2 | 00:20 only link link-lost@2 silent@1
         | 01:30 only link silent@1 | 01:40 only analysis",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:15 raised 2 link-lost@1 medium",
            "00:15 raised 3 link-lost@2 medium",
            "00:20 ended 2",
            "00:20 resolved 2",
            "01:00 escalated 1 to facility-doctor",
            "01:20 raised 4 silent@1 medium",
            "01:30 ended 3",
            "01:30 resolved 3",
            "01:40 ended 1",
        ],
    );
}

#[test]
fn another_monitoring_at_the_bed_inherits_no_alarm_of_a_body() {
    check(
        "00:00 episode 1 7 | 00:01 level-5 on | 00:02 link-lost on | 00:20 level-4 on | 00:30 pause 1 120 anna
         | 00:40 episode 1 8 | 02:00 nothing",
        &[
            "00:01 raised 1 level-5@1.1 high",
            "00:17 raised 2 link-lost@1 medium",
            "00:30 paused bed-1 by anna until 02:30",
            "00:40 pause of bed-1 ended: other episode",
            "00:40 ended 1",
            "00:40 resolved 1 (other episode)",
        ],
    );
}

#[test]
fn what_was_news_of_one_is_news_of_the_next_within_the_same_ten_minutes() {
    check(
        "00:00 episode 1 7 | 00:00 level-3 on | 02:00 level-3 off | 03:00 episode 1 8 | 03:00 level-3 on | 05:00 nothing",
        &[
            "01:00 raised 1 level-3@1.1 low",
            "02:00 ended 1",
            "02:00 resolved 1",
            "04:00 raised 2 level-3@1.1 low",
        ],
    );
}

#[test]
fn what_was_still_on_its_way_from_the_monitoring_before_is_no_news() {
    check(
        "00:00 episode 1 7 | 00:10 episode 1 8 | 00:11 level-5 on of 7 | 00:12 level-5 on of 8
         | 00:13 level-5 off of 7",
        &[
            "00:11 refused: the condition is of a monitoring that is over",
            "00:12 raised 1 level-5@1.1 high",
            "00:13 refused: the condition is of a monitoring that is over",
        ],
    );
}

#[test]
fn a_condition_of_a_monitoring_that_nobody_announced_begins_it() {
    check(
        "00:00 level-5 on of 7 | 00:10 level-5 on of 8 | 00:20 level-5 off of 9",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:10 ended 1",
            "00:10 resolved 1 (other episode)",
            "00:10 raised 2 level-5@1.1 high",
            "00:20 refused: the condition is of a monitoring that is over",
        ],
    );
}

#[test]
fn the_end_of_a_monitoring_leaves_nothing_of_her_on_the_list() {
    let (alerts, _) = run(
        Rules::shipped(),
        "00:00 episode 1 7 | 00:01 level-5 on | 00:02 level-4 on | 00:03 episode 1 - | 05:00 nothing",
    );
    assert!(alerts.list().is_empty() && alerts.waiting().next().is_none());
    let history: Vec<_> = alerts.history().collect();
    assert_eq!(history.len(), 1);
    assert!(history[0].acknowledgement.is_none(), "that nobody saw it is remembered");
}
