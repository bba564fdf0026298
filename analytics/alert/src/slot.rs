//! The place of one kind of alarm of one subject: a condition that waits, or an open alarm.

use vitals::{EpisodeId, WallTime};

use crate::lifecycle::{Alarm, due};
use crate::rules::{Rule, Rules};
use crate::text::Detail;

/// A condition that holds, and has not lasted long enough to be an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// When it began, by the region's clock.
    pub since: WallTime,
    /// The same. Moved with the clock where that is set back.
    pub holding_since: WallTime,
    /// Whose monitoring it is of.
    pub episode: Option<EpisodeId>,
    /// Value and limit, to show.
    pub detail: Option<Detail>,
}

/// The place of one kind of alarm of one subject.
///
/// # Invariants
///
/// Nothing waits beside an open alarm; an alarm here is not resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) waiting: Option<Waiting>,
    pub(crate) alarm: Option<Alarm>,
    /// When an alarm was last raised here, for a kind that is news once in a block.
    pub(crate) raised_last: Option<WallTime>,
}

/// What is due in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Resolve,
    Raise,
    Promote,
    Escalate,
}

impl Slot {
    /// What is due next, and when. An alarm that nothing keeps is due at once.
    pub(crate) fn due(&self, rule: &Rule, rules: &Rules) -> Option<(WallTime, Due)> {
        if let Some(waiting) = &self.waiting {
            return Some((self.raise_due(waiting, rule), Due::Raise));
        }
        let alarm = self.alarm.as_ref()?;
        if alarm.is_done(rule) {
            return Some((WallTime(i64::MIN), Due::Resolve));
        }
        let promotion = alarm.promotion_due(rule).map(|at| (at, Due::Promote));
        let escalation = alarm.escalation_due(rule, rules).map(|at| (at, Due::Escalate));
        match (promotion, escalation) {
            (Some(promotion), Some(escalation)) if escalation.0 < promotion.0 => Some(escalation),
            (Some(promotion), _) => Some(promotion),
            (None, escalation) => escalation,
        }
    }

    /// When the waiting condition becomes an alarm: when it has lasted, and not in a block that
    /// has had its news.
    fn raise_due(&self, waiting: &Waiting, rule: &Rule) -> WallTime {
        let lasted = due(waiting.holding_since, rule.delay_s);
        let (Some(per_s), Some(last)) = (rule.once_per_s, self.raised_last) else { return lasted };
        let per_micros = i64::from(per_s) * WallTime::MICROS_PER_SECOND;
        let block = last.0.div_euclid(per_micros);
        lasted.max(WallTime(block.saturating_add(1).saturating_mul(per_micros)))
    }

    /// Whether it says nothing any more at `now`.
    pub(crate) fn is_idle(&self, now: WallTime, rule: &Rule) -> bool {
        let has_news = self.raised_last.zip(rule.once_per_s).is_some_and(|(last, per_s)| {
            let block =
                |time: WallTime| time.0.div_euclid(i64::from(per_s) * WallTime::MICROS_PER_SECOND);
            block(last) >= block(now)
        });
        self.waiting.is_none() && self.alarm.is_none() && !has_news
    }

    /// The clock was set back by so many µs, to `now`: what is waited for is waited for no longer,
    /// and no shorter.
    pub(crate) fn set_back(&mut self, micros: i64, now: WallTime) {
        // A step over the whole range is longer than can be said, hence the bound.
        let moved = |time: &mut WallTime| *time = time.plus_micros(-micros).min(now);
        if let Some(waiting) = &mut self.waiting {
            moved(&mut waiting.holding_since);
        }
        if let Some(alarm) = &mut self.alarm {
            moved(&mut alarm.unanswered_since);
            moved(&mut alarm.holding_since);
        }
        self.raised_last.iter_mut().for_each(moved);
    }
}
