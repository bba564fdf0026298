//! What a restart keeps, and what damaged records do.

use alert::{Alerts, Record, RecordError, Rules};

use crate::script::{check, run, time};

#[test]
fn a_restart_raises_nothing_anew_and_goes_on() {
    check(
        "00:00 level-5 on | 00:10 bradycardia@2 on | 00:20 ack 2 anna | 00:30 level-4@3 on | 00:40 pause 4 120 anna
         | 00:45 restart | 00:46 level-5 on | 00:46 bradycardia@2 on | 00:46 level-4@3 on | 01:35 restart
         | 02:10 tachycardia@5 on | 02:45 nothing",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "00:10 raised 2 bradycardia@2.1 medium",
            "00:20 acknowledged 2 by anna after 10 s",
            "00:40 paused bed-4 by anna until 02:40",
            "01:00 escalated 1 to facility-doctor",
            "01:30 raised 3 level-4@3.1 medium",
            "02:00 escalated 1 to centre-obstetrician",
            "02:10 raised 4 tachycardia@5.1 low",
            "02:40 pause of bed-4 ended: elapsed",
        ],
    );
}

#[test]
fn what_fell_due_in_between_comes_with_the_next_call() {
    let (alerts, _) = run(Rules::shipped(), "00:00 level-5 on");
    let restored = Alerts::restore(Rules::shipped(), alerts.records());
    let mut alerts = restored.alerts;
    assert_eq!(alerts.poll_event(), None);
    assert_eq!(alerts.poll_timeout(), Some(time("01:00")));
    alerts.handle_timeout(time("05:00"));
    let escalations = core::iter::from_fn(|| alerts.poll_event()).count();
    assert_eq!(escalations, 2);
}

#[test]
fn news_of_a_block_is_no_news_after_a_restart() {
    check(
        "00:00 level-3 on | 02:00 level-3 off | 02:30 restart | 03:00 level-3 on | 11:00 nothing",
        &[
            "01:00 raised 1 level-3@1.1 low",
            "02:00 ended 1",
            "02:00 resolved 1",
            "10:00 raised 2 level-3@1.1 low",
        ],
    );
}

#[test]
fn the_monitoring_of_a_bed_is_remembered() {
    check(
        "00:00 episode 1 7 | 00:01 level-5 on | 00:02 episode 1 8 | 00:03 restart | 00:04 level-5 on of 7",
        &[
            "00:01 raised 1 level-5@1.1 high",
            "00:02 ended 1",
            "00:02 resolved 1 (other episode)",
            "00:04 refused: the condition is of a monitoring that is over",
        ],
    );
}

#[test]
fn a_clock_that_was_set_back_meanwhile_stretches_nothing_even_without_the_head() {
    let (alerts, _) = run(Rules::shipped(), "10:00 level-5 on");
    let without_head =
        alerts.records().into_iter().filter(|one| !matches!(one, Record::Head { .. }));
    for records in [alerts.records(), without_head.collect()] {
        let mut alerts = Alerts::restore(Rules::shipped(), records).alerts;
        alerts.handle_timeout(time("02:00"));
        assert_eq!(alerts.poll_timeout(), Some(time("03:00")));
    }
}

#[test]
fn no_record_makes_a_pause_longer_than_two_minutes() {
    let (alerts, _) = run(Rules::shipped(), "00:00 pause 1 60 anna");
    let stretched = alerts.records().into_iter().map(|record| match record {
        Record::Pause(pause) => Record::Pause(alert::Pause { until: time("50:00"), ..pause }),
        other => other,
    });
    let alerts = Alerts::restore(Rules::shipped(), stretched).alerts;
    assert_eq!(alerts.poll_timeout(), Some(time("02:00")));
}

#[test]
fn an_alarm_of_another_monitoring_is_none_of_hers_where_the_beds_were_lost() {
    let (alerts, _) = run(Rules::shipped(), "00:00 episode 1 7 | 00:01 level-5 on");
    let without_beds =
        alerts.records().into_iter().filter(|one| !matches!(one, Record::Bed { .. }));
    let mut alerts = Alerts::restore(Rules::shipped(), without_beds).alerts;
    let subject = alert::Subject::Fetus(crate::script::bed("1"), alert::Fetus::First);
    let mut level_5 = alert::Condition::new(alert::Kind::Level5, subject, time("00:02")).unwrap();
    level_5.episode = Some(vitals::EpisodeId::from_u128(8));
    alerts.handle_condition(time("00:02"), &level_5).unwrap();
    let open: Vec<_> = alerts.list().iter().map(|alarm| (alarm.id.0, alarm.episode)).collect();
    assert_eq!(open, [(2, level_5.episode)]);
}

#[test]
fn a_record_that_cannot_be_takes_no_other_with_it() {
    let (alerts, _) = run(
        Rules::shipped(),
        "00:00 level-5 on | 00:00 tachycardia on | 00:00 link-lost on | 00:01 nothing",
    );
    let good = alerts.records();
    let Some(Record::Alarm(first)) = good.iter().find(|one| matches!(one, Record::Alarm(_))) else {
        panic!("an alarm is open")
    };
    let mut without_number = first.clone();
    without_number.id.0 = 0;
    let mut of_no_link = first.clone();
    of_no_link.id.0 = 77;
    of_no_link.kind = alert::Kind::LinkLost;
    let mut from_nowhere = first.clone();
    from_nowhere.id.0 = u64::MAX;
    let mut in_its_place = first.clone();
    in_its_place.id.0 = 78;
    let bad = [without_number, of_no_link, from_nowhere, first.clone(), in_its_place];
    let records = good.iter().cloned().chain(bad.into_iter().map(Record::Alarm));
    let restored = Alerts::restore(Rules::shipped(), records);
    let errors: Vec<_> = restored.refused.iter().map(|refused| refused.error).collect();
    let expected = [
        RecordError::NoNumber,
        RecordError::WrongSubject,
        RecordError::NoNumber,
        RecordError::Twice,
        RecordError::Twice,
    ];
    assert_eq!(errors, expected);
    assert_eq!(restored.alerts.records(), good);
}

#[test]
fn numbers_go_on_where_only_a_part_came_back() {
    let (alerts, _) = run(Rules::shipped(), "00:00 level-5 on | 00:00 tachycardia on");
    let without_last =
        alerts.records().into_iter().filter(|one| !matches!(one, Record::Head { .. }));
    let restored = Alerts::restore(Rules::shipped(), without_last);
    let only_last = Alerts::restore(Rules::shipped(), alerts.records().into_iter().take(1));
    for mut alerts in [restored.alerts, only_last.alerts] {
        let subject = alert::Subject::Bed(crate::script::bed("9"));
        let fault =
            alert::Condition::new(alert::Kind::DeviceFault, subject, time("00:02")).unwrap();
        alerts.handle_condition(time("00:02"), &fault).unwrap();
        assert!(alerts.alarm(alert::AlarmId(3)).is_some());
    }
}
