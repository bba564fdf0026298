//! The engine on strips written down in a few words.
//!
//! `140 x 10min, 120 x 16s` is a rate of 140 bpm for ten minutes, then 120 for 16 s; `-` is an
//! absence. A trailing `+-4` lets the rate wander by so much, as a real one does.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::LazyLock;

use ctg::{Case, Engine, Graded, JsogLevel, Profile, Scratch, Settings, Stretch, Tick, record};
use proptest::prelude::*;
use vitals::{Activity, Bpm};

static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

#[test]
fn a_fall_of_14_s_is_not_yet_a_deceleration() {
    check("140 x 15min, 115 x 14s, 140 x 15min", "");
    check("140 x 15min, 115 x 20s, 140 x 15min", "variable mild 15:00..15:20 depth 25");
}

#[test]
fn a_fall_of_14_bpm_is_not_a_deceleration_by_definition() {
    check("140 x 15min, 126 x 40s, 140 x 15min", "");
    check("140 x 15min, 124 x 40s, 140 x 15min", "variable mild 15:00..15:40 depth 16");
}

#[test]
fn a_deep_and_long_fall_is_severe() {
    check("140 x 15min, 60 x 40s, 140 x 15min", "variable severe 15:00..15:40 depth 80");
}

#[test]
fn a_fall_of_two_minutes_is_prolonged() {
    check("140 x 15min, 100 x 119s, 140 x 15min", "variable mild 15:00..16:59 depth 40");
    check("140 x 15min, 100 x 150s, 140 x 15min", "prolonged mild 15:00..17:30 depth 40");
    check("140 x 15min, 75 x 150s, 140 x 15min", "prolonged severe 15:00..17:30 depth 65");
}

#[test]
fn a_long_fall_is_told_and_the_baseline_waits_above_it() {
    check("150 x 25min, 75 x 8min, 150 x 15min", "prolonged severe 25:00..33:00 depth 75");
    // More than a deceleration may lose, and enough heard to be sure.
    let torn = "75 x 30s, - x 45s, ".repeat(6);
    check(
        &format!("150 x 25min, {torn}75 x 10s, 150 x 15min"),
        "prolonged severe 25:00..32:40 depth 75",
    );
    // A return that can be seen parts two falls.
    check(
        "150 x 25min, 90 x 4min, 150 x 30s, 90 x 4min, 150 x 15min",
        "prolonged mild 25:00..29:00 depth 60\nprolonged mild 29:30..33:30 depth 60",
    );
}

#[test]
fn a_rate_that_does_not_come_back_in_ten_minutes_is_the_baseline_from_then_on() {
    for minutes in [12, 25, 45] {
        let strip = ticks(&format!("150 x 25min, 65 x {minutes}min"));
        let record = record::read(&strip, &Case::default(), &SETTINGS);
        assert_eq!(
            by_definition(&strip, &Case::default()),
            "prolonged severe 25:00..35:00 depth 85"
        );
        let baseline = |minute: usize| record.baseline_bpm[60 * minute + 30];
        assert!((20..35).all(|minute| (baseline(minute) - 150.0).abs() < 3.0), "{minutes}");
        let after = (35..25 + minutes).all(|minute| (baseline(minute) - 65.0).abs() < 1.0);
        assert!(after, "{minutes} {:?}", (30..25 + minutes).map(baseline).collect::<Vec<_>>());
    }
}

#[test]
fn no_minute_of_a_lasting_fall_is_graded_as_a_quiet_one() {
    let strip = ticks("150 x 25min, 65 x 40min");
    let mut engine = Engine::new(Case::default());
    let mut scratch = Scratch::default();
    for (at, tick) in strip.iter().enumerate() {
        engine.push(*tick, &SETTINGS, &mut scratch);
        // From two minutes into the fall on, whenever one looks.
        if at >= 28 * 240 && at % 120 == 0 {
            let now = engine.provisional(&SETTINGS, &mut scratch);
            let level = now.assessments.last().unwrap().jsog;
            let is_mild = matches!(level, Graded::Level(level) if level < JsogLevel::Three);
            assert!(!is_mild, "{level:?} at {} s", at / 4);
        }
    }
}

#[test]
fn a_rise_is_an_acceleration_by_height_and_length() {
    check("140 x 15min, 160 x 25s, 140 x 15min", "acceleration 15:00..15:25 height 20");
    check("140 x 15min, 153 x 25s, 140 x 15min", "");
    check("140 x 15min, 160 x 12s, 140 x 15min", "");
}

#[test]
fn before_32_weeks_ten_bpm_for_ten_seconds_is_one() {
    let case = Case { gestation_weeks: Some(30), ..Case::default() };
    let strip = "140 x 15min, 153 x 12s, 140 x 15min";
    assert_eq!(by_definition(&ticks(strip), &case), "acceleration 15:00..15:12 height 13");
    let case = Case { gestation_weeks: Some(32), ..case };
    assert_eq!(by_definition(&ticks(strip), &case), "");
}

#[test]
fn a_block_that_began_mid_way_says_so_and_loses_nothing_by_it() {
    let record = |strip: &str| record::read(&ticks(strip), &Case::default(), &SETTINGS);
    let late = record("- x 450s, 140 x 25min");
    let first = &late.assessments[0];
    assert_eq!((first.span.start, first.span.end), (450 * 4, 600 * 4));
    assert_eq!(first.lost, 0.0);
    // Less than two minutes of it were heard: too little for a level, and not a lost signal.
    let barely = record("- x 530s, 140 x 25min");
    let reason = ctg::assessment::Reason::Short;
    assert_eq!(barely.assessments[0].jsog, ctg::Graded::NotClassifiable(reason));
    // What is lost later is lost, and a block of which nothing was heard is whole.
    let torn = record("- x 300s, 140 x 150s, - x 150s, 140 x 20min");
    assert!((torn.assessments[0].lost - 0.5).abs() < 0.02, "{}", torn.assessments[0].lost);
    let never = record("- x 15min, 140 x 20min");
    assert_eq!((never.assessments[0].span.start, never.assessments[0].lost), (0, 1.0));
    assert_eq!(never.assessments[1].span.start, 15 * 240);
}

#[test]
fn there_is_no_baseline_before_the_first_value() {
    for padding in ["- x 5min", "- x 899s", "- x 25min"] {
        let strip = ticks(&format!("{padding}, 140 x 25min"));
        let first = strip.iter().position(|tick| tick.fhr.is_some()).unwrap() / 4;
        let baseline: Vec<f32> =
            stretches(&strip, Some(500)).iter().flat_map(|one| one.baseline_bpm.clone()).collect();
        assert!(baseline[..first].iter().all(|bpm| bpm.is_nan()), "{padding}");
        assert!(baseline[first..].iter().all(|bpm| (bpm - 140.0).abs() < 0.5), "{padding}");
    }
}

#[test]
fn minutes_before_the_first_value_do_not_count_for_a_non_stress_test() {
    let nst = |strip: &str| {
        let record = record::read(&ticks(strip), &Case::default(), &SETTINGS);
        record.assessments.last().unwrap().nst
    };
    use ctg::nst::Reactivity::{NonReactive, NotYet};
    assert_eq!(nst("140 x 40min"), Some(NonReactive));
    // The same forty minutes of the clock, of which thirty-one were heard.
    assert_eq!(nst("- x 9min, 140 x 31min"), Some(NotYet));
}

#[test]
fn an_absence_is_never_an_event() {
    check("140 x 15min, - x 5min, 140 x 15min", "");
    check("140 x 15min, 115 x 5s, - x 60s, 115 x 5s, 140 x 15min", "");
}

#[test]
fn nothing_is_found_in_nothing() {
    for strip in ["- x 35min", "", "140 x 3s", "- x 1s"] {
        let record = record::read(&ticks(strip), &Case::default(), &SETTINGS);
        assert_eq!(record.accelerations.len() + record.decelerations.len(), 0, "{strip}");
        assert!(record.baseline_bpm.iter().filter(|bpm| !bpm.is_nan()).count() <= 3);
    }
    let record = record::read(&ticks("- x 35min"), &Case::default(), &SETTINGS);
    assert!((record.signal_loss - 1.0).abs() < f32::EPSILON);
    assert_eq!(record.baseline_bpm.len(), 35 * 60);
}

#[test]
fn a_constant_rate_is_its_own_baseline() {
    let record = record::read(&ticks("137 x 45min"), &Case::default(), &SETTINGS);
    assert!(record.baseline_bpm.iter().all(|bpm| (bpm - 137.0).abs() < 0.01));
    assert_eq!(record.stv_ms, Some(0.0));
}

#[test]
fn a_new_level_becomes_the_baseline() {
    let record = record::read(&ticks("140 x 30min, 165 x 30min"), &Case::default(), &SETTINGS);
    assert!((record.baseline_bpm[600] - 140.0).abs() < 2.0);
    assert!((record.baseline_bpm[3000] - 165.0).abs() < 2.0);
}

#[test]
fn a_strip_asked_on_the_way_ends_as_one_that_was_not() {
    let ticks = wandering(7, 70);
    let whole = stretches(&ticks, None);
    for every in [1_000, 4_801, 7] {
        let ticks = if every == 7 { &ticks[..6_000] } else { &ticks[..] };
        let asked = stretches(ticks, Some(every));
        let whole = if every == 7 { stretches(ticks, None) } else { whole.clone() };
        assert_eq!(format!("{asked:?}"), format!("{whole:?}"));
    }
}

#[test]
fn what_is_final_never_changes_whatever_follows() {
    let ticks = wandering(3, 60);
    let long = stretches(&ticks, None);
    let short = stretches(&ticks[..45 * 240], None);
    // Three stretches are final after 45 minutes: up to minute 30, and the rest by finishing.
    for (one, other) in short.iter().zip(&long).take(3) {
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}

#[test]
fn a_strip_that_has_just_begun_is_too_short_and_not_lost() {
    let mut engine = Engine::new(Case::default());
    let mut scratch = Scratch::default();
    // The line begins on the clock, the monitor seven minutes later.
    for tick in ticks("- x 7min, 140 x 60s") {
        engine.push(tick, &SETTINGS, &mut scratch);
    }
    let rolling = engine.provisional(&SETTINGS, &mut scratch).assessments.pop().unwrap();
    assert_eq!(rolling.jsog, ctg::Graded::NotClassifiable(ctg::Reason::Short));
    assert!(rolling.lost < 0.05 && rolling.span.start == 7 * 240);
}

#[test]
fn a_strip_stays_small_in_memory() {
    let mut engine = Engine::new(Case::default());
    let mut scratch = Scratch::default();
    for tick in wandering(5, 180) {
        engine.push(tick, &SETTINGS, &mut scratch);
        assert!(engine.memory_bytes() <= 64 * 1024, "{}", engine.memory_bytes());
    }
}

#[test]
fn a_hole_that_is_filled_before_it_is_final_was_never_there() {
    let ticks = wandering(7, 50);
    let whole = stretches(&ticks, None);
    let mut scratch = Scratch::default();
    let mut engine = Engine::new(Case::default());
    let mut filled = Vec::new();
    // Three minutes are missing from 22:00 on, and come when 29 minutes are over.
    let hole = 22 * 240..25 * 240;
    for (at, tick) in ticks.iter().enumerate() {
        if at == 29 * 240 {
            let late = &ticks[hole.clone()];
            let values = late.iter().filter(|tick| tick.fhr.is_some()).count();
            assert_eq!(engine.fill(hole.start as u32, late), values);
            assert_eq!(engine.fill(hole.start as u32, late), 0, "what is there stays");
            // What is final stays as it is, and what is to come is not there yet.
            assert_eq!(engine.fill(0, &ticks[..240]) + engine.fill(29 * 240, late), 0);
        }
        let tick = if hole.contains(&at) { Tick::default() } else { *tick };
        filled.extend(engine.push(tick, &SETTINGS, &mut scratch));
    }
    filled.push(engine.finish(&SETTINGS, &mut scratch));
    assert_eq!(format!("{filled:?}"), format!("{whole:?}"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn hostile_ticks_never_panic_and_stay_in_range(
        parts in prop::collection::vec((0_u16..2048, 0_u16..2048, 0_u8..=255, 1_usize..900), 1..40),
    ) {
        let ticks: Vec<Tick> = parts.iter().flat_map(|&(fetal, maternal, activity, ticks)| {
            let tick = Tick {
                fhr: Bpm::from_quarters(fetal).ok(),
                mhr: Bpm::from_quarters(maternal).ok(),
                ua: (activity % 3 != 0).then(|| Activity::from_halves(activity)),
            };
            std::iter::repeat_n(tick, ticks)
        }).collect();
        let record = record::read(&ticks, &Case::default(), &SETTINGS);
        let end = record.ticks;
        prop_assert_eq!(record.baseline_bpm.len(), ticks.len() / 4);
        prop_assert!(record.baseline_bpm.iter().all(|b| b.is_nan() || (50.0..=240.0).contains(b)));
        for event in &record.decelerations {
            prop_assert!(event.span.start < event.span.end && event.span.end <= end);
            prop_assert!(event.depth_bpm > 0.0 && (0.0..=1.0).contains(&event.lost));
        }
        for pair in record.decelerations.windows(2) {
            prop_assert!(pair[0].span.start <= pair[1].span.start);
        }
        prop_assert!((0.0..=1.0).contains(&record.signal_loss));
    }

    #[test]
    fn a_strip_that_starts_later_is_read_the_same(minutes in 1_u32..4, seed in 0_u64..50) {
        let ticks = wandering(seed, 50);
        let shift = minutes * 2400;
        let mut later = vec![Tick::default(); shift as usize];
        later.extend_from_slice(&ticks);
        let one = record::read(&ticks, &Case::default(), &SETTINGS);
        let other = record::read(&later, &Case::default(), &SETTINGS);
        // Where both have as much of a past, they read the same.
        let settled = 35 * 240;
        let big = |event: &&ctg::Deceleration| event.depth_bpm > 25.0;
        let of = |record: &ctg::Record, shift: u32| -> Vec<u32> {
            let events = record.decelerations.iter().filter(big);
            events.map(|e| e.nadir - shift).filter(|nadir| *nadir > settled).collect()
        };
        prop_assert_eq!(of(&one, 0), of(&other, shift));
    }
}

/// Checks the events of the profile `definition`, one a line.
#[track_caller]
fn check(strip: &str, expected: &str) {
    assert_eq!(by_definition(&ticks(strip), &Case::default()), expected, "{strip}");
}

fn by_definition(ticks: &[Tick], case: &Case) -> String {
    let record = record::read(ticks, case, &SETTINGS);
    let defined = Profile::Definition;
    let rises = record.accelerations.iter().filter(|one| one.profiles.include(defined));
    let rises = rises.map(|one| {
        let time = span(one.span.start, one.span.end);
        format!("acceleration {time} height {:.0}", one.height_bpm)
    });
    let falls = record.decelerations.iter().filter(|one| one.profiles.include(defined));
    let falls = falls.map(|one| {
        let severity = one.severity.map_or("", |severity| severity.word());
        let time = span(one.span.start, one.span.end);
        format!("{} {severity} {time} depth {:.0}", one.kind.word(), one.depth_bpm)
    });
    rises.chain(falls).collect::<Vec<_>>().join("\n")
}

fn span(start: u32, end: u32) -> String {
    let clock = |tick: u32| {
        let seconds = (tick + 2) / 4;
        format!("{:02}:{:02}", seconds / 60, seconds % 60)
    };
    format!("{}..{}", clock(start), clock(end))
}

fn stretches(ticks: &[Tick], ask_every: Option<usize>) -> Vec<Stretch> {
    let mut engine = Engine::new(Case::default());
    let mut scratch = Scratch::default();
    let mut all = Vec::new();
    for (at, tick) in ticks.iter().enumerate() {
        all.extend(engine.push(*tick, &SETTINGS, &mut scratch));
        if ask_every.is_some_and(|every| at % every == every - 1) {
            let provisional = engine.provisional(&SETTINGS, &mut scratch);
            assert_eq!(provisional.span.start, engine.final_until());
        }
    }
    all.push(engine.finish(&SETTINGS, &mut scratch));
    all
}

fn ticks(strip: &str) -> Vec<Tick> {
    let parts = strip.split(',').map(str::trim).filter(|part| !part.is_empty());
    let ticks = parts.flat_map(|part| {
        let (rate, time) = part.split_once(" x ").unwrap();
        let bpm: Option<f32> = rate.parse().ok();
        let fhr = bpm.map(|bpm| Bpm::from_quarters((4.0 * bpm) as u16).unwrap());
        let count = match time.strip_suffix("min") {
            Some(minutes) => 240 * minutes.parse::<usize>().unwrap(),
            None => 4 * time.strip_suffix('s').unwrap().parse::<usize>().unwrap(),
        };
        std::iter::repeat_n(Tick { fhr, mhr: None, ua: None }, count)
    });
    ticks.collect()
}

/// A strip that wanders, with contractions, falls, rises and losses at seeded moments.
fn wandering(seed: u64, minutes: usize) -> Vec<Tick> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut dice = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / 16_777_216.0
    };
    let (mut event, mut lost) = ((0_usize, 0_usize, 0.0_f32), 0_usize);
    (0..minutes * 240)
        .map(|at| {
            let t = at as f32 / 4.0;
            if at > event.1 && dice() < 0.002 {
                let length = 100 + (dice() * 200.0) as usize;
                event =
                    (at, at + length, if dice() < 0.6 { -50.0 * dice() } else { 30.0 * dice() });
            }
            if lost == 0 && dice() < 0.0005 {
                lost = (dice() * 200.0) as usize;
            }
            lost = lost.saturating_sub(1);
            let phase = at.saturating_sub(event.0) as f32 / (event.1 - event.0).max(1) as f32;
            let shape = if at < event.1 { (phase * std::f32::consts::PI).sin() } else { 0.0 };
            let wave = 4.0 * (t / 9.0).sin() + 2.0 * (t / 3.7).sin() + 2.0 * dice();
            let bpm = 140.0 + 6.0 * (t / 900.0).sin() + wave + event.2 * shape;
            let ua = 10.0 + 40.0 * (t / 180.0 * std::f32::consts::TAU).sin().max(0.0);
            Tick {
                fhr: Bpm::from_quarters((4.0 * bpm) as u16).ok().filter(|_| lost == 0),
                mhr: None,
                ua: Some(Activity::from_halves((2.0 * ua) as u8)),
            }
        })
        .collect()
}
