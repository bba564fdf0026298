//! Two channels with one rate, noticed as monitors notice it: by comparing what they show.

use std::collections::VecDeque;

use vitals::Second;

/// Compares the channels of a monitor over the last 20 s.
///
/// Design values, not a maker's: at most 5 bpm apart in 16 of the last 20 seconds, each with
/// a value on both channels.
#[derive(Debug, Default)]
pub(super) struct Coincidence {
    close: VecDeque<[bool; PAIRS]>,
}

impl Coincidence {
    /// Takes the next second; whether any two channels now count as one.
    pub(super) fn watch(&mut self, second: &Second) -> bool {
        let [first, twin, mother] = [second.fhr1, second.fhr2, second.mhr].map(|channel| {
            let values = channel.iter().filter_map(|reading| reading.value());
            let (sum, count) = values
                .fold((0.0, 0), |(sum, count), rate| (sum + f64::from(rate.bpm()), count + 1));
            (count > 0).then(|| sum / f64::from(count))
        });
        let pairs = [(first, mother), (twin, mother), (first, twin)];
        if self.close.len() == WINDOW_S {
            self.close.pop_front();
        }
        self.close.push_back(pairs.map(|pair| match pair {
            (Some(one), Some(other)) => (one - other).abs() <= APART_BPM_MAX,
            _ => false,
        }));
        (0..PAIRS)
            .any(|pair| self.close.iter().filter(|close| close[pair]).count() >= CLOSE_SECONDS_MIN)
    }
}

const PAIRS: usize = 3;
const WINDOW_S: usize = 20;
const CLOSE_SECONDS_MIN: usize = 16;
const APART_BPM_MAX: f64 = 5.0;
