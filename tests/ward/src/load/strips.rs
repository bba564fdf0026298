//! What the monitors of a load play.

use vitals::Second;

use crate::source::{Scenario, Source, Synth};

/// Length of a synthesised strip before it begins again, s: a look and its neighbours never see
/// the same minutes twice.
const LABOUR_SECONDS: usize = 1_800;
/// Women of each scenario.
const WOMEN: u64 = 3;

/// Strips, each played over and over.
pub(super) type Strips = Vec<Vec<Second>>;

/// The second that monitor `number` of the load plays as its block `seq`. Monitors of one strip
/// begin at different places in it.
pub(super) fn second(strips: &Strips, number: usize, seq: u64) -> Second {
    const STRIDE: usize = 137;
    let strip = &strips[number % strips.len()];
    let begin = number / strips.len() * STRIDE;
    strip[(begin + seq as usize) % strip.len()]
}

/// One second of a reassuring trace for every block: what the values are does not matter to a
/// server that never looks at them, but their size does.
pub(super) fn reassuring() -> Strips {
    use vitals::{Activity, ActivityTransducer, Bpm, HeartTransducer, Quality, Reading};
    let mut second = Second::absent(vitals::Absence::NoTransducer);
    second.transducers.fhr1 = HeartTransducer::Ultrasound;
    second.transducers.ua = ActivityTransducer::External;
    let seconds = (0..60u8).map(|n| {
        second.fhr1 = std::array::from_fn(|tick| {
            let quarters = 540 + u16::from(n % 15) * 3 + tick as u16;
            let value = Bpm::from_quarters(quarters).expect("540 to 600 is in range");
            Reading::Measured { value, quality: Quality::Good }
        });
        let value = Activity::from_halves(20 + n);
        second.ua = [Reading::Measured { value, quality: Quality::Unrated }; 4];
        second
    });
    vec![seconds.collect()]
}

/// Labours of every scenario with one fetus, for whoever reads the values: a strip is a stream.
pub(super) fn labours() -> Strips {
    let single = Scenario::ALL.into_iter().filter(|scenario| *scenario != Scenario::Twins);
    let women = single.flat_map(|scenario| (0..WOMEN).map(move |seed| Synth::new(scenario, seed)));
    let strip = |mut woman: Synth| {
        std::iter::from_fn(move || woman.next_second()).take(LABOUR_SECONDS).collect()
    };
    women.map(strip).collect()
}
