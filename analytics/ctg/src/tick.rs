//! What goes in: one tick of one strip, and places on it.

use vitals::{Activity, Bpm, Quality, Reading, Second};

/// Ticks of a strip in a second.
pub const TICKS_PER_SECOND: u32 = vitals::TICKS_PER_SECOND as u32;
/// Ticks of a strip in a minute.
pub const TICKS_PER_MINUTE: u32 = 60 * TICKS_PER_SECOND;

/// One tick of 250 ms of one fetus: her heart beside his, and the uterus.
///
/// An absence has no reason here: the analysis needs to know that there is no value, and the
/// strip beside it says why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Heart rate of the fetus, as it came: artefacts are found here, not before.
    pub fhr: Option<Bpm>,
    /// Heart rate of the mother.
    pub mhr: Option<Bpm>,
    /// Uterine activity; relative or mmHg as [`crate::Case::uterus`] says.
    pub ua: Option<Activity>,
}

impl Tick {
    /// The four ticks of a second for one fetus; a value that the monitor itself does not
    /// trust ([`Quality::Poor`]) is left out.
    #[must_use]
    pub fn of_second(second: &Second, fetus: Fetus) -> [Self; vitals::TICKS_PER_SECOND] {
        let fhr = match fetus {
            Fetus::First => &second.fhr1,
            Fetus::Second => &second.fhr2,
        };
        core::array::from_fn(|at| Self {
            fhr: trusted(fhr[at]),
            mhr: trusted(second.mhr[at]),
            ua: trusted(second.ua[at]),
        })
    }
}

/// Ticks of channels that lie side by side, as long as the fetal rate; a channel that is not
/// there, or ends before, is absent.
#[must_use]
pub fn side_by_side(
    fhr: &[Option<Bpm>],
    mhr: Option<&[Option<Bpm>]>,
    ua: Option<&[Option<Activity>]>,
) -> Vec<Tick> {
    let tick = |(at, &fhr): (usize, &Option<Bpm>)| Tick {
        fhr,
        mhr: mhr.and_then(|rates| *rates.get(at)?),
        ua: ua.and_then(|activities| *activities.get(at)?),
    };
    fhr.iter().enumerate().map(tick).collect()
}

fn trusted<V: Copy>(reading: Reading<V>) -> Option<V> {
    reading.value().filter(|_| reading.quality() != Some(Quality::Poor))
}

/// Which of two twins a strip follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fetus {
    /// The only one, or the first.
    #[default]
    First,
    /// The second.
    Second,
}

/// A stretch of a strip, in ticks from its start: `start` is inside, `end` is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first tick.
    pub start: u32,
    /// The tick after the last.
    pub end: u32,
}

impl Span {
    /// A span of seconds.
    #[must_use]
    pub const fn of_seconds(start_s: u32, end_s: u32) -> Self {
        Self { start: start_s * TICKS_PER_SECOND, end: end_s * TICKS_PER_SECOND }
    }

    /// How many ticks it holds.
    #[must_use]
    pub const fn ticks(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// How long it lasts, s.
    #[must_use]
    pub fn seconds(self) -> f32 {
        seconds(self.ticks())
    }

    /// How many ticks both hold.
    #[must_use]
    pub fn overlap(self, other: Self) -> u32 {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }

    /// Whether the tick lies inside.
    #[must_use]
    pub const fn contains(self, tick: u32) -> bool {
        self.start <= tick && tick < self.end
    }
}

/// Seconds of so many ticks.
#[must_use]
pub fn seconds(ticks: u32) -> f32 {
    ticks as f32 / TICKS_PER_SECOND as f32
}
