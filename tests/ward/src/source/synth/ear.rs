//! What a transducer makes of a heart: contact found and lost, quality, the wrong heart.

use vitals::{Absence, Bpm, HeartTransducer, Quality, Reading};

use super::TICKS_PER_S;
use super::dice::{Dice, Span, span};
use super::plan::Reception;

/// One transducer on one body.
#[derive(Debug)]
pub(super) struct Ear {
    dice: Dice,
    transducer: HeartTransducer,
    reception: Reception,
    phase: Phase,
    phase_until_s: u64,
    contact: Contact,
    contact_until_tick: u64,
    losses_every_s: Span,
}

/// What is being done with the transducer, in whole seconds, as a monitor reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    InPlace,
    Slipping,
    Adrift,
    Unplugged,
    SelfTest,
    Searching,
    OnMother,
}

/// How a transducer in place hears from tick to tick.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Contact {
    Firm,
    Fading { times: f64, quality: Quality },
    Lost,
    Returning,
}

impl Ear {
    pub(super) fn new(
        transducer: HeartTransducer,
        reception: Reception,
        losses_every_s: Span,
        mut dice: Dice,
    ) -> Self {
        let phase_until_s = match reception {
            Reception::Steady => u64::MAX,
            Reception::ComesOff | Reception::FindsMother => {
                Phase::InPlace.lasts_s(reception, &mut dice)
            }
        };
        let contact_until_tick = (dice.within(losses_every_s) * TICKS_PER_S) as u64;
        Self {
            dice,
            transducer,
            reception,
            phase: Phase::InPlace,
            phase_until_s,
            contact: Contact::Firm,
            contact_until_tick,
            losses_every_s,
        }
    }

    /// Starts a second; what is plugged in during it.
    pub(super) fn start_second(&mut self, second: u64) -> HeartTransducer {
        if second >= self.phase_until_s {
            self.phase = self.phase.next(self.reception);
            self.phase_until_s = second + self.phase.lasts_s(self.reception, &mut self.dice);
            self.contact = Contact::Lost;
            let found_s = self.dice.within(span(1.5, 4.0));
            self.contact_until_tick = ((second as f64 + found_s) * TICKS_PER_S) as u64;
        }
        match self.phase {
            Phase::Unplugged => HeartTransducer::None,
            _ => self.transducer,
        }
    }

    /// What is heard at a tick of the heart it is meant for, and of the mother beneath it.
    pub(super) fn hear(&mut self, tick: u64, rate_bpm: f64, mother_bpm: f64) -> Reading<Bpm> {
        match self.phase {
            Phase::Unplugged => Reading::Absent(Absence::NoTransducer),
            Phase::SelfTest => Reading::Absent(Absence::Inoperative),
            Phase::Adrift | Phase::Searching => Reading::Absent(Absence::Blank),
            Phase::InPlace | Phase::Slipping => self.through_contact(tick, rate_bpm),
            Phase::OnMother => self.through_contact(tick, mother_bpm),
        }
    }

    fn through_contact(&mut self, tick: u64, rate_bpm: f64) -> Reading<Bpm> {
        if tick >= self.contact_until_tick {
            let lasts_s = self.change_contact();
            self.contact_until_tick = tick + (lasts_s * TICKS_PER_S).max(1.0) as u64;
        }
        let slipping = self.phase == Phase::Slipping;
        match self.contact {
            Contact::Firm if slipping => measured(rate_bpm, Quality::Poor),
            Contact::Firm => measured(rate_bpm, Quality::Good),
            Contact::Fading { times, quality } => measured(rate_bpm * times, quality),
            Contact::Returning => measured(rate_bpm, Quality::Fair),
            Contact::Lost => Reading::Absent(Absence::Blank),
        }
    }

    /// Goes to the next state of contact; how long it lasts, in seconds.
    fn change_contact(&mut self) -> f64 {
        let slipping = self.phase == Phase::Slipping;
        let dice = &mut self.dice;
        let (next, lasts_s) = match self.contact {
            Contact::Firm => (fading(self.transducer, dice), span(0.5, 2.5)),
            // Now and then it only weakens, and nothing is lost.
            Contact::Fading { .. } if !slipping && dice.happens(0.35) => {
                (Contact::Returning, span(1.0, 8.0))
            }
            Contact::Fading { .. } if slipping => (Contact::Lost, span(1.0, 4.0)),
            Contact::Fading { .. } if dice.happens(0.15) => (Contact::Lost, span(7.0, 18.0)),
            Contact::Fading { .. } => (Contact::Lost, span(1.0, 6.0)),
            Contact::Lost => (Contact::Returning, span(0.5, 2.0)),
            Contact::Returning if slipping => (Contact::Firm, span(0.5, 2.5)),
            Contact::Returning => (Contact::Firm, self.losses_every_s),
        };
        self.contact = next;
        dice.within(lasts_s)
    }
}

impl Phase {
    /// What comes after this phase.
    fn next(self, reception: Reception) -> Self {
        match (self, reception) {
            (Self::InPlace, Reception::FindsMother) => Self::OnMother,
            (Self::InPlace, _) => Self::Slipping,
            (Self::Slipping, _) => Self::Adrift,
            (Self::Adrift, _) => Self::Unplugged,
            (Self::Unplugged, _) => Self::SelfTest,
            (Self::SelfTest, _) => Self::Searching,
            (Self::Searching | Self::OnMother, _) => Self::InPlace,
        }
    }

    fn lasts_s(self, reception: Reception, dice: &mut Dice) -> u64 {
        let seconds = match (self, reception) {
            (Self::InPlace, Reception::FindsMother) => span(130.0, 190.0),
            (Self::InPlace, _) => span(105.0, 135.0),
            (Self::Slipping, _) => span(15.0, 28.0),
            (Self::Adrift, _) => span(40.0, 60.0),
            (Self::Unplugged, _) => span(25.0, 40.0),
            (Self::SelfTest, _) => span(3.0, 5.0),
            (Self::Searching, _) => span(5.0, 9.0),
            (Self::OnMother, _) => span(150.0, 230.0),
        };
        dice.within(seconds).round() as u64
    }
}

/// A weakening contact; by ultrasound one in twelve counts half or double for a moment.
fn fading(transducer: HeartTransducer, dice: &mut Dice) -> Contact {
    if transducer == HeartTransducer::Ultrasound && dice.happens(0.08) {
        let times = if dice.happens(0.7) { 0.5 } else { 2.0 };
        Contact::Fading { times, quality: Quality::Poor }
    } else {
        let quality = if dice.happens(0.5) { Quality::Poor } else { Quality::Fair };
        Contact::Fading { times: 1.0, quality }
    }
}

fn measured(rate_bpm: f64, quality: Quality) -> Reading<Bpm> {
    let quarters = (rate_bpm * 4.0).round().clamp(1.0, f64::from(WIRE_QUARTERS_MAX));
    let value = Bpm::from_quarters(quarters as u16).expect("clamped to 1 to 1200 just above");
    Reading::Measured { value, quality }
}

/// The highest rate a Series 50 monitor states, 300 bpm.
const WIRE_QUARTERS_MAX: u16 = 1200;
