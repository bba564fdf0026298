//! The codes of this room are those of the wire, so that nobody has to keep a table between them.

use alert::{Action, Detail, Fetus, Kind, Priority, Role, Screen, Staff, Stage, Words};
use protocol::alert::{
    AlarmAction, AlarmKind, AlarmPriority, AlarmRole, AlarmStage, DETAIL_BYTES_MAX,
    PAUSE_SECONDS_MAX, REASON_BYTES_MAX,
};
use protocol::analysis::{Fetus as WireFetus, LABEL_BYTES_MAX};

#[test]
fn every_kind_has_its_number_and_word_on_the_wire() {
    assert_eq!(Kind::ALL.len(), AlarmKind::ALL.len());
    for kind in Kind::ALL {
        let wire = AlarmKind::from_code(kind.code()).map(AlarmKind::word);
        assert_eq!(wire, Some(kind.word()));
    }
}

#[test]
fn priorities_roles_actions_and_stages_mean_the_same_on_both_sides() {
    for priority in Priority::ALL {
        let wire = AlarmPriority::from_code(priority as u8).map(AlarmPriority::word);
        assert_eq!(wire, Some(priority.word()));
    }
    for role in Role::ALL {
        let wire = AlarmRole::from_code(role as u8).map(AlarmRole::word);
        assert_eq!(wire, Some(role.word()));
    }
    for action in [Action::A, Action::B, Action::C, Action::D] {
        let wire = AlarmAction::from_code(action as u8).map(AlarmAction::word);
        assert_eq!(wire, Some(format!("{action:?}").as_str()));
    }
    for stage in [Stage::Active, Stage::Latched, Stage::Acknowledged, Stage::Resolved] {
        let words: Vec<_> = AlarmStage::ALL.iter().map(|stage| stage.word()).collect();
        assert!(words.contains(&format!("{stage:?}").to_lowercase().as_str()));
    }
    for (fetus, wire) in [(Fetus::First, WireFetus::First), (Fetus::Second, WireFetus::Second)] {
        assert_eq!(fetus as u8, wire.code());
    }
}

#[test]
fn every_text_and_pause_of_this_room_fits_the_wire() {
    assert_eq!(Detail::BYTES_MAX, DETAIL_BYTES_MAX);
    assert_eq!(Words::BYTES_MAX, REASON_BYTES_MAX);
    assert_eq!((Staff::BYTES_MAX, Screen::BYTES_MAX), (LABEL_BYTES_MAX, LABEL_BYTES_MAX));
    assert_eq!(alert::Rules::shipped().pause_max_s(), u32::from(PAUSE_SECONDS_MAX));
}
