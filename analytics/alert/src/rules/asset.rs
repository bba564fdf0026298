//! The table as a versioned text: every cell stands beside its name.
//!
//! A text with anything missing, doubled, unknown or out of bounds is refused.

use super::{
    Answer, During, Identity, Latch, Origin, Priority, Promotion, Reviewers, Role, Rule, Rules,
    RulesError,
};
use crate::condition::Kind;

/// SHA-256 of the shipped text; a test recomputes it.
pub(super) const SHA256: [u8; 32] = [
    0x1f, 0xf4, 0x30, 0x3e, 0x8d, 0x49, 0x11, 0xb3, 0x78, 0x8d, 0xb0, 0xd8, 0x35, 0xb7, 0xe1, 0x42,
    0x24, 0x1d, 0x8d, 0xef, 0x2b, 0x01, 0x94, 0xd3, 0x4e, 0x03, 0x17, 0x50, 0x3f, 0xdf, 0xee, 0x65,
];

/// Longest delay of an alarm, s; of a high one. Design: longer is not a delay, but a deafness.
const DELAY_S_MAX: u32 = 300;
const DELAY_HIGH_S_MAX: u32 = 15;
/// Bounds of the time to a promotion, s. Design.
const PROMOTE_S: (u32, u32) = (10, 3_600);
/// Bounds of the time to the next role, s. Design: nobody crosses a ward in less.
const ESCALATE_S: (u32, u32) = (15, 3_600);
/// Bounds of a digest's block, s. Design.
const ONCE_PER_S: (u32, u32) = (60, 3_600);
/// Bounds of the longest pause, s. The design of alarms allows no more than 2 min.
const PAUSE_MAX_S: (u32, u32) = (10, 120);
/// Most bytes of a version or of a reviewer's name.
const NAME_BYTES_MAX: usize = 64;

/// The cells of a row, in the order in which the shipped text has them.
const CELLS: [&str; 10] = [
    "priority",
    "delay_s",
    "latch",
    "reason",
    "promote_to",
    "promote_after_s",
    "promote_while",
    "escalate_s",
    "once_per_s",
    "source",
];

/// Reads a table.
pub(super) fn parse(text: &str, sha256: [u8; 32]) -> Result<Rules, RulesError> {
    let mut version = None;
    let mut signed: Vec<String> = Vec::new();
    let mut chain: Option<Vec<Role>> = None;
    let mut pause_max_s = None;
    let mut rules: Vec<Rule> = Vec::new();
    for (line, content) in text.lines().enumerate().map(|(at, content)| (at + 1, content.trim())) {
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let wrong = RulesError::Line(line);
        let (word, rest) = content.split_once(' ').ok_or(wrong.clone())?;
        let rest = rest.trim();
        let is_twice = match word {
            "version" => version.replace(name(rest).ok_or(wrong)?).is_some(),
            "reviewer" => {
                signed.push(name(rest).ok_or(wrong)?);
                signed.len() > 2
            }
            "escalation" => chain.replace(roles(rest).ok_or(wrong)?).is_some(),
            "pause_max_s" => pause_max_s.replace(number(rest).ok_or(wrong)?).is_some(),
            _ => {
                let kind = Kind::from_word(word).ok_or(wrong)?;
                let is_twice = rules.iter().any(|rule| rule.kind == kind);
                rules.push(row(kind, rest, line)?);
                is_twice
            }
        };
        if is_twice {
            return Err(RulesError::Twice(line));
        }
    }
    if let Some(kind) = Kind::ALL.iter().find(|kind| rules.iter().all(|rule| rule.kind != **kind)) {
        return Err(RulesError::KindMissing(*kind));
    }
    for rule in &rules {
        check(rule)?;
    }
    rules.sort_unstable_by_key(|rule| rule.kind);
    let pause_max_s = pause_max_s.ok_or(RulesError::SettingMissing("pause_max_s"))?;
    bounded(None, "pause_max_s", pause_max_s, PAUSE_MAX_S)?;
    let identity = Identity {
        version: version.ok_or(RulesError::SettingMissing("version"))?,
        sha256,
        reviewers: reviewers(&signed).ok_or(RulesError::SettingMissing("reviewer"))?,
    };
    let chain = chain.ok_or(RulesError::SettingMissing("escalation"))?;
    Ok(Rules { identity, rules, chain, pause_max_s })
}

fn name(text: &str) -> Option<String> {
    (text.len() <= NAME_BYTES_MAX).then(|| text.to_owned())
}

fn reviewers(signed: &[String]) -> Option<Reviewers> {
    let [one, other] = signed else { return None };
    match (one.as_str(), other.as_str()) {
        ("-", "-") => Some(Reviewers::None),
        ("-", _) | (_, "-") => None,
        _ if one == other => None,
        _ => Some(Reviewers::Signed(one.clone(), other.clone())),
    }
}

/// One to three roles, each once.
fn roles(text: &str) -> Option<Vec<Role>> {
    let mut chain = Vec::new();
    for word in text.split_whitespace() {
        let role = Role::ALL.into_iter().find(|role| role.word() == word)?;
        if chain.contains(&role) {
            return None;
        }
        chain.push(role);
    }
    (!chain.is_empty()).then_some(chain)
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// Reads the cells of one row.
fn row(kind: Kind, rest: &str, line: usize) -> Result<Rule, RulesError> {
    let wrong = RulesError::Line(line);
    let mut cells: [Option<&str>; CELLS.len()] = [None; CELLS.len()];
    for word in rest.split_whitespace() {
        let (cell, value) = word.split_once('=').ok_or(wrong.clone())?;
        let place = CELLS.iter().position(|known| *known == cell).ok_or(wrong.clone())?;
        if cells[place].replace(value).is_some() {
            return Err(RulesError::Twice(line));
        }
    }
    let cell = |wanted: &str| {
        let place = CELLS.iter().position(|known| *known == wanted)?;
        cells[place]
    };
    let read = || {
        Some(Rule {
            kind,
            priority: priority(cell("priority")?)?,
            delay_s: number(cell("delay_s")?)?,
            latch: match cell("latch")? {
                "yes" => Latch::UntilAcknowledged,
                "no" => Latch::None,
                _ => return None,
            },
            answer: match cell("reason")? {
                "yes" => Answer::Reason,
                "no" => Answer::Any,
                _ => return None,
            },
            promotion: promotion(
                cell("promote_to")?,
                cell("promote_after_s")?,
                cell("promote_while")?,
            )?,
            escalate_s: optional(cell("escalate_s")?)?,
            once_per_s: optional(cell("once_per_s")?)?,
            origin: match cell("source")? {
                "alarms" => Origin::AlarmDesign,
                "signal" => Origin::SignalDesign,
                "here" => Origin::Added,
                _ => return None,
            },
        })
    };
    read().ok_or(wrong)
}

fn priority(word: &str) -> Option<Priority> {
    Priority::ALL.into_iter().find(|priority| priority.word() == word)
}

/// A number or a dash; the outer `None` is neither.
fn optional(text: &str) -> Option<Option<u32>> {
    if text == "-" { Some(None) } else { number(text).map(Some) }
}

/// All three cells, or a dash in each.
fn promotion(to: &str, after_s: &str, during: &str) -> Option<Option<Promotion>> {
    if [to, after_s, during] == ["-"; 3] {
        return Some(None);
    }
    let during = match during {
        "unacknowledged" => During::Unacknowledged,
        "holding" => During::Holding,
        _ => return None,
    };
    Some(Some(Promotion { to: priority(to)?, after_s: number(after_s)?, during }))
}

/// Whether a row is within its bounds, and makes an alarm of its priority.
fn check(rule: &Rule) -> Result<(), RulesError> {
    let kind = rule.kind;
    let unfit = |needs| Err(RulesError::Unfit { kind, needs });
    let is_high = rule.priority == Priority::High;
    let delay_s_max = if is_high { DELAY_HIGH_S_MAX } else { DELAY_S_MAX };
    bounded(Some(kind), "delay_s", rule.delay_s, (0, delay_s_max))?;
    if let Some(promotion) = rule.promotion {
        bounded(Some(kind), "promote_after_s", promotion.after_s, PROMOTE_S)?;
        if promotion.to <= rule.priority {
            return unfit("must be promoted to a higher priority than it has");
        }
    }
    if let Some(escalate_s) = rule.escalate_s {
        bounded(Some(kind), "escalate_s", escalate_s, ESCALATE_S)?;
    }
    if let Some(once_per_s) = rule.once_per_s {
        bounded(Some(kind), "once_per_s", once_per_s, ONCE_PER_S)?;
        if rule.priority != Priority::Low || rule.promotion.is_some() {
            return unfit("must be low, and stay so, to be read as a digest");
        }
    }
    if rule.priority < floor(kind) {
        return unfit("may not have a lower priority than the design of alarms gives it");
    }
    let becomes_high = is_high || rule.promotion.is_some_and(|one| one.to == Priority::High);
    if becomes_high && rule.latch == Latch::None {
        return unfit("must latch, as every alarm that is or becomes high");
    }
    if becomes_high && rule.escalate_s.is_none() {
        return unfit("must escalate, as every alarm that is or becomes high");
    }
    Ok(())
}

/// What no table may go below: what may be a fetus in danger is not made a digest by an edit.
fn floor(kind: Kind) -> Priority {
    match kind {
        Kind::Level5 | Kind::SevereBradycardia => Priority::High,
        Kind::Level4 => Priority::Medium,
        _ => Priority::Low,
    }
}

fn bounded(
    kind: Option<Kind>,
    field: &'static str,
    value: u32,
    bounds: (u32, u32),
) -> Result<(), RulesError> {
    if (bounds.0..=bounds.1).contains(&value) {
        Ok(())
    } else {
        Err(RulesError::OutOfBounds { kind, field, value, bounds })
    }
}
