//! One reader: roster, beats, live blocks, records of the analysis, history, and what it missed.
//!
//! A reader is pulled, never pushed: it has no queue, only a place in the log, so that a slow
//! wall costs the region nothing. It keeps the pace "latest": a reader that stayed away for
//! longer than the log reaches back goes on with the newest, and is told how many it missed.

use std::collections::VecDeque;

use bytes::Bytes;
use protocol::BLOCK_BYTES_MAX;
use protocol::feed::{
    AnalystState, BEAT_MILLIS, BlocksFrame, FRAME_BYTES_MAX, TrackNumber, Watch, encode_analyst,
    encode_beat, encode_missed,
};
use vitals::WallTime;

use crate::alarms::Alarms;
use crate::analysis::Records;
use crate::analyst::Analysis;
use crate::log::{Key, Log};
use crate::set_reader::SetReader;
use crate::track::{Keep, Tracks};

/// One reader. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewerId(pub(crate) u64);

impl ViewerId {
    /// Its number, for a name on record.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Which tracks a reader asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    /// It has not asked yet: it gets the roster and the beats.
    Nothing,
    All,
    /// Sorted, each once.
    Some(Vec<TrackNumber>),
}

impl Wanted {
    fn includes(&self, track: TrackNumber) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            // What is of the whole region concerns everybody.
            Self::Some(_) if track == TrackNumber::REGION => true,
            Self::Some(tracks) => tracks.binary_search(&track).is_ok(),
        }
    }
}

/// One reader.
///
/// # Invariants
///
/// Of the arrivals below `cursor` it got each at most once outside history; history holds
/// only arrivals below the cursor it had when it asked.
#[derive(Debug)]
pub(crate) struct Viewer {
    wanted: Wanted,
    /// The next arrival to look at.
    cursor: u64,
    /// Arrivals of the wanted tracks that lie behind the cursor, by [`arrivals`]'s count.
    passed: u64,
    roster_seen: u64,
    beat: u32,
    beat_at: Option<WallTime>,
    /// What it was last told of the analysis; `None` where it is to be told.
    analysis_told: Option<Analysis>,
    records: SetReader,
    hears: Hears,
    alarms: SetReader,
    /// What is to be said to this reader alone; at most [`ANSWERS_MAX`], then the oldest goes.
    answers: VecDeque<Bytes>,
    history: Option<History>,
}

/// Whether a reader is told of alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hears {
    /// A screen.
    Alarms,
    /// An analysis: alarms are made of what it says.
    NoAlarms,
}

/// Most answers that wait for one reader; who asks faster than it reads loses the oldest.
const ANSWERS_MAX: usize = 16;

/// What a reader reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readable<'a> {
    pub log: &'a Log,
    pub tracks: &'a Tracks,
    pub records: &'a Records,
    pub alarms: &'a Alarms,
    /// Whether the analysis lives now.
    pub analysis: Analysis,
}

/// What a reader still gets of the past: the newest minute of every track first.
#[derive(Debug)]
struct History {
    /// Only arrivals below this; the others come live.
    before: u64,
    from: WallTime,
    /// The minute in work.
    start: WallTime,
    end: WallTime,
    /// The place in the list of wanted tracks.
    track: usize,
    /// The first block of this track and minute that did not fit the last frame.
    resume: Option<Key>,
}

const MINUTE_MICROS: i64 = 60 * WallTime::MICROS_PER_SECOND;

impl Viewer {
    pub(crate) fn new(log: &Log, hears: Hears) -> Self {
        Self {
            wanted: Wanted::Nothing,
            cursor: log.end(),
            passed: 0,
            roster_seen: 0,
            beat: 0,
            beat_at: None,
            analysis_told: None,
            records: SetReader::default(),
            hears,
            alarms: SetReader::default(),
            answers: VecDeque::new(),
            history: None,
        }
    }

    /// Turns to other tracks. The place in the log stays, so nothing comes live twice; the set
    /// of records begins anew.
    pub(crate) fn watch(&mut self, now: WallTime, watch: &Watch, keep: Keep, from: Readable<'_>) {
        let Readable { log, tracks, records, alarms, .. } = from;
        if self.wanted == Wanted::Nothing {
            self.cursor = log.end();
        }
        self.wanted = if watch.tracks.is_empty() {
            Wanted::All
        } else {
            let mut wanted = watch.tracks.clone();
            wanted.sort_unstable();
            wanted.dedup();
            Wanted::Some(wanted)
        };
        // What fell out of the log while it wanted other tracks was not missed.
        self.cursor = self.cursor.max(log.first());
        let ahead = log.from(self.cursor).filter(|a| self.wanted.includes(a.track)).count();
        self.passed = arrivals(&self.wanted, log, tracks) - ahead as u64;
        self.records.begin(records);
        self.alarms.begin(alarms);
        let asked = i64::from(watch.history_seconds) * WallTime::MICROS_PER_SECOND;
        self.history = (asked > 0).then(|| History {
            before: self.cursor,
            from: now.plus_micros(-asked.min(keep.micros)),
            start: now.plus_micros(-MINUTE_MICROS),
            end: WallTime(i64::MAX),
            track: 0,
            resume: None,
        });
    }

    /// Keeps an answer for this reader alone.
    pub(crate) fn answer(&mut self, frame: Bytes) {
        if self.answers.len() == ANSWERS_MAX {
            self.answers.pop_front();
        }
        self.answers.push_back(frame);
    }

    /// The next frame, by rising patience: roster, beat, answers, whether the analysis lives,
    /// alarms, missed, changed records, live, the set of records, history.
    pub(crate) fn next_frame(
        &mut self,
        now: WallTime,
        from: Readable<'_>,
        shared: &mut SharedFrames,
    ) -> Option<Bytes> {
        let Readable { log, tracks, records, alarms, analysis } = from;
        if self.roster_seen < tracks.version()
            && let Some((frame, seen)) = tracks.roster_after(now, self.roster_seen)
        {
            self.roster_seen = seen;
            return Some(frame.into());
        }
        if let Some(beat) = self.due_beat(now) {
            return Some(beat);
        }
        if let Some(answer) = self.answers.pop_front() {
            return Some(answer);
        }
        if self.analysis_told != Some(analysis) {
            self.analysis_told = Some(analysis);
            return Some(analyst_frame(now, analysis));
        }
        if self.wanted == Wanted::Nothing {
            self.cursor = log.end();
            return None;
        }
        // They are few, and nothing may stand before them.
        if self.hears == Hears::Alarms
            && let Some(changed) =
                self.alarms.next(now, alarms, |track| self.wanted.includes(track))
        {
            return Some(changed);
        }
        if self.cursor < log.first()
            && let Some(missed) = self.skip_to_newest(now, log, tracks)
        {
            return Some(missed);
        }
        // Changes are few and go first; a whole set may be long, and live does not wait for it.
        if !self.records.is_in_set()
            && let Some(changed) = self.next_records(now, records)
        {
            return Some(changed);
        }
        let live = match self.wanted {
            Wanted::All => self.live_shared(now, log, shared),
            _ => self.live(now, log),
        };
        live.or_else(|| self.next_records(now, records)).or_else(|| self.next_history(now, tracks))
    }

    fn next_records(&mut self, now: WallTime, records: &Records) -> Option<Bytes> {
        let wanted = &self.wanted;
        self.records.next(now, records, |track| wanted.includes(track))
    }

    fn due_beat(&mut self, now: WallTime) -> Option<Bytes> {
        // The distance counts either way: a clock that was set back must not silence the beat.
        let period = BEAT_MILLIS * 1_000;
        let due = self.beat_at.is_none_or(|at| now.micros_since(at).unsigned_abs() >= period);
        due.then(|| {
            self.beat_at = Some(now);
            self.beat = self.beat.wrapping_add(1);
            self.analysis_told = None;
            encode_beat(now, self.beat).into()
        })
    }

    fn skip_to_newest(&mut self, now: WallTime, log: &Log, tracks: &Tracks) -> Option<Bytes> {
        self.cursor = log.end();
        let total = arrivals(&self.wanted, log, tracks);
        let missed = total - std::mem::replace(&mut self.passed, total);
        let missed = u32::try_from(missed).unwrap_or(u32::MAX);
        (missed > 0).then(|| encode_missed(now, missed).into())
    }

    /// Readers of everything walk the same way, so a frame is made once for all of them.
    fn live_shared(
        &mut self,
        now: WallTime,
        log: &Log,
        shared: &mut SharedFrames,
    ) -> Option<Bytes> {
        if self.cursor == log.end() {
            return None;
        }
        let (frame, end) = if let Some(found) = shared.find(self.cursor, log.end()) {
            found
        } else {
            let from = self.cursor;
            let frame = self.live(now, log)?;
            shared.add(from, self.cursor, frame.clone());
            return Some(frame);
        };
        self.passed += end - self.cursor;
        self.cursor = end;
        Some(frame)
    }

    fn live(&mut self, now: WallTime, log: &Log) -> Option<Bytes> {
        let mut frame = BlocksFrame::new(now);
        for arrival in log.from(self.cursor) {
            if self.wanted.includes(arrival.track) {
                if !frame.push(&arrival.entry(arrival.marks)) {
                    break;
                }
                self.passed += 1;
            }
            self.cursor = arrival.index + 1;
        }
        (!frame.is_empty()).then(|| frame.into_bytes().into())
    }

    fn next_history(&mut self, now: WallTime, tracks: &Tracks) -> Option<Bytes> {
        let history = self.history.as_mut()?;
        let mut frame = BlocksFrame::new(now);
        while history.fill(&mut frame, &self.wanted, tracks) == Filled::Minute {
            if !history.step_back() {
                self.history = None;
                break;
            }
        }
        (!frame.is_empty()).then(|| frame.into_bytes().into())
    }
}

fn analyst_frame(now: WallTime, analysis: Analysis) -> Bytes {
    let (state, since) = match analysis {
        Analysis::Present { since } => (AnalystState::Present, since),
        Analysis::Absent { since } => (AnalystState::Absent, since),
    };
    encode_analyst(now, state, since).into()
}

/// How far a frame of history came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filled {
    /// The frame is full.
    Frame,
    /// The minute is through, for every track.
    Minute,
}

impl History {
    fn fill(&mut self, frame: &mut BlocksFrame, wanted: &Wanted, tracks: &Tracks) -> Filled {
        let count = match wanted {
            Wanted::Nothing => 0,
            Wanted::All => tracks.len(),
            Wanted::Some(wanted) => wanted.len(),
        };
        while self.track < count {
            let number = match wanted {
                Wanted::Some(wanted) => wanted[self.track],
                _ => TrackNumber(u16::try_from(self.track).expect("tracks are numbered by u16")),
            };
            let start = self.resume.unwrap_or((self.start.max(self.from), 0, 0));
            let recent = tracks.get(number).into_iter().flat_map(|t| t.recent(start, self.end));
            for (arrival, marks) in recent.filter(|(arrival, _)| arrival.index < self.before) {
                if !frame.push(&arrival.entry(marks)) {
                    self.resume = Some(arrival.key());
                    return Filled::Frame;
                }
            }
            self.track += 1;
            self.resume = None;
        }
        Filled::Minute
    }

    /// Turns to the minute before; `false` where there is none.
    fn step_back(&mut self) -> bool {
        self.end = self.start;
        self.start = self.start.plus_micros(-MINUTE_MICROS);
        self.track = 0;
        self.end > self.from
    }
}

/// Live arrivals of the wanted tracks since the region started.
fn arrivals(wanted: &Wanted, log: &Log, tracks: &Tracks) -> u64 {
    match wanted {
        Wanted::Nothing => 0,
        Wanted::All => log.end() - crate::log::FIRST,
        Wanted::Some(wanted) => {
            wanted.iter().filter_map(|number| tracks.get(*number)).map(|t| t.arrivals).sum()
        }
    }
}

/// The last frames made for readers of everything.
#[derive(Debug, Default)]
pub(crate) struct SharedFrames {
    /// From where to where in the log each goes.
    frames: VecDeque<(u64, u64, Bytes)>,
}

/// As many frames as the walls of a busy region are apart: some 2,000 blocks.
const SHARED_FRAMES_MAX: usize = 16;

impl SharedFrames {
    /// A frame that begins at `from`, unless more has come since and would still fit it.
    fn find(&self, from: u64, log_end: u64) -> Option<(Bytes, u64)> {
        let (_, end, frame) = self.frames.iter().rev().find(|(start, _, _)| *start == from)?;
        let is_full = frame.len() + ENTRY_BYTES_MAX > FRAME_BYTES_MAX;
        (*end == log_end || is_full).then(|| (frame.clone(), *end))
    }

    fn add(&mut self, from: u64, end: u64, frame: Bytes) {
        if self.frames.len() == SHARED_FRAMES_MAX {
            self.frames.pop_front();
        }
        self.frames.push_back((from, end, frame));
    }
}

/// The longest block and what stands before it, as `protocol::feed` has them.
const ENTRY_BYTES_MAX: usize = 12 + BLOCK_BYTES_MAX;
