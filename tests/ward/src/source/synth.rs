//! Our own strips, made from a seed: a uterus, a mother, one or two fetuses, and the
//! transducers through which a monitor hears them.
//!
//! In: a [`Scenario`] and a seed. Out: seconds without end, in bounded memory.
//! Never: a clock, chance without a seed, a rate for a heart that is not heard.
//!
//! One [`Scenario`] and seed give the same samples on every 64-bit machine: only arithmetic
//! that the floating-point standard fixes, and sines from a library of our own choice.

mod beat;
mod coincidence;
mod dice;
mod ear;
mod excursion;
mod fall;
mod heart;
mod mother;
mod noise;
mod plan;
mod uterus;
mod wave;

use std::collections::VecDeque;

use vitals::{
    Absence, Activity, ActivityTransducer, Flags, HeartTransducer, Movement, Quality, Reading,
    Second, TICKS_PER_SECOND, Transducers,
};

use super::{Scenario, Source, Tick};
use coincidence::Coincidence;
use dice::{Dice, Part, span};
use ear::Ear;
use heart::FetalHeart;
use mother::MaternalHeart;
use plan::{Plan, Reception};
use uterus::Uterus;

/// An endless strip of one scenario.
///
/// ```
/// use ward::source::{Scenario, Source, Synth};
///
/// let mut one = Synth::new(Scenario::Twins, 4711);
/// let mut same = Synth::new(Scenario::Twins, 4711);
/// assert_eq!(one.next_second(), same.next_second());
/// ```
#[derive(Debug)]
pub struct Synth {
    tick: u64,
    uterus: Uterus,
    mother: MaternalHeart,
    mother_ear: Ear,
    mother_before: VecDeque<f64>,
    first: Fetus,
    twin: Option<Fetus>,
    coincidence: Coincidence,
}

/// A fetus and the transducer that listens to it.
#[derive(Debug)]
struct Fetus {
    heart: FetalHeart,
    ear: Ear,
}

impl Synth {
    /// The strip of a scenario; another seed gives another woman.
    #[must_use]
    pub fn new(scenario: Scenario, seed: u64) -> Self {
        let plan = Plan::of(scenario);
        // Two beds with one seed and two scenarios are two women.
        let seed = seed ^ (scenario as u64).wrapping_mul(SCENARIO_STRIDE);
        let mut dice = Dice::new(seed, Part::Plan);
        let baseline_bpm = dice.within(plan.baseline_bpm);
        let mother_baseline_bpm = dice.within(plan.mother_baseline_bpm);
        let usual_losses = span(25.0, 170.0);
        let first = Fetus {
            heart: FetalHeart::new(&plan, baseline_bpm, Dice::new(seed, Part::FirstHeart)),
            ear: Ear::new(
                HeartTransducer::Ultrasound,
                plan.reception,
                usual_losses,
                Dice::new(seed, Part::FirstEar),
            ),
        };
        let twin = plan.twin_baseline_bpm.map(|range| Fetus {
            heart: FetalHeart::new(&plan, dice.within(range), Dice::new(seed, Part::SecondHeart)),
            ear: Ear::new(
                HeartTransducer::Ultrasound,
                Reception::Steady,
                usual_losses,
                Dice::new(seed, Part::SecondEar),
            ),
        });
        Self {
            tick: 0,
            uterus: Uterus::new(plan.contractions, seed),
            mother: MaternalHeart::new(mother_baseline_bpm, plan.mother_effort_bpm, seed),
            mother_ear: Ear::new(
                HeartTransducer::External,
                Reception::Steady,
                span(90.0, 600.0),
                Dice::new(seed, Part::MotherEar),
            ),
            mother_before: VecDeque::with_capacity(PULSE_DELAY_TICKS),
            first,
            twin,
            coincidence: Coincidence::default(),
        }
    }

    /// One tick of everything; whether the mother presses her button in it.
    fn next_tick(&mut self) -> (Tick, bool) {
        let tick = self.tick;
        self.tick += 1;
        let (activity, began) = self.uterus.tick(tick);
        let mother_bpm = self.mother.tick(self.uterus.height_at(tick));
        // A pulse sensor needs a moment longer than ultrasound for the same beat.
        let mother_seen_bpm = self.delayed(mother_bpm);

        let pulse = self.first.heart.tick(tick, began);
        let fhr1 = self.first.ear.hear(tick, pulse.rate_bpm, mother_bpm);
        let fhr2 = self.twin.as_mut().map_or(Reading::Absent(Absence::NoTransducer), |twin| {
            let pulse = twin.heart.tick(tick, began);
            twin.ear.hear(tick, pulse.rate_bpm, mother_bpm)
        });
        let moving = pulse.moving && fhr1.value().is_some();
        let tick = Tick {
            fhr1,
            fhr2,
            mhr: self.mother_ear.hear(tick, mother_seen_bpm, mother_seen_bpm),
            ua: activity_reading(activity),
            movement: if moving { Movement::MOVING } else { Movement::NONE },
        };
        (tick, pulse.felt)
    }

    fn delayed(&mut self, mother_bpm: f64) -> f64 {
        self.mother_before.push_back(mother_bpm);
        if self.mother_before.len() > PULSE_DELAY_TICKS {
            self.mother_before.pop_front().unwrap_or(mother_bpm)
        } else {
            mother_bpm
        }
    }
}

impl Source for Synth {
    fn next_second(&mut self) -> Option<Second> {
        let number = self.tick / TICKS_PER_SECOND as u64;
        let mut second = Second::absent(Absence::NoTransducer);
        second.transducers = Transducers {
            fhr1: self.first.ear.start_second(number),
            fhr2: self
                .twin
                .as_mut()
                .map_or(HeartTransducer::None, |twin| twin.ear.start_second(number)),
            mhr: self.mother_ear.start_second(number),
            ua: ActivityTransducer::External,
        };
        let ticks: [(Tick, bool); TICKS_PER_SECOND] = core::array::from_fn(|_| self.next_tick());
        Tick::write(&ticks.map(|(tick, _)| tick), &mut second);

        second.flags = Flags::MOVEMENT_PROFILE;
        if ticks.iter().any(|(_, felt)| *felt) {
            second.flags = second.flags.with(Flags::EVENT_MARK);
        }
        if self.coincidence.watch(&second) {
            second.flags = second.flags.with(Flags::COINCIDENCE);
        }
        Some(second)
    }
}

fn activity_reading(units: f64) -> Reading<Activity> {
    let halves = (units * 2.0).round().clamp(0.0, 255.0) as u8;
    // The device rates heart rates only.
    Reading::Measured { value: Activity::from_halves(halves), quality: Quality::Unrated }
}

/// Length of a tick, and ticks in a second, as the model's arithmetic needs them.
const TICK_S: f64 = 0.25;
const TICKS_PER_S: f64 = TICKS_PER_SECOND as f64;

/// How much later the mother's pulse sensor shows a beat than ultrasound on the same artery.
const PULSE_DELAY_TICKS: usize = 4;

/// Odd and large, so that the seeds of one scenario are not those of the next.
const SCENARIO_STRIDE: u64 = 0xd1b5_4a32_d192_ed03;
