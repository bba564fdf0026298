//! A recording laid on one line of ticks, with all it brings along.

use std::collections::BTreeMap;

use ctg::{Span, Tick, Uterus};
use report::{Missing, Stretch, What};
use store::StoredBlock;
use vitals::{
    Bpm, Channel, DeviceTick, Flags, HeartTransducer, Quality, Reading, Second, TICKS_PER_SECOND,
    WallTime,
};

use crate::analyse::placing::{self, Order};

/// How much later than the promptest second of its run one must come to be late: as on the wall.
const LATE_AFTER_MICROS: i64 = 5 * WallTime::MICROS_PER_SECOND;

/// A recording, ready to be drawn.
///
/// # Invariants
///
/// Where there is a clock, the first tick lies on a whole minute of it (to a tick): `lead` ticks
/// before the recording began are absent.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What it is called where it has neither bed nor episode.
    pub(super) name: String,
    /// The bridge that sent it; empty for a file of others.
    pub(super) bridge: String,
    /// The monitor.
    pub(super) device: String,
    /// The episode as people are shown it.
    pub(super) episode: String,
    /// When the first tick was.
    pub(super) starts_at: Option<WallTime>,
    /// Ticks before the recording began.
    pub(super) lead: u32,
    /// As it came: values that the device does not trust included.
    pub(super) ticks: Vec<Tick>,
    /// The same without those, for the analysis.
    pub(super) trusted: Vec<Tick>,
    /// The second of twins: as it came, and for the analysis.
    pub(super) twin: Option<(Vec<Option<Bpm>>, Vec<Tick>)>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) events: Vec<u32>,
    pub(super) movements: Vec<Span>,
    pub(super) uterus: Option<Uterus>,
    /// Where seconds were recorded, ends included that are absent.
    pub(super) recorded: Vec<Span>,
}

impl Chart {
    /// Lays the blocks of one episode on one monitor on a line of ticks.
    ///
    /// A second came late if it took `LATE_AFTER_MICROS` longer than the promptest of its run
    /// of the bridge, because the store does not keep how far apart the two clocks are.
    ///
    /// # Errors
    ///
    /// What is wrong, where the blocks lie more than a week apart.
    pub fn of_blocks(blocks: &mut [StoredBlock]) -> Result<Self, String> {
        let order = Order::of(blocks);
        let Some((_, first)) = order.placed().first() else { return Ok(Self::default()) };
        let length = placing::length(&order)?;
        let starts_at = first.block.at;
        let minute = 60 * WallTime::MICROS_PER_SECOND;
        let lead = starts_at.0.rem_euclid(minute) / DeviceTick::MICROS;
        let digits = format!("{:032x}", first.block.episode.to_u128());
        let mut chart = Self {
            bridge: first.bridge.as_str().to_owned(),
            device: first.block.device.as_str().to_owned(),
            episode: format!("…{}", &digits[28..]),
            starts_at: Some(starts_at.plus_micros(-lead * DeviceTick::MICROS)),
            lead: u32::try_from(lead).unwrap_or(0),
            uterus: placing::uterus(&order),
            ..Self::default()
        };
        chart.lay(&order, length);
        Ok(chart)
    }

    fn lay(&mut self, order: &Order, length: usize) {
        let lead = self.lead as usize;
        let listens = |fetus: fn(&Second) -> HeartTransducer| {
            let mut seconds = order.placed().iter().map(|(_, stored)| &stored.block.second);
            seconds.any(|second| fetus(second) != HeartTransducer::None)
        };
        let (has_first, has_second) =
            (listens(|it| it.transducers.fhr1), listens(|it| it.transducers.fhr2));
        // One fetus on the second channel is the fetus of the strip.
        let only_second = has_second && !has_first;
        self.ticks = vec![Tick::default(); lead + length];
        self.trusted = self.ticks.clone();
        let mut twin = (has_first && has_second)
            .then(|| (vec![None; lead + length], vec![Tick::default(); lead + length]));
        let mut draft = Draft::default();
        let prompt = Promptness::of(order);
        let mut end = None;
        for &(place, stored) in order.placed() {
            let start = lead + usize::try_from(place).unwrap_or(0);
            let second = &stored.block.second;
            let main = if only_second { &second.fhr2 } else { &second.fhr1 };
            for (at, &fhr) in main.iter().enumerate() {
                let (mhr, ua) = (second.mhr[at], second.ua[at]);
                self.ticks[start + at] =
                    Tick { fhr: fhr.value(), mhr: mhr.value(), ua: ua.value() };
                draft.tick(Channel::Fhr1, start + at, &fhr);
                draft.tick(Channel::Mhr, start + at, &mhr);
                draft.tick(Channel::Ua, start + at, &ua);
                if let Some((rates, _)) = &mut twin {
                    rates[start + at] = second.fhr2[at].value();
                    draft.tick(Channel::Fhr2, start + at, &second.fhr2[at]);
                }
                if second.flags.contains(Flags::MOVEMENT_PROFILE) && second.movement[at].is_moving()
                {
                    extend(&mut self.movements, start + at, 1);
                }
            }
            let (first, other) = (ctg::Fetus::First, ctg::Fetus::Second);
            let to = start + TICKS_PER_SECOND;
            let of = if only_second { other } else { first };
            self.trusted[start..to].copy_from_slice(&Tick::of_second(second, of));
            if let Some((_, trusted)) = &mut twin {
                trusted[start..to].copy_from_slice(&Tick::of_second(second, other));
            }
            draft.second(start, stored, &prompt);
            if let Some(end) = end.filter(|end| *end < start) {
                draft.missing(end, start, second.flags);
            }
            end = Some(to);
            extend(&mut self.recorded, start, TICKS_PER_SECOND);
        }
        self.twin = twin;
        self.events = draft.events;
        self.stretches = draft.stretches;
    }
}

/// Adds ticks to the last span where they touch it, else as a new one.
fn extend(spans: &mut Vec<Span>, start: usize, ticks: usize) {
    let [start, end] = [start, start + ticks].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    match spans.last_mut() {
        Some(last) if last.end == start => last.end = end,
        _ => spans.push(Span { start, end }),
    }
}

/// Stretches being found, second by second.
#[derive(Default)]
struct Draft {
    stretches: Vec<Stretch>,
    /// By kind, where its newest stretch is.
    newest: Vec<(What, usize)>,
    events: Vec<u32>,
}

impl Draft {
    fn tick<V: Copy>(&mut self, channel: Channel, at: usize, reading: &Reading<V>) {
        match reading {
            Reading::Absent(why) => self.holds(What::Absent { channel, why: *why }, at, 1),
            Reading::Measured { quality: Quality::Poor, .. } => {
                self.holds(What::Poor { channel }, at, 1);
            }
            Reading::Measured { .. } => {}
        }
    }

    fn second(&mut self, start: usize, stored: &StoredBlock, prompt: &Promptness) {
        let flags = stored.block.second.flags;
        for (holds, what) in [
            (prompt.is_late(stored), What::Late),
            (flags.contains(Flags::COINCIDENCE), What::Coincidence),
            (flags.contains(Flags::TWIN_OFFSET), What::MonitorOffset),
        ] {
            if holds {
                self.holds(what, start, TICKS_PER_SECOND);
            }
        }
        if flags.contains(Flags::EVENT_MARK) {
            self.events.push(u32::try_from(start).unwrap_or(u32::MAX));
        }
    }

    fn missing(&mut self, from: usize, to: usize, flags: Flags) {
        let why = match flags.contains(Flags::REFUSED_BEFORE) {
            true => Missing::Refused,
            false => Missing::NotReceived,
        };
        self.holds(What::Missing(why), from, to - from);
    }

    /// Lengthens the stretch of this kind that ends here, or begins one.
    fn holds(&mut self, what: What, start: usize, ticks: usize) {
        let [from, to] = [start, start + ticks].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        let new = Stretch { span: Span { start: from, end: to }, what };
        let Some((_, at)) = self.newest.iter_mut().find(|(kind, _)| *kind == what) else {
            self.newest.push((what, self.stretches.len()));
            return self.stretches.push(new);
        };
        match self.stretches.get_mut(*at) {
            Some(last) if last.span.end == from => last.span.end = to,
            _ => {
                *at = self.stretches.len();
                self.stretches.push(new);
            }
        }
    }
}

/// How long the promptest second of each run took, by two clocks that differ.
struct Promptness {
    runs: BTreeMap<u64, i64>,
}

impl Promptness {
    fn of(order: &Order) -> Self {
        let mut runs = BTreeMap::new();
        for (_, stored) in order.placed() {
            let least = runs.entry(stored.block.epoch).or_insert(i64::MAX);
            *least = latency(stored).min(*least);
        }
        Self { runs }
    }

    fn is_late(&self, stored: &StoredBlock) -> bool {
        let least = self.runs.get(&stored.block.epoch).copied().unwrap_or(0);
        latency(stored).saturating_sub(least) > LATE_AFTER_MICROS
    }
}

fn latency(stored: &StoredBlock) -> i64 {
    stored.received_at.micros_since(stored.block.built_at)
}
