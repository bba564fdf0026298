//! Nothing is invented: no ink of a rate where there is no rate; and nothing is left out.

use std::collections::BTreeMap;

use ctg::{Acceleration, Profiles, Span, Tick};
use proptest::prelude::*;
use report::{Paper, Strip};
use vitals::Bpm;

use crate::reading::{Page, Point, pages};

/// Left edge of the grid, and a tick at 3 cm/min, hundredths of a millimetre.
const LEFT: i32 = 2_850;
const TICK: f64 = 12.5;
/// The ink of the fetal trace, of the fill of an acceleration.
const FHR: &str = "[0.059, 0.102, 0.169]";
const ACCELERATION: &str = "[0.114, 0.561, 0.373]";
/// Where 30 bpm is at 30 bpm/cm: the lowest line of the fetal grid.
const BOTTOM: i32 = 10_450;

fn ticks_of(rates: &[Option<u16>]) -> Vec<Tick> {
    rates
        .iter()
        .map(|rate| Tick {
            fhr: rate.and_then(|quarters| Bpm::from_quarters(quarters).ok()),
            ..Tick::default()
        })
        .collect()
}

fn tick_at(x: i32) -> usize {
    (f64::from(x - LEFT) / TICK).round() as usize
}

fn quarters_at(y: i32) -> u16 {
    (f64::from(BOTTOM - y) * 0.03 * 4.0).round() as u16 + 120
}

/// Ticks that carry fetal ink, with the rates that it says.
fn inked(page: &Page) -> BTreeMap<usize, u16> {
    let mut inked = BTreeMap::new();
    for stroke in page.strokes.iter().filter(|stroke| stroke.color == FHR) {
        if !is_in_grid(&stroke.points) {
            continue;
        }
        for pair in stroke.points.windows(2) {
            let ((from, y), (to, y_to)) = (pair[0], pair[1]);
            for tick in tick_at(from)..tick_at(to) {
                assert!(y == y_to || tick_at(to) == tick_at(from) + 1, "a slope over many ticks");
                inked.insert(tick, quarters_at(y));
            }
            inked.insert(tick_at(to), quarters_at(y_to));
        }
    }
    for dot in page.fills.iter().filter(|fill| fill.color == FHR && fill.points.len() == 5) {
        let (right, left) = (dot.points[0], dot.points[2]);
        inked.insert(tick_at((right.0 + left.0) / 2), quarters_at(right.1));
    }
    inked
}

/// The legend's line lies below the grid.
fn is_in_grid(points: &[Point]) -> bool {
    points.iter().all(|point| point.1 <= BOTTOM)
}

fn rates() -> impl Strategy<Value = Vec<Option<u16>>> {
    let run = (prop_oneof![Just(None), (120_u16..=960).prop_map(Some)], 1_usize..9);
    prop::collection::vec(run, 1..120).prop_map(|runs| {
        runs.into_iter().flat_map(|(rate, long)| std::iter::repeat_n(rate, long)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every recorded tick is on the paper at its rate, and no other tick is.
    #[test]
    fn the_trace_is_the_recording_tick_by_tick(rates in rates()) {
        let ticks = ticks_of(&rates);
        let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &Paper::default()).unwrap();
        let inked = inked(&pages(&pdf)[0]);
        let recorded: BTreeMap<usize, u16> =
            rates.iter().enumerate().filter_map(|(tick, rate)| Some((tick, (*rate)?))).collect();
        prop_assert_eq!(inked, recorded);
    }

    /// The fill of a finding is cut by absences as the trace is.
    #[test]
    fn no_fill_lies_over_an_absence(rates in rates()) {
        let ticks = ticks_of(&rates);
        let end = u32::try_from(ticks.len()).unwrap();
        let found = [acceleration(Span { start: 0, end })];
        let baseline_bpm = vec![30.0; ticks.len()];
        let strip = Strip {
            accelerations: &found,
            baseline_bpm: &baseline_bpm,
            ..Strip::bare("", &ticks)
        };
        let pdf = report::strip_pdf(&[strip], &Paper::default()).unwrap();
        let page = &pages(&pdf)[0];
        for fill in page.fills.iter().filter(|fill| fill.color == ACCELERATION) {
            let ticks_of_fill = fill.points.iter().map(|point| tick_at(point.0));
            let (first, last) = (ticks_of_fill.clone().min().unwrap(), ticks_of_fill.max().unwrap());
            prop_assert!(rates[first..=last].iter().all(Option::is_some), "{first} to {last}");
        }
    }
}

fn acceleration(span: Span) -> Acceleration {
    Acceleration {
        span,
        peak: 0,
        peak_bpm: 150.0,
        height_bpm: 20.0,
        is_prolonged: false,
        profiles: Profiles { definition: true, expert: true },
        likelihood: 1.0,
    }
}

#[test]
fn a_finding_is_filled_up_to_an_absence_and_from_it_on() {
    let rates: Vec<_> = (0..40).map(|tick| (tick != 20).then_some(640)).collect();
    let ticks = ticks_of(&rates);
    let found = [acceleration(Span { start: 0, end: 40 })];
    let baseline_bpm = vec![130.0; 40];
    let strip =
        Strip { accelerations: &found, baseline_bpm: &baseline_bpm, ..Strip::bare("", &ticks) };
    let pdf = report::strip_pdf(&[strip], &Paper::default()).unwrap();
    let mut fills: Vec<(usize, usize)> = pages(&pdf)[0]
        .fills
        .iter()
        .filter(|fill| fill.color == ACCELERATION)
        .map(|fill| (tick_at(fill.points[0].0), tick_at(fill.points[1].0)))
        .collect();
    fills.sort_unstable();
    assert_eq!(fills, [(0, 19), (21, 39)]);
}

#[test]
fn a_lone_tick_between_two_absences_gets_a_dot() {
    let ticks = ticks_of(&[None, Some(560), None]);
    let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &Paper::default()).unwrap();
    assert_eq!(inked(&pages(&pdf)[0]), BTreeMap::from([(1, 560)]));
}

#[test]
fn a_rate_beyond_the_paper_is_not_drawn_at_its_edge() {
    let ticks = ticks_of(&[Some(560), Some(560), Some(1_200), Some(1_200), Some(560), Some(560)]);
    let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &Paper::default()).unwrap();
    let page = &pages(&pdf)[0];
    let inked: Vec<usize> = inked(page).into_keys().collect();
    assert_eq!(inked, [0, 1, 4, 5]);
    let is_mark = |points: &[Point]| points.len() == 3;
    assert!(page.fills.iter().any(|fill| fill.color == FHR && is_mark(&fill.points)));
}

#[test]
fn a_loss_is_shaded_where_it_is() {
    let mut rates = vec![Some(560); 240];
    rates[40..80].fill(None);
    let ticks = ticks_of(&rates);
    let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &Paper::default()).unwrap();
    let loss = [LEFT + 500, LEFT + 1_000];
    let is_loss = |points: &[Point]| points.len() == 4 && [points[0].0, points[1].0] == loss;
    assert!(pages(&pdf)[0].fills.iter().any(|fill| is_loss(&fill.points)));
}
