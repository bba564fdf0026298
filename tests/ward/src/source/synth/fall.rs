//! The shapes of accelerations and decelerations.
//!
//! Definitions: JSOG 2003. Gradual: 30 s or more from onset to the lowest point. Abrupt: less.

use super::TICKS_PER_S;
use super::dice::{Dice, span};
use super::excursion::Excursion;
use super::uterus::Contraction;

/// At least 15 bpm for at least 15 s, onset to peak under 30 s, gone within two minutes.
pub(super) fn acceleration(tick: u64, dice: &mut Dice) -> Excursion {
    let height = dice.within(span(19.0, 32.0));
    let rise_s = dice.within(span(7.0, 15.0));
    let rise = Excursion::starting(tick).then(rise_s, height);
    let first_hump = dice.within(span(5.0, 14.0));
    let rise = rise.then(first_hump, height * dice.within(span(0.72, 0.95)));
    let rise = if dice.happens(0.4) {
        let second_hump = dice.within(span(6.0, 14.0));
        rise.then(second_hump, height * dice.within(span(0.85, 1.05)))
    } else {
        rise
    };
    rise.then(dice.within(span(9.0, 20.0)), 0.0)
}

/// Gradual, its lowest point 20 to 40 s after the contraction's peak.
pub(super) fn late(contraction: Contraction, dice: &mut Dice) -> Excursion {
    let lag_s = dice.within(span(23.0, 37.0));
    let fall_s = dice.within(span(38.0, 50.0));
    let nadir_s = contraction.rise_s + lag_s;
    // A fall longer than the way to its lowest point starts with the contraction itself.
    let onset_s = (nadir_s - fall_s).max(0.0);
    let fall_s = nadir_s - onset_s;
    let depth = -(15.0 + 14.0 * contraction.strength + dice.within(span(0.0, 8.0)));
    let onset_tick = contraction.onset_tick + (onset_s * TICKS_PER_S) as u64;
    Excursion::starting(onset_tick)
        .then(fall_s, depth)
        .then(dice.within(span(4.0, 9.0)), depth * 0.94)
        .then(dice.within(span(34.0, 52.0)), 0.0)
}

/// Abrupt, with a small rise before and after, and a shape of its own each time.
pub(super) fn variable(contraction: Contraction, dice: &mut Dice) -> Excursion {
    let onset_s = contraction.lasts_s * dice.within(span(0.05, 0.35));
    let onset_tick = contraction.onset_tick + (onset_s * TICKS_PER_S) as u64;
    let depth = -(28.0 + 24.0 * contraction.strength + dice.within(span(-6.0, 14.0)));
    let fall = Excursion::starting(onset_tick)
        .then(dice.within(span(5.0, 9.0)), dice.within(span(5.0, 13.0)))
        .then(dice.within(span(6.0, 13.0)), depth);
    let fall = if dice.happens(0.5) {
        // A bump at the bottom: the W that cord compressions often draw.
        fall.then(dice.within(span(5.0, 10.0)), depth * dice.within(span(0.55, 0.8)))
            .then(dice.within(span(5.0, 10.0)), depth * dice.within(span(0.85, 1.0)))
    } else {
        fall.then(dice.within(span(6.0, 22.0)), depth * dice.within(span(0.8, 0.95)))
    };
    fall.then(dice.within(span(6.0, 14.0)), dice.within(span(4.0, 12.0)))
        .then(dice.within(span(8.0, 16.0)), 0.0)
}

/// Down to about 70 bpm for three to five minutes, then back, at first beyond the baseline.
pub(super) fn prolonged(tick: u64, baseline_bpm: f64, dice: &mut Dice) -> Excursion {
    let depth = dice.within(span(66.0, 76.0)) - baseline_bpm;
    Excursion::starting(tick)
        .then(dice.within(span(24.0, 40.0)), depth)
        .then(dice.within(span(30.0, 45.0)), depth * dice.within(span(0.84, 0.94)))
        .then(dice.within(span(30.0, 45.0)), depth * dice.within(span(0.95, 1.02)))
        .then(dice.within(span(25.0, 45.0)), depth * dice.within(span(0.82, 0.92)))
        .then(dice.within(span(60.0, 95.0)), dice.within(span(5.0, 10.0)))
        .then(dice.within(span(60.0, 120.0)), dice.within(span(4.0, 8.0)))
        .then(dice.within(span(60.0, 120.0)), 0.0)
}
