//! Which conditions of the analysis become alarms, and what they say.

use alert::{Bed, Condition, Detail, Fetus, Kind, Scope, Subject};
use protocol::Publication;
use protocol::analysis::{Body, Condition as Found, ConditionKind, Fetus as WireFetus, State};

/// The condition of a record; `None` where it is another record, or makes no alarm.
#[must_use]
pub fn of(bed: Bed, publication: &Publication, offset_micros: i64) -> Option<Condition> {
    let Body::Condition(found) = &publication.body else { return None };
    let kind = kind(found.kind)?;
    let fetus = match publication.fetus {
        WireFetus::First => Fetus::First,
        WireFetus::Second => Fetus::Second,
    };
    let subject = match kind.scope() {
        Scope::Region => Subject::Region,
        Scope::Bed => Subject::Bed(bed),
        Scope::Fetus => Subject::Fetus(bed, fetus),
    };
    let since = found.since.plus_micros(offset_micros);
    let mut condition = Condition::new(kind, subject, since).ok()?;
    condition.is_active = found.is_active && publication.state != State::Withdrawn;
    condition.episode = Some(publication.episode);
    condition.detail = detail(found);
    Some(condition)
}

/// The kind of alarm. Three conditions have none: what they mean for her stands in the level
/// that is published beside them.
const fn kind(found: ConditionKind) -> Option<Kind> {
    Some(match found {
        ConditionKind::Bradycardia => Kind::Bradycardia,
        ConditionKind::Tachycardia => Kind::Tachycardia,
        ConditionKind::Tachysystole => Kind::Tachysystole,
        ConditionKind::MaternalCoincidence => Kind::MaternalCoincidence,
        ConditionKind::MaternalDoubled => Kind::MaternalDoubled,
        ConditionKind::SignalPoor => Kind::SignalPoor,
        ConditionKind::Level3 => Kind::Level3,
        ConditionKind::Level4 => Kind::Level4,
        ConditionKind::Level5 => Kind::Level5,
        ConditionKind::TwinsCoincide => Kind::TwinsCoincide,
        ConditionKind::SevereBradycardia => Kind::SevereBradycardia,
        ConditionKind::SignalLost => Kind::SignalLost,
        ConditionKind::Sinusoidal
        | ConditionKind::ProlongedDeceleration
        | ConditionKind::NotClassifiable => return None,
    })
}

/// The number of a condition in its unit.
fn detail(found: &Found) -> Option<Detail> {
    let value = found.value;
    let text = match found.kind {
        ConditionKind::Bradycardia
        | ConditionKind::SevereBradycardia
        | ConditionKind::Tachycardia => format!("FHR {value} bpm"),
        ConditionKind::Tachysystole => {
            format!("UC {}.{} / 10 min", value / 10, (value % 10).abs())
        }
        ConditionKind::SignalPoor => format!("FHR −{value} %"),
        ConditionKind::MaternalCoincidence
        | ConditionKind::MaternalDoubled
        | ConditionKind::TwinsCoincide
        | ConditionKind::SignalLost => format!("{value} s"),
        _ => return None,
    };
    (value != 0).then(|| Detail::new(&text).ok())?
}
