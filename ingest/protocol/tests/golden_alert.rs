//! One example of every record and frame of alarms, byte for byte, beside `golden.rs`.
//!
//! `UBUGOE_BLESS=1` writes them anew; the change then shows in the commit.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use protocol::WireError;
use protocol::alert::{
    ALERT_BYTES_MAX, Acknowledged, Alarm, AlarmAction, AlarmFlags, AlarmKind, AlarmPriority,
    AlarmRole, AlarmStage, AlertRecord, Pause, PauseOver,
};
use protocol::analysis::Fetus;
use protocol::feed::{
    AlertsFrame, Attend, FRAME_BYTES_MAX, FeedFrame, RecordEntry, Refused, RefusedWhy, SetMarks,
    TrackNumber, encode_refused,
};
use vitals::{EpisodeId, WallTime};

#[path = "golden/file.rs"]
mod file;
use file::golden;

const NOW: WallTime = WallTime(1_795_392_000_250_000);
const EPISODE: EpisodeId = EpisodeId::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);

#[test]
fn every_record_is_as_its_table_says() {
    for (name, record, len) in [
        ("alert_active", AlertRecord::Alarm(level_5()), 64 + 1 + 1),
        ("alert_acknowledged", AlertRecord::Alarm(seen()), 64 + 13 + 14 + 5 + 7 + 16),
        ("alert_resolved", AlertRecord::Alarm(link_lost()), 64 + 1 + 1),
        ("alert_pause", AlertRecord::Pause(pause()), 24 + 5 + 7),
    ] {
        let bytes = record.to_bytes();
        golden(name, &bytes);
        assert_eq!(bytes.len(), len, "{name}");
        assert_eq!(AlertRecord::decode(&bytes).unwrap(), record, "{name}");
        for cut in 0..bytes.len() {
            assert!(AlertRecord::decode(&bytes[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn the_fullest_record_has_as_many_bytes_as_are_believed() {
    let acknowledged = Acknowledged {
        account: "a".repeat(64),
        screen: "s".repeat(64),
        reason: "r".repeat(200),
        ..seen().acknowledged.unwrap()
    };
    let full = Alarm { detail: "d".repeat(48), acknowledged: Some(acknowledged), ..seen() };
    let bytes = AlertRecord::Alarm(full).to_bytes();
    assert_eq!(bytes.len(), ALERT_BYTES_MAX);
    assert!(AlertRecord::decode(&bytes).is_ok());
    let mut longer = bytes;
    longer.push(0);
    let refused = Err(WireError::Oversize { announced: 459, max: 458 });
    assert_eq!(AlertRecord::decode(&longer), refused);
}

#[test]
fn a_stage_that_does_not_follow_from_the_rest_is_refused() {
    assert_eq!(level_5().stage(), Some(AlarmStage::Active));
    assert_eq!(seen().stage(), Some(AlarmStage::Acknowledged));
    assert_eq!(link_lost().stage(), Some(AlarmStage::Resolved));
    let latched = Alarm { ended_at: Some(NOW), ..level_5() };
    assert_eq!(latched.stage(), Some(AlarmStage::Latched));
    let bytes = AlertRecord::Alarm(latched).to_bytes();
    for stage in [0, 1, 3, 5] {
        let mut wrong = bytes.clone();
        wrong[2] = stage;
        assert!(AlertRecord::decode(&wrong).is_err(), "stage {stage}");
    }
    // Over, and on the list although somebody has seen it: no such alarm.
    let contradiction = Alarm { ended_at: Some(NOW), ..seen() };
    assert_eq!(contradiction.stage(), None);
    assert!(AlertRecord::decode(&AlertRecord::Alarm(contradiction).to_bytes()).is_err());
}

#[test]
fn alarms_and_pauses_come_in_one_frame() {
    let (one, two) = (AlertRecord::Alarm(seen()), AlertRecord::Pause(pause()));
    let (one, two) = (one.to_bytes(), two.to_bytes());
    let entries = [
        RecordEntry { track: TrackNumber(3), record: &one },
        RecordEntry { track: TrackNumber::REGION, record: &two },
    ];
    let marks = SetMarks::BEGINS.with(SetMarks::ENDS);
    let mut frame = AlertsFrame::new(NOW);
    assert!(frame.is_empty() && entries.iter().all(|entry| frame.push(entry)));
    let bytes = frame.into_bytes(marks);
    golden("alerts", &bytes);
    let read = FeedFrame::decode(&bytes).unwrap();
    assert_eq!(read, FeedFrame::Alerts { now: NOW, marks, entries: entries.to_vec() });

    let mut frame = AlertsFrame::new(NOW);
    while frame.push(&entries[0]) {}
    assert!(frame.into_bytes(SetMarks::NONE).len() <= FRAME_BYTES_MAX);
}

#[test]
fn what_staff_do_is_as_recorded() {
    for (name, attend) in [
        ("acknowledge", acknowledge()),
        ("mark_invalid", Attend::MarkInvalid { alarm: 77 }),
        ("pause", Attend::Pause { track: TrackNumber(3), seconds: 120 }),
    ] {
        let bytes = attend.to_bytes();
        golden(name, &bytes);
        assert!(Attend::is_meant(&bytes));
        assert_eq!(Attend::decode(&bytes).unwrap(), attend, "{name}");
        for cut in 0..bytes.len() {
            assert!(Attend::decode(&bytes[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
    assert!(!Attend::is_meant(&[0x62]) && !Attend::is_meant(&[]));
}

#[test]
fn no_pause_is_too_long_or_of_the_whole_region_and_no_alarm_has_the_number_0() {
    for wrong in [
        Attend::Pause { track: TrackNumber(3), seconds: 121 },
        Attend::Pause { track: TrackNumber::REGION, seconds: 60 },
        Attend::MarkInvalid { alarm: 0 },
    ] {
        assert!(Attend::decode(&wrong.to_bytes()).is_err(), "{wrong:?}");
    }
}

#[test]
fn what_was_not_done_says_of_what_and_why() {
    let pause = Attend::Pause { track: TrackNumber(3), seconds: 120 };
    for (name, request, why) in [
        ("refused_acknowledge", acknowledge(), RefusedWhy::Graver),
        ("refused_pause", pause, RefusedWhy::Already),
    ] {
        let refused = Refused::of(&request, why);
        let bytes = encode_refused(NOW, refused);
        golden(name, &bytes);
        assert_eq!(FeedFrame::decode(&bytes).unwrap(), FeedFrame::Refused { now: NOW, refused });
    }
    let invalid = Refused::of(&Attend::MarkInvalid { alarm: 9 }, RefusedWhy::NotAllowed);
    let bytes = encode_refused(NOW, invalid);
    assert_eq!(
        FeedFrame::decode(&bytes).unwrap(),
        FeedFrame::Refused { now: NOW, refused: invalid }
    );
    // The number of a track has 16 bits.
    let mut wrong = encode_refused(NOW, Refused::of(&acknowledge(), RefusedWhy::Unknown));
    wrong[9] = 0x65;
    wrong[13] = 1;
    assert!(FeedFrame::decode(&wrong).is_err());
}

#[test]
fn codes_and_words_go_both_ways() {
    for &kind in AlarmKind::ALL {
        assert_eq!(AlarmKind::from_code(kind.code()), Some(kind));
    }
    let mut words: Vec<_> = AlarmKind::ALL.iter().map(|kind| kind.word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), AlarmKind::ALL.len(), "two kinds share a word");
}

fn level_5() -> Alarm {
    Alarm {
        id: 0x0102_0304_0506_0708,
        revision: 1,
        kind: AlarmKind::Level5,
        priority: AlarmPriority::High,
        fetus: Some(Fetus::First),
        role: AlarmRole::Midwife,
        flags: AlarmFlags::REASON.with(AlarmFlags::UNREVIEWED),
        is_resolved: false,
        returns: 0,
        episode: Some(EPISODE),
        since: NOW,
        raised_at: NOW,
        ended_at: None,
        detail: String::new(),
        acknowledged: None,
    }
}

fn seen() -> Alarm {
    let acknowledged = Acknowledged {
        at: WallTime(NOW.0 + 42_000_000),
        after_millis: 42_000,
        action: Some(AlarmAction::C),
        account: "anna".into(),
        screen: "desk-2".into(),
        reason: "体位変換後".into(),
    };
    Alarm {
        id: 77,
        revision: 4,
        kind: AlarmKind::SevereBradycardia,
        fetus: Some(Fetus::Second),
        role: AlarmRole::FacilityDoctor,
        flags: AlarmFlags::INVALID.with(AlarmFlags::PROMOTED),
        returns: 2,
        since: WallTime(NOW.0 - 180_000_000),
        detail: "FHR2 72 < 80".into(),
        acknowledged: Some(acknowledged),
        ..level_5()
    }
}

fn link_lost() -> Alarm {
    Alarm {
        id: 78,
        revision: 3,
        kind: AlarmKind::LinkLost,
        priority: AlarmPriority::Medium,
        fetus: None,
        flags: AlarmFlags::NONE,
        is_resolved: true,
        episode: None,
        ended_at: Some(WallTime(NOW.0 + 9_000_000)),
        ..level_5()
    }
}

fn pause() -> Pause {
    Pause {
        over: Some(PauseOver::HighAlarm),
        at: NOW,
        until: WallTime(NOW.0 + 20_000_000),
        account: "anna".into(),
        screen: "desk-2".into(),
    }
}

fn acknowledge() -> Attend {
    Attend::Acknowledge {
        alarm: 77,
        seen: AlarmPriority::Medium,
        action: Some(AlarmAction::B),
        reason: "体位変換後".into(),
    }
}
