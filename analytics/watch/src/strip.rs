//! From blocks, which may come in any order, to one unbroken line of ticks.
//!
//! In: blocks of one device, live or out of the region's memory. Out: seconds in their order,
//! the ticks without value between them, and the beginnings of strips. Never: clocks; what is
//! too late is judged by the times in the blocks.
//!
//! Within one run of a bridge its sequence numbers say what is missing, so nothing waits where
//! nothing is. What is missing is waited for until the newest block is [`StripOptions::hold`]
//! ahead: analysis is of now. What comes later still is handed on with its place, so that a look
//! at minutes that are not final yet sees it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use ctg::{Tick, Uterus};
use protocol::Block;
use vitals::{
    ActivityTransducer, DeviceTick, EpisodeId, HeartTransducer, TICKS_PER_SECOND, WallTime,
};

/// A block's place: its run of the bridge, and its number in it.
type Key = (u64, u64);

/// Blocks of one device that wait at most, while the region's memory is read.
const WAITING_MAX: usize = 8_192;
/// The number of a bridge's first block in a run.
const FIRST_SEQ: u64 = 0;
/// Slots that a block covers.
const SLOTS: i64 = TICKS_PER_SECOND as i64;

/// How patient a strip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StripOptions {
    /// How far the newest block may be ahead before a missing one is given up.
    pub hold: Duration,
    /// A jump of the bridge's clock by more begins a new strip.
    pub clock_step_max: Duration,
    /// A silence of more begins a new strip.
    pub gap_max: Duration,
}

impl Default for StripOptions {
    /// 30 s, 5 s and 30 min: the last is what a bridge takes for the end of an episode.
    fn default() -> Self {
        Self {
            hold: Duration::from_secs(30),
            clock_step_max: Duration::from_secs(5),
            gap_max: Duration::from_secs(30 * 60),
        }
    }
}

/// Where a block comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It has just been measured.
    Live,
    /// The region remembered it.
    Memory,
}

/// Whether the line moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Blocks are gathered until the region's memory is read: it gives the newest first.
    Gather,
    /// What follows is handed on at once.
    Flow,
}

/// What the line consists of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// A strip begins; the one before is over.
    Begin {
        /// Whose monitoring it is.
        episode: EpisodeId,
        /// When its first tick is, by the bridge's clock.
        at: WallTime,
        /// Whether the monitoring may have gone on before.
        opening: Opening,
    },
    /// So many ticks without any value.
    Absent {
        /// How many; not 0.
        ticks: u32,
    },
    /// The ticks of a second.
    Heard(Heard),
    /// The ticks of a second whose place was given up before.
    Late {
        /// How many ticks before the next one it begins.
        ago: u32,
        /// What was heard; nothing is left out.
        heard: Heard,
    },
}

/// Whether a strip begins with its monitoring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It does: what came before was heard, and was another monitoring's.
    Whole,
    /// Perhaps not: this is the first that was heard of a bridge that has run for some time, or
    /// a strip of the same monitoring was broken off before.
    MidWay,
}

/// A second of one device, as the analysis needs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// The ticks of the first fetus, and of the second where there is one.
    pub fetuses: [Option<[Tick; TICKS_PER_SECOND]>; 2],
    /// What measures uterine activity.
    pub uterus: Uterus,
    /// How many of the ticks lie before the end of the second before, and are left out.
    pub skip: usize,
}

/// A block that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    at: WallTime,
    tick: DeviceTick,
    episode: EpisodeId,
    heard: Heard,
}

/// How far the line has come.
#[derive(Clone, Copy, Debug)]
struct Line {
    episode: EpisodeId,
    /// The last block in it.
    last: Key,
    /// The device's count behind that.
    tick: DeviceTick,
    /// When its first tick is.
    origin: WallTime,
    /// The slot of 250 ms since then that comes next.
    slot: i64,
}

/// The line of one device.
///
/// # Invariants
///
/// Slots are handed out without a hole and each once; a block that is not after the last one in
/// the line never enters it; at most `WAITING_MAX` blocks wait.
#[derive(Debug)]
pub struct Strip {
    options: StripOptions,
    pace: Pace,
    waiting: BTreeMap<Key, Waiting>,
    line: Option<Line>,
    steps: VecDeque<Step>,
    late: u64,
}

impl Strip {
    /// A line without blocks.
    #[must_use]
    pub fn new(options: StripOptions, pace: Pace) -> Self {
        let (waiting, steps) = (BTreeMap::new(), VecDeque::new());
        Self { options, pace, waiting, line: None, steps, late: 0 }
    }

    /// Says whether the line moves.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Takes a block. One that is known already changes nothing.
    pub fn push(&mut self, block: &Block, source: Source) {
        let key = (block.epoch, block.seq);
        if self.line.is_some_and(|line| key <= line.last) {
            // What the region remembers is sent more than once.
            self.late += u64::from(source == Source::Live);
            self.steps.extend(self.late_step(block));
            return;
        }
        let heard = Heard::of(block);
        let (at, tick, episode) = (block.at, block.tick, block.episode);
        self.waiting.insert(key, Waiting { at, tick, episode, heard });
    }

    /// What comes next in the line; `None` while something is waited for.
    pub fn poll(&mut self) -> Option<Step> {
        if self.steps.is_empty() {
            self.advance();
        }
        self.steps.pop_front()
    }

    /// How many live blocks came when their place in the line was given up.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }

    fn advance(&mut self) {
        let is_full = self.waiting.len() >= WAITING_MAX;
        if self.pace == Pace::Gather && !is_full {
            return;
        }
        let Some((&key, &head)) = self.waiting.first_key_value() else { return };
        let follows = self.line.is_none_or(|line| key == (line.last.0, line.last.1 + 1));
        if !follows && !is_full && !self.is_given_up(&head) {
            return;
        }
        self.waiting.remove(&key);
        self.place(key, &head);
    }

    /// Where a block belongs that comes behind its place; `None` outside the strip that is read.
    fn late_step(&self, block: &Block) -> Option<Step> {
        let line = self.line.filter(|line| line.episode == block.episode)?;
        let grid = DeviceTick::MICROS;
        let slot = (block.at.micros_since(line.origin) + grid / 2).div_euclid(grid);
        let is_within = slot >= 0 && slot + SLOTS <= line.slot;
        let ago = u32::try_from(line.slot - slot).ok().filter(|_| is_within)?;
        Some(Step::Late { ago, heard: Heard::of(block) })
    }

    /// Whether what is missing before `head` is waited for no longer.
    fn is_given_up(&self, head: &Waiting) -> bool {
        let newest = self.waiting.last_key_value().map_or(head.at, |(_, newest)| newest.at);
        newest.micros_since(head.at).unsigned_abs() >= micros(self.options.hold).unsigned_abs()
    }

    fn place(&mut self, key: Key, head: &Waiting) {
        let went_on = self.line.filter(|line| line.episode == head.episode);
        let gap = went_on.and_then(|line| self.gap(&line, key, head).map(|gap| (line, gap)));
        let (mut line, mut heard) = match gap {
            Some((line, gap @ 1..)) => {
                let ticks = u32::try_from(gap).expect("a longer gap begins a strip");
                self.steps.push_back(Step::Absent { ticks });
                (Line { slot: line.slot + gap, ..line }, head.heard)
            }
            Some((line, gap)) => {
                let skip = usize::try_from(-gap).unwrap_or(0).min(TICKS_PER_SECOND);
                (line, Heard { skip, ..head.heard })
            }
            None => (self.begin(key, head), head.heard),
        };
        line.last = key;
        line.tick = DeviceTick(head.tick.0.saturating_add(TICKS_PER_SECOND as u64));
        heard.skip = heard.skip.min(TICKS_PER_SECOND);
        line.slot += SLOTS - i64::try_from(heard.skip).expect("at most 4");
        self.line = Some(line);
        if heard.skip < TICKS_PER_SECOND {
            self.steps.push_back(Step::Heard(heard));
        }
    }

    fn begin(&mut self, key: Key, head: &Waiting) -> Line {
        // Slots lie on one grid for ever, so that a strip that is read again is the same.
        let grid = DeviceTick::MICROS;
        let at = WallTime((head.at.0 + grid / 2).div_euclid(grid) * grid);
        let went_on = self.line.is_some_and(|line| line.episode == head.episode);
        let is_unheard = self.line.is_none() && key.1 > FIRST_SEQ;
        let opening = if went_on || is_unheard { Opening::MidWay } else { Opening::Whole };
        self.steps.push_back(Step::Begin { episode: head.episode, at, opening });
        Line { episode: head.episode, last: key, tick: head.tick, origin: at, slot: 0 }
    }

    /// Slots between the line and a block, negative where they overlap; `None` where the two do
    /// not belong to one strip.
    fn gap(&self, line: &Line, key: Key, head: &Waiting) -> Option<i64> {
        let since = head.at.micros_since(line.origin);
        let grid = DeviceTick::MICROS;
        let gap = (since + grid / 2).div_euclid(grid) - line.slot;
        let slots = |duration: Duration| micros(duration) / DeviceTick::MICROS;
        let step_max = slots(self.options.clock_step_max);
        // A device counts through a silence: what its count does not explain, a clock did.
        let explained = if key.0 == line.last.0 {
            i64::try_from(head.tick.0.wrapping_sub(line.tick.0)).unwrap_or(0).max(0)
        } else {
            gap.max(0)
        };
        let stepped = (gap - explained).abs() > step_max;
        (!stepped && gap >= -step_max && gap <= slots(self.options.gap_max)).then_some(gap)
    }
}

impl Heard {
    fn of(block: &Block) -> Self {
        let second = &block.second;
        let ticks = |fetus, transducer| {
            let ticks = Tick::of_second(second, fetus);
            let is_there =
                transducer != HeartTransducer::None || ticks.iter().any(|tick| tick.fhr.is_some());
            is_there.then_some(ticks)
        };
        let uterus = match second.transducers.ua {
            ActivityTransducer::IntraUterine => Uterus::IntraUterine,
            _ => Uterus::External,
        };
        let fetuses = [
            ticks(ctg::Fetus::First, second.transducers.fhr1),
            ticks(ctg::Fetus::Second, second.transducers.fhr2),
        ];
        Self { fetuses, uterus, skip: 0 }
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
