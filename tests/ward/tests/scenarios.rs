//! Each scenario shows what its name says, measured on the samples alone.
//!
//! The measures here are plain ones of their own (medians, bands, lowest points) and share no
//! code with the synthesiser.

mod strip;

use strip::Strip;
use vitals::{Absence, Flags, HeartTransducer, Quality};
use ward::source::{Scenario, Source, Synth};

/// What holds for a scenario must hold for any woman, so each promise is kept for several.
const SEEDS: [u64; 4] = [1, 2, 4711, 99_991];

#[test]
fn a_reassuring_strip_has_a_normal_baseline_a_living_line_and_accelerations() {
    for strip in strips(Scenario::Reassuring, 40) {
        let baseline_bpm = strip.baseline_bpm();
        assert!((110.0..=160.0).contains(&baseline_bpm), "{strip}: baseline {baseline_bpm}");
        let band_bpm = strip.band_bpm();
        assert!((6.0..=25.0).contains(&band_bpm), "{strip}: band {band_bpm}");
        let accelerations = strip.runs_beyond(15.0, 3).len();
        assert!(accelerations >= 4, "{strip}: {accelerations} accelerations");
        assert!(strip.runs_beyond(-25.0, 10).is_empty(), "{strip}: a deep fall");
        let per_ten_minutes = strip.contraction_peaks().len() as f64 / 4.0;
        assert!((2.2..=5.0).contains(&per_ten_minutes), "{strip}: {per_ten_minutes} contractions");
        assert!(strip.seconds.iter().any(|second| second.movement.iter().any(|it| it.is_moving())));
    }
}

#[test]
fn late_decelerations_are_gradual_and_lag_each_contraction() {
    for strip in strips(Scenario::LateDecelerations, 40) {
        let peaks = strip.contraction_peaks();
        let falls: Vec<_> = peaks.iter().filter_map(|&peak| strip.fall_after(peak, 12.0)).collect();
        assert!(falls.len() * 10 >= peaks.len() * 8, "{strip}: {} of {}", falls.len(), peaks.len());
        let lags: Vec<f64> = falls.iter().map(|fall| fall.lag_s).collect();
        let lag_s = strip::median(&lags);
        assert!((20.0..=40.0).contains(&lag_s), "{strip}: lag {lag_s} s");
        let late = lags.iter().filter(|&&lag_s| (15.0..=48.0).contains(&lag_s)).count();
        assert!(late * 10 >= lags.len() * 9, "{strip}: lags {lags:?}");
        let descent_s = strip::median(&falls.iter().map(|fall| fall.descent_s).collect::<Vec<_>>());
        assert!(descent_s >= 28.0, "{strip}: falls within {descent_s} s");
    }
}

#[test]
fn variable_decelerations_are_deep_abrupt_and_unlike_each_other() {
    for strip in strips(Scenario::VariableDecelerations, 40) {
        let peaks = strip.contraction_peaks();
        let falls: Vec<_> = peaks.iter().filter_map(|&peak| strip.fall_after(peak, 15.0)).collect();
        assert!(falls.len() * 10 >= peaks.len() * 6, "{strip}: {} of {}", falls.len(), peaks.len());
        let descent_s = strip::median(&falls.iter().map(|fall| fall.descent_s).collect::<Vec<_>>());
        assert!(descent_s < 25.0, "{strip}: falls within {descent_s} s");
        let depths: Vec<f64> = falls.iter().map(|fall| fall.depth_bpm).collect();
        let (least, most) = strip::extremes(&depths);
        assert!(strip::median(&depths) >= 25.0 && most - least >= 12.0, "{strip}: {depths:?}");
    }
}

#[test]
fn a_prolonged_deceleration_lasts_two_to_ten_minutes_and_recovers() {
    for strip in strips(Scenario::ProlongedDeceleration, 40) {
        let falls: Vec<_> =
            strip.runs_beyond(-15.0, 60).into_iter().filter(|run| run.seconds >= 60).collect();
        assert!((2..=3).contains(&falls.len()), "{strip}: {falls:?}");
        for fall in falls.iter().filter(|fall| fall.end() + 320 < strip.seconds.len()) {
            assert!((120..600).contains(&fall.seconds), "{strip}: {fall:?}");
            let after = strip.mean_bpm(fall.end() + 200..fall.end() + 320);
            assert!((after - strip.baseline_bpm()).abs() < 15.0, "{strip}: {after} after {fall:?}");
        }
        assert!((150..240).contains(&falls[0].start), "{strip}: {falls:?}");
    }
}

#[test]
fn tachysystole_is_more_than_five_in_ten_minutes_over_thirty() {
    for strip in strips(Scenario::Tachysystole, 30) {
        let peaks = strip.contraction_peaks().len();
        assert!((16..=24).contains(&peaks), "{strip}: {peaks} contractions");
    }
    for strip in strips(Scenario::Reassuring, 30) {
        let peaks = strip.contraction_peaks().len();
        assert!(peaks <= 15, "{strip}: {peaks} contractions");
    }
}

#[test]
fn a_sinusoidal_rate_has_its_cycles_its_amplitude_and_nothing_else() {
    for strip in strips(Scenario::Sinusoidal, 20) {
        let amplitude_bpm = strip.band_bpm() / 2.0;
        assert!((5.0..=15.0).contains(&amplitude_bpm), "{strip}: amplitude {amplitude_bpm}");
        let per_minute = strip.crossings_per_minute() / 2.0;
        assert!((2.5..=4.5).contains(&per_minute), "{strip}: {per_minute} cycles a minute");
        assert!(strip.runs_beyond(18.0, 8).is_empty(), "{strip}: an acceleration");
    }
}

#[test]
fn reduced_variability_stays_within_five_beats() {
    for strip in strips(Scenario::ReducedVariability, 40) {
        let band_bpm = strip.band_bpm();
        assert!((0.5..=5.0).contains(&band_bpm), "{strip}: band {band_bpm}");
        assert!(strip.runs_beyond(10.0, 8).is_empty(), "{strip}: an acceleration");
    }
}

#[test]
fn a_transducer_comes_off_is_unplugged_and_comes_back_while_the_others_stay() {
    for strip in strips(Scenario::TransducerOff, 20) {
        let missing = |why| {
            let lost =
                |second: &&vitals::Second| second.fhr1.iter().all(|it| it.absence() == Some(why));
            strip.seconds.iter().filter(lost).count()
        };
        assert!(missing(Absence::Blank) >= 100, "{strip}");
        assert!(missing(Absence::NoTransducer) >= 60, "{strip}");
        assert!(missing(Absence::Inoperative) >= 6, "{strip}");
        for second in &strip.seconds {
            let unplugged = second.transducers.fhr1 == HeartTransducer::None;
            let why = second.fhr1[0].absence();
            assert_eq!(unplugged, why == Some(Absence::NoTransducer), "{strip}");
            assert!(second.ua.iter().all(|it| it.value().is_some()), "{strip}");
        }
        assert!(strip.seconds[..100].iter().filter(|it| it.fhr1[0].value().is_some()).count() > 80);
        let poor = |second: &vitals::Second| second.fhr1[0].quality() == Some(Quality::Poor);
        assert!(strip.seconds.iter().filter(|second| poor(second)).count() >= 10, "{strip}");
    }
}

#[test]
fn the_mothers_rate_on_the_fetal_channel_is_marked_as_a_coincidence() {
    for strip in strips(Scenario::MaternalRateAsFetal, 20) {
        let marked: Vec<usize> = (0..strip.seconds.len())
            .filter(|&at| strip.seconds[at].flags.contains(Flags::COINCIDENCE))
            .collect();
        assert!(marked.len() >= 180, "{strip}: {} s marked", marked.len());
        let first = marked[0];
        assert!((140..300).contains(&first), "{strip}: first marked at {first} s");
        assert!(strip.mean_bpm(0..100) > 110.0, "{strip}: the fetus before");
        let apart: Vec<f64> = (first..first + 60).filter_map(|at| strip.apart_bpm(at)).collect();
        assert!(strip::median(&apart) <= 3.0, "{strip}: {apart:?}");
    }
}

#[test]
fn twins_have_two_rates_of_their_own() {
    for strip in strips(Scenario::Twins, 20) {
        let heard = strip.seconds.iter().filter(|it| it.fhr2[0].value().is_some()).count();
        assert!(heard * 10 >= strip.seconds.len() * 9, "{strip}: {heard} s of the second");
        assert!(strip.seconds.iter().all(|it| it.transducers.fhr2 == HeartTransducer::Ultrasound));
        let apart_bpm = strip.twin_baseline_bpm() - strip.baseline_bpm();
        assert!((8.0..=32.0).contains(&apart_bpm), "{strip}: baselines {apart_bpm} apart");
    }
}

#[test]
fn signals_are_lost_for_moments_with_poor_quality_around() {
    for strip in strips(Scenario::Reassuring, 40) {
        let readings = strip.seconds.iter().flat_map(|second| second.fhr1);
        let blank = readings.clone().filter(|it| it.absence() == Some(Absence::Blank)).count();
        let share = blank as f64 / (strip.seconds.len() * 4) as f64;
        assert!((0.003..0.12).contains(&share), "{strip}: {share} lost");
        let good = readings.filter(|it| it.quality() == Some(Quality::Good)).count();
        assert!(good as f64 / (strip.seconds.len() * 4) as f64 > 0.8, "{strip}");
    }
}

#[test]
fn a_beat_is_held_until_the_next_as_on_real_strips() {
    for strip in strips(Scenario::Reassuring, 20) {
        let rates: Vec<_> = strip.seconds.iter().flat_map(|it| it.fhr1).collect();
        let held = rates.windows(2).filter(|pair| pair[0].value() == pair[1].value()).count();
        let share = held as f64 / rates.len() as f64;
        assert!((0.4..0.65).contains(&share), "{strip}: {share} held");
    }
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_does_not() {
    for scenario in Scenario::ALL {
        assert_eq!(digest(scenario, 4711), digest(scenario, 4711));
        assert_ne!(digest(scenario, 4711), digest(scenario, 4712));
    }
}

/// Changes whenever the synthesiser does, on purpose; never from one machine to another.
#[test]
fn a_seed_plays_the_same_strips_on_every_machine() {
    let all = Scenario::ALL.into_iter().map(|scenario| digest(scenario, 4711));
    assert_eq!(all.fold(0_u64, |sum, it| sum.rotate_left(5) ^ it), 15_886_578_830_604_163_491);
}

#[test]
fn a_strip_goes_on_for_a_day() {
    let mut source = Synth::new(Scenario::VariableDecelerations, 7);
    let last = (0..86_400).map_while(|_| source.next_second()).last().unwrap();
    let later: Vec<_> = (0..600).filter_map(|_| source.next_second()).collect();
    assert!(later.iter().any(|second| second.fhr1[0].value().is_some()), "{last:?}");
}

fn strips(scenario: Scenario, minutes: usize) -> impl Iterator<Item = Strip> {
    SEEDS.into_iter().map(move |seed| Strip::new(scenario, seed, minutes))
}

/// A number that changes with any sample of ten minutes.
fn digest(scenario: Scenario, seed: u64) -> u64 {
    let mut source = Synth::new(scenario, seed);
    let seconds = (0..600).map_while(|_| source.next_second());
    seconds.fold(0xcbf2_9ce4_8422_2325, |digest, second| {
        let words = (second.fhr1.iter().chain(&second.fhr2).chain(&second.mhr))
            .map(|it| it.value().map_or(0, |rate| u64::from(rate.quarters())))
            .chain(second.ua.iter().map(|it| it.value().map_or(0, |ua| u64::from(ua.halves()))))
            .chain([u64::from(second.flags.bits())]);
        words.fold(digest, |digest, word| (digest ^ word).wrapping_mul(0x0100_0000_01b3))
    })
}
