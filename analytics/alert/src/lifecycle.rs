//! The life of one alarm.
//!
//! ```text
//!                     ┌──────────────► acknowledged ──────────────┐
//!                     │ somebody saw it              it is over   │
//!  (waiting) ──► active ◄──────────────── latched                 ├──► resolved
//!   has it lasted?    │      it is back      ▲                    │
//!                     ├──────────────────────┘ ───────────────────┤
//!                     │ it is over, and stays     somebody saw it │
//!                     └───────────────────────────────────────────┘
//!                       it is over, and does not stay
//! ```
//!
//! A condition that is waiting is not an alarm yet: it has no number, and goes without a trace
//! if it does not last. An acknowledgement says that somebody has seen the alarm; the finding
//! stays what it is, and the alarm stays on the list until the condition is over. A condition
//! that returns to a latched alarm makes it active again: nobody has seen the first time yet,
//! so it is the same alarm, and the time without an answer runs on. One that returns after an
//! alarm is resolved makes a new alarm with a new number.

use vitals::{EpisodeId, WallTime};

use crate::condition::{Kind, Subject};
use crate::rules::{Answer, During, Latch, Priority, Promotion, Role, Rule, Rules};
use crate::text::{Detail, Hand, Words};

/// The number of an alarm: rises from 1, is never used twice, and goes on after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlarmId(pub u64);

/// Where an alarm is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The condition holds and nobody has acknowledged it.
    Active,
    /// The condition is over and nobody has acknowledged it; it stays until somebody does.
    Latched,
    /// Somebody has seen it, and the condition holds.
    Acknowledged,
    /// It is over, and history.
    Resolved,
}

/// What somebody does about it. The codes of the Japanese guideline, for doctor and midwife.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the four codes of the guideline")]
pub enum Action {
    A = 1,
    B = 2,
    C = 3,
    D = 4,
}

/// Somebody has seen an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Who, and on which screen.
    pub hand: Hand,
    /// When, by the region's clock.
    pub at: WallTime,
    /// How long after the alarm, or its rise to a graver one, µs; not negative, whatever the
    /// clock did in between.
    pub after_micros: i64,
    /// What is done about it, where that was chosen.
    pub action: Option<Action>,
    /// The reason in words; a level 5 has one.
    pub reason: Option<Words>,
}

/// Staff say that the alarm was an artefact. It counts in statistics and changes nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMark {
    /// Who, and on which screen.
    pub hand: Hand,
    /// When, by the region's clock.
    pub at: WallTime,
}

/// Why an alarm is history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The condition is over, and somebody has seen it where that is asked for.
    Over,
    /// Another monitoring has begun at the bed, or this one has ended. Of an alarm that nobody
    /// acknowledged this is in the history for good: on the list it would pass for hers who is
    /// there now.
    OtherEpisode,
}

/// How an alarm became history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// When, by the region's clock.
    pub at: WallTime,
    /// Why.
    pub cause: Cause,
}

/// An alarm: a condition with a priority and a life.
///
/// A plain record: it can be kept and given back after a restart. Nobody but this room changes
/// one that lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Its number.
    pub id: AlarmId,
    /// Rises with each event of it: the higher one is the newer.
    pub revision: u32,
    /// What is wrong.
    pub kind: Kind,
    /// Of whom or what.
    pub subject: Subject,
    /// Whose monitoring it is of; `None` for what belongs to the bed whoever lies in it.
    pub episode: Option<EpisodeId>,
    /// Value and limit, to show; as they were last said.
    pub detail: Option<Detail>,
    /// How soon somebody has to respond.
    pub priority: Priority,
    /// When the condition began, by the region's clock.
    pub since: WallTime,
    /// When the alarm was raised, by the region's clock.
    pub raised_at: WallTime,
    /// From when on the time without an answer counts: when it was raised, or rose to a graver
    /// one after an acknowledgement. Moved with the clock where that is set back.
    pub unanswered_since: WallTime,
    /// Since when the condition holds without a break. Moved with the clock likewise.
    pub holding_since: WallTime,
    /// When its priority rose, by the region's clock.
    pub promoted_at: Option<WallTime>,
    /// Who is called.
    pub role: Role,
    /// How often the condition came back before somebody saw it.
    pub returns: u32,
    /// When the condition was over; `None` while it holds.
    pub ended_at: Option<WallTime>,
    /// Who has seen it.
    pub acknowledgement: Option<Acknowledgement>,
    /// Who had seen it before it rose to a graver one.
    pub earlier: Option<Acknowledgement>,
    /// Who says that it was an artefact.
    pub invalid: Option<InvalidMark>,
    /// How it became history.
    pub resolution: Option<Resolution>,
}

/// Why an acknowledgement was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcknowledgeError {
    /// There is no such alarm, or its history is gone.
    Unknown,
    /// Somebody has acknowledged it already.
    Already {
        /// Who.
        hand: Box<Hand>,
        /// When.
        at: WallTime,
    },
    /// It was over before.
    Resolved,
    /// Its kind asks for a reason in words.
    ReasonMissing,
    /// It has risen to a graver one than was seen.
    Graver {
        /// What it is now.
        now: Priority,
    },
}

impl core::fmt::Display for AcknowledgeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such alarm",
            Self::Already { .. } => "somebody has acknowledged the alarm already",
            Self::Resolved => "the alarm was over before it was acknowledged",
            Self::ReasonMissing => "this alarm is acknowledged with a reason only",
            Self::Graver { .. } => "the alarm has risen to a graver one than was seen",
        })
    }
}

impl core::error::Error for AcknowledgeError {}

/// What an acknowledgement says beside who and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The priority that was on the screen: a tap that was on its way while the alarm rose to a
    /// graver one has not seen that. `None` where there was no screen.
    pub seen: Option<Priority>,
    /// What is done about it.
    pub action: Option<Action>,
    /// The reason in words.
    pub reason: Option<Words>,
}

impl Alarm {
    /// Where it is in its life.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match (&self.resolution, &self.acknowledgement, self.ended_at) {
            (Some(_), _, _) => Stage::Resolved,
            (None, Some(_), _) => Stage::Acknowledged,
            (None, None, None) => Stage::Active,
            (None, None, Some(_)) => Stage::Latched,
        }
    }

    /// Whether it is on the list and nobody has seen it.
    #[must_use]
    pub const fn is_unanswered(&self) -> bool {
        matches!(self.stage(), Stage::Active | Stage::Latched)
    }

    /// Whether its condition is over and nothing keeps it.
    pub(crate) fn is_done(&self, rule: &Rule) -> bool {
        let is_kept = rule.latch == Latch::UntilAcknowledged && self.acknowledgement.is_none();
        self.ended_at.is_some() && !is_kept
    }

    /// When its priority rises.
    pub(crate) fn promotion_due(&self, rule: &Rule) -> Option<WallTime> {
        let promotion = rule.promotion.filter(|_| self.promoted_at.is_none())?;
        match promotion.during {
            During::Unacknowledged if self.acknowledgement.is_none() => {
                Some(due(self.unanswered_since, promotion.after_s))
            }
            During::Holding if self.ended_at.is_none() => {
                Some(due(self.holding_since, promotion.after_s))
            }
            _ => None,
        }
    }

    /// When the next role is called.
    pub(crate) fn escalation_due(&self, rule: &Rule, rules: &Rules) -> Option<WallTime> {
        let escalate_s = rule.escalate_s.filter(|_| self.acknowledgement.is_none())?;
        let place = rules.place(self.role);
        rules.chain().get(place + 1)?;
        let steps = u32::try_from(place + 1).expect("a chain has three roles at most");
        Some(due(self.unanswered_since, escalate_s.saturating_mul(steps)))
    }

    /// Raises its priority; what was acknowledged was the lesser one.
    pub(crate) fn promote(&mut self, now: WallTime, promotion: Promotion, rules: &Rules) {
        self.priority = self.priority.max(promotion.to);
        self.promoted_at = Some(now);
        if self.acknowledgement.is_some() {
            self.earlier = self.acknowledgement.take();
            self.unanswered_since = now;
            self.role = rules.first_role();
        }
    }

    /// Whether an acknowledgement can be taken.
    pub(crate) fn accepts(&self, rule: &Rule, response: &Response) -> Result<(), AcknowledgeError> {
        if self.resolution.is_some() {
            return Err(AcknowledgeError::Resolved);
        }
        if let Some(before) = &self.acknowledgement {
            let hand = Box::new(before.hand.clone());
            return Err(AcknowledgeError::Already { hand, at: before.at });
        }
        if response.seen.is_some_and(|seen| seen < self.priority) {
            return Err(AcknowledgeError::Graver { now: self.priority });
        }
        if rule.answer == Answer::Reason && response.reason.is_none() {
            return Err(AcknowledgeError::ReasonMissing);
        }
        Ok(())
    }

    /// Notes who has seen it.
    pub(crate) fn acknowledge(&mut self, now: WallTime, hand: &Hand, response: &Response) {
        debug_assert!(self.is_unanswered(), "`accepts` was asked before");
        self.acknowledgement = Some(Acknowledgement {
            hand: hand.clone(),
            at: now,
            after_micros: now.micros_since(self.unanswered_since).max(0),
            action: response.action,
            reason: response.reason.clone(),
        });
    }

    /// The condition is back before somebody saw the alarm.
    pub(crate) fn take_back(&mut self, since: WallTime, detail: Option<Detail>) {
        self.ended_at = None;
        self.holding_since = since;
        self.returns = self.returns.saturating_add(1);
        self.detail = detail;
    }
}

/// So many seconds later.
pub(crate) fn due(from: WallTime, seconds: u32) -> WallTime {
    from.plus_micros(i64::from(seconds) * WallTime::MICROS_PER_SECOND)
}
