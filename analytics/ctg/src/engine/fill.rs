//! Ticks that come after their place was given up.

use super::Engine;
use crate::tick::Tick;

impl Engine {
    /// Puts ticks where none were: those from tick `at` on, which were pushed as absent because
    /// they had not come. What is there stays, and so does what is final; every later look reads
    /// the strip as if they had come in time.
    ///
    /// Her rate and activity are kept a second at a time: a second that has one keeps it.
    ///
    /// Says how many ticks of the fetal rate found their place.
    pub fn fill(&mut self, at: u32, ticks: &[Tick]) -> usize {
        let is_open = |tick: u32| self.final_until <= tick && tick < self.kept.end();
        let open = (at..).zip(ticks).filter(|(tick, _)| is_open(*tick));
        let open: Vec<_> = open.map(|(tick, value)| (tick, *value)).collect();
        self.kept.fill(&open)
    }
}
