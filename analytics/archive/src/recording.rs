//! What every reader gives: the channels of one recording, sample by sample.

use vitals::{Activity, Bpm, HeartTransducer};

use crate::rate::SourceRate;

/// One recording at 4 Hz: sample *k* of every channel is at *k*/4 seconds.
///
/// # Invariants
///
/// The channels that are there are equally long; [`Recording::new`] refuses others.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    name: String,
    channels: Channels,
    /// What listened to the fetus; ultrasound unless the file says otherwise.
    pub fetal_transducer: HeartTransducer,
    /// How the file was sampled, where that was not 4 Hz.
    pub source_rate: SourceRate,
}

/// The channels of a recording; `None` for one that was not recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channels {
    /// The first fetal rate, or the only one.
    pub fhr1: Vec<Option<Bpm>>,
    /// The second fetal channel: of a twin, or another transducer on the same fetus; files
    /// seldom say which.
    pub fhr2: Option<Vec<Option<Bpm>>>,
    /// The maternal rate.
    pub mhr: Option<Vec<Option<Bpm>>>,
    /// Uterine activity. A file that keeps 0 for "no signal" has zeros here: the two cannot be
    /// told apart.
    pub ua: Option<Vec<Option<Activity>>>,
}

/// Zeros of uterine activity for as long as this are a channel without a signal, not a quiet
/// uterus, in samples: ten minutes.
///
/// Design value, not a guideline's: files such as those of CTU-UHB keep 0 for both and do not tell
/// them apart. Ten minutes is the block that is graded: a block in which no contraction could
/// be seen is then graded as one without contractions recorded, where a gradual deceleration
/// counts as late, the graver of the two readings. The stores of this house know absences, and
/// there a zero is a zero.
pub const ZEROS_MAX_SAMPLES: usize = 10 * 60 * vitals::TICKS_PER_SECOND;

impl Channels {
    /// The rate of one fetus that two transducers hear: the larger of the two, sample by sample.
    #[must_use]
    pub fn larger_rate(&self) -> Vec<Option<Bpm>> {
        let mut rates = self.fhr1.clone();
        for (rate, &other) in rates.iter_mut().zip(self.fhr2.iter().flatten()) {
            // No rate is the smallest of all.
            *rate = (*rate).max(other);
        }
        rates
    }

    /// Uterine activity, absent where zeros last [`ZEROS_MAX_SAMPLES`], or all along.
    #[must_use]
    pub fn measured_activity(&self) -> Option<Vec<Option<Activity>>> {
        let mut activities = self.ua.clone()?;
        let halves = |activity: Option<Activity>| activity.map(Activity::halves);
        let is_silent_throughout = activities.iter().all(|it| halves(*it).unwrap_or(0) == 0);
        let is_zero = |activity: &Option<Activity>| halves(*activity) == Some(0);
        for run in activities.chunk_by_mut(|one, next| is_zero(one) == is_zero(next)) {
            if is_zero(&run[0]) && (is_silent_throughout || run.len() >= ZEROS_MAX_SAMPLES) {
                run.fill(None);
            }
        }
        Some(activities)
    }
}

/// Two channels of one recording end at different times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{first} samples in one channel and {other} in another")]
pub struct UnequalLength {
    /// Samples of the first channel.
    pub first: usize,
    /// Samples of the channel that differs.
    pub other: usize,
}

impl Recording {
    /// A recording by ultrasound, sampled at 4 Hz.
    ///
    /// # Errors
    ///
    /// [`UnequalLength`] where the channels differ in length.
    pub fn new(name: &str, channels: Channels) -> Result<Self, UnequalLength> {
        let first = channels.fhr1.len();
        let others = [
            channels.fhr2.as_ref().map(Vec::len),
            channels.mhr.as_ref().map(Vec::len),
            channels.ua.as_ref().map(Vec::len),
        ];
        if let Some(other) = others.into_iter().flatten().find(|&other| other != first) {
            return Err(UnequalLength { first, other });
        }
        Ok(Self {
            name: name.to_owned(),
            channels,
            fetal_transducer: HeartTransducer::Ultrasound,
            source_rate: SourceRate::FOUR_HZ,
        })
    }

    /// Its name in the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was recorded.
    #[must_use]
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// How many samples every channel has.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.channels.fhr1.len()
    }
}

/// A channel of rates, or `None` where it holds no value at all: then it was not recorded.
pub(crate) fn recorded(rates: Vec<Option<Bpm>>) -> Option<Vec<Option<Bpm>>> {
    Some(rates).filter(|rates| rates.iter().any(Option::is_some))
}

/// What a rate can be, for messages.
pub(crate) const SENDABLE_RATE: &str = "0 to 511.75 bpm";
/// What an activity can be, for messages.
pub(crate) const SENDABLE_ACTIVITY: &str = "0 to 127.5 units";

/// A number of quarters as a rate, 0 for no signal; `None` for one that no monitor can send.
pub(crate) fn rate(quarters: f64) -> Option<Option<Bpm>> {
    let quarters = quarters.round();
    if !(0.0..=f64::from(Bpm::QUARTERS_MAX)).contains(&quarters) {
        return None;
    }
    Some(Bpm::from_quarters(quarters as u16).ok())
}

/// A number of half units as an activity; `None` for one that no monitor can send.
pub(crate) fn activity(halves: f64) -> Option<Activity> {
    let halves = halves.round();
    (0.0..=f64::from(u8::MAX)).contains(&halves).then(|| Activity::from_halves(halves as u8))
}
