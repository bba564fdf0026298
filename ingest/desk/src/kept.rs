//! Everything as a text that survives a restart: one JSON object a line.
//!
//! ```text
//! {"head":{"id_last":7,"now":1764082800000000}}
//! {"bed":{"bed":["clinic-a","m1"],"current":"0f…","previous":null}}
//! {"alarm":{"id":7,"kind":"level-5","of":{"fetus":["clinic-a","m1",1]},…}}
//! {"waiting":{…}}  {"news":{…}}  {"pause":{…}}
//! {"day":{"from":…,"to":…,"rows":[…]}}  {"unplaced":0}
//! ```
//!
//! Times are µs since 1970 UTC by the region's clock, episodes 32 hexadecimal digits. A line that
//! cannot be read is refused by itself and named, without what stands in it: it may name a person.

use alert::load::Load;
use alert::{
    Acknowledgement, Action, Alarm, AlarmId, Bed, Cause, Detail, Fetus, Hand, InvalidMark, Kind,
    Pause, Priority, Record, Resolution, Role, Screen, Staff, Subject, Waiting, Words,
};
use serde::{Deserialize, Serialize};
use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};

mod load;

/// Records and load as a text.
pub(crate) fn write(records: &[Record], load: &Load) -> String {
    let records = records.iter().map(Line::from);
    let load = load::days(load).map(Line::Day).chain([Line::Unplaced(load.unplaced())]);
    let mut text = String::new();
    for line in records.chain(load) {
        let line = serde_json::to_string(&line);
        text.push_str(&line.expect("a line holds only texts and numbers"));
        text.push('\n');
    }
    text
}

/// What a text holds.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The records.
    pub records: Vec<Record>,
    /// The line of each, from 1.
    pub lines: Vec<usize>,
    /// How many alarms there were.
    pub load: Load,
    /// What could not be read, without what stands there.
    pub refused: Vec<String>,
}

/// Reads a text.
pub(crate) fn read(text: &str) -> Kept {
    let mut kept = Kept::default();
    let (mut days, mut unplaced) = (Vec::new(), 0);
    for (at, content) in text.lines().enumerate() {
        let line = at + 1;
        let parsed = serde_json::from_str::<Line>(content);
        match parsed.map_err(|error| place(&error)).and_then(Line::part) {
            Ok(Part::Record(record)) => {
                kept.records.push(record);
                kept.lines.push(line);
            }
            Ok(Part::Day(day)) => days.push(day),
            Ok(Part::Unplaced(count)) => unplaced = count,
            Err(why) => kept.refused.push(format!("line {line}: {why}")),
        }
    }
    match Load::restore(days, unplaced) {
        Ok(load) => kept.load = load,
        Err(error) => kept.refused.push(format!("the days of the load: {error}")),
    }
    kept
}

/// What a line holds.
enum Part {
    Record(Record),
    Day(load::LoadDay),
    Unplaced(u64),
}

/// Where a line is wrong; never what stands there.
fn place(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Data => "a field is missing or out of its bounds",
        serde_json::error::Category::Eof => "the line is cut short",
        _ => "this is no JSON object",
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Line {
    Head {
        id_last: u64,
        now: Option<i64>,
    },
    Bed {
        bed: Place,
        current: Option<String>,
        previous: Option<String>,
    },
    Alarm(Box<KeptAlarm>),
    Waiting {
        of: Of,
        kind: String,
        since: i64,
        holding_since: i64,
        episode: Option<String>,
        detail: Option<String>,
    },
    News {
        of: Of,
        kind: String,
        at: i64,
    },
    Pause {
        bed: Place,
        hand: KeptHand,
        at: i64,
        until: i64,
    },
    Day(load::KeptDay),
    Unplaced(u64),
}

type Place = (String, String);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Region,
    Bed(String, String),
    Fetus(String, String, u8),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptHand {
    by: String,
    on: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptAcknowledgement {
    hand: KeptHand,
    at: i64,
    after_micros: i64,
    action: Option<u8>,
    reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptAlarm {
    id: u64,
    revision: u32,
    kind: String,
    of: Of,
    episode: Option<String>,
    detail: Option<String>,
    priority: u8,
    since: i64,
    raised_at: i64,
    unanswered_since: i64,
    holding_since: i64,
    promoted_at: Option<i64>,
    role: u8,
    returns: u32,
    ended_at: Option<i64>,
    acknowledgement: Option<KeptAcknowledgement>,
    earlier: Option<KeptAcknowledgement>,
    invalid: Option<(KeptHand, i64)>,
    /// When, and whether another monitoring was why.
    resolution: Option<(i64, bool)>,
}

impl From<&Record> for Line {
    fn from(record: &Record) -> Self {
        let episode = |id: &Option<EpisodeId>| id.map(|id| format!("{:032x}", id.to_u128()));
        match record {
            Record::Head { id_last, now } => {
                Self::Head { id_last: id_last.0, now: now.map(|now| now.0) }
            }
            Record::Bed { bed, current, previous } => Self::Bed {
                bed: place_of(*bed),
                current: episode(current),
                previous: episode(previous),
            },
            Record::Alarm(alarm) => Self::Alarm(Box::new(KeptAlarm::from(&**alarm))),
            Record::Waiting { subject, kind, waiting } => Self::Waiting {
                of: Of::from(*subject),
                kind: kind.word().to_owned(),
                since: waiting.since.0,
                holding_since: waiting.holding_since.0,
                episode: episode(&waiting.episode),
                detail: waiting.detail.as_ref().map(|text| text.as_str().to_owned()),
            },
            Record::News { subject, kind, at } => {
                Self::News { of: Of::from(*subject), kind: kind.word().to_owned(), at: at.0 }
            }
            Record::Pause(pause) => Self::Pause {
                bed: place_of(pause.bed),
                hand: KeptHand::from(&pause.hand),
                at: pause.at.0,
                until: pause.until.0,
            },
        }
    }
}

impl From<&Alarm> for KeptAlarm {
    fn from(alarm: &Alarm) -> Self {
        Self {
            id: alarm.id.0,
            revision: alarm.revision,
            kind: alarm.kind.word().to_owned(),
            of: Of::from(alarm.subject),
            episode: alarm.episode.map(|id| format!("{:032x}", id.to_u128())),
            detail: alarm.detail.as_ref().map(|text| text.as_str().to_owned()),
            priority: alarm.priority as u8,
            since: alarm.since.0,
            raised_at: alarm.raised_at.0,
            unanswered_since: alarm.unanswered_since.0,
            holding_since: alarm.holding_since.0,
            promoted_at: alarm.promoted_at.map(|at| at.0),
            role: alarm.role as u8,
            returns: alarm.returns,
            ended_at: alarm.ended_at.map(|at| at.0),
            acknowledgement: alarm.acknowledgement.as_ref().map(KeptAcknowledgement::from),
            earlier: alarm.earlier.as_ref().map(KeptAcknowledgement::from),
            invalid: alarm.invalid.as_ref().map(|one| (KeptHand::from(&one.hand), one.at.0)),
            resolution: alarm.resolution.map(|one| (one.at.0, one.cause == Cause::OtherEpisode)),
        }
    }
}

impl From<&Acknowledgement> for KeptAcknowledgement {
    fn from(one: &Acknowledgement) -> Self {
        Self {
            hand: KeptHand::from(&one.hand),
            at: one.at.0,
            after_micros: one.after_micros,
            action: one.action.map(|action| action as u8),
            reason: one.reason.as_ref().map(|text| text.as_str().to_owned()),
        }
    }
}

impl From<&Hand> for KeptHand {
    fn from(hand: &Hand) -> Self {
        Self { by: hand.by.as_str().to_owned(), on: hand.on.as_str().to_owned() }
    }
}

impl From<Subject> for Of {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Region => Self::Region,
            Subject::Bed(bed) => {
                let (bridge, device) = place_of(bed);
                Self::Bed(bridge, device)
            }
            Subject::Fetus(bed, fetus) => {
                let (bridge, device) = place_of(bed);
                Self::Fetus(bridge, device, fetus as u8)
            }
        }
    }
}

fn place_of(bed: Bed) -> Place {
    (bed.bridge.as_str().to_owned(), bed.device.as_str().to_owned())
}

/// Why a line is refused.
type Refused<T> = Result<T, &'static str>;

impl Line {
    fn part(self) -> Refused<Part> {
        Ok(Part::Record(match self {
            Self::Day(day) => return Ok(Part::Day(day.day()?)),
            Self::Unplaced(count) => return Ok(Part::Unplaced(count)),
            Self::Head { id_last, now } => {
                Record::Head { id_last: AlarmId(id_last), now: now.map(WallTime) }
            }
            Self::Bed { bed: (bridge, device), current, previous } => Record::Bed {
                bed: bed(&bridge, &device)?,
                current: episode(current)?,
                previous: episode(previous)?,
            },
            Self::Alarm(alarm) => Record::Alarm(Box::new(alarm.alarm()?)),
            Self::Waiting { of, kind, since, holding_since, episode: id, detail: text } => {
                let waiting = Waiting {
                    since: WallTime(since),
                    holding_since: WallTime(holding_since),
                    episode: episode(id)?,
                    detail: detail(text)?,
                };
                Record::Waiting { subject: of.subject()?, kind: kind_of(&kind)?, waiting }
            }
            Self::News { of, kind, at } => {
                Record::News { subject: of.subject()?, kind: kind_of(&kind)?, at: WallTime(at) }
            }
            Self::Pause { bed: (bridge, device), hand, at, until } => Record::Pause(Pause {
                bed: bed(&bridge, &device)?,
                hand: hand.hand()?,
                at: WallTime(at),
                until: WallTime(until),
            }),
        }))
    }
}

impl KeptAlarm {
    fn alarm(self) -> Refused<Alarm> {
        let invalid = |(hand, at): (KeptHand, i64)| {
            Ok::<_, &'static str>(InvalidMark { hand: hand.hand()?, at: WallTime(at) })
        };
        let resolution = |(at, is_of_another): (i64, bool)| Resolution {
            at: WallTime(at),
            cause: if is_of_another { Cause::OtherEpisode } else { Cause::Over },
        };
        Ok(Alarm {
            id: AlarmId(self.id),
            revision: self.revision,
            kind: kind_of(&self.kind)?,
            subject: self.of.subject()?,
            episode: episode(self.episode)?,
            detail: detail(self.detail)?,
            priority: numbered(&Priority::ALL, self.priority, |one| one as u8)?,
            since: WallTime(self.since),
            raised_at: WallTime(self.raised_at),
            unanswered_since: WallTime(self.unanswered_since),
            holding_since: WallTime(self.holding_since),
            promoted_at: self.promoted_at.map(WallTime),
            role: numbered(&Role::ALL, self.role, |one| one as u8)?,
            returns: self.returns,
            ended_at: self.ended_at.map(WallTime),
            acknowledgement: self.acknowledgement.map(KeptAcknowledgement::taken).transpose()?,
            earlier: self.earlier.map(KeptAcknowledgement::taken).transpose()?,
            invalid: self.invalid.map(invalid).transpose()?,
            resolution: self.resolution.map(resolution),
        })
    }
}

impl KeptAcknowledgement {
    fn taken(self) -> Refused<Acknowledgement> {
        let actions = [Action::A, Action::B, Action::C, Action::D];
        let action = self.action.map(|number| numbered(&actions, number, |one| one as u8));
        let reason = self.reason.map(|text| Words::new(&text).map_err(|_| "a reason is no text"));
        Ok(Acknowledgement {
            hand: self.hand.hand()?,
            at: WallTime(self.at),
            after_micros: self.after_micros,
            action: action.transpose()?,
            reason: reason.transpose()?,
        })
    }
}

impl KeptHand {
    fn hand(self) -> Refused<Hand> {
        Ok(Hand {
            by: Staff::new(&self.by).map_err(|_| "an account is no name")?,
            on: Screen::new(&self.on).map_err(|_| "a screen is no name")?,
        })
    }
}

impl Of {
    fn subject(self) -> Refused<Subject> {
        Ok(match self {
            Self::Region => Subject::Region,
            Self::Bed(bridge, device) => Subject::Bed(bed(&bridge, &device)?),
            Self::Fetus(bridge, device, number) => {
                let fetuses = [Fetus::First, Fetus::Second];
                let fetus = numbered(&fetuses, number, |one| one as u8)?;
                Subject::Fetus(bed(&bridge, &device)?, fetus)
            }
        })
    }
}

fn bed(bridge: &str, device: &str) -> Refused<Bed> {
    Ok(Bed {
        bridge: BridgeId::new(bridge).map_err(|_| "a bridge has no such name")?,
        device: DeviceId::new(device).map_err(|_| "a device has no such name")?,
    })
}

fn episode(text: Option<String>) -> Refused<Option<EpisodeId>> {
    let bits = text.map(|text| u128::from_str_radix(&text, 16));
    let bits = bits.transpose().map_err(|_| "an episode is no number")?;
    Ok(bits.map(EpisodeId::from_u128))
}

fn detail(text: Option<String>) -> Refused<Option<Detail>> {
    text.map(|text| Detail::new(&text)).transpose().map_err(|_| "a detail is no text")
}

fn kind_of(word: &str) -> Refused<Kind> {
    Kind::from_word(word).ok_or("there is no such kind of alarm")
}

fn numbered<T: Copy>(all: &[T], number: u8, number_of: impl Fn(T) -> u8) -> Refused<T> {
    let found = all.iter().copied().find(|one| number_of(*one) == number);
    found.ok_or("a number stands for nothing")
}
