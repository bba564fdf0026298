//! What holds of every strip, however strange.
//!
//! The engine has one way through, so that a strip asked on the way, or read with buffers that
//! another strip has used, ends as one that was not.

use std::sync::LazyLock;

use ctg::tick::{TICKS_PER_MINUTE, TICKS_PER_SECOND};
use ctg::{
    Assessment, Case, Engine, Graded, Reason, Record, Scratch, Settings, Span, Stretch, Tick,
    record,
};
use proptest::prelude::*;
use vitals::{Activity, Bpm};

static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

/// Ticks of ten minutes.
const TEN_MINUTES: usize = 10 * TICKS_PER_MINUTE as usize;

#[test]
fn extreme_and_constant_strips_are_read_without_a_panic() {
    let highest = (0..=u16::MAX).rev().find_map(|quarters| Bpm::from_quarters(quarters).ok());
    let lowest = (0..=u16::MAX).find_map(|quarters| Bpm::from_quarters(quarters).ok());
    let loudest = Some(Activity::from_halves(u8::MAX));
    let silent = Some(Activity::from_halves(0));
    for fhr in [lowest, highest, None, rate(140.0)] {
        for ua in [loudest, silent, None] {
            for mhr in [fhr, lowest, None] {
                for count in [1, 3, 4, 240, 2401, 25 * 240 + 1] {
                    let ticks = vec![Tick { fhr, mhr, ua }; count];
                    sound(&read(&ticks));
                }
            }
        }
    }
    sound(&read(&[]));
    // From one end to the other with every tick, every second and every minute.
    for each in [1, 4, 240] {
        let ticks: Vec<_> = (0..25 * 240)
            .map(|at| if (at / each) % 2 == 0 { lowest } else { highest })
            .map(|fhr| Tick { fhr, mhr: fhr, ua: loudest })
            .collect();
        sound(&read(&ticks));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn with_more_than_half_lost_there_is_never_a_level(strip in any_strip(), share in 0.3_f64..0.9) {
        // Losses of a minute, so that the rest can be read as well as it can.
        let minute = TICKS_PER_MINUTE as usize;
        let mut ticks = ticks(&strip);
        for (at, tick) in ticks.iter_mut().enumerate() {
            let (number, within) = (at / minute, (at % minute) as f64 / minute as f64);
            if within < share || number % 7 == 3 {
                tick.fhr = None;
            }
        }
        let record = read(&ticks);
        for one in &record.assessments {
            if one.lost > 0.5 {
                prop_assert!(has_no_level(one), "{one:?}");
            }
        }
        if share > 0.5 {
            prop_assert!(record.assessments.iter().all(|one| one.lost > 0.5));
        }
        sound(&record);
    }

    #[test]
    fn a_strip_asked_anywhere_and_read_with_used_buffers_ends_the_same(
        strip in any_strip(),
        other in any_strip(),
        asks in prop::collection::vec(0_usize..2000, 1..12),
    ) {
        let mut scratch = Scratch::default();
        let ticks = ticks(&strip);
        let plain = through(&ticks, &[], &mut scratch);
        through(&self::ticks(&other), &[], &mut scratch);
        let asked = through(&ticks, &asks, &mut scratch);
        prop_assert_eq!(format!("{plain:?}"), format!("{asked:?}"));
    }

    /// The engine works in steps of ten minutes from the first tick and looks thirty minutes
    /// back: behind thirty minutes without any value, whole tens more change nothing but the
    /// places, bit for bit. (A strip that begins with its first tick has an edge there; its
    /// first events may lie a tick or two elsewhere.)
    #[test]
    fn a_strip_that_begins_tens_of_minutes_later_reads_the_same_later(
        strip in any_strip(),
        tens in 1_usize..7,
    ) {
        let behind = |tens: usize| {
            let mut later = vec![Tick::default(); tens * TEN_MINUTES];
            later.extend(ticks(&strip));
            said_from(&read(&later), (tens * TEN_MINUTES) as u32)
        };
        let (early, late) = (behind(3), behind(3 + tens));
        for (early, late) in early.iter().zip(&late) {
            prop_assert_eq!(early, late);
        }
        prop_assert_eq!(early.len(), late.len());
    }

    #[test]
    fn every_assessment_is_of_its_minutes_and_says_why(strip in any_strip()) {
        let record = read(&ticks(&strip));
        let whole = record.ticks / TICKS_PER_SECOND * TICKS_PER_SECOND;
        let mut at = 0;
        for one in &record.assessments {
            prop_assert_eq!(one.span.start, at);
            prop_assert!(one.span.ticks() as usize <= TEN_MINUTES && !one.why.as_slice().is_empty());
            at = one.span.end;
        }
        prop_assert_eq!(at, whole);
        sound(&record);
    }
}

/// What a reading says, places counted from `start`.
fn said_from(record: &Record, start: u32) -> Vec<String> {
    let place = |span: Span| (i64::from(span.start) - i64::from(start), span.ticks());
    let baseline = &record.baseline_bpm[(start / TICKS_PER_SECOND) as usize..];
    let mut said = vec![format!("{baseline:?}")];
    said.extend(record.accelerations.iter().map(|one| {
        let numbers = (one.peak_bpm, one.height_bpm, one.likelihood, one.profiles);
        format!("{:?} {numbers:?}", place(one.span))
    }));
    said.extend(record.decelerations.iter().map(|one| {
        let numbers = (one.nadir_bpm, one.depth_bpm, one.fall_s, one.area_bpm_s, one.lost);
        let named = (one.kind, one.severity, one.lag_s, one.profiles, one.likelihood);
        format!("{:?} {numbers:?} {named:?}", place(one.span))
    }));
    let contractions = record.contractions.iter();
    said.extend(contractions.map(|one| format!("{:?} {}", place(one.span), one.height)));
    said.extend(record.artefacts.iter().map(|one| format!("{:?} {:?}", place(one.span), one.kind)));
    said.extend(record.sinusoidal.iter().map(|one| format!("{:?}", place(*one))));
    for one in record.assessments.iter().filter(|one| one.span.start >= start) {
        let words: Vec<_> = one.why.as_slice().iter().map(ctg::Why::word).collect();
        let levels = (place(one.span), one.jsog, one.shown, one.figo, one.nichd, one.nst);
        let numbers = (one.baseline, one.variability, one.lost, one.stv_ms, one.ltv_ms);
        let contractions = (one.contractions_per_10_min, one.is_tachysystole);
        said.push(format!("{levels:?} {numbers:?} {contractions:?} {words:?}"));
    }
    said
}

/// Nothing out of range, nothing that is no number, no level without its shown one.
fn sound(record: &Record) {
    assert!((0.0..=1.0).contains(&record.signal_loss));
    for one in &record.decelerations {
        assert!(one.span.start < one.span.end && one.span.end <= record.ticks, "{one:?}");
        assert!(one.span.contains(one.nadir) && one.nadir_bpm.is_finite(), "{one:?}");
        assert!(one.depth_bpm > 0.0 && (0.0..=1.0).contains(&one.lost), "{one:?}");
    }
    for one in &record.accelerations {
        assert!(one.span.contains(one.peak) && one.height_bpm > 0.0, "{one:?}");
    }
    for one in &record.assessments {
        assert!((0.0..=1.0).contains(&one.lost), "{one:?}");
        assert!(one.lost <= 0.5 || has_no_level(one), "{one:?}");
        assert_eq!(matches!(one.jsog, Graded::Level(_)), one.shown.is_some());
        for why in one.why.as_slice() {
            assert!(!why.ja().is_empty() && why.ja() != why.en());
        }
    }
}

fn has_no_level(one: &Assessment) -> bool {
    one.jsog == Graded::NotClassifiable(Reason::Lost)
        && (one.shown, one.figo, one.nichd, one.nst) == (None, None, None, None)
}

fn read(ticks: &[Tick]) -> Record {
    record::read(ticks, &Case::default(), &SETTINGS)
}

/// The stretches of a strip that is asked for what is provisional after so many ticks each.
fn through(ticks: &[Tick], asks: &[usize], scratch: &mut Scratch) -> Vec<Stretch> {
    let mut engine = Engine::new(Case::default());
    let mut stretches = Vec::new();
    let mut asks = asks.iter().cycle();
    let mut next = asks.next().copied();
    for tick in ticks {
        stretches.extend(engine.push(*tick, &SETTINGS, scratch));
        match next {
            Some(0) => {
                let now = engine.provisional(&SETTINGS, scratch);
                assert_eq!(now.span.start, engine.final_until());
                next = asks.next().map(|more| more + 500);
            }
            more => next = more.map(|more| more - 1),
        }
    }
    stretches.push(engine.finish(&SETTINGS, scratch));
    stretches
}

fn rate(bpm: f32) -> Option<Bpm> {
    Bpm::from_quarters((4.0 * bpm) as u16).ok()
}

/// A piece of a strip: its level and height of movement, bpm, their period, s, what it lacks,
/// and how many ticks.
type Piece = (f32, f32, f32, u8, usize);

/// Up to forty minutes of pieces.
fn any_strip() -> impl Strategy<Value = Vec<Piece>> {
    let piece = (50.0_f32..220.0, 0.0_f32..20.0, 1.0_f32..40.0, 0_u8..6, 1_usize..1500);
    prop::collection::vec(piece, 1..12)
}

fn ticks(pieces: &[Piece]) -> Vec<Tick> {
    let each = pieces.iter().flat_map(|&(level, height, period_s, kind, count)| {
        (0..count).map(move |at| {
            let phase = at as f32 / TICKS_PER_SECOND as f32 / period_s;
            let swing = (phase * core::f32::consts::TAU).sin();
            let bpm = level + height * swing;
            let fhr = rate(bpm).filter(|_| kind != 0);
            let mhr = match kind {
                1 => fhr,
                2 => rate(bpm / 2.0),
                _ => rate(80.0),
            };
            let ua = (kind != 3).then(|| Activity::from_halves((60.0 + 50.0 * swing) as u8));
            Tick { fhr, mhr, ua }
        })
    });
    each.collect()
}
