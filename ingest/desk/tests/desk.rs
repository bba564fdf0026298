//! What is found becomes an alarm that walls are told of; what staff do comes back; a restart
//! loses nothing.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use alert::load::Day;
use alert::{Bed, Hand, Rules, Screen, Staff};
use desk::{Desk, Link, LinkState, Taken, What};
use proptest::prelude::*;
use protocol::Publication;
use protocol::alert::{Alarm, AlarmAction, AlarmKind, AlarmPriority, AlarmStage, AlertRecord};
use protocol::analysis::{Body, Condition, ConditionKind, Fetus, State};
use protocol::feed::{Attend, RefusedWhy, TrackNumber};
use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};

const OFFSET: i64 = 3_000_000;

#[test]
fn a_level_five_is_told_at_once_and_asks_for_a_reason() {
    let mut desk = Desk::new(Rules::shipped());
    assert_eq!(
        desk.hear(at(10), bed(1), &found(ConditionKind::Level5, true, 9), OFFSET),
        Taken::Taken
    );
    let alarm = only_alarm(&mut desk);
    assert_eq!((alarm.kind, alarm.priority), (AlarmKind::Level5, AlarmPriority::High));
    // Found by the bridge's clock, told by the region's; never in the future.
    assert_eq!(alarm.since, at(10));
    let attend = |desk: &mut Desk, reason: &str, seen| {
        let (action, reason) = (Some(AlarmAction::D), reason.to_owned());
        let request = Attend::Acknowledge { alarm: alarm.id, seen, action, reason };
        desk.attend(at(20), &request, &hand(), |_| None)
    };
    assert_eq!(attend(&mut desk, " ", AlarmPriority::High), Err(RefusedWhy::ReasonMissing));
    assert_eq!(attend(&mut desk, "theatre", AlarmPriority::Low), Err(RefusedWhy::Graver));
    assert_eq!(attend(&mut desk, "theatre", AlarmPriority::High), Ok(()));
    let seen = only_alarm(&mut desk);
    let acknowledged = seen.acknowledged.clone().unwrap();
    assert_eq!(acknowledged.reason, "theatre");
    assert_eq!(acknowledged.action, Some(AlarmAction::D));
    assert_eq!(acknowledged.after_millis, 10_000);
    assert_eq!(seen.stage(), Some(AlarmStage::Acknowledged));
    assert_eq!(attend(&mut desk, "theatre", AlarmPriority::High), Err(RefusedWhy::Already));
}

#[test]
fn a_link_that_is_lost_for_longer_than_its_delay_is_an_alarm_and_ends_by_itself() {
    let mut desk = Desk::new(Rules::shipped());
    let lost = [Link { bed: bed(1), state: LinkState::Lost, since: at(0) }];
    for second in 0..15 {
        desk.look(at(second), &lost, None);
        assert_eq!(desk.poll_told(), None, "{second}");
    }
    desk.look(at(15), &lost, None);
    assert_eq!(only_alarm(&mut desk).kind, AlarmKind::LinkLost);
    desk.look(at(30), &[], None);
    assert!(last_alarm(&mut desk).is_resolved);
}

#[test]
fn a_pause_is_told_with_who_asked_and_ends_by_itself() {
    let mut desk = Desk::new(Rules::shipped());
    let ask = |desk: &mut Desk, seconds| {
        let request = Attend::Pause { track: TrackNumber(4), seconds };
        desk.attend(at(0), &request, &hand(), |track| (track.0 == 4).then(|| bed(1)))
    };
    assert_eq!(ask(&mut desk, 90), Ok(()));
    assert_eq!(ask(&mut desk, 90), Err(RefusedWhy::Already));
    let told = desk.poll_told().unwrap();
    assert_eq!((told.what, told.bed, told.is_over), (What::Pause, Some(bed(1)), false));
    desk.look(at(90), &[], None);
    assert!(desk.poll_told().unwrap().is_over);
    let request = Attend::Pause { track: TrackNumber(5), seconds: 5 };
    assert_eq!(desk.attend(at(1), &request, &hand(), |_| None), Err(RefusedWhy::Unknown));
}

#[test]
fn after_a_restart_what_is_open_is_told_and_nothing_is_raised_again() {
    let mut desk = Desk::new(Rules::shipped());
    desk.hear(at(10), bed(1), &found(ConditionKind::Level5, true, 9), 0);
    desk.hear(at(10), bed(2), &found(ConditionKind::Bradycardia, true, 9), 0);
    let before: Vec<_> = std::iter::from_fn(|| desk.poll_told()).collect();
    let restored = Desk::restore(Rules::shipped(), &desk.kept());
    assert_eq!(restored.refused, [""; 0]);
    let mut again = restored.desk;
    let told: Vec<_> = std::iter::from_fn(|| again.poll_told()).collect();
    assert_eq!(told, before);
    // The analysis comes back and says what holds.
    again.hear(at(20), bed(1), &found(ConditionKind::Level5, true, 9), 0);
    assert_eq!(again.poll_told(), None);
}

#[test]
fn a_damaged_line_is_named_and_takes_no_other_with_it() {
    let mut desk = Desk::new(Rules::shipped());
    desk.hear(at(10), bed(1), &found(ConditionKind::Level5, true, 9), 0);
    let text = desk.kept();
    let torn = format!("{{\"alarm\":{{\"secret\":1}}}}\n{text}gar bage\n");
    let restored = Desk::restore(Rules::shipped(), &torn);
    let last = text.lines().count() + 2;
    assert_eq!(
        restored.refused,
        [
            "line 1: a field is missing or out of its bounds".to_owned(),
            format!("line {last}: this is no JSON object")
        ]
    );
    let mut desk = restored.desk;
    assert_eq!(only_alarm(&mut desk).kind, AlarmKind::Level5);
}

proptest! {
    #[test]
    fn a_text_restores_to_itself(steps in prop::collection::vec(step(), 0..60)) {
        let mut desk = Desk::new(Rules::shipped());
        live(&mut desk, &steps);
        let text = desk.kept();
        let restored = Desk::restore(Rules::shipped(), &text);
        prop_assert_eq!(restored.refused, Vec::<String>::new());
        prop_assert_eq!(restored.desk.kept(), text);
    }

    #[test]
    fn any_damage_is_refused_without_a_panic(
        steps in prop::collection::vec(step(), 1..30),
        cut in 0.0_f64..1.0,
        byte in any::<u8>(),
    ) {
        let mut desk = Desk::new(Rules::shipped());
        live(&mut desk, &steps);
        let mut bytes = desk.kept().into_bytes();
        let place = (cut * bytes.len() as f64) as usize;
        bytes[place] = byte;
        let text = String::from_utf8_lossy(&bytes);
        let mut desk = Desk::restore(Rules::shipped(), &text).desk;
        desk.look(at(100_000), &[], None);
        while let Some(told) = desk.poll_told() {
            prop_assert!(AlertRecord::decode(&told.record).is_ok());
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Step {
    after_s: i64,
    bed: u8,
    kind: ConditionKind,
    is_active: bool,
    hand: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let kinds = prop::sample::select(ConditionKind::ALL);
    (0_i64..200, 1_u8..4, kinds, any::<bool>(), 0_u8..8).prop_map(
        |(after_s, bed, kind, is_active, hand)| Step { after_s, bed, kind, is_active, hand },
    )
}

fn live(desk: &mut Desk, steps: &[Step]) {
    let day = |number: i64| Day { from: at(2_000 * number), to: at(2_000 * (number + 1)) };
    let mut now = 10;
    let mut last = 1;
    for step in steps {
        now += step.after_s;
        desk.begin_day(day(now / 2_000));
        desk.hear(at(now), bed(step.bed), &found(step.kind, step.is_active, now), 0);
        let lost = [Link { bed: bed(step.bed), state: LinkState::Silent, since: at(now - 70) }];
        desk.look(at(now), if step.hand % 2 == 0 { &lost } else { &[] }, Some(at(1)));
        let _done = match step.hand {
            0 => desk.attend(
                at(now),
                &Attend::Pause { track: TrackNumber(1), seconds: 30 },
                &hand(),
                |_| Some(bed(step.bed)),
            ),
            1 => desk.attend(at(now), &Attend::MarkInvalid { alarm: last }, &hand(), |_| None),
            2..5 => {
                let (seen, action) = (AlarmPriority::High, Some(AlarmAction::B));
                let reason = "looked at".to_owned();
                let request = Attend::Acknowledge { alarm: last, seen, action, reason };
                desk.attend(at(now), &request, &hand(), |_| None)
            }
            _ => Ok(()),
        };
        while let Some(told) = desk.poll_told() {
            let record = AlertRecord::decode(&told.record).expect("walls can read what they get");
            if let AlertRecord::Alarm(alarm) = record {
                last = alarm.id;
            }
        }
    }
}

fn found(kind: ConditionKind, is_active: bool, since_s: i64) -> Publication {
    let body = Body::Condition(Condition { kind, is_active, since: at(since_s), value: 98 });
    let (state, fetus) = (State::Provisional, Fetus::First);
    Publication { episode: EpisodeId::from_u128(7), fetus, state, revision: 1, id: 1, body }
}

fn only_alarm(desk: &mut Desk) -> Alarm {
    let told = desk.poll_told().expect("there is one");
    assert_eq!(desk.poll_told(), None);
    match AlertRecord::decode(&told.record).unwrap() {
        AlertRecord::Alarm(alarm) => alarm,
        AlertRecord::Pause(_) => panic!("an alarm was expected"),
    }
}

fn last_alarm(desk: &mut Desk) -> Alarm {
    let told = std::iter::from_fn(|| desk.poll_told()).last().expect("there is one");
    match AlertRecord::decode(&told.record).unwrap() {
        AlertRecord::Alarm(alarm) => alarm,
        AlertRecord::Pause(_) => panic!("an alarm was expected"),
    }
}

fn at(second: i64) -> WallTime {
    WallTime(second * WallTime::MICROS_PER_SECOND)
}

fn bed(number: u8) -> Bed {
    Bed {
        bridge: BridgeId::new("clinic-a").unwrap(),
        device: DeviceId::new(&format!("m{number}")).unwrap(),
    }
}

fn hand() -> Hand {
    Hand { by: Staff::new("sato").unwrap(), on: Screen::new("screen 4").unwrap() }
}
