//! The ticks of a strip that may still matter: twenty minutes back, and all that is not final.

use crate::contraction::NO_ACTIVITY;
use crate::tick::{TICKS_PER_MINUTE, TICKS_PER_SECOND, Tick};

/// What becomes final at once, ticks: the ten minutes of the guidelines' windows.
pub(crate) const STEP_TICKS: u32 = 10 * TICKS_PER_MINUTE;
/// How far ahead of what becomes final the strip must be known, ticks.
pub(crate) const AHEAD_TICKS: u32 = 10 * TICKS_PER_MINUTE;
/// How much of the past is kept beside what is not final, ticks.
pub(crate) const BACK_TICKS: u32 = 20 * TICKS_PER_MINUTE;

/// Most ticks that are kept: when ten minutes become final, what lies around them.
const KEPT_TICKS: u32 = BACK_TICKS + STEP_TICKS + AHEAD_TICKS;

/// The newest ticks of a strip, in the form in which a frame looks at them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    /// The strip's tick that is the first here.
    pub origin: u32,
    /// Fetal rate each tick, quarters; 0 for absent.
    pub fetal: Vec<u16>,
    /// Maternal rate each whole second, quarters; 0 for absent.
    pub maternal: Vec<u16>,
    /// Uterine activity each whole second, eighths.
    pub activity: Vec<u16>,
    /// The strip's first tick that held anything: before it nobody listened.
    pub heard_from: Option<u32>,
    open: OpenSecond,
}

/// The second that is not whole yet.
#[derive(Clone, Copy, Debug, Default)]
struct OpenSecond {
    maternal_sum: u16,
    maternal_count: u16,
    activity_sum: u16,
    activity_count: u16,
}

impl OpenSecond {
    fn add(&mut self, tick: Tick) {
        if let Some(rate) = tick.mhr {
            self.maternal_sum += rate.quarters();
            self.maternal_count += 1;
        }
        if let Some(activity) = tick.ua {
            self.activity_sum += u16::from(activity.halves());
            self.activity_count += 1;
        }
    }

    fn maternal(self) -> u16 {
        self.maternal_sum.checked_div(self.maternal_count).unwrap_or(0)
    }

    fn activity(self) -> u16 {
        // Four halves are an eighth of a unit each in the sum of four.
        (4 * self.activity_sum).checked_div(self.activity_count).unwrap_or(NO_ACTIVITY)
    }
}

impl Kept {
    /// Nothing yet of what comes from tick `origin` on, a whole second. The room for all that
    /// will be kept is taken at once: growing by doubling would leave almost half of it empty.
    pub fn starting(origin: u32) -> Self {
        let seconds = (KEPT_TICKS / TICKS_PER_SECOND) as usize;
        Self {
            origin,
            fetal: Vec::with_capacity(KEPT_TICKS as usize),
            maternal: Vec::with_capacity(seconds),
            activity: Vec::with_capacity(seconds),
            ..Self::default()
        }
    }

    /// How many ticks of the strip have come.
    pub fn end(&self) -> u32 {
        self.origin + u32::try_from(self.fetal.len()).expect("forty minutes are kept at most")
    }

    /// Adds a tick.
    pub fn push(&mut self, tick: Tick) {
        if self.heard_from.is_none() && tick != Tick::default() {
            self.heard_from = Some(self.end());
        }
        self.fetal.push(tick.fhr.map_or(0, vitals::Bpm::quarters));
        self.open.add(tick);
        if self.fetal.len().is_multiple_of(TICKS_PER_SECOND as usize) {
            self.close_second();
        }
    }

    /// Puts ticks, by their place in the strip, where none were; says how many had room. Of a
    /// second that is not whole yet the fetal rate alone is taken.
    pub fn fill(&mut self, ticks: &[(u32, Tick)]) -> usize {
        let second = |tick: u32| ((tick - self.origin) / TICKS_PER_SECOND) as usize;
        let mut filled = 0;
        for part in ticks.chunk_by(|(a, _), (b, _)| second(*a) == second(*b)) {
            let second = second(part[0].0);
            for (at, tick) in part {
                let place = &mut self.fetal[(at - self.origin) as usize];
                if let (0, Some(rate)) = (*place, tick.fhr) {
                    *place = rate.quarters();
                    filled += 1;
                }
            }
            let mut open = OpenSecond::default();
            part.iter().for_each(|(_, tick)| open.add(*tick));
            if let Some(0) = self.maternal.get(second) {
                self.maternal[second] = open.maternal();
            }
            if let Some(&NO_ACTIVITY) = self.activity.get(second) {
                self.activity[second] = open.activity();
            }
        }
        filled
    }

    fn close_second(&mut self) {
        let open = core::mem::take(&mut self.open);
        self.maternal.push(open.maternal());
        self.activity.push(open.activity());
    }

    /// Whole seconds that are kept.
    pub fn seconds(&self) -> usize {
        self.maternal.len()
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        let values = self.fetal.capacity() + self.maternal.capacity() + self.activity.capacity();
        values * size_of::<u16>()
    }

    /// Lets go of everything before `origin`, a whole second of the strip.
    pub fn forget_before(&mut self, origin: u32) {
        let ticks = origin.saturating_sub(self.origin);
        let seconds = (ticks / TICKS_PER_SECOND) as usize;
        self.fetal.drain(..(ticks as usize).min(self.fetal.len()));
        self.maternal.drain(..seconds.min(self.maternal.len()));
        self.activity.drain(..seconds.min(self.activity.len()));
        self.origin += ticks;
    }
}

const _: () = assert!(BACK_TICKS.is_multiple_of(TICKS_PER_SECOND));
// Four sums of the largest values fit their counters.
const _: () = assert!(4 * vitals::Bpm::QUARTERS_MAX as u32 <= u16::MAX as u32);
const _: () = assert!(4 * 4 * 255 <= u16::MAX as u32);
