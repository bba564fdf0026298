//! A `C` block to the readings of one second, and back.
//!
//! ```text
//! heart rate, each tick                       uterine activity, each tick
//!   inoperative      absent: inoperative        mode none, 0   absent: no transducer
//!   0, mode none     absent: no transducer      anything else  measured, not rated
//!   0                absent: blank
//!   anything else    measured, as rated
//! ```
//!
//! A rate under "mode none" contradicts itself and is kept: dropping it would hide a heart.

use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, Flags, HeartTransducer, Movement, Quality, Reading,
    Second, TICKS_PER_SECOND, Transducers,
};

use super::ctg_block::{CtgBlock, HeartMode, HeartSample, Status};

/// How to read what the guide leaves open.
///
/// These are settings and not facts: the first bench session with a real monitor may move a
/// default, and a site may have a model that does otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interpretation {
    /// What a rate means on a channel that the monitor calls inoperative.
    pub inoperative: InoperativeRates,
}

/// What a rate means on a channel that the monitor calls inoperative.
///
/// The guide defines the bit and not what fills the rates under it (not confirmed by any
/// recording).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InoperativeRates {
    /// Every tick is [`Absence::Inoperative`], whatever the rate says. The default: a number
    /// from a transducer that does not work is not shown to a doctor.
    #[default]
    Withheld,
    /// A rate is a rate; only a blank tick is [`Absence::Inoperative`].
    Kept,
}

/// The flags that stand in the status word, each with its bit there.
const FLAGS: [(u16, Flags); 7] = [
    (Status::COINCIDENCE, Flags::COINCIDENCE),
    (Status::TWIN_OFFSET, Flags::TWIN_OFFSET),
    (Status::MOVEMENT_PROFILE, Flags::MOVEMENT_PROFILE),
    (Status::TELEMETRY, Flags::TELEMETRY),
    (Status::DECG_LOGIC, Flags::DECG_LOGIC),
    (Status::TICKS_INSERTED, Flags::TICKS_INSERTED),
    (Status::TICKS_DELETED, Flags::TICKS_DELETED),
];

impl CtgBlock {
    /// What the block says, in the words of the ward.
    ///
    /// The twin offset is shown as a flag and neither added nor subtracted. Any reserved bit
    /// raises [`Flags::RESERVED_BIT`]. A mark of the event key is a message of its own, so
    /// [`Flags::EVENT_MARK`] is never set here.
    #[must_use]
    pub fn second(&self, interpretation: &Interpretation) -> Second {
        let (hr1, hr2, mhr) = (self.hr1_mode(), self.hr2_mode(), self.mhr_mode());
        let ua = self.activity_mode().transducer;
        Second {
            fhr1: self.hr1.map(|sample| rate(sample, hr1, interpretation)),
            fhr2: self.hr2.map(|sample| rate(sample, hr2, interpretation)),
            mhr: self.mhr.map(|sample| rate(sample, mhr, interpretation)),
            ua: self.toco.map(|halves| activity(halves, ua)),
            movement: self.hr1.map(HeartSample::movement),
            transducers: Transducers {
                fhr1: hr1.transducer,
                fhr2: hr2.transducer,
                mhr: mhr.transducer,
                ua,
            },
            flags: self.flags(),
        }
    }

    /// The block a monitor would send for this second, with "monitor on" set.
    ///
    /// For every second this device can express, reading the block back gives that second.
    /// What it cannot express is left out and never replaced by a value:
    ///
    /// - any reason of absence but "inoperative" becomes what a blank rate means under the
    ///   transducer; a channel is inoperative with all four ticks or not at all;
    /// - uterine activity has no word for an absent tick with a transducer there, since 0 is
    ///   a normal value: a second with such a tick is sent without transducer, which also
    ///   makes a measured 0 in it absent;
    /// - a transducer the channel does not have becomes "unknown"; the quality of uterine
    ///   activity, [`Flags::EVENT_MARK`] and [`Flags::REFUSED_BEFORE`] are dropped.
    #[must_use]
    pub fn from_second(second: &Second) -> Self {
        let ua_complete = second.ua.iter().all(|tick| tick.value().is_some());
        let ua = if ua_complete { second.transducers.ua } else { ActivityTransducer::None };
        let transducers = second.transducers;
        Self {
            status: status(second.flags),
            hr1: samples(&second.fhr1, second.movement),
            hr2: samples(&second.fhr2, [Movement::NONE; TICKS_PER_SECOND]),
            mhr: samples(&second.mhr, [Movement::NONE; TICKS_PER_SECOND]),
            toco: second.ua.map(|tick| tick.value().map_or(0, Activity::halves)),
            heart_modes: fetal_bits(transducers.fhr1, &second.fhr1) << 12
                | fetal_bits(transducers.fhr2, &second.fhr2) << 8
                | maternal_bits(transducers.mhr, &second.mhr) << 4,
            toco_mode: activity_code(ua) << 1,
            saturation: 0,
        }
    }

    fn flags(&self) -> Flags {
        let reserved = if self.has_reserved_bits() { Flags::RESERVED_BIT } else { Flags::NONE };
        FLAGS
            .iter()
            .filter(|(bit, _)| self.status.0 & bit != 0)
            .fold(reserved, |flags, (_, flag)| flags.with(*flag))
    }
}

fn rate(sample: HeartSample, mode: HeartMode, interpretation: &Interpretation) -> Reading<Bpm> {
    let withheld = mode.inoperative && interpretation.inoperative == InoperativeRates::Withheld;
    match Bpm::from_quarters(sample.rate_quarters()) {
        Ok(value) if !withheld => Reading::Measured { value, quality: sample.quality() },
        _ if mode.inoperative => Reading::Absent(Absence::Inoperative),
        _ if mode.transducer == HeartTransducer::None => Reading::Absent(Absence::NoTransducer),
        _ => Reading::Absent(Absence::Blank),
    }
}

fn activity(halves: u8, transducer: ActivityTransducer) -> Reading<Activity> {
    if halves == 0 && transducer == ActivityTransducer::None {
        return Reading::Absent(Absence::NoTransducer);
    }
    Reading::Measured { value: Activity::from_halves(halves), quality: Quality::Unrated }
}

fn status(flags: Flags) -> Status {
    let reserved = if flags.contains(Flags::RESERVED_BIT) { Status::RESERVED } else { 0 };
    let bits = FLAGS
        .iter()
        .filter(|(_, flag)| flags.contains(*flag))
        .fold(reserved, |bits, (bit, _)| bits | bit);
    Status(Status::MONITOR_ON | bits)
}

/// Four ticks as the wire has them; an absent tick is blank and red.
fn samples(
    ticks: &[Reading<Bpm>; TICKS_PER_SECOND],
    movement: [Movement; TICKS_PER_SECOND],
) -> [HeartSample; TICKS_PER_SECOND] {
    let mut samples = [HeartSample::default(); TICKS_PER_SECOND];
    for ((sample, tick), movement) in samples.iter_mut().zip(ticks).zip(movement) {
        *sample = match tick {
            Reading::Measured { value, quality } => {
                HeartSample::new(value.quarters(), *quality, movement)
            }
            Reading::Absent(_) => HeartSample::new(0, Quality::Poor, movement),
        };
    }
    samples
}

fn fetal_bits(transducer: HeartTransducer, ticks: &[Reading<Bpm>]) -> u16 {
    let code = match transducer {
        HeartTransducer::None => 0,
        HeartTransducer::Ultrasound => 1,
        HeartTransducer::DirectEcg => 2,
        HeartTransducer::MaternalEcg | HeartTransducer::External | HeartTransducer::Unknown => 7,
    };
    code << 1 | inoperative_bit(ticks)
}

fn maternal_bits(transducer: HeartTransducer, ticks: &[Reading<Bpm>]) -> u16 {
    let code = match transducer {
        HeartTransducer::None => 0,
        HeartTransducer::MaternalEcg => 3,
        HeartTransducer::External => 4,
        HeartTransducer::Ultrasound | HeartTransducer::DirectEcg | HeartTransducer::Unknown => 7,
    };
    code << 1 | inoperative_bit(ticks)
}

fn inoperative_bit(ticks: &[Reading<Bpm>]) -> u16 {
    u16::from(ticks.iter().all(|tick| tick.absence() == Some(Absence::Inoperative)))
}

const fn activity_code(transducer: ActivityTransducer) -> u8 {
    match transducer {
        ActivityTransducer::None => 0,
        ActivityTransducer::External => 4,
        ActivityTransducer::IntraUterine => 5,
        ActivityTransducer::Unknown => 7,
    }
}
