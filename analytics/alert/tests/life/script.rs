//! Scripts of an alarm's life: what is said and done, and when, in a line.
//!
//! ```text
//! 00:00 level-5 on | 00:30 ack 1 anna D pulled the cord | 01:00 level-5 off
//! ```
//!
//! | step | what it does |
//! |---|---|
//! | `level-5 on`, `level-5@2 on`, `level-5@1.2 on` | it holds, of bed 1, of bed 2, of its second fetus |
//! | `level-5 on FHR 70` | with a text to show |
//! | `level-5 on since 00:10` | it began before it was said |
//! | `level-5 off` | it is over |
//! | `only link link-lost@2 silent@3` | all that a source finds now |
//! | `ack 1 anna`, `ack 1 anna D a reason` | anna has seen alarm 1 |
//! | `ack-medium 1 anna` | anna has seen it as a medium one |
//! | `invalid 1 anna` | anna says that it was an artefact |
//! | `pause 1 60 anna`, `resume 1 anna` | quiet at bed 1 |
//! | `episode 1 7`, `episode 1 -` | bed 1 shows monitoring 7, or none |
//! | `restart` | the records go to a disk and come back |
//! | `late` | the timer comes now, and not when it was due |
//! | `nothing` | time goes by |
//!
//! Before each step the driver's timer has called whenever something was due; not before `late`.

use alert::*;
use vitals::{BridgeId, DeviceId, EpisodeId, WallTime};

/// Half past some hour, so that the clock's ten minutes end at 10:00, 20:00, … of a script.
pub const START: WallTime = WallTime(1_800_001_800_000_000);

/// Runs a script and compares what happened.
#[track_caller]
pub fn check(script: &str, expected: &[&str]) {
    let (_, happened) = run(Rules::shipped(), script);
    assert_eq!(happened, expected, "\n{}\n", happened.join("\n"));
}

/// What comes of a step.
pub enum Heard<'a> {
    /// Something happened.
    Event(&'a Event),
    /// A call was refused.
    Refused(String),
}

/// Runs a script; the alarms at its end, and all that happened.
pub fn run(rules: Rules, script: &str) -> (Alerts, Vec<String>) {
    let mut happened = Vec::new();
    let alerts = run_with(rules, script, |heard| match heard {
        Heard::Event(event) => happened.push(told(event)),
        Heard::Refused(why) => happened.push(why),
    });
    (alerts, happened)
}

/// Runs a script and hands on what comes of each step.
pub fn run_with(rules: Rules, script: &str, mut hear: impl FnMut(Heard<'_>)) -> Alerts {
    let mut alerts = Alerts::new(rules);
    let mut episodes = std::collections::BTreeMap::new();
    for step in script.split('|').map(str::trim) {
        let (at, step) = step.split_once(' ').expect("a step has a time and a verb");
        let now = time(at);
        if step != "late" {
            while let Some(due) = alerts.poll_timeout().filter(|due| *due <= now) {
                alerts.handle_timeout(due);
                fetch(&mut alerts, &mut hear);
            }
        }
        let refused = take(&mut alerts, now, step, &mut episodes);
        fetch(&mut alerts, &mut hear);
        if let Some(why) = refused {
            hear(Heard::Refused(format!("{at} refused: {why}")));
        }
        alerts.assert_invariants();
    }
    alerts
}

fn fetch(alerts: &mut Alerts, hear: &mut impl FnMut(Heard<'_>)) {
    while let Some(event) = alerts.poll_event() {
        hear(Heard::Event(&event));
    }
}

fn take(
    alerts: &mut Alerts,
    now: WallTime,
    step: &str,
    episodes: &mut std::collections::BTreeMap<u8, EpisodeId>,
) -> Option<String> {
    let words: Vec<&str> = step.split_whitespace().collect();
    let id = |word: &str| AlarmId(word.parse().expect("the number of an alarm"));
    match words[..] {
        ["nothing"] => None,
        ["late"] => {
            alerts.handle_timeout(now);
            None
        }
        ["restart"] => {
            let records = alerts.records();
            let restored = Alerts::restore(alerts.rules().clone(), records);
            assert_eq!(restored.refused, []);
            *alerts = restored.alerts;
            None
        }
        ["only", source, ref rest @ ..] => {
            let source = if source == "link" { Source::Link } else { Source::Analysis };
            let holding: Vec<_> = rest.iter().map(|one| condition(one, now, episodes)).collect();
            why(alerts.handle_source(now, source, &holding))
        }
        [ack @ ("ack" | "ack-medium"), number, who, ref rest @ ..] => {
            let seen = (ack == "ack-medium").then_some(Priority::Medium);
            let actions = [("A", Action::A), ("B", Action::B), ("C", Action::C), ("D", Action::D)];
            let action = rest.first().and_then(|word| actions.iter().find(|one| one.0 == *word));
            let words = &rest[usize::from(action.is_some())..];
            let response = Response {
                seen,
                action: action.map(|one| one.1),
                reason: Words::new(&words.join(" ")).ok(),
            };
            why(alerts.handle_acknowledge(now, id(number), &hand(who), &response))
        }
        ["invalid", number, who] => why(alerts.handle_invalid(now, id(number), &hand(who))),
        ["pause", at, seconds, who] => {
            let seconds = seconds.parse().expect("seconds");
            why(alerts.handle_pause(now, bed(at), seconds, &hand(who)))
        }
        ["resume", at, who] => {
            alerts.handle_resume(now, bed(at), &hand(who));
            None
        }
        ["episode", at, number] => {
            let episode = number.parse().ok().map(EpisodeId::from_u128);
            match episode {
                Some(episode) => episodes.insert(at.parse().expect("a bed"), episode),
                None => episodes.remove(&at.parse().expect("a bed")),
            };
            why(alerts.handle_episode(now, bed(at), episode))
        }
        [what, "on", ref rest @ ..] => {
            let mut one = condition(what, now, episodes);
            match rest {
                ["since", at] => one.since = time(at),
                ["of", number] => one.episode = number.parse().ok().map(EpisodeId::from_u128),
                rest => one.detail = Detail::new(&rest.join(" ")).ok(),
            }
            why(alerts.handle_condition(now, &one))
        }
        [what, "off", ref rest @ ..] => {
            let mut one = condition(what, now, episodes).over(now);
            if let ["of", number] = rest {
                one.episode = number.parse().ok().map(EpisodeId::from_u128);
            }
            why(alerts.handle_condition(now, &one))
        }
        _ => panic!("no such step: {step}"),
    }
}

fn why<E: ToString>(result: Result<(), E>) -> Option<String> {
    result.err().map(|error| error.to_string())
}

fn condition(
    word: &str,
    now: WallTime,
    episodes: &std::collections::BTreeMap<u8, EpisodeId>,
) -> Condition {
    let (word, place) = word.split_once('@').unwrap_or((word, "1"));
    let (at, fetus) = place.split_once('.').unwrap_or((place, "1"));
    let fetus = if fetus == "2" { Fetus::Second } else { Fetus::First };
    let kind = Kind::from_word(word).unwrap_or_else(|| panic!("no such kind: {word}"));
    let subject = match kind.scope() {
        Scope::Region => Subject::Region,
        Scope::Bed => Subject::Bed(bed(at)),
        Scope::Fetus => Subject::Fetus(bed(at), fetus),
    };
    let mut condition = Condition::new(kind, subject, now).expect("it is of its scope");
    if kind.class() == Class::Physiological {
        condition.episode = episodes.get(&at.parse().expect("a bed")).copied();
    }
    condition
}

/// A bed by its number.
pub fn bed(number: &str) -> Bed {
    let device = DeviceId::new(&format!("bed-{number}")).expect("a name");
    Bed { bridge: BridgeId::new("clinic").expect("a name"), device }
}

/// Somebody at the desk.
pub fn hand(who: &str) -> Hand {
    Hand { by: Staff::new(who).expect("a name"), on: Screen::new("desk").expect("a name") }
}

/// Minutes and seconds after the start.
pub fn time(text: &str) -> WallTime {
    let (minutes, seconds) = text.split_once(':').expect("mm:ss");
    let number = |text: &str| text.parse::<i64>().expect("a number");
    START.plus_micros((number(minutes) * 60 + number(seconds)) * WallTime::MICROS_PER_SECOND)
}

fn told(event: &Event) -> String {
    match event {
        Event::Alarm { at, change, alarm } => {
            let what = match change {
                Change::Raised => format!("raised {}", named(alarm)),
                Change::Promoted { from } => format!(
                    "promoted {} from {} to {}",
                    alarm.id.0,
                    from.word(),
                    alarm.priority.word()
                ),
                Change::Escalated { to } => format!("escalated {} to {}", alarm.id.0, to.word()),
                Change::Acknowledged => acknowledged(alarm),
                Change::Returned => format!("returned {}", alarm.id.0),
                Change::DetailChanged => format!("says {}{}", alarm.id.0, detail(alarm)),
                Change::Ended => format!("ended {}", alarm.id.0),
                Change::Resolved => format!("resolved {}{}", alarm.id.0, cause(alarm)),
                Change::MarkedInvalid => {
                    let mark = alarm.invalid.as_ref().expect("it was just marked");
                    format!("invalid {} by {}", alarm.id.0, mark.hand.by.as_str())
                }
            };
            format!("{} {what}", clock(*at))
        }
        Event::Paused { pause } => {
            let (who, until) = (pause.hand.by.as_str(), clock(pause.until));
            format!("{} paused {} by {who} until {until}", clock(pause.at), pause.bed.device)
        }
        Event::PauseEnded { at, end, pause } => {
            let end = match end {
                PauseEnd::Elapsed => "elapsed".to_owned(),
                PauseEnd::ByHand(hand) => format!("by {}", hand.by.as_str()),
                PauseEnd::HighAlarm => "high alarm".to_owned(),
                PauseEnd::OtherEpisode => "other episode".to_owned(),
            };
            format!("{} pause of {} ended: {end}", clock(*at), pause.bed.device)
        }
        Event::Missed { count } => format!("missed {count}"),
    }
}

fn named(alarm: &Alarm) -> String {
    let place = match alarm.subject {
        Subject::Region => String::new(),
        Subject::Bed(bed) => format!("@{}", &bed.device.as_str()[4..]),
        Subject::Fetus(bed, fetus) => format!("@{}.{}", &bed.device.as_str()[4..], fetus as u8),
    };
    let (id, priority) = (alarm.id.0, alarm.priority.word());
    format!("{id} {}{place} {priority}{}", alarm.kind.word(), detail(alarm))
}

fn acknowledged(alarm: &Alarm) -> String {
    let one = alarm.acknowledgement.as_ref().expect("it was just acknowledged");
    let after = one.after_micros / WallTime::MICROS_PER_SECOND;
    let action = one.action.map_or(String::new(), |action| format!(" {action:?}"));
    let reason = one.reason.as_ref().map_or(String::new(), |one| format!(" ({})", one.as_str()));
    let (id, who) = (alarm.id.0, one.hand.by.as_str());
    format!("acknowledged {id} by {who} after {after} s{action}{reason}")
}

fn detail(alarm: &Alarm) -> String {
    alarm.detail.as_ref().map_or(String::new(), |detail| format!(" [{}]", detail.as_str()))
}

fn cause(alarm: &Alarm) -> &'static str {
    match alarm.resolution.map(|resolution| resolution.cause) {
        Some(Cause::OtherEpisode) => " (other episode)",
        _ => "",
    }
}

fn clock(at: WallTime) -> String {
    let seconds = at.micros_since(START) / WallTime::MICROS_PER_SECOND;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
