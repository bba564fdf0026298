//! A centimetre is a centimetre.

use ctg::Tick;
use report::{Paper, Scale, Speed, Strip};
use vitals::{Activity, Bpm};

use crate::reading::{Stroke, pages};

const SPEEDS: [(Speed, i32); 3] =
    [(Speed::OneCmPerMin, 1), (Speed::TwoCmPerMin, 2), (Speed::ThreeCmPerMin, 3)];
const SCALES: [(Scale, i32); 2] = [(Scale::Bpm20PerCm, 20), (Scale::Bpm30PerCm, 30)];
/// Hundredths of a millimetre in a centimetre.
const CM: i32 = 1_000;

fn at_rate(bpm: u16, ua: u8) -> Tick {
    Tick {
        fhr: Bpm::from_quarters(4 * bpm).ok(),
        ua: Some(Activity::from_halves(2 * ua)),
        ..Tick::default()
    }
}

/// Two minutes at 120 bpm and rest, then two at 180 bpm and 50 units.
fn steps() -> Vec<Tick> {
    let mut ticks = vec![at_rate(120, 0); 480];
    ticks.extend(vec![at_rate(180, 50); 480]);
    ticks
}

/// The traces: the only strokes of four points that end where the recording does.
fn traces(strokes: &[Stroke]) -> Vec<&Stroke> {
    strokes.iter().filter(|stroke| stroke.points.len() == 4 && stroke.width > 20).collect()
}

#[test]
fn a_unit_of_the_page_is_a_hundredth_of_a_millimetre() {
    let ticks = steps();
    let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &Paper::default()).unwrap();
    let matrix = &pages(&pdf)[0].matrix;
    let unit_mm = matrix[0] * 25.4 / 72.0;
    assert!((unit_mm - 0.01).abs() < 1e-8, "{unit_mm}");
    assert!((matrix[0] + matrix[3]).abs() < 1e-9 && matrix[1] == 0.0 && matrix[2] == 0.0);
    let text = String::from_utf8_lossy(&pdf);
    let (_, size) = text.split_once("/MediaBox [0 0 ").unwrap();
    let size_mm: Vec<f64> = size
        .split([' ', ']'])
        .take(2)
        .map(|points| points.parse::<f64>().unwrap() * 25.4 / 72.0)
        .collect();
    assert!((size_mm[0] - 297.0).abs() < 0.001 && (size_mm[1] - 210.0).abs() < 0.001, "A4");
    assert!(text.contains("/PrintScaling /None"), "a printer must not shrink the page");
}

#[test]
fn a_minute_and_a_beat_are_as_long_as_the_paper_says() {
    let ticks = steps();
    for (speed, cm_per_min) in SPEEDS {
        for (scale, bpm_per_cm) in SCALES {
            let paper = Paper { speed, scale, ..Paper::default() };
            let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &paper).unwrap();
            let page = &pages(&pdf)[0];
            let [fhr, ua] = traces(&page.strokes)[..] else { panic!("two traces") };
            let [before, low, high, end] = fhr.points[..] else { panic!() };
            // From the first tick to the first after two minutes, and one tick less to the end.
            assert_eq!(high.0 - before.0, 2 * cm_per_min * CM);
            let tick = f64::from(cm_per_min * CM) / 240.0;
            assert!((f64::from(end.0 - high.0) - 479.0 * tick).abs() <= 1.0);
            assert_eq!((low.1 - high.1) * bpm_per_cm, 60 * CM, "60 bpm at {bpm_per_cm} bpm/cm");
            assert_eq!(ua.points[1].1 - ua.points[2].1, 2 * CM, "50 of 100 units on 4 cm");
        }
    }
}

#[test]
fn the_grid_has_a_line_each_centimetre_both_ways() {
    let ticks = steps();
    for (scale, height_cm) in [(Scale::Bpm20PerCm, 8), (Scale::Bpm30PerCm, 7)] {
        let paper = Paper { scale, ..Paper::default() };
        let pdf = report::strip_pdf(&[Strip::bare("", &ticks)], &paper).unwrap();
        let page = &pages(&pdf)[0];
        let lines = |upright: bool, length: i32| {
            let mut places: Vec<i32> = page
                .strokes
                .iter()
                .filter_map(|stroke| match stroke.points[..] {
                    [a, b] if upright && a.0 == b.0 && b.1 - a.1 == length => Some(a.0),
                    [a, b] if !upright && a.1 == b.1 && b.0 - a.0 == length => Some(a.1),
                    _ => None,
                })
                .collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let uprights = lines(true, height_cm * CM);
        let left = uprights[0];
        assert!((0..=24).all(|cm| uprights.contains(&(left + cm * CM))), "{uprights:?}");
        let rungs = lines(false, 24 * CM);
        let top = rungs[0];
        assert!((0..=height_cm).all(|cm| rungs.contains(&(top + cm * CM))), "{rungs:?}");
    }
}

#[test]
fn a_picture_has_its_size_in_millimetres() {
    let ticks = steps();
    let svg = report::strip_svg(&[Strip::bare("", &ticks)], &Paper::default()).unwrap();
    assert_eq!(svg.len(), 1);
    assert!(svg[0].contains("width=\"297mm\" height=\"210mm\" viewBox=\"0 0 29700 21000\""));
}

#[test]
fn both_forms_draw_the_same_trace() {
    let ticks = steps();
    let strips = [Strip::bare("", &ticks)];
    let pdf = report::strip_pdf(&strips, &Paper::default()).unwrap();
    let svg = report::strip_svg(&strips, &Paper::default()).unwrap();
    for trace in traces(&pages(&pdf)[0].strokes) {
        let points: String = trace.points.iter().map(|(x, y)| format!("{x},{y} ")).collect();
        assert!(svg[0].contains(&points), "{points}");
    }
}
