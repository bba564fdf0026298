//! How fast a strip is read: an hour at once, and a second of many strips at a time.
//!
//! Real labours where they are found, else strips made here; both are named in what is printed.
//!
//! ```text
//! cargo bench -p agreement
//! UBUGOE_CTU_UHB=/path/to/ctu_uhb cargo bench -p agreement
//! ```

use std::path::PathBuf;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ctg::tick::TICKS_PER_SECOND;
use ctg::{Case, Engine, Scratch, Settings, Tick};
use vitals::{Activity, Bpm};

/// Where labours are looked for unless `UBUGOE_CTU_UHB` names a folder.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/ctu_uhb");

/// Strips to read, and what they are.
struct Strips {
    name: &'static str,
    strips: Vec<Vec<Tick>>,
}

impl Strips {
    fn find() -> Self {
        let folder =
            std::env::var_os("UBUGOE_CTU_UHB").map_or_else(|| FOLDER.into(), PathBuf::from);
        match agreement::ctu_uhb::load(&folder) {
            Ok(labours) => {
                let strips = labours.into_iter().map(|labour| labour.ticks).collect();
                Self { name: "labours of CTU-UHB", strips }
            }
            Err(refused) => {
                eprintln!("no labours ({refused}); strips are made instead");
                Self { name: "made strips", strips: (0..40).map(made).collect() }
            }
        }
    }

    fn hours(&self) -> f64 {
        let ticks: usize = self.strips.iter().map(Vec::len).sum();
        ticks as f64 / f64::from(TICKS_PER_SECOND) / 3600.0
    }
}

/// An hour with a restless rate, falls behind contractions, and losses.
fn made(number: u32) -> Vec<Tick> {
    let mut noise = agreement::Random::new(u64::from(number) + 1);
    let mut wander = 0.0;
    (0..3600 * TICKS_PER_SECOND)
        .map(|at| {
            let second = at as f32 / TICKS_PER_SECOND as f32;
            wander = 0.98 * wander + 2.0 * (noise.below(1000) as f32 / 500.0 - 1.0);
            let contraction = (1.0 - ((second % 180.0) - 60.0).abs() / 30.0).max(0.0);
            let fall = (1.0 - ((second % 180.0) - 80.0).abs() / 35.0).max(0.0);
            let rate = 140.0 + (number % 20) as f32 + wander - 35.0 * fall;
            let is_lost = noise.below(1000) < 4;
            Tick {
                fhr: (!is_lost).then(|| Bpm::from_quarters((4.0 * rate) as u16).ok()).flatten(),
                mhr: None,
                ua: Some(Activity::from_halves((20.0 + 80.0 * contraction) as u8)),
            }
        })
        .collect()
}

fn read(strip: &[Tick], settings: &Settings, scratch: &mut Scratch) -> usize {
    let mut engine = Engine::new(Case::default());
    let mut found = 0;
    for tick in strip {
        if let Some(stretch) = engine.push(*tick, settings, scratch) {
            found += stretch.decelerations.len() + stretch.assessments.len();
        }
    }
    let rest = engine.finish(settings, scratch);
    found + rest.decelerations.len() + rest.assessments.len()
}

/// Everything of a strip: baseline, events, contractions, variability, quality, levels.
fn whole_strips(criterion: &mut Criterion) {
    let strips = Strips::find();
    let settings = Settings::default();
    let mut group = criterion.benchmark_group(format!("whole strips, {}", strips.name));
    // One element is a minute of strip: 60,000 elements a second are 1 ms an hour.
    group.throughput(Throughput::Elements((60.0 * strips.hours()) as u64));
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    let mut spent = Duration::MAX;
    group.bench_function("one core", |bencher| {
        bencher.iter_custom(|times| {
            let mut scratch = Scratch::default();
            let started = Instant::now();
            for _ in 0..times {
                for strip in &strips.strips {
                    std::hint::black_box(read(strip, &settings, &mut scratch));
                }
            }
            let one = started.elapsed();
            spent = spent.min(one / u32::try_from(times).unwrap_or(u32::MAX));
            one
        });
    });
    group.finish();
    if spent < Duration::MAX {
        let per_hour = spent.as_secs_f64() * 1e3 / strips.hours();
        println!("{:.1} h: {per_hour:.3} ms an hour of strip at best\n", strips.hours());
    }
}

/// What would be said if a strip of forty minutes ended now.
fn provisional(criterion: &mut Criterion) {
    let settings = Settings::default();
    let mut scratch = Scratch::default();
    let mut engine = Engine::new(Case::default());
    for tick in made(7).iter().take(40 * 60 * TICKS_PER_SECOND as usize - 1) {
        engine.push(*tick, &settings, &mut scratch);
    }
    criterion.bench_function("provisional answer, 40 min kept", |bencher| {
        bencher.iter(|| engine.provisional(&settings, &mut scratch));
    });
    println!("a strip holds {} bytes\n", engine.memory_bytes());
}

criterion_group!(benches, whole_strips, provisional);
criterion_main!(benches);
