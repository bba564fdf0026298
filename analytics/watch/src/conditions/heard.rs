//! The last seconds and minutes of one fetal channel, as they were heard.

use ctg::Tick;
use vitals::TICKS_PER_SECOND;

/// Seconds that are kept one by one: the bits of a word.
const SECONDS: usize = 64;
/// Minutes over which a loss is counted.
const MINUTES: usize = 10;
/// A share of less is not worth a word, seconds.
const SHARE_FROM_S: u32 = 120;

/// The last seconds and minutes of one fetal channel.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Which of the last seconds had a value, the newest in bit 0.
    valid: u64,
    /// Which had one below the limit.
    low: u64,
    /// Their means in quarters of a bpm; 0 where there is none. The newest at `at`.
    rates: Rates,
    /// Which had one that is very low.
    very_low: u64,
    run: VeryLow,
    run_quarters: u64,
    /// Seconds since the last value; `None` where there never was one.
    without_signal: Option<u32>,
    minutes: [Minute; MINUTES],
    seconds: u32,
}

/// From where on a rate is low, and very low.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Below is low, bpm.
    pub low_bpm: f32,
    /// Below is very low, bpm.
    pub very_low_bpm: f32,
}

/// The time since the last second with a rate that was not very low.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VeryLow {
    /// How long, s; 0 where none of it had a value.
    pub seconds: u32,
    /// How many seconds of it had a value.
    pub valid: u32,
    /// Mean of their values, bpm.
    pub mean_bpm: f32,
}

#[derive(Clone, Debug)]
struct Rates {
    quarters: [u16; SECONDS],
    at: usize,
}

impl Default for Rates {
    fn default() -> Self {
        Self { quarters: [0; SECONDS], at: 0 }
    }
}

/// Ticks of one minute.
#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    valid: u16,
    all: u16,
}

/// Some of the last seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// How many had a value.
    pub valid: u32,
    /// How many had one that is low.
    pub low: u32,
    /// How many had one that is very low.
    pub very_low: u32,
    /// Mean of their values, bpm.
    pub mean_bpm: f32,
}

impl Heard {
    /// Takes a second.
    pub fn second(&mut self, ticks: &[Tick; TICKS_PER_SECOND], limits: Limits) {
        let rates = ticks.iter().filter_map(|tick| tick.fhr);
        let (sum, count) =
            rates.fold((0.0, 0u16), |(sum, count), bpm| (sum + bpm.bpm(), count + 1));
        let mean = if count == 0 { 0.0 } else { sum / f32::from(count) };
        self.valid = self.valid << 1 | u64::from(count > 0);
        self.low = self.low << 1 | u64::from(count > 0 && mean < limits.low_bpm);
        let is_very_low = count > 0 && mean < limits.very_low_bpm;
        self.very_low = self.very_low << 1 | u64::from(is_very_low);
        self.count_run(count > 0, is_very_low, mean);
        self.rates.at = (self.rates.at + 1) % SECONDS;
        self.rates.quarters[self.rates.at] = (4.0 * mean) as u16;
        self.count(count);
    }

    /// Takes seconds without a value.
    pub fn nothing(&mut self, seconds: u32) {
        // More than all that is kept changes nothing further.
        let all = u32::try_from(MINUTES * 60).expect("ten minutes");
        for _ in 0..seconds.min(all) {
            let limits = Limits { low_bpm: 0.0, very_low_bpm: 0.0 };
            self.second(&[Tick::default(); TICKS_PER_SECOND], limits);
        }
    }

    fn count_run(&mut self, is_valid: bool, is_very_low: bool, mean_bpm: f32) {
        if is_valid {
            self.without_signal = Some(0);
        } else if let Some(seconds) = &mut self.without_signal {
            *seconds = seconds.saturating_add(1);
        }
        if is_valid && !is_very_low {
            (self.run, self.run_quarters) = (VeryLow::default(), 0);
        } else if is_very_low || self.run.valid > 0 {
            self.run.seconds = self.run.seconds.saturating_add(1);
            if is_very_low {
                self.run.valid += 1;
                self.run_quarters += (4.0 * mean_bpm) as u64;
                self.run.mean_bpm = self.run_quarters as f32 / (4.0 * self.run.valid as f32);
            }
        }
    }

    /// The rate since it was last not very low.
    #[must_use]
    pub const fn very_low(&self) -> VeryLow {
        self.run
    }

    /// Seconds since the last value; `None` where there never was one.
    #[must_use]
    pub const fn without_signal(&self) -> Option<u32> {
        self.without_signal
    }

    fn count(&mut self, valid: u16) {
        let minute = (self.seconds / 60) as usize % MINUTES;
        if self.seconds.is_multiple_of(60) {
            self.minutes[minute] = Minute::default();
        }
        self.minutes[minute].valid += valid;
        self.minutes[minute].all += TICKS_PER_SECOND as u16;
        self.seconds += 1;
    }

    /// The last `seconds`, up to 64; `None` where fewer than `share` of them had a value.
    #[must_use]
    pub fn window(&self, seconds: u32, share: f32) -> Option<Window> {
        let seconds = seconds.clamp(1, SECONDS as u32);
        let mask = u64::MAX >> (SECONDS as u32 - seconds);
        let valid = (self.valid & mask).count_ones();
        if (valid as f32) < share * seconds as f32 {
            return None;
        }
        let last = (0..seconds as usize).map(|back| (self.rates.at + SECONDS - back) % SECONDS);
        let sum: u32 = last.map(|at| u32::from(self.rates.quarters[at])).sum();
        let mean_bpm = sum as f32 / (4.0 * valid.max(1) as f32);
        let (low, very_low) = ((self.low & mask).count_ones(), (self.very_low & mask).count_ones());
        Some(Window { valid, low, very_low, mean_bpm })
    }

    /// The share of ticks without a value in the last ten minutes; `None` in the first two.
    #[must_use]
    pub fn lost(&self) -> Option<f32> {
        if self.seconds < SHARE_FROM_S {
            return None;
        }
        let all: u32 = self.minutes.iter().map(|minute| u32::from(minute.all)).sum();
        let valid: u32 = self.minutes.iter().map(|minute| u32::from(minute.valid)).sum();
        Some(1.0 - valid as f32 / all.max(1) as f32)
    }
}
