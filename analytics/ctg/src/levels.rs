//! Ten minutes at a time: sums up a window of the strip and asks for its levels.
//!
//! Blocks follow each other from the start of the strip; while it runs, a rolling window ends
//! with it. What cannot be determined in a window is carried from the last one that could,
//! for ten minutes and visibly (sheet, section 1.6).

use crate::assessment::{self, Assessment, Extent};
use crate::finding::{Acceleration, Contraction, Deceleration, Profile};
use crate::history::History;
use crate::kept::STEP_TICKS;
use crate::long_fall::LongFall;
use crate::settings::{BaselineSettings, Settings};
use crate::stretch::Stretch;
use crate::tick::{Span, TICKS_PER_MINUTE, TICKS_PER_SECOND};
use crate::variability::Cover;
use crate::window::{
    BaselineLevel, Case, Determined, Minute, Past, Variability, VariabilityGrade, Window,
};

/// How old a value may be that is carried, ticks: 10 min; baseline part confirmed.
const CARRY_TICKS: u32 = 10 * TICKS_PER_MINUTE;
/// Minutes that a classification looks back.
const PAST_MINUTES: usize = 60;

/// Buffers, kept between calls.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    accelerations: Vec<Acceleration>,
    decelerations: Vec<Deceleration>,
    contractions: Vec<Contraction>,
    minutes: Vec<Minute>,
    bands: Vec<f32>,
}

/// What levels are asked of.
pub(crate) struct Asked<'a> {
    pub case: &'a Case,
    pub history: &'a History,
    pub has_activity: &'a dyn Fn(Span) -> bool,
    pub usable_share: &'a dyn Fn(Span) -> f32,
    /// What covers each second from `origin` on.
    pub covers: &'a [Cover],
    /// Long falls that the baseline is held across, from `origin` on.
    pub long_falls: &'a [LongFall],
    pub origin: u32,
    /// The first tick that held anything: no window begins before it, and no minute before it
    /// is known. A block of which nothing was heard is whole, and lost.
    pub heard_from: u32,
    /// Whether the last ten minutes are wanted beside whole blocks.
    pub with_rolling: bool,
    /// Whether what is left behind the last whole block is wanted.
    pub with_rest: bool,
}

/// Fills in the assessments of a stretch.
pub(crate) fn assess(
    asked: &Asked<'_>,
    settings: &Settings,
    buffers: &mut Buffers,
    stretch: &mut Stretch,
) {
    buffers.gather(asked.history, stretch);
    let mut carried =
        Carried { baseline: asked.history.baseline, variability: asked.history.variability };
    let Span { start, end } = stretch.span;
    let mut from = start;
    while from + STEP_TICKS <= end {
        let span = asked.heard(Span { start: from, end: from + STEP_TICKS });
        let block = one(asked, settings, buffers, &mut carried, stretch, span, Extent::Block);
        stretch.assessments.push(block);
        from = span.end;
    }
    if asked.with_rest && from < end {
        let span = asked.heard(Span { start: from, end });
        let rest = one(asked, settings, buffers, &mut carried, stretch, span, Extent::Block);
        stretch.assessments.push(rest);
    }
    if asked.with_rolling && start < end {
        let earliest = start.max(asked.heard_from.min(end));
        let span = Span { start: end.saturating_sub(STEP_TICKS).max(earliest), end };
        let rolling = one(asked, settings, buffers, &mut carried, stretch, span, Extent::Rolling);
        stretch.assessments.push(rolling);
    }
}

impl Asked<'_> {
    /// The part of a block in which somebody listened: loss is of the time since then.
    fn heard(&self, block: Span) -> Span {
        let is_within = block.start < self.heard_from && self.heard_from < block.end;
        if is_within { Span { start: self.heard_from, ..block } } else { block }
    }

    /// How many whole minutes are known at tick `end`, counted back from it.
    fn minutes_known(&self, end: u32) -> usize {
        let heard_from = self.heard_from.div_ceil(TICKS_PER_MINUTE);
        (end / TICKS_PER_MINUTE).saturating_sub(heard_from) as usize
    }
}

#[derive(Clone, Copy)]
struct Carried {
    baseline: Option<(BaselineLevel, u32)>,
    variability: Option<(Variability, u32)>,
}

fn one(
    asked: &Asked<'_>,
    settings: &Settings,
    buffers: &mut Buffers,
    carried: &mut Carried,
    stretch: &Stretch,
    span: Span,
    extent: Extent,
) -> Assessment {
    let start = span.start;
    let minutes = minutes_of(&stretch.minutes, stretch.span.start, span);
    let baseline = baseline_of(asked, &settings.baseline, stretch, span);
    let variability = variability_of(minutes, &mut buffers.bands, &settings.baseline);
    if let Some(level) = baseline {
        carried.baseline = Some((level, span.end));
    }
    let held = held_baseline(asked, stretch, span);
    if let Some(found) = variability {
        carried.variability = Some((found, span.end));
    }
    let ahead = (stretch.span.end / TICKS_PER_MINUTE - span.end / TICKS_PER_MINUTE) as usize;
    let until = buffers.minutes.len().saturating_sub(ahead);
    let known = PAST_MINUTES.min(asked.minutes_known(span.end));
    let known = &buffers.minutes[until.saturating_sub(known)..until];
    let accelerations = reaching(&buffers.accelerations, start, span.end, |one| one.span);
    let is_sinusoidal = longest_swing(known, minutes.len())
        >= settings.sinusoidal.minutes_min as usize
        && accelerations.is_empty();
    let window = Window {
        span,
        baseline: determined(baseline, held.or(carried.baseline), span.end),
        variability: determined(variability, carried.variability, span.end),
        is_sinusoidal,
        stv_ms: mean_of(minutes_of(&stretch.stv_ms, stretch.span.start, span)),
        ltv_ms: mean_of(minutes_of(&stretch.ltv_ms, stretch.span.start, span)),
        lost: 1.0 - (asked.usable_share)(span),
        has_uterine_activity: (asked.has_activity)(span),
        accelerations,
        decelerations: reaching(&buffers.decelerations, start, span.end, |one| one.span),
        contractions: reaching(&buffers.contractions, start, span.end, |one| one.span),
    };
    let oldest = span.end.saturating_sub(PAST_MINUTES as u32 * TICKS_PER_MINUTE);
    let past = Past {
        minutes: known,
        decelerations: reaching(&buffers.decelerations, oldest, span.end, |one| one.span),
        contractions: reaching(&buffers.contractions, oldest, span.end, |one| one.span),
        accelerations: reaching(&buffers.accelerations, oldest, span.end, |one| one.span),
    };
    assessment::assess(&window, &past, asked.case, extent, &settings.grading, &settings.table)
}

/// The value of this window, or the last one that is not too old at `now`.
fn determined<V: Copy>(here: Option<V>, last: Option<(V, u32)>, now: u32) -> Determined<V> {
    match (here, last) {
        (Some(value), _) => Determined::Here(value),
        (None, Some((value, at))) if now - at <= CARRY_TICKS => {
            Determined::Carried { value, age_s: (now - at) / TICKS_PER_SECOND }
        }
        _ => Determined::Nowhere,
    }
}

/// The minutes of `all`, which begin at tick `start`, that lie whole in `span`.
fn minutes_of<T>(all: &[T], start: u32, span: Span) -> &[T] {
    let first = span.start.saturating_sub(start).div_ceil(TICKS_PER_MINUTE) as usize;
    let last = (span.end.saturating_sub(start) / TICKS_PER_MINUTE) as usize;
    &all[first.min(all.len())..last.min(all.len()).max(first.min(all.len()))]
}

/// The mean of what is known.
fn mean_of(values: &[f32]) -> Option<f32> {
    let known = || values.iter().filter(|value| !value.is_nan());
    let count = known().count();
    (count > 0).then(|| known().sum::<f32>() / count as f32)
}

/// The mean baseline of what no event covers and whose minutes are not restless.
///
/// Two minutes of it are needed, and they need not be contiguous; where the baseline itself
/// moves by 26 bpm or more, it is not determined here (sheet, section 1.4).
fn baseline_of(
    asked: &Asked<'_>,
    settings: &BaselineSettings,
    stretch: &Stretch,
    span: Span,
) -> Option<BaselineLevel> {
    let (mut sum, mut seconds) = (0.0, 0_u32);
    let (mut lowest, mut highest) = (f32::INFINITY, f32::NEG_INFINITY);
    for tick in (span.start..span.end).step_by(TICKS_PER_SECOND as usize) {
        let minute = ((tick - stretch.span.start) / TICKS_PER_MINUTE) as usize;
        let band = stretch.minutes.get(minute).and_then(|minute| minute.bandwidth_bpm);
        let is_restless = band.is_some_and(|band| band.round() >= settings.increased_from_bpm);
        let at = ((tick - asked.origin) / TICKS_PER_SECOND) as usize;
        let is_covered = asked.covers[at] != Cover::Nothing;
        let value = stretch.baseline_bpm[((tick - stretch.span.start) / TICKS_PER_SECOND) as usize];
        if is_restless || is_covered || value.is_nan() {
            continue;
        }
        sum += value;
        seconds += 1;
        lowest = lowest.min(value);
        highest = highest.max(value);
    }
    let is_enough = seconds as f32 >= settings.usable_min_s
        && (asked.usable_share)(span) * span.seconds() >= settings.usable_min_s;
    let is_one = highest - lowest < settings.range_undetermined_bpm;
    (is_enough && is_one).then(|| BaselineLevel::from_raw(sum / seconds as f32))
}

/// The baseline from which the last long fall of the window fell, where nothing else is known:
/// its age counts from there.
fn held_baseline(asked: &Asked<'_>, stretch: &Stretch, span: Span) -> Option<(BaselineLevel, u32)> {
    let starts = asked.long_falls.iter().map(|fall| asked.origin + fall.start_tick());
    let start = starts.rev().find(|start| span.contains(*start))?;
    let bpm = stretch.baseline_bpm[((start - stretch.span.start) / TICKS_PER_SECOND) as usize];
    (!bpm.is_nan()).then(|| (BaselineLevel::from_raw(bpm), start))
}

/// The median band of the minutes that have one.
fn variability_of(
    minutes: &[Minute],
    bands: &mut Vec<f32>,
    settings: &BaselineSettings,
) -> Option<Variability> {
    bands.clear();
    bands.extend(minutes.iter().filter_map(|minute| minute.bandwidth_bpm));
    if bands.len() < settings.minutes_min {
        return None;
    }
    bands.sort_unstable_by(f32::total_cmp);
    let middle = bands.len() / 2;
    let median = if bands.len().is_multiple_of(2) {
        f32::midpoint(bands[middle - 1], bands[middle])
    } else {
        bands[middle]
    };
    let grade = match median.round() {
        _ if median < settings.absent_below_bpm => VariabilityGrade::Absent,
        band if band <= settings.decreased_to_bpm => VariabilityGrade::Decreased,
        band if band < settings.increased_from_bpm => VariabilityGrade::Normal,
        _ => VariabilityGrade::Increased,
    };
    Some(Variability { bandwidth_bpm: median, grade })
}

/// Minutes of the longest sinusoidal run that reaches into the window.
fn longest_swing(minutes: &[Minute], in_window: usize) -> usize {
    let mut longest = 0;
    let mut before = 0;
    for run in minutes.chunk_by(|a, b| a.is_sinusoidal == b.is_sinusoidal) {
        before += run.len();
        if run[0].is_sinusoidal && before + in_window > minutes.len() {
            longest = longest.max(run.len());
        }
    }
    longest
}

/// The part of findings sorted by time that ends after `oldest` and starts before `end`.
fn reaching<T>(all: &[T], oldest: u32, end: u32, span: impl Fn(&T) -> Span) -> &[T] {
    let first = all.partition_point(|one| span(one).end <= oldest);
    let last = all.partition_point(|one| span(one).start < end);
    &all[first.min(last)..last]
}

impl Buffers {
    /// Puts what was final before and what is found now one behind the other.
    fn gather(&mut self, history: &History, stretch: &Stretch) {
        let definition = Profile::Definition;
        self.accelerations.clear();
        let rises = history.accelerations().iter().chain(&stretch.accelerations);
        self.accelerations.extend(rises.filter(|one| one.profiles.include(definition)));
        self.decelerations.clear();
        let falls = history.decelerations().iter().chain(&stretch.decelerations);
        self.decelerations.extend(falls.filter(|one| one.profiles.include(definition)));
        self.contractions.clear();
        self.contractions.extend_from_slice(history.contractions());
        self.contractions.extend_from_slice(&stretch.contractions);
        self.minutes.clear();
        self.minutes.extend_from_slice(history.minutes());
        self.minutes.extend_from_slice(&stretch.minutes);
    }
}
