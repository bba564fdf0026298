//! Where a virtual monitor's seconds come from.
//!
//! In: a seed and a [`Scenario`], or a file with a recording.
//! Out: one [`vitals::Second`] after the other, in the order they were lived.
//! Never: a clock. Whoever plays a source decides how fast; the same source gives the same
//! seconds at every pace.
//!
//! [`Synth`] makes strips that never end; [`ParquetRecordings`] and [`WfdbFolder`] list and
//! open [`Recording`]s, which do.

mod error;
mod parquet;
mod recording;
mod scenario;
pub mod synth;
mod wfdb;

pub use error::{PARQUET_FILE, RecordingError};
pub use parquet::ParquetRecordings;
pub use recording::{AtEnd, Recording};
pub use scenario::{Scenario, UnknownScenario};
pub use synth::Synth;
pub use wfdb::WfdbFolder;

use vitals::{Absence, Activity, Bpm, Movement, Reading, Second, TICKS_PER_SECOND};

/// Something that can be played: seconds in the order they were lived.
pub trait Source: Send {
    /// The next second, or `None` for ever once the source has ended.
    fn next_second(&mut self) -> Option<Second>;
}

/// One step of 250 ms of all channels, the grain in which monitors and recordings count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Heart rate of the first fetus.
    pub fhr1: Reading<Bpm>,
    /// Heart rate of the second fetus.
    pub fhr2: Reading<Bpm>,
    /// Heart rate of the mother.
    pub mhr: Reading<Bpm>,
    /// Uterine activity.
    pub ua: Reading<Activity>,
    /// Movement of the first fetus.
    pub movement: Movement,
}

impl Tick {
    /// A tick at which nothing was measured: not even zero.
    pub const BLANK: Self = Self {
        fhr1: Reading::Absent(Absence::Blank),
        fhr2: Reading::Absent(Absence::Blank),
        mhr: Reading::Absent(Absence::Blank),
        ua: Reading::Absent(Absence::Blank),
        movement: Movement::NONE,
    };

    /// The four ticks of a second, oldest first.
    #[must_use]
    pub fn of(second: &Second) -> [Self; TICKS_PER_SECOND] {
        core::array::from_fn(|i| Self {
            fhr1: second.fhr1[i],
            fhr2: second.fhr2[i],
            mhr: second.mhr[i],
            ua: second.ua[i],
            movement: second.movement[i],
        })
    }

    /// Writes four ticks, oldest first, over those of a second; its transducers and flags stay.
    pub fn write(ticks: &[Self; TICKS_PER_SECOND], second: &mut Second) {
        second.fhr1 = ticks.map(|tick| tick.fhr1);
        second.fhr2 = ticks.map(|tick| tick.fhr2);
        second.mhr = ticks.map(|tick| tick.mhr);
        second.ua = ticks.map(|tick| tick.ua);
        second.movement = ticks.map(|tick| tick.movement);
    }
}
