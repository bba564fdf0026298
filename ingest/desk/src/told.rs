//! An alarm and a pause as walls are told of them.

use alert::rules::{Answer, Reviewers};
use alert::{
    AcknowledgeError, Acknowledgement, Action, Alarm, Bed, Cause, Fetus, InvalidError, Kind, Pause,
    PauseEnd, PauseError, Priority, Role, Rules, Subject,
};
use protocol::alert as wire;
use protocol::alert::{AlarmFlags, AlertRecord};
use protocol::analysis::Fetus as WireFetus;
use protocol::feed::RefusedWhy;
use vitals::WallTime;

/// One record for walls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Of which bed; `None` of the region.
    pub bed: Option<Bed>,
    /// What it replaces.
    pub what: What,
    /// Whether who comes later need not hear of it.
    pub is_over: bool,
    /// The encoded record.
    pub record: Vec<u8>,
}

/// What a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The alarm of this number.
    Alarm(u64),
    /// The pause of its bed.
    Pause,
}

/// Whether it is on its way from one stage to the next: the wire has no stage for that.
pub(crate) const fn is_passing(alarm: &Alarm) -> bool {
    alarm.acknowledgement.is_some() && alarm.ended_at.is_some() && alarm.resolution.is_none()
}

/// An alarm as it is now.
pub(crate) fn alarm(alarm: &Alarm, rules: &Rules) -> Told {
    let (bed, fetus) = match alarm.subject {
        Subject::Region => (None, None),
        Subject::Bed(bed) => (Some(bed), None),
        Subject::Fetus(bed, Fetus::First) => (Some(bed), Some(WireFetus::First)),
        Subject::Fetus(bed, Fetus::Second) => (Some(bed), Some(WireFetus::Second)),
    };
    let record = wire::Alarm {
        id: alarm.id.0,
        revision: alarm.revision,
        kind: kind(alarm.kind),
        priority: priority(alarm.priority),
        fetus,
        role: role(alarm.role),
        flags: flags(alarm, rules),
        is_resolved: alarm.resolution.is_some(),
        returns: alarm.returns,
        episode: alarm.episode,
        since: alarm.since,
        raised_at: alarm.raised_at,
        // What another monitoring ended may hold on: then it ended with that.
        ended_at: alarm.ended_at.or(alarm.resolution.map(|resolution| resolution.at)),
        detail: alarm.detail.as_ref().map_or_else(String::new, |text| text.as_str().to_owned()),
        acknowledged: alarm.acknowledgement.as_ref().map(acknowledged),
    };
    Told {
        bed,
        what: What::Alarm(alarm.id.0),
        is_over: record.is_resolved,
        record: AlertRecord::Alarm(record).to_bytes(),
    }
}

/// A pause that runs, or that ended for a reason.
pub(crate) fn pause(pause: &Pause, until: WallTime, end: Option<&PauseEnd>) -> Told {
    let over = end.map(|end| match end {
        PauseEnd::Elapsed => wire::PauseOver::Elapsed,
        PauseEnd::ByHand(_) => wire::PauseOver::ByHand,
        PauseEnd::HighAlarm => wire::PauseOver::HighAlarm,
        PauseEnd::OtherEpisode => wire::PauseOver::OtherEpisode,
    });
    let record = wire::Pause {
        over,
        at: pause.at,
        until,
        account: pause.hand.by.as_str().to_owned(),
        screen: pause.hand.on.as_str().to_owned(),
    };
    Told {
        bed: Some(pause.bed),
        what: What::Pause,
        is_over: over.is_some(),
        record: AlertRecord::Pause(record).to_bytes(),
    }
}

fn flags(alarm: &Alarm, rules: &Rules) -> AlarmFlags {
    let rule = rules.of(alarm.kind);
    let is_of_another =
        alarm.resolution.is_some_and(|resolution| resolution.cause == Cause::OtherEpisode);
    let all = [
        (alarm.invalid.is_some(), AlarmFlags::INVALID),
        (alarm.promoted_at.is_some(), AlarmFlags::PROMOTED),
        (rule.once_per_s.is_some(), AlarmFlags::DIGEST),
        (rule.answer == Answer::Reason, AlarmFlags::REASON),
        (is_of_another, AlarmFlags::OTHER_EPISODE),
        (rules.identity().reviewers == Reviewers::None, AlarmFlags::UNREVIEWED),
    ];
    let set = all.into_iter().filter(|(holds, _)| *holds);
    set.fold(AlarmFlags::NONE, |flags, (_, flag)| flags.with(flag))
}

fn acknowledged(one: &Acknowledgement) -> wire::Acknowledged {
    wire::Acknowledged {
        at: one.at,
        after_millis: u32::try_from(one.after_micros / 1_000).unwrap_or(u32::MAX),
        action: one.action.map(|action| match action {
            Action::A => wire::AlarmAction::A,
            Action::B => wire::AlarmAction::B,
            Action::C => wire::AlarmAction::C,
            Action::D => wire::AlarmAction::D,
        }),
        account: one.hand.by.as_str().to_owned(),
        screen: one.hand.on.as_str().to_owned(),
        reason: one.reason.as_ref().map_or_else(String::new, |text| text.as_str().to_owned()),
    }
}

/// Both sides number their kinds alike; a test of `alert` holds them to it.
fn kind(kind: Kind) -> wire::AlarmKind {
    wire::AlarmKind::from_code(kind.code()).expect("every kind has its number on the wire")
}

const fn priority(priority: Priority) -> wire::AlarmPriority {
    match priority {
        Priority::Low => wire::AlarmPriority::Low,
        Priority::Medium => wire::AlarmPriority::Medium,
        Priority::High => wire::AlarmPriority::High,
    }
}

const fn role(role: Role) -> wire::AlarmRole {
    match role {
        Role::Midwife => wire::AlarmRole::Midwife,
        Role::FacilityDoctor => wire::AlarmRole::FacilityDoctor,
        Role::CentreObstetrician => wire::AlarmRole::CentreObstetrician,
    }
}

pub(crate) const fn not_acknowledged(error: &AcknowledgeError) -> RefusedWhy {
    match error {
        AcknowledgeError::Already { .. } => RefusedWhy::Already,
        AcknowledgeError::Resolved => RefusedWhy::Resolved,
        AcknowledgeError::ReasonMissing => RefusedWhy::ReasonMissing,
        AcknowledgeError::Graver { .. } => RefusedWhy::Graver,
        _ => RefusedWhy::Unknown,
    }
}

pub(crate) const fn not_marked(error: InvalidError) -> RefusedWhy {
    match error {
        InvalidError::Already => RefusedWhy::Already,
        _ => RefusedWhy::Unknown,
    }
}

pub(crate) const fn not_paused(error: &PauseError) -> RefusedWhy {
    match error {
        PauseError::Already { .. } => RefusedWhy::Already,
        PauseError::OutOfBounds { .. } => RefusedWhy::TooLong,
        _ => RefusedWhy::NoRoom,
    }
}
