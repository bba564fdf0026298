//! Contractions over a resting tone, as a belt shows them.

use super::dice::{Dice, Part, span};
use super::excursion::Excursion;
use super::noise::Wander;
use super::plan::Contractions;
use super::{TICK_S, TICKS_PER_S};

/// One contraction, told to the hearts at its onset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contraction {
    pub(super) onset_tick: u64,
    /// From onset to peak.
    pub(super) rise_s: f64,
    pub(super) lasts_s: f64,
    /// 0 to 1: how strong it is among those of this labour.
    pub(super) strength: f64,
}

/// A uterus and the belt over it.
#[derive(Debug)]
pub(super) struct Uterus {
    plan: Contractions,
    dice: Dice,
    tone: Wander,
    breath: Breath,
    roughness: Wander,
    current: Option<Excursion>,
    artefact: Option<Excursion>,
    next_onset_tick: u64,
    next_artefact_tick: u64,
}

impl Uterus {
    pub(super) fn new(plan: Contractions, seed: u64) -> Self {
        let mut dice = Dice::new(seed, Part::Uterus);
        // Somewhere within the interval, so that two beds of one scenario do not breathe as one.
        let first_s = dice.within(span(12.0, plan.every_s.from / 2.0));
        Self {
            plan,
            tone: Wander::new(2.2, 150.0, &mut dice),
            breath: Breath::new(&mut dice),
            roughness: Wander::new(0.9, 5.0, &mut dice),
            current: None,
            artefact: None,
            next_onset_tick: (first_s * TICKS_PER_S) as u64,
            next_artefact_tick: (dice.within(span(20.0, 120.0)) * TICKS_PER_S) as u64,
            dice,
        }
    }

    /// The activity in units, and the contraction that begins at this tick, if one does.
    pub(super) fn tick(&mut self, tick: u64) -> (f64, Option<Contraction>) {
        let began = (tick >= self.next_onset_tick).then(|| self.begin(tick));
        if tick >= self.next_artefact_tick {
            self.jolt(tick);
        }
        let height = self.height_at(tick);
        let artefact = self.artefact.as_ref().map_or(0.0, |it| it.height_at(tick));
        // A strained wall passes breath and movement on more strongly.
        let strain = 1.0 + height / 40.0;
        let activity = RESTING_TONE
            + self.tone.next(&mut self.dice)
            + height
            + artefact
            + strain * (self.breath.next(&mut self.dice) + self.roughness.next(&mut self.dice));
        (activity, began)
    }

    /// The running contraction's height above the tone, in units.
    pub(super) fn height_at(&self, tick: u64) -> f64 {
        self.current.as_ref().map_or(0.0, |it| it.height_at(tick))
    }

    fn begin(&mut self, tick: u64) -> Contraction {
        let every_s = self.dice.within(self.plan.every_s);
        let lasts_s = self.dice.within(self.plan.lasts_s);
        let height = self.dice.within(self.plan.height);
        let rise_s = lasts_s * self.dice.within(span(0.38, 0.48));
        let crest_s = lasts_s * 0.08;
        let fall_s = lasts_s - rise_s - crest_s;
        self.next_onset_tick = tick + (every_s * TICKS_PER_S) as u64;
        self.current = Some(
            Excursion::starting(tick)
                .then(rise_s, height)
                .then(crest_s, height * self.dice.within(span(0.88, 0.99)))
                .then(fall_s * 0.7, height * self.dice.within(span(0.08, 0.3)))
                .then(fall_s * 0.3, 0.0),
        );
        let plan = self.plan.height;
        Contraction {
            onset_tick: tick,
            rise_s: rise_s + crest_s / 2.0,
            lasts_s,
            strength: (height - plan.from) / (plan.to - plan.from),
        }
    }

    /// The mother moves or coughs: a short bump that no contraction makes.
    fn jolt(&mut self, tick: u64) {
        let height = self.dice.within(span(3.0, 13.0));
        let rise_s = self.dice.within(span(0.7, 2.0));
        let fall_s = self.dice.within(span(1.0, 4.0));
        self.artefact = Some(Excursion::starting(tick).then(rise_s, height).then(fall_s, 0.0));
        self.next_artefact_tick = tick + (self.dice.within(span(25.0, 150.0)) * TICKS_PER_S) as u64;
    }
}

/// The mother's breathing, which a belt always shows.
#[derive(Debug)]
struct Breath {
    phase: f64,
    per_s: f64,
    depth: Wander,
}

impl Breath {
    fn new(dice: &mut Dice) -> Self {
        Self {
            phase: dice.within(span(0.0, 1.0)),
            per_s: dice.within(span(0.22, 0.32)),
            depth: Wander::new(0.8, 30.0, dice),
        }
    }

    fn next(&mut self, dice: &mut Dice) -> f64 {
        self.phase += self.per_s * TICK_S * (1.0 + 0.05 * dice.normal());
        self.phase -= self.phase.floor();
        (0.8 + self.depth.next(dice)) * libm::sin(core::f64::consts::TAU * self.phase)
    }
}

/// The usual resting tone on an external belt, in units.
const RESTING_TONE: f64 = 10.0;
