//! A fetal heart: baseline, variability, accelerations, decelerations.

use std::collections::VecDeque;

use super::TICKS_PER_S;
use super::beat::Beats;
use super::dice::{Dice, span};
use super::excursion::Excursion;
use super::fall;
use super::noise::{Wander, Waves};
use super::plan::{Decelerations, Plan, Variability};
use super::uterus::Contraction;
use super::wave::Sine;

/// What the heart did in one tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pulse {
    pub(super) rate_bpm: f64,
    /// The fetus moves.
    pub(super) moving: bool,
    /// The mother felt it and presses her button.
    pub(super) felt: bool,
}

/// One fetus.
#[derive(Debug)]
pub(super) struct FetalHeart {
    dice: Dice,
    baseline_bpm: f64,
    wander: Wander,
    texture: Texture,
    beats: Beats,
    decelerations: Decelerations,
    accelerations_every_s: Option<super::dice::Span>,
    rises: Option<Excursion>,
    falls: VecDeque<Excursion>,
    moves_until_tick: u64,
    next_rise_tick: u64,
    next_prolonged_tick: u64,
}

/// How the rate moves around the baseline from second to second.
#[derive(Debug)]
enum Texture {
    Waves { slow: Waves, fast: Waves, liveliness: Wander, quiet_bpm: f64, active_bpm: f64 },
    Sine(Sine),
}

impl FetalHeart {
    /// A heart of this plan around a baseline; `dice` decides the rest.
    pub(super) fn new(plan: &Plan, baseline_bpm: f64, mut dice: Dice) -> Self {
        let (texture, wander_bpm, beat_bpm) = match plan.variability {
            Variability::Waves { quiet_bpm, active_bpm, beat_bpm } => {
                let texture = Texture::Waves {
                    slow: Waves::new(2.8, 2.4),
                    fast: Waves::new(5.2, 3.0),
                    liveliness: Wander::new(0.45, 100.0, &mut dice),
                    quiet_bpm,
                    active_bpm,
                };
                (texture, 0.6 * active_bpm, beat_bpm)
            }
            Variability::Sine { amplitude_bpm, per_minute } => {
                (Texture::Sine(Sine::new(amplitude_bpm, per_minute, &mut dice)), 0.8, 0.1)
            }
        };
        let first_rise_s = plan
            .accelerations_every_s
            .map_or(0.0, |every| dice.within(span(15.0, every.from.max(40.0))));
        Self {
            baseline_bpm,
            wander: Wander::new(wander_bpm, 240.0, &mut dice),
            texture,
            beats: Beats::new(beat_bpm),
            decelerations: plan.decelerations,
            accelerations_every_s: plan.accelerations_every_s,
            rises: None,
            falls: VecDeque::with_capacity(FALLS_MAX),
            moves_until_tick: 0,
            next_rise_tick: (first_rise_s * TICKS_PER_S) as u64,
            next_prolonged_tick: (dice.within(span(165.0, 180.0)) * TICKS_PER_S) as u64,
            dice,
        }
    }

    /// One tick on; `began` is the contraction that starts with it.
    pub(super) fn tick(&mut self, tick: u64, began: Option<Contraction>) -> Pulse {
        self.falls.retain(|fall| fall.until_tick() > tick);
        if let Some(contraction) = began {
            self.answer(contraction);
        }
        if self.decelerations == Decelerations::Prolonged && tick >= self.next_prolonged_tick {
            let height = fall::prolonged(tick, self.baseline_bpm, &mut self.dice);
            self.add_fall(height);
            let pause_s = self.dice.within(span(800.0, 980.0));
            self.next_prolonged_tick = tick + (pause_s * TICKS_PER_S) as u64;
        }
        let felt = self.maybe_accelerate(tick);
        let moving = tick < self.moves_until_tick && self.dice.happens(0.8);

        let fall = self.falls.iter().map(|fall| fall.height_at(tick)).sum::<f64>();
        let rise = self.rises.as_ref().map_or(0.0, |rise| rise.height_at(tick));
        // A deep fall flattens the waves on it, and an acceleration carries fewer.
        let damping = 1.0 / (1.0 + fall.abs() / 40.0 + rise.abs() / 60.0);
        let rate_bpm = self.baseline_bpm
            + self.wander.next(&mut self.dice)
            + damping * self.texture.next(&mut self.dice)
            + rise
            + fall;
        let rate_bpm = rate_bpm.clamp(RATE_BPM_MIN, RATE_BPM_MAX);
        Pulse { rate_bpm: self.beats.next(rate_bpm, &mut self.dice), moving, felt }
    }

    /// What this heart does about a contraction.
    fn answer(&mut self, contraction: Contraction) {
        let dice = &mut self.dice;
        let fall = match self.decelerations {
            Decelerations::Late => Some(fall::late(contraction, dice)),
            Decelerations::Variable if dice.happens(0.92) => {
                Some(fall::variable(contraction, dice))
            }
            Decelerations::Variable | Decelerations::None | Decelerations::Prolonged => None,
        };
        if let Some(fall) = fall {
            self.add_fall(fall);
        }
    }

    fn add_fall(&mut self, fall: Excursion) {
        if self.falls.len() == FALLS_MAX {
            self.falls.pop_front();
        }
        self.falls.push_back(fall);
    }

    /// Starts an acceleration where one is due; whether the mother presses her button for it.
    fn maybe_accelerate(&mut self, tick: u64) -> bool {
        let Some(every_s) = self.accelerations_every_s else { return false };
        if tick < self.next_rise_tick {
            return false;
        }
        self.next_rise_tick = tick + (self.dice.within(every_s) * TICKS_PER_S) as u64;
        // A heart in a fall, or about to fall, does not accelerate.
        let falls_soon =
            self.falls.iter().any(|fall| fall.start_tick() < tick + (60.0 * TICKS_PER_S) as u64);
        let prolonged_soon = self.decelerations == Decelerations::Prolonged
            && self.next_prolonged_tick < tick + (60.0 * TICKS_PER_S) as u64;
        if falls_soon || prolonged_soon {
            return false;
        }
        let rise = fall::acceleration(tick, &mut self.dice);
        self.next_rise_tick =
            self.next_rise_tick.max(rise.until_tick() + (15.0 * TICKS_PER_S) as u64);
        let moves_s = self.dice.within(span(3.0, 14.0)).min(rise.length_s());
        self.moves_until_tick = tick + (moves_s * TICKS_PER_S) as u64;
        self.rises = Some(rise);
        self.dice.happens(0.25)
    }
}

impl Texture {
    fn next(&mut self, dice: &mut Dice) -> f64 {
        match self {
            Self::Sine(sine) => sine.next(dice),
            Self::Waves { slow, fast, liveliness, quiet_bpm, active_bpm } => {
                let lively = (0.5 + liveliness.next(dice)).clamp(0.0, 1.0);
                let deviation = *quiet_bpm + (*active_bpm - *quiet_bpm) * lively;
                deviation * (0.85 * slow.next(dice) + 0.5 * fast.next(dice))
            }
        }
    }
}

/// Falls that can overlap: a long one and the next contraction's.
const FALLS_MAX: usize = 4;

/// The slowest and fastest rate the model makes.
const RATE_BPM_MIN: f64 = 52.0;
const RATE_BPM_MAX: f64 = 205.0;
