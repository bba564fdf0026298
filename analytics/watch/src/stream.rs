//! One fetus of one monitoring: the engine that reads, and what is published of it.
//!
//! In: ticks in their order, and when to look. Out: publications. Never: clocks; `now` is for
//! naming what is new.
//!
//! The strip is laid on the clock: its first tick is that of the last whole ten minutes, and
//! the ticks before the first value are absent. Blocks of ten minutes then begin on the clock
//! for every strip, as a record needs them, and are the same blocks after a restart. Nobody
//! listened in that time, so nothing of it is lost: the first block begins when monitoring did.
//!
//! All strips would then become final in the same second. The tick with which ten minutes
//! become final, and what follows it, therefore waits for the next look, which falls on other
//! seconds for other monitors: nothing is seen later for it, because nothing is looked at
//! before. Final is final at most one look, [`HELD_TICKS_MAX`] at the very most, behind its time.

use std::sync::Arc;

use ctg::{Case, Engine, Scratch, Stretch, Tick};
use protocol::Publication;
use protocol::analysis::{AssessmentSpan, Condition, Fetus, Unclassifiable};
use vitals::{DeviceTick, EpisodeId, TICKS_PER_SECOND, WallTime};

use crate::cases::Cases;
use crate::class::Class;
use crate::conditions::{
    ConditionSettings, Conditions, Prolonged, Shown, TACHYSYSTOLE_WINDOW, View,
};
use crate::ledger::{Extent, Finality, Ledger};
use crate::strip::Opening;
use crate::translate::assessment::{Known, Past};
use crate::translate::{Draft, Placement};

/// Strips begin on the clock's ten minutes.
const ALIGN_MICROS: i64 = 600 * WallTime::MICROS_PER_SECOND;
/// With so many ticks behind the last final one, ten minutes become final, which costs as much
/// as a look: 20 min.
const FINAL_TICKS: u32 = 20 * ctg::tick::TICKS_PER_MINUTE;
/// Most ticks that wait for a look: 5 min, the longest time between two looks.
pub const HELD_TICKS_MAX: usize = 300 * TICKS_PER_SECOND;
/// A strip younger than this has no want of a level, µs: 10 min, one window.
const YOUNG_MICROS: i64 = 600 * WallTime::MICROS_PER_SECOND;

/// What all streams share.
#[derive(Clone, Debug)]
pub struct Reading {
    /// How the engine reads.
    pub settings: Arc<ctg::Settings>,
    /// When something is a condition.
    pub conditions: ConditionSettings,
    /// What is known of whom.
    pub cases: Arc<Cases>,
}

/// One fetus of one monitoring.
#[derive(Debug)]
pub struct Stream {
    ledger: Ledger,
    conditions: Conditions,
    strip: Option<Strip>,
    /// Whether a strip was read before.
    has_read: bool,
}

/// The strip that is being read.
#[derive(Debug)]
struct Strip {
    engine: Box<Engine>,
    placement: Placement,
    heard_from: WallTime,
    has_activity: bool,
    known: Known,
    /// Ticks that wait for a look, since the next one makes something final.
    held: Vec<Tick>,
}

impl Stream {
    /// A stream without a strip.
    #[must_use]
    pub fn new(episode: EpisodeId, fetus: Fetus, reading: &Reading) -> Self {
        Self {
            ledger: Ledger::new(episode, fetus),
            conditions: Conditions::new(reading.conditions),
            strip: None,
            has_read: false,
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn episode(&self) -> EpisodeId {
        self.ledger.episode()
    }

    /// What was published.
    pub fn ledger_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Whether a strip is being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.strip.is_some()
    }

    /// Bytes that it holds in memory, about.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let strip = self.strip.as_ref().map_or(0, |strip| {
            strip.engine.memory_bytes() + strip.held.capacity() * size_of::<Tick>()
        });
        size_of::<Self>() + strip + self.ledger.memory_bytes()
    }

    /// Begins a strip whose first tick is at `at`.
    pub fn begin(
        &mut self,
        at: WallTime,
        opening: Opening,
        case: Case,
        reading: &Reading,
        scratch: &mut Scratch,
    ) {
        let is_all = opening == Opening::Whole && !self.ledger.knows_before(at);
        let past = if is_all { Past::Whole } else { Past::Since(at) };
        let origin = WallTime(at.0.div_euclid(ALIGN_MICROS) * ALIGN_MICROS);
        // After a restart the strip is read again from before what is settled; in one run only a
        // clock that was set back does that.
        if self.has_read && at < self.ledger.settled_until() {
            self.ledger.begin_strip_anew(at);
        } else {
            self.ledger.begin_strip(at);
        }
        self.has_read = true;
        self.conditions = Conditions::new(reading.conditions);
        let mut strip = Strip {
            engine: Box::new(Engine::new(case)),
            placement: Placement { origin },
            heard_from: at,
            has_activity: false,
            known: Known { case, past },
            held: Vec::new(),
        };
        let before = at.micros_since(origin) / DeviceTick::MICROS;
        for _ in 0..before {
            // Ten minutes without a value make nothing final: that takes twenty.
            strip.engine.push(Tick::default(), &reading.settings, scratch);
        }
        self.strip = Some(strip);
    }

    /// Takes ticks of a second, of which the first `skip` are known already.
    pub fn hear(
        &mut self,
        now: WallTime,
        ticks: &[Tick; TICKS_PER_SECOND],
        skip: usize,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        self.conditions.hear(ticks);
        if let Some(strip) = &mut self.strip {
            strip.has_activity |= ticks.iter().any(|tick| tick.ua.is_some());
        }
        for tick in ticks.iter().skip(skip) {
            self.push(now, *tick, reading, scratch, out);
        }
    }

    /// Puts ticks that come late where they belong, from `at` on. What is not final is read with
    /// them from the next look on, and said anew under its ids; what is final stays, and so does
    /// what was heard of conditions, which are of now.
    pub fn fill(&mut self, at: WallTime, ticks: &[Tick; TICKS_PER_SECOND]) {
        let Some(strip) = &mut self.strip else { return };
        if at < strip.heard_from {
            return;
        }
        let tick = at.micros_since(strip.placement.origin) / DeviceTick::MICROS;
        let Ok(first) = u32::try_from(tick) else { return };
        strip.engine.fill(first, ticks);
        for (at, late) in (first..).zip(ticks) {
            let waits = at.checked_sub(strip.engine.ticks());
            let place = waits.and_then(|at| strip.held.get_mut(at as usize));
            if let Some(place) = place.filter(|place| **place == Tick::default()) {
                *place = *late;
            }
        }
    }

    /// Takes ticks without a value.
    pub fn hear_nothing(
        &mut self,
        now: WallTime,
        ticks: u32,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        self.conditions.hear_nothing(ticks / TICKS_PER_SECOND as u32);
        for _ in 0..ticks {
            self.push(now, Tick::default(), reading, scratch, out);
        }
    }

    fn push(
        &mut self,
        now: WallTime,
        tick: Tick,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        let Some(strip) = &mut self.strip else { return };
        let is_last = strip.engine.ticks() + 1 >= strip.engine.final_until() + FINAL_TICKS;
        if is_last || !strip.held.is_empty() {
            strip.held.push(tick);
            if strip.held.len() >= HELD_TICKS_MAX {
                self.release(now, reading, scratch, out);
            }
            return;
        }
        let stretch = strip.engine.push(tick, &reading.settings, scratch);
        debug_assert!(stretch.is_none(), "the tick before a border does not wait");
    }

    /// Lets the engine have what waits.
    fn release(
        &mut self,
        now: WallTime,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        let Some(strip) = &mut self.strip else { return };
        for tick in std::mem::take(&mut strip.held) {
            let Some(strip) = &mut self.strip else { return };
            if let Some(stretch) = strip.engine.push(tick, &reading.settings, scratch) {
                self.publish(now, &stretch, Finality::Final, out);
            }
        }
    }

    /// Looks at the strip up to now, publishes what changed, and weighs the conditions.
    pub fn look(
        &mut self,
        now: WallTime,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        self.release(now, reading, scratch, out);
        let Some(strip) = &self.strip else { return };
        let stretch = strip.engine.provisional(&reading.settings, scratch);
        self.publish(now, &stretch, Finality::Provisional, out);
        let Some(view) = self.view(&stretch) else { return };
        let ledger = &self.ledger;
        let changed = self.conditions.look(&view, |kind| ledger.condition(kind).copied());
        for condition in changed {
            self.ledger.take_condition(now, condition, out);
        }
    }

    /// Publishes a condition that is found elsewhere, if it is news.
    pub fn say(&mut self, now: WallTime, condition: Condition, out: &mut Vec<Publication>) {
        let before = self.ledger.condition(condition.kind);
        let was_active = before.is_some_and(|before| before.is_active);
        if was_active != condition.is_active {
            self.ledger.take_condition(now, condition, out);
        }
    }

    /// Ends the strip: the rest of it becomes final, and no condition holds any more.
    pub fn finish(
        &mut self,
        now: WallTime,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        self.release(now, reading, scratch, out);
        let Some(mut strip) = self.strip.take() else { return };
        let stretch = strip.engine.finish(&reading.settings, scratch);
        let end = strip.placement.at(stretch.span.end);
        self.strip = Some(strip);
        self.publish(now, &stretch, Finality::Final, out);
        self.strip = None;
        let ledger = &self.ledger;
        let over = self.conditions.end(end, |kind| ledger.condition(kind).copied());
        for condition in over {
            self.ledger.take_condition(now, condition, out);
        }
    }

    fn publish(
        &mut self,
        now: WallTime,
        stretch: &Stretch,
        finality: Finality,
        out: &mut Vec<Publication>,
    ) {
        let Some(Strip { placement, known, .. }) = self.strip else { return };
        let extent = placement.extent(stretch.span);
        for class in Class::ALL {
            let drafts = placement.findings(stretch, class).into_iter();
            let named = drafts.map(|Draft { mut finding, contraction }| {
                finding.contraction =
                    contraction.and_then(|extent| self.ledger.id_of(Class::Contraction, extent));
                finding
            });
            let named = named.collect();
            self.ledger.take_findings(now, extent, finality, class, named, out);
        }
        for baseline in placement.baseline(stretch, finality) {
            self.ledger.take_baseline(now, finality, baseline, out);
        }
        for assessment in &stretch.assessments {
            let ledger = &self.ledger;
            let named = placement
                .assessment(assessment, known, |class, extent| ledger.id_of(class, extent));
            let finality = match named.span {
                AssessmentSpan::Rolling => Finality::Provisional,
                AssessmentSpan::Block => finality,
            };
            self.ledger.take_assessment(now, finality, named, out);
        }
        if finality == Finality::Final {
            self.ledger.settle(extent.to);
        }
    }

    fn view(&self, stretch: &Stretch) -> Option<View> {
        let strip = self.strip.as_ref()?;
        let placement = strip.placement;
        let rolling = stretch.assessments.last()?;
        let now = placement.at(stretch.span.end);
        let assessed = placement.assessment(rolling, strip.known, |_, _| None);
        let is_young = now.micros_since(strip.heard_from) < YOUNG_MICROS;
        let level = match (assessed.jsog_shown, assessed.jsog) {
            (Some(level), _) => Shown::Level(level),
            (None, Err(Unclassifiable::Short)) => Shown::TooEarly,
            (None, _) if is_young => Shown::TooEarly,
            (None, _) => Shown::NotClassifiable,
        };
        let baseline = match rolling.baseline {
            ctg::Determined::Here(level) => Some(level.raw_bpm),
            _ => None,
        };
        Some(View {
            now,
            level,
            baseline_bpm: baseline,
            is_sinusoidal: assessed.flags.contains(protocol::analysis::AssessmentFlags::SINUSOIDAL),
            contractions: self.contractions(strip, now),
            coincides_since: self.artefact_since(stretch, ctg::ArtefactKind::MaternalCoincidence),
            doubles_since: self.artefact_since(stretch, ctg::ArtefactKind::MaternalDoubled),
            prolonged: prolonged(stretch, placement),
        })
    }

    fn contractions(&self, strip: &Strip, now: WallTime) -> Option<usize> {
        let window = i64::try_from(TACHYSYSTOLE_WINDOW.as_micros()).expect("half an hour");
        let from = now.plus_micros(-window);
        let known = self.ledger.earliest(Class::Contraction).is_some_and(|at| at <= from);
        let is_old = strip.heard_from <= from || known;
        (strip.has_activity && is_old)
            .then(|| self.ledger.count(Class::Contraction, Extent { from, to: now }))
    }

    /// Since when an artefact has lasted that reaches up to now; a part of it may be final.
    fn artefact_since(&self, stretch: &Stretch, kind: ctg::ArtefactKind) -> Option<WallTime> {
        const REACH_TICKS: u32 = 30 * ctg::tick::TICKS_PER_SECOND;
        let placement = self.strip.as_ref()?.placement;
        let artefacts = stretch.artefacts.iter().rev();
        let mut of_kind = artefacts.filter(|artefact| artefact.kind == kind);
        let last = of_kind.next()?;
        if last.span.end + REACH_TICKS < stretch.span.end {
            return None;
        }
        Some(placement.at(last.span.start))
    }
}

/// The last prolonged deceleration of a stretch.
fn prolonged(stretch: &Stretch, placement: Placement) -> Option<Prolonged> {
    let mut falls = stretch.decelerations.iter().rev();
    let last = falls.find(|one| one.kind == ctg::DecelerationKind::Prolonged)?;
    let Extent { from, to } = placement.extent(last.span);
    Some(Prolonged { from, to, nadir_bpm: last.nadir_bpm })
}

#[cfg(test)]
mod tests;
