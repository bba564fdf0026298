//! How time and inputs move what is open. Nothing here is called from outside.

use vitals::{EpisodeId, WallTime};

use super::{Alerts, BEDS_MAX, ConditionError, Episodes, Key};
use crate::condition::{Bed, Condition};
use crate::event::{Change, Event};
use crate::lifecycle::{Alarm, AlarmId, Cause, Resolution, Response, due};
use crate::pause::PauseEnd;
use crate::rules::{During, Priority};
use crate::slot::{Due, Slot, Waiting};
use crate::text::Hand;

impl Alerts {
    /// Lives through all that was due by `now`, in the order in which it was.
    pub(super) fn live_until(&mut self, now: WallTime) {
        self.follow_clock(now);
        let over: Vec<Bed> =
            self.pauses.values().filter(|pause| pause.until <= now).map(|one| one.bed).collect();
        for bed in over {
            self.end_pause(now, bed, PauseEnd::Elapsed);
        }
        let due = self.slots.iter().filter_map(|(key, slot)| {
            let (at, _) = slot.due(self.rules.of(key.1), &self.rules)?;
            (at <= now).then_some((at, *key))
        });
        let mut due: Vec<(WallTime, Key)> = due.collect();
        due.sort_unstable();
        for (_, key) in due {
            self.settle(now, key);
        }
        let rules = &self.rules;
        self.slots.retain(|(_, kind), slot| !slot.is_idle(now, rules.of(*kind)));
    }

    /// A clock that was set back takes all that is waited for with it.
    fn follow_clock(&mut self, now: WallTime) {
        let before = self.now.replace(now).unwrap_or(now);
        let back_micros = before.micros_since(now);
        if back_micros <= 0 {
            return;
        }
        for slot in self.slots.values_mut() {
            slot.set_back(back_micros, now);
        }
        let longest = due(now, self.rules.pause_max_s());
        for pause in self.pauses.values_mut() {
            pause.until = pause.until.plus_micros(-back_micros).min(longest);
        }
    }

    /// Does in one place what is due there, until nothing is.
    ///
    /// It ends: each step takes away what made it due. Nothing is raised twice, a priority rises
    /// once, and a chain has three roles at most.
    fn settle(&mut self, now: WallTime, key: Key) {
        while let Some(slot) = self.slots.get(&key) {
            let due = slot.due(self.rules.of(key.1), &self.rules);
            match due.filter(|(at, _)| *at <= now) {
                None => return,
                Some((_, Due::Resolve)) => self.resolve(now, key, Cause::Over),
                Some((_, Due::Raise)) => self.raise(now, key),
                Some((_, Due::Promote)) => self.promote(now, key),
                Some((_, Due::Escalate)) => self.escalate(now, key),
            }
        }
    }

    /// Takes a condition up, and what follows from it at once.
    pub(super) fn take(
        &mut self,
        now: WallTime,
        condition: &Condition,
    ) -> Result<(), ConditionError> {
        let key = (condition.subject(), condition.kind());
        self.check_episode(condition)?;
        if !condition.is_active {
            self.end(now, key);
            return Ok(());
        }
        if let Some(bed) = condition.subject().bed() {
            if !self.admit(bed) {
                return Err(ConditionError::NoRoom);
            }
            if condition.episode.is_some() {
                self.turn_to(now, bed, condition.episode);
            }
        }
        self.hold(now, key, condition);
        self.settle(now, key);
        Ok(())
    }

    /// What comes late of the monitoring before is no news of this one. The end of something in
    /// one that the bed does not show is none either; its beginning shows that there is a new one.
    fn check_episode(&self, condition: &Condition) -> Result<(), ConditionError> {
        let (Some(bed), Some(_)) = (condition.subject().bed(), condition.episode) else {
            return Ok(());
        };
        let known = self.beds.get(&bed).copied().unwrap_or_default();
        if condition.episode == known.current {
            return Ok(());
        }
        let is_end_of_another = !condition.is_active && known.current.is_some();
        if condition.episode == known.previous || is_end_of_another {
            return Err(ConditionError::EpisodeOver);
        }
        Ok(())
    }

    /// A condition holds: it waits, or its alarm goes on.
    fn hold(&mut self, now: WallTime, key: Key, condition: &Condition) {
        let since = condition.since.min(now);
        let detail = condition.detail.clone();
        let slot = self.slots.entry(key).or_default();
        let change = match (&mut slot.alarm, &mut slot.waiting) {
            (Some(alarm), _) if alarm.ended_at.is_some() => {
                alarm.take_back(since, detail);
                Change::Returned
            }
            (Some(alarm), _) => {
                if alarm.detail == detail {
                    return;
                }
                alarm.detail = detail;
                Change::DetailChanged
            }
            (None, Some(waiting)) => {
                waiting.detail = detail;
                return;
            }
            (None, none) => {
                let episode = condition.episode;
                *none = Some(Waiting { since, holding_since: since, episode, detail });
                return;
            }
        };
        self.say(now, key, change);
    }

    /// A condition is over: what waited goes, its alarm ends.
    pub(super) fn end(&mut self, now: WallTime, key: Key) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        slot.waiting = None;
        if let Some(alarm) = slot.alarm.as_mut().filter(|alarm| alarm.ended_at.is_none()) {
            alarm.ended_at = Some(now);
            self.say(now, key, Change::Ended);
        }
        self.settle(now, key);
        self.tidy(now, key);
    }

    fn raise(&mut self, now: WallTime, key: Key) {
        let rule = *self.rules.of(key.1);
        let role = self.rules.first_role();
        let Some(slot) = self.slots.get_mut(&key) else { return };
        let Some(waiting) = slot.waiting.take() else { return };
        self.id_last += 1;
        let mut alarm = Alarm {
            id: AlarmId(self.id_last),
            revision: 0,
            kind: key.1,
            subject: key.0,
            episode: waiting.episode,
            detail: waiting.detail,
            priority: rule.priority,
            since: waiting.since,
            raised_at: now,
            unanswered_since: now,
            holding_since: waiting.holding_since,
            promoted_at: None,
            role,
            returns: 0,
            ended_at: None,
            acknowledgement: None,
            earlier: None,
            invalid: None,
            resolution: None,
        };
        // One that was heard of late may be the graver one already, and is raised once.
        let is_due = alarm.promotion_due(&rule).is_some_and(|at| at <= now);
        if let Some(promotion) =
            rule.promotion.filter(|one| one.during == During::Holding && is_due)
        {
            alarm.promote(now, promotion, &self.rules);
        }
        slot.raised_last = rule.once_per_s.map(|_| now);
        slot.alarm = Some(alarm);
        self.say(now, key, Change::Raised);
        self.break_pause(now, key);
    }

    fn promote(&mut self, now: WallTime, key: Key) {
        let Some(promotion) = self.rules.of(key.1).promotion else { return };
        let Some(alarm) = self.slots.get_mut(&key).and_then(|slot| slot.alarm.as_mut()) else {
            return;
        };
        let from = alarm.priority;
        alarm.promote(now, promotion, &self.rules);
        self.say(now, key, Change::Promoted { from });
        self.break_pause(now, key);
    }

    fn escalate(&mut self, now: WallTime, key: Key) {
        let Some(alarm) = self.slots.get_mut(&key).and_then(|slot| slot.alarm.as_mut()) else {
            return;
        };
        let Some(&to) = self.rules.chain().get(self.rules.place(alarm.role) + 1) else { return };
        alarm.role = to;
        self.say(now, key, Change::Escalated { to });
    }

    /// Acknowledges what is unanswered in a place, and lets it go where nothing keeps it then.
    pub(super) fn acknowledge(
        &mut self,
        now: WallTime,
        key: Key,
        hand: &Hand,
        response: &Response,
    ) {
        let rule = self.rules.of(key.1);
        let alarm = self.slots.get_mut(&key).and_then(|slot| slot.alarm.as_mut());
        let Some(alarm) = alarm.filter(|alarm| alarm.accepts(rule, response).is_ok()) else {
            return;
        };
        alarm.acknowledge(now, hand, response);
        self.say(now, key, Change::Acknowledged);
        self.settle(now, key);
        self.tidy(now, key);
    }

    fn resolve(&mut self, now: WallTime, key: Key, cause: Cause) {
        let Some(slot) = self.slots.get_mut(&key) else { return };
        let Some(mut alarm) = slot.alarm.take() else { return };
        alarm.resolution = Some(Resolution { at: now, cause });
        self.events.push(alarm.changed(now, Change::Resolved));
        self.history.push(alarm);
    }

    /// A bed shows another monitoring, or the same.
    pub(super) fn turn_to(&mut self, now: WallTime, bed: Bed, episode: Option<EpisodeId>) {
        let known = self.beds.entry(bed).or_default();
        if known.current == episode {
            return;
        }
        let is_other = known.current.is_some();
        *known = Episodes { current: episode, previous: known.current.or(known.previous) };
        if is_other {
            self.end_pause(now, bed, PauseEnd::OtherEpisode);
        }
        // Also where none was known: records of which a part was lost may hold another's alarms.
        let of_bed = self.slots.keys().filter(|(subject, _)| subject.bed() == Some(bed));
        for key in of_bed.copied().collect::<Vec<_>>() {
            let Some(slot) = self.slots.get_mut(&key) else { continue };
            let is_of_another = |of: Option<EpisodeId>| of.is_some() && of != episode;
            slot.waiting.take_if(|waiting| is_of_another(waiting.episode));
            if slot.alarm.as_ref().is_some_and(|alarm| is_of_another(alarm.episode)) {
                let holds = slot.alarm.as_mut().filter(|alarm| alarm.ended_at.is_none());
                if let Some(alarm) = holds {
                    alarm.ended_at = Some(now);
                    self.say(now, key, Change::Ended);
                }
                self.resolve(now, key, Cause::OtherEpisode);
            }
            // What was news of her is none of the next.
            let empty = self.slots.get_mut(&key).filter(|slot| is_other && slot.alarm.is_none());
            if let Some(slot) = empty {
                slot.raised_last = None;
            }
            self.settle(now, key);
            self.tidy(now, key);
        }
    }

    /// Quiet ends where a high alarm comes: whoever asked for it did not know of that one.
    fn break_pause(&mut self, now: WallTime, key: Key) {
        let is_high = self.open(key).is_some_and(|alarm| alarm.priority == Priority::High);
        if let Some(bed) = key.0.bed().filter(|_| is_high) {
            self.end_pause(now, bed, PauseEnd::HighAlarm);
        }
    }

    pub(super) fn end_pause(&mut self, now: WallTime, bed: Bed, end: PauseEnd) {
        if let Some(pause) = self.pauses.remove(&bed) {
            self.events.push(Event::PauseEnded { at: now, end, pause: Box::new(pause) });
        }
    }

    /// Makes room for a bed; whether there is any. A bed at which nothing is wrong gives way.
    pub(super) fn admit(&mut self, bed: Bed) -> bool {
        if self.beds.contains_key(&bed) {
            return true;
        }
        if self.beds.len() >= BEDS_MAX {
            let Self { beds, slots, pauses, .. } = self;
            let busy: std::collections::BTreeSet<Bed> =
                slots.keys().filter_map(|(subject, _)| subject.bed()).collect();
            beds.retain(|bed, _| busy.contains(bed) || pauses.contains_key(bed));
            if beds.len() >= BEDS_MAX {
                return false;
            }
        }
        self.beds.insert(bed, Episodes::default());
        true
    }

    /// Forgets a place in which nothing is.
    fn tidy(&mut self, now: WallTime, key: Key) {
        let rule = self.rules.of(key.1);
        if self.slots.get(&key).is_some_and(|slot: &Slot| slot.is_idle(now, rule)) {
            self.slots.remove(&key);
        }
    }

    fn say(&mut self, now: WallTime, key: Key, change: Change) {
        if let Some(alarm) = self.slots.get_mut(&key).and_then(|slot| slot.alarm.as_mut()) {
            self.events.push(alarm.changed(now, change));
        }
    }

    pub(super) fn open(&self, key: Key) -> Option<&Alarm> {
        self.slots.get(&key)?.alarm.as_ref()
    }

    pub(super) fn key_of(&self, id: AlarmId) -> Option<Key> {
        let mut open =
            self.slots.iter().filter_map(|(key, slot)| Some((key, slot.alarm.as_ref()?)));
        open.find(|(_, alarm)| alarm.id == id).map(|(key, _)| *key)
    }

    /// In debug builds, after every call.
    pub(super) fn check(&self) {
        if cfg!(debug_assertions) {
            let due = self.poll_timeout();
            assert!(due.is_none() || due > self.now, "something is due that was not done");
        }
    }
}
