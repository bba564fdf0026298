//! The order of calls.
//!
//! The driver calls [`Desk::hear`] for each condition that is published, [`Desk::turn_to`] when a
//! bed shows another monitoring, [`Desk::attend`] for what somebody at a wall does, and
//! [`Desk::look`] once a second; after each it fetches [`Desk::poll_told`] until there is none.
//! Where [`Desk::take_changed`] says so, [`Desk::snapshot`] is to be written.

use std::collections::VecDeque;

use alert::load::{Day, Load};
use alert::{
    Action, Alerts, Bed, Condition, ConditionError, Event, Hand, Kind, Priority, Record, Response,
    Rules, Source, Subject, Words,
};
use protocol::Publication;
use protocol::alert::{AlarmAction, AlarmPriority};
use protocol::feed::{Attend, RefusedWhy, TrackNumber};
use vitals::{EpisodeId, WallTime};

use crate::kept::Kept;
use crate::told::{self, Told};
use crate::{found, kept};

/// The desk.
#[derive(Clone, Debug)]
pub struct Desk {
    alerts: Alerts,
    load: Load,
    told: VecDeque<Told>,
    is_changed: bool,
}

/// The state of a bed's link that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Of which bed.
    pub bed: Bed,
    /// What is wrong.
    pub state: LinkState,
    /// Since when, by the region's clock.
    pub since: WallTime,
}

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// The bridge is not connected.
    Lost,
    /// The bridge is connected and sends nothing of the device.
    Silent,
}

/// Whether something became part of an alarm's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It did.
    Taken,
    /// It is nothing that alarms: another record, or a condition without a rule.
    NoAlarm,
    /// It is of a monitoring that is over.
    Over,
    /// Something is wrong at as many beds as fit. Nothing that is open is lost.
    NoRoom,
}

/// A desk as it was kept.
#[derive(Debug)]
pub struct Restored {
    /// The desk.
    pub desk: Desk,
    /// Lines that could not be taken, each with what is wrong; all others are.
    pub refused: Vec<String>,
}

/// What is to be kept of a desk.
#[derive(Clone, Debug)]
pub struct Snapshot {
    records: Vec<Record>,
    load: Load,
}

impl Snapshot {
    /// As a text, a line each, for [`Desk::restore`].
    #[must_use]
    pub fn to_text(&self) -> String {
        kept::write(&self.records, &self.load)
    }
}

impl Desk {
    /// A desk without alarms.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self::of(Alerts::new(rules))
    }

    fn of(alerts: Alerts) -> Self {
        let load = Load::default();
        Self { alerts, load, told: VecDeque::new(), is_changed: false }
    }

    /// Takes up a text of [`Desk::kept`]. What is open is told to walls anew; nothing is raised
    /// again.
    #[must_use]
    pub fn restore(rules: Rules, text: &str) -> Restored {
        let Kept { records, lines, load, mut refused } = kept::read(text);
        let restored = Alerts::restore(rules, records);
        refused.extend(restored.refused.iter().map(|one| {
            let line = lines.get(one.at).copied().unwrap_or(0);
            format!("line {line}: {:?}", one.error)
        }));
        let mut desk = Self { load, ..Self::of(restored.alerts) };
        let rules = desk.alerts.rules();
        let alarms = desk.alerts.list().into_iter().map(|alarm| told::alarm(alarm, rules));
        let pauses = desk.alerts.pauses().map(|pause| told::pause(pause, pause.until, None));
        desk.told = alarms.chain(pauses).collect();
        Restored { desk, refused }
    }

    /// Everything that is to be kept, as it is now. It becomes a text elsewhere: whoever holds
    /// the desk has others waiting.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { records: self.alerts.records(), load: self.load.clone() }
    }

    /// Everything as a text, a line each.
    #[must_use]
    pub fn kept(&self) -> String {
        self.snapshot().to_text()
    }

    /// Whether there is something to keep since this was asked last.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.is_changed)
    }

    /// A day begins, unless it has begun: alarms are counted by the day in which they are raised.
    pub fn begin_day(&mut self, day: Day) {
        let is_new = self.load.days().last().is_none_or(|(last, _)| last.to <= day.from);
        // A day that overlaps the last, as where the clock was set back, goes on with that one.
        self.is_changed |= is_new && self.load.begin_day(day).is_ok();
    }

    /// How many alarms there were, by day and bed.
    #[must_use]
    pub const fn load(&self) -> &Load {
        &self.load
    }

    /// The next record for walls.
    pub fn poll_told(&mut self) -> Option<Told> {
        self.told.pop_front()
    }
}

/// What is found.
impl Desk {
    /// Takes a record of the analysis; `offset_micros` is added to a time by the bridge's clock
    /// to have it by the region's.
    pub fn hear(
        &mut self,
        now: WallTime,
        bed: Bed,
        publication: &Publication,
        offset_micros: i64,
    ) -> Taken {
        let Some(condition) = found::of(bed, publication, offset_micros) else {
            return Taken::NoAlarm;
        };
        let taken = self.alerts.handle_condition(now, &condition);
        self.drain();
        // Also a condition that is only waiting is to be kept.
        self.is_changed = true;
        match taken {
            Ok(()) => Taken::Taken,
            Err(ConditionError::NoRoom) => Taken::NoRoom,
            Err(_) => Taken::Over,
        }
    }

    /// A bed shows this monitoring from now on.
    pub fn turn_to(&mut self, now: WallTime, bed: Bed, episode: EpisodeId) -> Taken {
        let taken = self.alerts.handle_episode(now, bed, Some(episode));
        self.drain();
        self.is_changed = true;
        if taken.is_ok() { Taken::Taken } else { Taken::NoRoom }
    }

    /// Looks at all links and at the clock: once a second.
    pub fn look(&mut self, now: WallTime, links: &[Link], analysis_absent: Option<WallTime>) {
        let of_beds = links.iter().map(|link| {
            let kind = match link.state {
                LinkState::Lost => Kind::LinkLost,
                LinkState::Silent => Kind::Silent,
            };
            (kind, Subject::Bed(link.bed), link.since)
        });
        let of_region = analysis_absent.map(|since| (Kind::AnalysisAbsent, Subject::Region, since));
        let all: Vec<Condition> = of_beds
            .chain(of_region)
            .filter_map(|(kind, subject, since)| Condition::new(kind, subject, since).ok())
            .collect();
        // Beds without room are counted by the region's own limit of devices.
        let _all_taken = self.alerts.handle_source(now, Source::Link, &all);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(event) = self.alerts.poll_event() {
            self.is_changed = true;
            self.load.handle_event(&event);
            let rules = self.alerts.rules();
            match event {
                // Over and seen: it is resolved by the next event, and walls hear of that.
                Event::Alarm { alarm, .. } if told::is_passing(&alarm) => {}
                Event::Alarm { alarm, .. } => self.told.push_back(told::alarm(&alarm, rules)),
                Event::Paused { pause } => {
                    self.told.push_back(told::pause(&pause, pause.until, None));
                }
                Event::PauseEnded { at, end, pause } => {
                    self.told.push_back(told::pause(&pause, at, Some(&end)));
                }
                Event::Missed { .. } => {
                    let all = self.alerts.list().into_iter();
                    self.told.extend(all.map(|alarm| told::alarm(alarm, rules)));
                }
            }
        }
    }
}

/// What staff do.
impl Desk {
    /// Takes what somebody at a wall asks for.
    ///
    /// # Errors
    ///
    /// Why it is not done, for the wall that asked.
    pub fn attend(
        &mut self,
        now: WallTime,
        request: &Attend,
        hand: &Hand,
        bed_of: impl Fn(TrackNumber) -> Option<Bed>,
    ) -> Result<(), RefusedWhy> {
        let done = match request {
            Attend::Acknowledge { alarm, seen, action, reason } => {
                let response = Response {
                    seen: Some(priority(*seen)),
                    action: action.map(action_of),
                    reason: words(reason)?,
                };
                let id = alert::AlarmId(*alarm);
                let done = self.alerts.handle_acknowledge(now, id, hand, &response);
                done.map_err(|error| told::not_acknowledged(&error))
            }
            Attend::MarkInvalid { alarm } => {
                let done = self.alerts.handle_invalid(now, alert::AlarmId(*alarm), hand);
                done.map_err(told::not_marked)
            }
            Attend::Pause { track, seconds } => {
                let bed = bed_of(*track).ok_or(RefusedWhy::Unknown)?;
                if *seconds == 0 {
                    self.alerts.handle_resume(now, bed, hand);
                    Ok(())
                } else {
                    let done = self.alerts.handle_pause(now, bed, u32::from(*seconds), hand);
                    done.map_err(|error| told::not_paused(&error))
                }
            }
        };
        self.drain();
        done
    }
}

/// What was written, if anything was; a text with a control character is no reason.
fn words(reason: &str) -> Result<Option<Words>, RefusedWhy> {
    if reason.trim().is_empty() {
        return Ok(None);
    }
    Words::new(reason).map(Some).map_err(|_| RefusedWhy::ReasonMissing)
}

const fn priority(wire: AlarmPriority) -> Priority {
    match wire {
        AlarmPriority::Low => Priority::Low,
        AlarmPriority::Medium => Priority::Medium,
        AlarmPriority::High => Priority::High,
    }
}

const fn action_of(wire: AlarmAction) -> Action {
    match wire {
        AlarmAction::A => Action::A,
        AlarmAction::B => Action::B,
        AlarmAction::C => Action::C,
        AlarmAction::D => Action::D,
    }
}
