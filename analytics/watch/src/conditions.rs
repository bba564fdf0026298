//! Physiological conditions: what holds now, from when on, and when it is over.
//!
//! In: each second as it is heard, and each reading of the strip up to now. Out: conditions
//! that began, changed or ended. Never: what is done about them. Priorities, who is told and
//! who has acknowledged are the alerts' life, and another room's.
//!
//! Each condition has a verdict at every look: it holds, it is over, or nothing can be said;
//! what cannot be said changes nothing. A verdict must last before it counts, so that a level
//! on the edge does not flicker; the highest level counts at once.

use std::collections::BTreeMap;
use std::time::Duration;

use ctg::Tick;
use protocol::analysis::{Condition, ConditionKind};
use vitals::{TICKS_PER_SECOND, WallTime};

mod heard;
pub mod twins;

pub use heard::{Heard, Limits};

/// From when on something is a condition. What is marked unconfirmed in the sheet is moved here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConditionSettings {
    /// A rate below is low, bpm. Default 110: confirmed, sheet section 1.4.
    pub bradycardia_bpm: f32,
    /// How long the rate is low until it is a condition, s. Default 60, 10 to 64: design, 6.3.
    pub bradycardia_s: u32,
    /// Share of those seconds that must have a value. Default 0.6: design, as for coincidence.
    pub heard_share: f32,
    /// A baseline above is high, bpm. Default 160: confirmed, sheet section 1.4. The baseline is
    /// that of the last ten minutes, which is how long it has to last: design, 6.3.
    pub tachycardia_bpm: f32,
    /// More contractions in ten minutes are too many, on average over half an hour. Default 5:
    /// confirmed, sheet section 2.5.
    pub tachysystole: f32,
    /// A rate below is very low, bpm. Default 80: design, 6.3.
    pub severe_bpm: f32,
    /// How long the rate is very low until that is a condition, s. Default 180: design, 6.3.
    pub severe_s: u32,
    /// The signal is lost after so long without any, s; where there never was one nothing is
    /// lost. Default 60: design, 6.3.
    pub lost_s: u32,
    /// The fetal channel shows the mother for so long, s. Default 60: design, 2.9.
    pub coincidence_s: u32,
    /// From here the coincidence is said again, with a longer time, s. Default 180: design, 2.9.
    pub coincidence_long_s: u32,
    /// More lost of the last ten minutes is poor, share. Default 0.2: design, 2.9.
    pub poor: f32,
    /// Less lost is poor no longer, share. Default 0.15: design, so that it does not flicker.
    pub poor_over: f32,
    /// How long a level, or the want of one, lasts until it counts, s. Default 60: design, 6.3;
    /// level 5 counts at once.
    pub level_s: u32,
    /// How long anything is over until that counts, s. Default 60: design, 6.3.
    pub over_s: u32,
    /// A deceleration goes on whose end lies less far back, s. Default 15: design.
    pub goes_on_s: u32,
}

impl Default for ConditionSettings {
    fn default() -> Self {
        Self {
            bradycardia_bpm: 110.0,
            bradycardia_s: 60,
            heard_share: 0.6,
            tachycardia_bpm: 160.0,
            tachysystole: 5.0,
            severe_bpm: 80.0,
            severe_s: 180,
            lost_s: 60,
            coincidence_s: 60,
            coincidence_long_s: 180,
            poor: 0.2,
            poor_over: 0.15,
            level_s: 60,
            over_s: 60,
            goes_on_s: 15,
        }
    }
}

/// The minutes over which contractions are averaged: confirmed, sheet section 2.5.
pub const TACHYSYSTOLE_WINDOW: Duration = Duration::from_secs(30 * 60);

/// A reading of the strip up to now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The end of the strip.
    pub now: WallTime,
    /// The level that is shown of the last ten minutes.
    pub level: Shown,
    /// The baseline of the last ten minutes, where it is their own, bpm.
    pub baseline_bpm: Option<f32>,
    /// Whether the sinusoidal pattern holds, as it counts for a level.
    pub is_sinusoidal: bool,
    /// Contractions in [`TACHYSYSTOLE_WINDOW`]; `None` where the strip is younger, or no
    /// activity is recorded.
    pub contractions: Option<usize>,
    /// Since when the fetal channel shows the mother's rate, until now.
    pub coincides_since: Option<WallTime>,
    /// Since when it shows twice her rate, until now.
    pub doubles_since: Option<WallTime>,
    /// The last prolonged deceleration.
    pub prolonged: Option<Prolonged>,
}

/// What is shown as the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// 1 to 5.
    Level(u8),
    /// There is none.
    NotClassifiable,
    /// The strip is too young to say.
    TooEarly,
}

/// A prolonged deceleration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prolonged {
    /// Its start.
    pub from: WallTime,
    /// Its end, as far as it is known.
    pub to: WallTime,
    /// Its lowest rate, bpm.
    pub nadir_bpm: f32,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Holds { since: WallTime, value: i32 },
    Over { value: i32 },
    Unknown,
}

/// The conditions of one fetus.
#[derive(Clone, Debug)]
pub struct Conditions {
    settings: ConditionSettings,
    heard: Heard,
    /// Since when the verdict of a kind is against what was last published.
    turned: BTreeMap<ConditionKind, WallTime>,
}

impl Conditions {
    /// Nothing is heard yet.
    #[must_use]
    pub fn new(settings: ConditionSettings) -> Self {
        Self { settings, heard: Heard::default(), turned: BTreeMap::new() }
    }

    /// Hears a second.
    pub fn hear(&mut self, ticks: &[Tick; TICKS_PER_SECOND]) {
        let ConditionSettings { bradycardia_bpm, severe_bpm, .. } = self.settings;
        self.heard.second(ticks, Limits { low_bpm: bradycardia_bpm, very_low_bpm: severe_bpm });
    }

    /// So many seconds had no value at all.
    pub fn hear_nothing(&mut self, seconds: u32) {
        self.heard.nothing(seconds);
    }

    /// Looks at the strip as it is now. `published` is what was last said of a kind.
    #[must_use]
    pub fn look(
        &mut self,
        view: &View,
        published: impl Fn(ConditionKind) -> Option<Condition>,
    ) -> Vec<Condition> {
        let mut changed = Vec::new();
        for &kind in ConditionKind::ALL.iter().filter(|kind| **kind != ConditionKind::TwinsCoincide)
        {
            let verdict = self.verdict(kind, view, published(kind));
            changed.extend(self.weigh(kind, verdict, view.now, published(kind)));
        }
        changed
    }

    /// The monitoring is over, and with it all that held.
    #[must_use]
    pub fn end(
        &self,
        now: WallTime,
        published: impl Fn(ConditionKind) -> Option<Condition>,
    ) -> Vec<Condition> {
        let held = ConditionKind::ALL.iter().filter_map(|kind| published(*kind));
        let held = held.filter(|condition| condition.is_active);
        held.map(|condition| Condition { is_active: false, since: now, ..condition }).collect()
    }

    /// What follows from a verdict, given what was said before.
    fn weigh(
        &mut self,
        kind: ConditionKind,
        verdict: Verdict,
        now: WallTime,
        before: Option<Condition>,
    ) -> Option<Condition> {
        let active = before.filter(|condition| condition.is_active);
        match (verdict, active) {
            (Verdict::Unknown, _) => None,
            (Verdict::Holds { value, .. }, Some(before)) => {
                self.turned.remove(&kind);
                // Said again only where somebody would act otherwise.
                (self.step(kind, value) != self.step(kind, before.value))
                    .then_some(Condition { value, ..before })
            }
            (Verdict::Holds { since, value }, None) => {
                let turned = *self.turned.entry(kind).or_insert(now);
                self.has_lasted(turned, now, self.raise_after(kind)).then(|| {
                    self.turned.remove(&kind);
                    Condition { kind, is_active: true, since: since.min(turned), value }
                })
            }
            (Verdict::Over { value }, Some(_)) => {
                let turned = *self.turned.entry(kind).or_insert(now);
                self.has_lasted(turned, now, self.over_after(kind)).then(|| {
                    self.turned.remove(&kind);
                    Condition { kind, is_active: false, since: turned, value }
                })
            }
            (Verdict::Over { .. }, None) => {
                self.turned.remove(&kind);
                None
            }
        }
    }

    fn has_lasted(&self, since: WallTime, now: WallTime, seconds: u32) -> bool {
        now.micros_since(since) >= i64::from(seconds) * WallTime::MICROS_PER_SECOND
    }

    fn raise_after(&self, kind: ConditionKind) -> u32 {
        match kind {
            ConditionKind::Level3 | ConditionKind::Level4 | ConditionKind::NotClassifiable => {
                self.settings.level_s
            }
            _ => 0,
        }
    }

    fn over_after(&self, kind: ConditionKind) -> u32 {
        match kind {
            // Their own windows look back already.
            ConditionKind::Bradycardia | ConditionKind::SignalPoor | ConditionKind::SignalLost => 0,
            ConditionKind::SevereBradycardia => 0,
            ConditionKind::ProlongedDeceleration => 0,
            _ => self.settings.over_s,
        }
    }

    /// The step of a value within which it is not said again.
    fn step(&self, kind: ConditionKind, value: i32) -> i32 {
        match kind {
            ConditionKind::SignalLost => 0,
            ConditionKind::Bradycardia
            | ConditionKind::SevereBradycardia
            | ConditionKind::Tachycardia
            | ConditionKind::ProlongedDeceleration => value.div_euclid(10),
            ConditionKind::SignalPoor => value.div_euclid(25),
            ConditionKind::Tachysystole => value.div_euclid(10),
            // A time: what counts is whether it has become long.
            _ => i32::from(
                value >= i32::try_from(self.settings.coincidence_long_s).unwrap_or(i32::MAX),
            ),
        }
    }

    fn verdict(&self, kind: ConditionKind, view: &View, before: Option<Condition>) -> Verdict {
        let level = |wanted: u8| match view.level {
            Shown::Level(shown) if shown == wanted => Verdict::Holds { since: view.now, value: 0 },
            Shown::Level(_) | Shown::NotClassifiable => Verdict::Over { value: 0 },
            Shown::TooEarly => Verdict::Unknown,
        };
        match kind {
            ConditionKind::Bradycardia => self.bradycardia(view.now),
            ConditionKind::Tachycardia => self.tachycardia(view),
            ConditionKind::Tachysystole => self.tachysystole(view),
            ConditionKind::MaternalCoincidence => self.lasting(view.now, view.coincides_since),
            ConditionKind::MaternalDoubled => self.lasting(view.now, view.doubles_since),
            ConditionKind::SignalPoor => self.signal_poor(view.now, before),
            ConditionKind::Level3 => level(3),
            ConditionKind::Level4 => level(4),
            ConditionKind::Level5 => level(5),
            ConditionKind::Sinusoidal => match (view.level, view.is_sinusoidal) {
                (Shown::TooEarly, _) => Verdict::Unknown,
                (_, true) => Verdict::Holds { since: view.now, value: 0 },
                (_, false) => Verdict::Over { value: 0 },
            },
            ConditionKind::ProlongedDeceleration => self.prolonged(view),
            ConditionKind::NotClassifiable => match view.level {
                Shown::NotClassifiable => Verdict::Holds { since: view.now, value: 0 },
                Shown::Level(_) => Verdict::Over { value: 0 },
                Shown::TooEarly => Verdict::Unknown,
            },
            ConditionKind::TwinsCoincide => Verdict::Unknown,
            ConditionKind::SevereBradycardia => self.severe_bradycardia(view.now),
            ConditionKind::SignalLost => self.signal_lost(view.now),
        }
    }

    /// Counts from the last second that was not very low: a loss in between neither ends it nor
    /// makes it true alone.
    fn severe_bradycardia(&self, now: WallTime) -> Verdict {
        let settings = &self.settings;
        let run = self.heard.very_low();
        let value = rounded(run.mean_bpm);
        if run.seconds == 0 {
            return match self.heard.window(settings.bradycardia_s / 2, settings.heard_share) {
                Some(half) if half.very_low == 0 => Verdict::Over { value: rounded(half.mean_bpm) },
                _ => Verdict::Unknown,
            };
        }
        let is_heard = run.valid as f32 >= settings.heard_share * run.seconds as f32;
        if run.seconds < settings.severe_s || !is_heard {
            return Verdict::Unknown;
        }
        Verdict::Holds { since: seconds_before(now, run.seconds), value }
    }

    fn signal_lost(&self, now: WallTime) -> Verdict {
        match self.heard.without_signal() {
            Some(0) => Verdict::Over { value: 0 },
            Some(seconds) if seconds >= self.settings.lost_s => {
                let value = i32::try_from(seconds).unwrap_or(i32::MAX);
                Verdict::Holds { since: seconds_before(now, seconds), value }
            }
            _ => Verdict::Unknown,
        }
    }

    fn bradycardia(&self, now: WallTime) -> Verdict {
        let settings = &self.settings;
        let Some(window) = self.heard.window(settings.bradycardia_s, settings.heard_share) else {
            return Verdict::Unknown;
        };
        let value = rounded(window.mean_bpm);
        if window.low == window.valid {
            return Verdict::Holds { since: seconds_before(now, settings.bradycardia_s), value };
        }
        // It is over when the rate has been back for half as long as it had to be low.
        match self.heard.window(settings.bradycardia_s / 2, settings.heard_share) {
            Some(half) if half.low == 0 => Verdict::Over { value: rounded(half.mean_bpm) },
            _ => Verdict::Unknown,
        }
    }

    fn tachycardia(&self, view: &View) -> Verdict {
        match view.baseline_bpm {
            Some(bpm) if bpm > self.settings.tachycardia_bpm => {
                Verdict::Holds { since: view.now, value: rounded(bpm) }
            }
            Some(bpm) => Verdict::Over { value: rounded(bpm) },
            None => Verdict::Unknown,
        }
    }

    fn tachysystole(&self, view: &View) -> Verdict {
        let Some(contractions) = view.contractions else { return Verdict::Unknown };
        let in_ten_minutes = contractions as f32 * 600.0 / TACHYSYSTOLE_WINDOW.as_secs_f32();
        let value = rounded(10.0 * in_ten_minutes);
        if in_ten_minutes > self.settings.tachysystole {
            Verdict::Holds { since: view.now, value }
        } else {
            Verdict::Over { value }
        }
    }

    fn lasting(&self, now: WallTime, since: Option<WallTime>) -> Verdict {
        let Some(since) = since else { return Verdict::Over { value: 0 } };
        let seconds = now.micros_since(since) / WallTime::MICROS_PER_SECOND;
        let value = i32::try_from(seconds).unwrap_or(i32::MAX);
        if seconds < i64::from(self.settings.coincidence_s) {
            return Verdict::Unknown;
        }
        Verdict::Holds { since, value }
    }

    fn signal_poor(&self, now: WallTime, before: Option<Condition>) -> Verdict {
        let Some(lost) = self.heard.lost() else { return Verdict::Unknown };
        let is_poor = before.is_some_and(|condition| condition.is_active);
        let limit = if is_poor { self.settings.poor_over } else { self.settings.poor };
        let value = rounded(100.0 * lost);
        if lost > limit { Verdict::Holds { since: now, value } } else { Verdict::Over { value } }
    }

    fn prolonged(&self, view: &View) -> Verdict {
        let reach = i64::from(self.settings.goes_on_s) * WallTime::MICROS_PER_SECOND;
        match view.prolonged {
            Some(one) if view.now.micros_since(one.to) < reach => {
                Verdict::Holds { since: one.from, value: rounded(one.nadir_bpm) }
            }
            Some(one) => Verdict::Over { value: rounded(one.nadir_bpm) },
            None => Verdict::Over { value: 0 },
        }
    }
}

fn seconds_before(now: WallTime, seconds: u32) -> WallTime {
    now.plus_micros(-i64::from(seconds) * WallTime::MICROS_PER_SECOND)
}

fn rounded(value: f32) -> i32 {
    value.round() as i32
}

#[cfg(test)]
mod tests;
