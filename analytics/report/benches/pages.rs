//! What a printed page costs: time and bytes, for each kind of file.
//!
//! An hour of twins with their mother, made here, at 3 cm/min: eight pages.
//!
//! ```text
//! cargo bench -p report
//! ```

use criterion::{Criterion, criterion_group, criterion_main};
use ctg::Tick;
use report::{Dpi, Paper, Shows, Strip, Twin};
use vitals::{Activity, Bpm};

/// Ticks of an hour.
const HOUR: u32 = 60 * ctg::tick::TICKS_PER_MINUTE;

/// A restless rate with a fall each three minutes.
fn rate(tick: u32, level: f64) -> Option<Bpm> {
    let at = f64::from(tick);
    let fall = (1.0 - ((at / 4.0) % 180.0 - 80.0).abs() / 35.0).max(0.0);
    let wave = 4.0 * (at / 23.0 + level).sin() + 3.0 * (at / 7.3).sin() + (at * 1.7).sin();
    Bpm::from_quarters((4.0 * (level + wave - 30.0 * fall)) as u16).ok()
}

/// Draws the hour: the bytes of each file.
type Draw<'a> = &'a dyn Fn() -> Vec<Vec<u8>>;

fn pages(criterion: &mut Criterion) {
    let ticks: Vec<Tick> = (0..HOUR)
        .map(|tick| Tick {
            fhr: rate(tick, 138.0).filter(|_| tick % 997 > 40),
            mhr: rate(tick, 85.0),
            ua: Some(Activity::from_halves((40.0 + 20.0 * (f64::from(tick) / 90.0).sin()) as u8)),
        })
        .collect();
    let rates: Vec<Option<Bpm>> = (0..HOUR).map(|tick| rate(tick, 150.0)).collect();
    let twin = Some(Twin { rates: &rates, offset_bpm: 20 });
    let strip = [Strip { shows: Shows::Recording, twin, ..Strip::bare("1", &ticks) }];
    let paper = Paper::default();
    let count = report::strip_svg(&strip, &paper).expect("an hour is drawn").len();
    let pdf = || vec![report::strip_pdf(&strip, &paper).expect("an hour is drawn")];
    let svg = || {
        let pages = report::strip_svg(&strip, &paper).expect("an hour is drawn");
        pages.into_iter().map(String::into_bytes).collect::<Vec<_>>()
    };
    let png = |dpi: u16| {
        let dpi = Dpi::new(dpi).expect("within bounds");
        report::strip_png(&strip, &paper, dpi).expect("an hour is drawn")
    };
    let kinds: [(&str, Draw); 4] = [
        ("pdf", &pdf),
        ("svg", &svg),
        ("png 200 dpi", &|| png(200)),
        ("png 300 dpi", &|| png(300)),
    ];
    let mut group = criterion.benchmark_group(format!("an hour, {count} pages"));
    group.sample_size(10);
    for (name, draw) in kinds {
        let bytes: usize = draw().iter().map(Vec::len).sum();
        println!("{name}: {} kB a page", bytes / count / 1_000);
        group.bench_function(name, |bencher| bencher.iter(draw));
    }
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
