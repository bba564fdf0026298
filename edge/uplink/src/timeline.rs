//! When each second of one monitor was, and which seconds are missing.
//!
//! In: whole seconds, faults, the port's state, each at the moment it arrived.
//! Out: seconds with their place in time, in order, the missing ones among them as absent.
//!
//! Times are counted, not taken from arrivals: a line delays, and a burst out of a buffer
//! arrives at one moment. The first second of a run is anchored at its arrival less its way
//! on the line less the second itself; the n-th begins n seconds later. Count and arrival are
//! compared at each second, and the arrival wins where they are apart by more than
//! [`DRIFT_MAX`], where the monitor inserted or dropped ticks, and after a lost frame.
//!
//! Source: device sheet, section 2.5, and section 1 for the silence.

use std::collections::VecDeque;

use vitals::{Absence, DeviceTick, EpisodeId, Flags, Second, WallTime};

use crate::input::PortState;
use crate::now::Now;
use crate::run::{LABEL_AFTER, Run, Signs};
use crate::settings::{LastBlock, Monitor, Settings};

/// Length of one block in microseconds.
pub(crate) const SECOND: i64 = 1_000_000;
/// Most that count and arrival may differ before the arrival wins: device sheet, section 2.5.
const DRIFT_MAX: i64 = 500_000;
/// How long a late second is held to see whether others follow out of the same buffer.
///
/// At 1200 baud the next frame needs 340 ms on the line, so whatever follows sooner was
/// waiting in a buffer on the way, and the *last* of them is the one that arrived in time.
const BURST_WINDOW: i64 = 100_000;
/// Longest that a second is held, however many follow.
const HOLD_MAX: i64 = 300_000;
/// Most seconds held: the 4,096 bytes of a kernel's line buffer hold 99 frames.
const HELD_MAX: usize = 128;
/// Two whole seconds closer than this come faster than a monitor measures.
const HURRIED_INTERVAL: i64 = 750_000;
/// Smallest move of the seconds that is worth an operator's attention.
const MOVE_NOTED: i64 = 100_000;

/// The seconds of one monitor on their way to blocks.
///
/// # Invariants
///
/// The times that come out never go backwards: the next is at least a second later. Their
/// ticks rise by at least four.
pub(crate) struct Timeline {
    micros_per_byte: i64,
    silence_after: i64,
    episode_gap: i64,
    run: Option<Run>,
    last: Option<Last>,
    /// The earliest `at` that the next second may have.
    at_floor: Option<WallTime>,
    held: VecDeque<Held>,
    release_at: i64,
    signs: Signs,
    /// Whether a damaged frame came since the last whole second.
    faulted: bool,
    notes: VecDeque<Note>,
}

/// A second with its place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) second: Second,
    pub(crate) episode: EpisodeId,
    pub(crate) tick: DeviceTick,
    pub(crate) at: WallTime,
}

/// What a timeline gives, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Placed(Placed),
    Note(Note),
}

/// What a timeline noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    EpisodeBegan(EpisodeId),
    EpisodeContinued(EpisodeId),
    EpisodeEnded(EpisodeId),
    Silent(Absence),
    Speaking { absent_seconds: u64 },
    Reanchored { moved: i64 },
    ClockStepped { moved: i64 },
}

/// More seconds came at one moment than a line can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flood;

#[derive(Clone, Copy)]
struct Held {
    second: Second,
    /// Where its arrival puts its beginning.
    start: i64,
    arrived: i64,
    fresh: EpisodeId,
    /// Whether a damaged frame came just before it.
    faulted: bool,
}

impl Held {
    fn takes(&self) -> i64 {
        if self.faulted { 2 * SECOND } else { SECOND }
    }
}

#[derive(Clone, Copy)]
struct Last {
    episode: Continuity,
    tick: DeviceTick,
    at: WallTime,
    heard: WallTime,
    /// By the clock of this process; nothing where it is from an earlier one.
    start: Option<i64>,
}

#[derive(Clone, Copy)]
enum Continuity {
    Open(EpisodeId),
    Closed,
}

/// Whether a second says nothing because the monitor or its port said nothing.
#[must_use]
pub fn is_silence(second: &Second) -> bool {
    let silent = |absence| matches!(absence, Some(Absence::DeviceSilent | Absence::PortLost));
    second.fhr1.iter().all(|reading| silent(reading.absence()))
        && second.ua.iter().all(|reading| silent(reading.absence()))
}

impl Timeline {
    pub(crate) fn new(settings: &Settings, monitor: &Monitor, last: Option<&LastBlock>) -> Self {
        let micros = |duration: core::time::Duration| {
            i64::try_from(duration.as_micros()).expect("settings are below a day")
        };
        assert!(monitor.baud > 0, "a line has a speed");
        Self {
            micros_per_byte: 10 * SECOND / i64::from(monitor.baud),
            silence_after: micros(settings.silence_after),
            episode_gap: micros(settings.episode_gap),
            run: None,
            last: last.map(|last| Last {
                episode: Continuity::Open(last.episode),
                tick: last.tick,
                at: last.at,
                heard: last.heard,
                start: None,
            }),
            at_floor: last.map(|last| last.at.plus_micros(SECOND)),
            held: VecDeque::new(),
            release_at: 0,
            signs: Signs::default(),
            faulted: false,
            notes: VecDeque::new(),
        }
    }

    /// A whole second came.
    pub(crate) fn hear(
        &mut self,
        now: Now,
        second: Second,
        wire_bytes: usize,
        fresh: EpisodeId,
    ) -> Result<(), Flood> {
        if self.held.len() >= HELD_MAX {
            return Err(Flood);
        }
        let arrived = now.micros();
        let start = arrived - self.travel(wire_bytes) - SECOND;
        let on_count = self.run.as_ref().is_some_and(|run| start - run.next <= DRIFT_MAX);
        let full = self.held.len() + 1 == HELD_MAX;
        let hold = if self.held.is_empty() && on_count || full { 0 } else { BURST_WINDOW };
        let first = self.held.front().map_or(arrived, |held| held.arrived);
        self.release_at = (arrived + hold).min(first + HOLD_MAX);
        let faulted = core::mem::take(&mut self.faulted);
        self.held.push_back(Held { second, start, arrived, fresh, faulted });
        Ok(())
    }

    /// A damaged frame came.
    pub(crate) fn fault(&mut self, now: Now) {
        self.faulted = true;
        self.signs.fault(now.micros());
    }

    /// The port came or went.
    pub(crate) fn port(&mut self, now: Now, state: PortState) {
        self.signs.port(now.micros(), state);
    }

    /// When to call [`Timeline::poll`] again though nothing came, in microseconds.
    pub(crate) fn timeout(&self) -> Option<i64> {
        if self.held.is_empty() { self.fill_due() } else { Some(self.release_at) }
    }

    /// The next second or note; call until there is none.
    pub(crate) fn poll(&mut self, now: Now) -> Option<Step> {
        loop {
            if let Some(note) = self.notes.pop_front() {
                return Some(Step::Note(note));
            }
            let placed = if self.held.is_empty() {
                if self.fill_due().is_none_or(|due| now.micros() < due) {
                    return None;
                }
                self.fill(now.micros(), Trace::Signs)
            } else {
                if now.micros() < self.release_at {
                    return None;
                }
                self.release(now)
            };
            if placed.is_some() {
                return placed.map(Step::Placed);
            }
        }
    }

    /// Takes the oldest held second, or fills one before it, or notes why it must wait a turn.
    fn release(&mut self, now: Now) -> Option<Placed> {
        let (front, back) = (*self.held.front()?, *self.held.back()?);
        let after: i64 = self.held.iter().skip(1).map(Held::takes).sum();
        let wanted = back.start - after;
        let Some(run) = self.run.as_mut() else {
            self.begin(now, wanted, &front);
            return None;
        };
        // A stream faster than the clock, out of a buffer or replayed, has no missing arrivals:
        // there a damaged frame between two whole ones is the only trace of its second.
        let hurries =
            run.next - wanted > DRIFT_MAX && front.arrived - run.heard_at < HURRIED_INTERVAL;
        if wanted - run.next > DRIFT_MAX || front.faulted && hurries {
            let trace = if front.faulted { Trace::Fault } else { Trace::Signs };
            self.held.front_mut()?.faulted = false;
            return self.fill(front.arrived, trace);
        }
        let stepped = now.wall_offset() - run.wall_offset;
        if stepped.abs() > DRIFT_MAX {
            run.wall_offset += stepped;
            self.notes.push_back(Note::ClockStepped { moved: stepped });
            return None;
        }
        let at = WallTime(wanted.saturating_add(run.wall_offset));
        if self.at_floor.is_some_and(|floor| floor.micros_since(at) > self.episode_gap) {
            // The clock had been far ahead and was put right: waiting for it to catch up
            // would date everything wrongly for hours, so the strip begins anew.
            self.at_floor = None;
            self.close();
            return None;
        }
        self.held.pop_front();
        let run = self.run.as_mut().expect("looked at above");
        let flags = front.second.flags;
        let ticks_moved =
            flags.contains(Flags::TICKS_INSERTED) || flags.contains(Flags::TICKS_DELETED);
        let moved = if ticks_moved || run.lost_before { (wanted - run.next).max(0) } else { 0 };
        if moved >= MOVE_NOTED {
            self.notes.push_back(Note::Reanchored { moved });
        }
        if run.silent_noted {
            self.notes.push_back(Note::Speaking { absent_seconds: run.absent });
        }
        let start = run.next + moved;
        run.hear(front.arrived);
        Some(self.place(start, front.second, Heard::Yes))
    }

    /// Makes the second that is due an absent one, or closes the episode.
    fn fill(&mut self, now: i64, trace: Trace) -> Option<Placed> {
        let run = self.run.as_mut()?;
        if run.next + SECOND - run.heard_at > self.episode_gap {
            self.close();
            return None;
        }
        let signs = self.signs.why_missing(run.next + SECOND + run.travel);
        let why = match trace {
            Trace::Fault => Absence::DamagedFrame,
            Trace::Signs => signs,
        };
        if !run.silent_noted && now - run.heard_at >= self.silence_after {
            run.silent_noted = true;
            self.notes.push_back(Note::Silent(why));
        }
        run.absent += 1;
        run.lost_before = true;
        let start = run.next;
        Some(self.place(start, Second::absent(why), Heard::No))
    }

    /// Begins a run at the first second, in the episode of before where that is still open.
    fn begin(&mut self, now: Now, start: i64, first: &Held) {
        let wall_offset = now.wall_offset();
        let at = WallTime(start.saturating_add(wall_offset));
        let is_far_behind =
            |last: &Last| last.at.plus_micros(SECOND).micros_since(at) > self.episode_gap;
        if self.last.as_ref().is_some_and(is_far_behind) {
            self.at_floor = None;
        }
        let open = self.last.as_ref().and_then(|last| match last.episode {
            Continuity::Open(episode)
                if at.micros_since(last.heard) <= self.episode_gap && !is_far_behind(last) =>
            {
                Some(episode)
            }
            _ => None,
        });
        let note = open.map_or(Note::EpisodeBegan(first.fresh), Note::EpisodeContinued);
        self.notes.push_back(note);
        let travel = first.arrived - first.start - SECOND;
        let episode = open.unwrap_or(first.fresh);
        self.run = Some(Run::new(start, wall_offset, first.arrived, travel, episode));
    }

    fn close(&mut self) {
        if let Some(run) = self.run.take() {
            self.notes.push_back(Note::EpisodeEnded(run.episode));
        }
        if let Some(last) = &mut self.last {
            last.episode = Continuity::Closed;
        }
    }

    fn place(&mut self, start: i64, second: Second, heard: Heard) -> Placed {
        let run = self.run.as_mut().expect("a second is placed within a run");
        let counted = WallTime(start.saturating_add(run.wall_offset));
        let at = self.at_floor.map_or(counted, |floor| floor.max(counted));
        let tick = self.last.as_ref().map_or(DeviceTick(0), |last| last.tick_of(start, at));
        run.next = start + SECOND;
        self.at_floor = Some(at.plus_micros(SECOND));
        let heard = match (heard, &self.last) {
            (Heard::No, Some(last)) => last.heard,
            _ => at,
        };
        let episode = run.episode;
        let start = Some(start);
        self.last = Some(Last { episode: Continuity::Open(episode), tick, at, heard, start });
        Placed { second, episode, tick, at }
    }

    /// When the second that is missing shall be given as absent.
    fn fill_due(&self) -> Option<i64> {
        let run = self.run.as_ref()?;
        let expected = run.next + SECOND + run.travel;
        let due = expected + LABEL_AFTER;
        if self.signs.has_fault(expected) {
            Some(due)
        } else {
            Some(due.max(run.heard_at + self.silence_after))
        }
    }

    fn travel(&self, wire_bytes: usize) -> i64 {
        let bytes = i64::try_from(wire_bytes).expect("a frame is below 2 KiB");
        bytes * self.micros_per_byte
    }
}

/// What says why a second is missing.
#[derive(Clone, Copy)]
enum Trace {
    /// A damaged frame in its place.
    Fault,
    /// What was noticed about the time it was expected.
    Signs,
}

#[derive(Clone, Copy)]
enum Heard {
    Yes,
    No,
}

impl Last {
    /// The tick of a second that begins at `start`, and by the wall at `at`.
    fn tick_of(&self, start: i64, at: WallTime) -> DeviceTick {
        let micros = match self.start {
            Some(before) => start - before,
            None => at.micros_since(self.at),
        };
        let ticks = (micros + DeviceTick::MICROS / 2) / DeviceTick::MICROS;
        DeviceTick(self.tick.0 + u64::try_from(ticks).unwrap_or(0).max(4))
    }
}

#[cfg(test)]
mod tests;
