//! The ticks of a source, taken four at a time or otherwise.

use std::collections::VecDeque;

use vitals::{Absence, Flags, Second, TICKS_PER_SECOND, Transducers};

use crate::source::{Source, Tick};

/// A source, opened up into ticks.
pub(super) struct TickQueue {
    source: Box<dyn Source>,
    /// What is left of the second taken last: fewer than four.
    steps: VecDeque<Step>,
    /// Those of the last tick that was taken, for blocks of filler alone.
    transducers: Transducers,
    ended: bool,
}

/// One tick with what held for its second.
#[derive(Clone, Copy)]
struct Step {
    tick: Tick,
    transducers: Transducers,
    flags: Flags,
}

impl TickQueue {
    pub(super) fn new(source: Box<dyn Source>) -> Self {
        Self {
            source,
            steps: VecDeque::with_capacity(TICKS_PER_SECOND),
            transducers: Transducers::default(),
            ended: false,
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended && self.steps.is_empty()
    }

    /// A block of the next `count` ticks, at most four. Where that is fewer, filler stands in
    /// front and the block says so. `None` once the source has ended.
    pub(super) fn take(&mut self, count: usize) -> Option<Second> {
        assert!(count <= TICKS_PER_SECOND, "a block has {TICKS_PER_SECOND} ticks");
        let inserted = TICKS_PER_SECOND - count;
        let mut ticks = [Tick::BLANK; TICKS_PER_SECOND];
        let mut flags = if inserted > 0 { Flags::TICKS_INSERTED } else { Flags::NONE };
        let mut taken = 0;
        for slot in &mut ticks[inserted..] {
            let Some(step) = self.next() else { break };
            *slot = step.tick;
            self.transducers = step.transducers;
            flags = flags.with(step.flags);
            taken += 1;
        }
        if self.has_ended() && taken == 0 {
            return None;
        }
        let mut second = Second::absent(Absence::NoTransducer);
        second.transducers = self.transducers;
        second.flags = flags;
        Tick::write(&ticks, &mut second);
        Some(second)
    }

    /// Lets ticks go unsent, up to the end of the source.
    pub(super) fn skip(&mut self, count: u64) {
        for _ in 0..count {
            if self.next().is_none() {
                return;
            }
        }
    }

    fn next(&mut self) -> Option<Step> {
        if self.steps.is_empty() {
            let Some(second) = self.source.next_second() else {
                self.ended = true;
                return None;
            };
            // The button was pressed once, so one tick carries the mark.
            let mark = second.flags.bits() & Flags::EVENT_MARK.bits();
            let others = Flags::from_bits(second.flags.bits() & !mark).unwrap_or_default();
            self.steps.extend(Tick::of(&second).into_iter().enumerate().map(|(nth, tick)| Step {
                tick,
                transducers: second.transducers,
                flags: if nth == 0 { second.flags } else { others },
            }));
        }
        self.steps.pop_front()
    }
}
