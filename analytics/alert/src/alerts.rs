//! The core: the order of calls, and what is promised.
//!
//! Whatever happens, the driver makes one call of [`Alerts::handle_condition`],
//! [`Alerts::handle_source`], [`Alerts::handle_episode`], [`Alerts::handle_acknowledge`],
//! [`Alerts::handle_invalid`], [`Alerts::handle_pause`], [`Alerts::handle_resume`] or
//! [`Alerts::handle_timeout`], then fetches [`Alerts::poll_event`] until there is none, and waits
//! until [`Alerts::poll_timeout`] for the next. Each call first lives through all that was due by
//! its `now`, so that what a late timer brings and what a call brings come in one order.
//!
//! # Time
//!
//! `now` is the region's clock. Where it is set back, all that is waited for moves with it: a
//! minute that had to last another ten seconds still has to. What went by between the last call
//! and the step back is not seen, so a driver calls once a second while anything is waited for:
//! then a step of the clock costs a second at most. Where it leaps ahead, or the machine
//! slept, the time counts as gone by: what nobody acknowledged in it escalates at once, which is
//! the safe side. Times that are shown (`since`, `raised_at`, …) are never moved.
//!
//! # A source that goes silent
//!
//! What was said last holds until the same source says otherwise: an analysis that is killed
//! takes no alarm with it, and its absence is an alarm of its own. A source that comes back and
//! says all that holds now uses [`Alerts::handle_source`].

mod look;
mod record;
mod turn;

pub use record::{Record, RecordError, Refused, Restored};

use std::collections::{BTreeMap, BTreeSet};

use vitals::{EpisodeId, WallTime};

use crate::condition::{Bed, Condition, Kind, Source, Subject};
use crate::event::{Change, Event, Events};
use crate::history::History;
use crate::lifecycle::{AcknowledgeError, AlarmId, InvalidMark, Response, due};
use crate::pause::{Pause, PauseEnd, PauseError};
use crate::rules::Rules;
use crate::slot::Slot;
use crate::text::Hand;

/// Most beds at which something may be wrong at once: as many as a region admits.
pub const BEDS_MAX: usize = 16_384;
/// Most alarms that are open at once: one of each kind and subject.
pub const OPEN_MAX: usize = BEDS_MAX * Kind::OPEN_PER_BED + Kind::OPEN_OF_REGION;

// An open alarm has a place by construction, and is never dropped: what is full is a list of
// beds, not of alarms. All places taken at once are a quarter of a gigabyte and some texts.
const _: () = assert!(OPEN_MAX * size_of::<Slot>() <= 320 << 20, "all alarms fit in memory");
const _: () = assert!(BEDS_MAX <= crate::event::WAITING_MAX, "every bed can say one thing at once");
const _: () = assert!(Kind::OPEN_PER_BED <= 32, "a tile can list what is open at its bed");

/// The alarms of a region.
///
/// # Invariants
///
/// Of each kind and subject one open alarm at most; an alarm that latches is open until somebody
/// acknowledges it or another monitoring begins at its bed; numbers rise and are not used twice;
/// after each call nothing is due; nothing grows beyond a stated bound. The same calls give the
/// same events.
#[derive(Clone, Debug)]
pub struct Alerts {
    rules: Rules,
    now: Option<WallTime>,
    slots: BTreeMap<Key, Slot>,
    beds: BTreeMap<Bed, Episodes>,
    pauses: BTreeMap<Bed, Pause>,
    history: History,
    events: Events,
    id_last: u64,
}

type Key = (Subject, Kind);

/// Whose monitoring a bed shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Episodes {
    current: Option<EpisodeId>,
    /// The one before, of which something may still be on its way.
    previous: Option<EpisodeId>,
}

/// Why a condition was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConditionError {
    /// It is of the monitoring that was at the bed before, or the end of something in another.
    EpisodeOver,
    /// There are alarms or pauses at [`BEDS_MAX`] other beds. A region admits no more devices.
    NoRoom,
}

impl core::fmt::Display for ConditionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::EpisodeOver => f.write_str("the condition is of a monitoring that is over"),
            Self::NoRoom => write!(f, "something is wrong at {BEDS_MAX} other beds already"),
        }
    }
}

impl core::error::Error for ConditionError {}

/// Why an alarm was not marked as invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidError {
    /// There is no such alarm, or its history is gone.
    Unknown,
    /// It is marked already.
    Already,
}

impl core::fmt::Display for InvalidError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such alarm",
            Self::Already => "the alarm is marked as invalid already",
        })
    }
}

impl core::error::Error for InvalidError {}

/// What the sources say.
impl Alerts {
    /// No alarm yet.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            now: None,
            slots: BTreeMap::new(),
            beds: BTreeMap::new(),
            pauses: BTreeMap::new(),
            history: History::default(),
            events: Events::default(),
            id_last: 0,
        }
    }

    /// Something holds, or is over. Saying it again changes nothing but its text.
    ///
    /// A condition of a monitoring that the bed has not shown yet begins it, as
    /// [`Alerts::handle_episode`] would: no alarm is lost because a message was late.
    ///
    /// # Errors
    ///
    /// [`ConditionError`] for a condition of the monitoring before, and where there is no room
    /// for another bed.
    pub fn handle_condition(
        &mut self,
        now: WallTime,
        condition: &Condition,
    ) -> Result<(), ConditionError> {
        self.live_until(now);
        let taken = self.take(now, condition);
        self.check();
        taken
    }

    /// All that a source finds now; whatever else it had said is over. For a source that looks
    /// at everything each time, and for one that comes back.
    ///
    /// Conditions of another source among `holding` are taken as well, and end nothing.
    ///
    /// # Errors
    ///
    /// The first [`ConditionError`]; the conditions behind it are taken nevertheless.
    pub fn handle_source(
        &mut self,
        now: WallTime,
        source: Source,
        holding: &[Condition],
    ) -> Result<(), ConditionError> {
        self.live_until(now);
        let mut refused = Ok(());
        let active = holding.iter().filter(|condition| condition.is_active);
        let said: BTreeSet<Key> = active.clone().map(|one| (one.subject(), one.kind())).collect();
        for condition in active {
            refused = refused.and(self.take(now, condition));
        }
        let of_source = self.slots.keys().filter(|(_, kind)| kind.source() == source);
        let unsaid: Vec<Key> = of_source.filter(|key| !said.contains(key)).copied().collect();
        for key in unsaid {
            self.end(now, key);
        }
        self.check();
        refused
    }

    /// Which monitoring a bed shows from now on; `None` after its end.
    ///
    /// What is open of another one becomes history, acknowledged or not; what belongs to the bed
    /// whoever lies in it stays.
    ///
    /// # Errors
    ///
    /// [`ConditionError::NoRoom`] where there is no room for another bed.
    pub fn handle_episode(
        &mut self,
        now: WallTime,
        bed: Bed,
        episode: Option<EpisodeId>,
    ) -> Result<(), ConditionError> {
        self.live_until(now);
        if self.admit(bed) {
            self.turn_to(now, bed, episode);
            self.check();
            Ok(())
        } else {
            Err(ConditionError::NoRoom)
        }
    }

    /// The time has come that [`Alerts::poll_timeout`] named; any other time does no harm.
    pub fn handle_timeout(&mut self, now: WallTime) {
        self.live_until(now);
        self.check();
    }
}

/// What staff do.
impl Alerts {
    /// Somebody has seen an alarm, and with it those of the same fetus of which it is the graver
    /// form. The finding stays what it is.
    ///
    /// # Errors
    ///
    /// [`AcknowledgeError`] where it is unknown, over, acknowledged, or asks for a reason.
    pub fn handle_acknowledge(
        &mut self,
        now: WallTime,
        id: AlarmId,
        hand: &Hand,
        response: &Response,
    ) -> Result<(), AcknowledgeError> {
        self.live_until(now);
        let Some(key) = self.key_of(id) else {
            let is_over = self.history.of(id).is_some();
            let error =
                if is_over { AcknowledgeError::Resolved } else { AcknowledgeError::Unknown };
            return Err(error);
        };
        let (subject, kind) = key;
        if let Some(alarm) = self.open(key) {
            alarm.accepts(self.rules.of(kind), response)?;
        }
        for kind in core::iter::once(kind).chain(kind.covers().iter().copied()) {
            self.acknowledge(now, (subject, kind), hand, response);
        }
        self.check();
        Ok(())
    }

    /// Staff say that an alarm, open or over, was an artefact. Not an acknowledgement: a belt
    /// that slips is still to be put right.
    ///
    /// # Errors
    ///
    /// [`InvalidError`] where it is unknown or marked already.
    pub fn handle_invalid(
        &mut self,
        now: WallTime,
        id: AlarmId,
        hand: &Hand,
    ) -> Result<(), InvalidError> {
        self.live_until(now);
        let open = self.slots.values_mut().filter_map(|slot| slot.alarm.as_mut());
        let mut open = open.filter(|alarm| alarm.id == id);
        let alarm = open.next().or_else(|| self.history.of_mut(id)).ok_or(InvalidError::Unknown)?;
        if alarm.invalid.is_some() {
            return Err(InvalidError::Already);
        }
        alarm.invalid = Some(InvalidMark { hand: hand.clone(), at: now });
        self.events.push(alarm.changed(now, Change::MarkedInvalid));
        self.check();
        Ok(())
    }

    /// Quiet at one bed for so many seconds; what that does and does not do stands in
    /// [`crate::pause`].
    ///
    /// # Errors
    ///
    /// [`PauseError`] where the bed is paused already, the time is out of bounds, or there is no
    /// room for another bed.
    pub fn handle_pause(
        &mut self,
        now: WallTime,
        bed: Bed,
        seconds: u32,
        hand: &Hand,
    ) -> Result<(), PauseError> {
        self.live_until(now);
        let most_s = self.rules.pause_max_s();
        if seconds == 0 || seconds > most_s {
            return Err(PauseError::OutOfBounds { asked_s: seconds, most_s });
        }
        if let Some(pause) = self.pauses.get(&bed) {
            return Err(PauseError::Already { until: pause.until });
        }
        if !self.admit(bed) {
            return Err(PauseError::NoRoom);
        }
        let pause = Pause { bed, hand: hand.clone(), at: now, until: due(now, seconds) };
        self.events.push(Event::Paused { pause: Box::new(pause.clone()) });
        self.pauses.insert(bed, pause);
        self.live_until(now);
        self.check();
        Ok(())
    }

    /// Ends the pause of a bed before its time; a bed that is not paused stays as it is.
    pub fn handle_resume(&mut self, now: WallTime, bed: Bed, hand: &Hand) {
        self.live_until(now);
        self.end_pause(now, bed, PauseEnd::ByHand(Box::new(hand.clone())));
        self.check();
    }
}

/// What comes out.
impl Alerts {
    /// The next thing that happened; `None` until something does.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.poll()
    }

    /// When [`Alerts::handle_timeout`] is to be called; `None` while nothing is waited for.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<WallTime> {
        let due = self.slots.iter().filter_map(|((_, kind), slot)| {
            slot.due(self.rules.of(*kind), &self.rules).map(|(at, _)| at)
        });
        due.chain(self.pauses.values().map(|pause| pause.until)).min()
    }

    /// The rules it lives by.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }
}
