//! How many alarms a bed had in a day, and how soon somebody came.

use alert::load::{DAYS_MAX, DayError};
use alert::{Change, Day, Event, Load, Priority, Rules};
use vitals::WallTime;

use crate::script::{Heard, START, bed, run, run_with, time};

#[test]
fn a_bed_is_counted_by_priority_response_and_what_staff_said() {
    let script = "00:00 level-5 on | 00:20 ack 1 anna D theatre | 01:00 level-5 off
        | 02:00 level-5 on | 03:30 ack 2 anna D again | 04:00 level-5 off
        | 05:00 tachycardia on | 05:40 ack 3 anna | 05:50 invalid 3 anna | 06:00 tachycardia off
        | 07:00 level-4@2 on | 12:00 nothing";
    let load = loaded(script, &[("00:00", "60:00")]);
    let (_, rows) = load.days().next().unwrap();
    let one = &rows[&Some(bed("1"))];
    assert_eq!(Priority::ALL.map(|priority| one.raised_as(priority)), [1, 0, 2]);
    assert_eq!((one.acknowledged, one.escalations, one.promoted, one.invalid), (3, 1, 0, 1));
    assert_eq!(one.response_median_s(), Some(40), "of 20, 40 and 90 s");
    assert_eq!(one.invalid_share(), Some(1.0 / 3.0));
    let two = &rows[&Some(bed("2"))];
    assert_eq!((two.raised_in_all(), two.promoted, two.escalations), (1, 1, 1));
    assert_eq!((two.response_median_s(), two.invalid_share()), (None, Some(0.0)));
    assert_eq!(load.unplaced(), 0);
}

#[test]
fn an_alarm_counts_for_the_day_in_which_it_was_raised() {
    let script =
        "09:00 bradycardia on | 11:00 ack 1 anna | 12:00 analysis-absent on | 13:00 nothing";
    let load = loaded(script, &[("00:00", "10:00"), ("10:00", "20:00")]);
    let days: Vec<_> = load.days().map(|(_, rows)| rows).collect();
    assert_eq!(days[0][&Some(bed("1"))].response_median_s(), Some(120));
    assert!(!days[1].contains_key(&Some(bed("1"))));
    assert_eq!(days[1][&None].raised_in_all(), 1, "the region's own");
}

#[test]
fn a_restart_counts_on() {
    let script =
        "00:00 bradycardia on | 01:30 ack 1 anna | 12:00 analysis-absent on | 13:00 nothing";
    let load = loaded(script, &[("00:00", "10:00"), ("10:00", "20:00")]);
    let days = load.days().map(|(day, rows)| (day, rows.clone()));
    assert_eq!(Load::restore(days, load.unplaced()).unwrap(), load);
    let days: Vec<_> = load.days().map(|(day, rows)| (day, rows.clone())).collect();
    assert_eq!(Load::restore(days.into_iter().rev(), 0), Err(DayError::Overlaps));
}

#[test]
fn what_no_day_holds_is_said() {
    let load = loaded("00:00 bradycardia on | 01:00 ack 1 anna", &[]);
    assert_eq!((load.days().count(), load.unplaced()), (0, 2));
    let load = loaded(
        "12:00 bradycardia on | 30:00 tachycardia on",
        &[("00:00", "10:00"), ("20:00", "30:00")],
    );
    assert!(load.days().all(|(_, rows)| rows.is_empty()), "a day ends where it ends");
    assert_eq!(load.unplaced(), 2);
}

#[test]
fn days_rise_apart_and_the_oldest_goes() {
    let mut load = Load::default();
    let day = |number: i64| Day { from: WallTime(number * 100), to: WallTime(number * 100 + 100) };
    assert_eq!(load.begin_day(Day { from: WallTime(5), to: WallTime(5) }), Err(DayError::Empty));
    for number in 0..40 {
        load.begin_day(day(number)).unwrap();
        assert_eq!(load.begin_day(day(number)), Err(DayError::Overlaps));
    }
    assert_eq!(load.days().count(), DAYS_MAX);
    assert_eq!(load.days().next().unwrap().0, day(40 - DAYS_MAX as i64));
}

#[test]
fn a_median_is_exact_below_a_minute_and_rounded_down_above() {
    for (after_s, shown_s) in
        [(0, 0), (59, 59), (64, 60), (299, 295), (310, 300), (1_000, 960), (90_000, 7_200)]
    {
        let (alerts, _) = run(Rules::shipped(), "00:00 bradycardia on | 00:00 ack 1 anna");
        let mut load = Load::default();
        load.begin_day(Day { from: START, to: time("60:00") }).unwrap();
        let mut alarm = alerts.list()[0].clone();
        let one = alarm.acknowledgement.as_mut().unwrap();
        one.after_micros = after_s * WallTime::MICROS_PER_SECOND;
        let alarm = Box::new(alarm);
        load.handle_event(&Event::Alarm { at: START, change: Change::Acknowledged, alarm });
        let (_, rows) = load.days().next().unwrap();
        assert_eq!(rows[&Some(bed("1"))].response_median_s(), Some(shown_s));
    }
}

/// The load of a script; its days from and to.
fn loaded(script: &str, days: &[(&str, &str)]) -> Load {
    let mut load = Load::default();
    for (from, to) in days {
        load.begin_day(Day { from: time(from), to: time(to) }).expect("days rise");
    }
    run_with(Rules::shipped(), script, |heard| match heard {
        Heard::Event(event) => load.handle_event(event),
        Heard::Refused(why) => panic!("{why}"),
    });
    load
}
