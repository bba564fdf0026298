//! One stream over hours.

use ctg::{Scratch, Settings};
use protocol::analysis::Fetus;
use vitals::{Activity, Bpm};

use super::*;

/// Most bytes that a stream may hold, whatever it is told and however long: design.
const STREAM_BYTES_MAX: usize = 64_000;
/// A look falls on every so many seconds.
const LOOK_EVERY_S: u32 = 25;

fn reading() -> Reading {
    Reading {
        settings: Arc::new(Settings::default()),
        conditions: ConditionSettings::default(),
        cases: Arc::default(),
    }
}

/// Reads so many seconds of a strip; the most bytes that it held after any look.
fn most_bytes(seconds: u32, mut tick: impl FnMut(u32) -> Tick) -> usize {
    let (reading, mut scratch, mut out) = (reading(), Scratch::default(), Vec::new());
    let mut stream = Stream::new(EpisodeId::from_u128(1), Fetus::First, &reading);
    let start = WallTime(1_790_000_400_000_000);
    stream.begin(start, Opening::Whole, Case::default(), &reading, &mut scratch);
    let mut most = 0;
    for second in 0..seconds {
        let now = start.plus_micros(i64::from(second + 1) * WallTime::MICROS_PER_SECOND);
        let ticks = [0, 1, 2, 3].map(|part| tick(4 * second + part));
        stream.hear(now, &ticks, 0, &reading, &mut scratch, &mut out);
        if second % LOOK_EVERY_S == 0 {
            stream.look(now, &reading, &mut scratch, &mut out);
            most = most.max(stream.memory_bytes());
        }
        out.clear();
    }
    most
}

/// A number from 0 to 1 that is the same in every run, after Marsaglia's xorshift.
fn dice(seed: u64) -> impl FnMut() -> f32 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / 16_777_216.0
    }
}

fn heart(bpm: f32) -> Option<Bpm> {
    Bpm::from_quarters((4.0 * bpm) as u16).ok()
}

#[test]
fn a_busy_labour_of_three_hours_stays_below_its_bytes() {
    let mut dice = dice(1);
    let most = most_bytes(3 * 3_600, |at| {
        // A contraction every two minutes with a fall behind each, and a rise between.
        let phase = (at % 480) as f32 / 480.0;
        let hill = |centre: f32, width: f32| (1.0 - ((phase - centre) / width).powi(2)).max(0.0);
        let bpm = 142.0 + 8.0 * dice() - 35.0 * hill(0.4, 0.15) + 25.0 * hill(0.8, 0.1);
        let ua = 20.0 + 100.0 * hill(0.3, 0.2);
        Tick { fhr: heart(bpm), mhr: heart(85.0), ua: Some(Activity::from_halves(ua as u8)) }
    });
    assert!(most <= STREAM_BYTES_MAX, "{most} bytes");
}

#[test]
fn three_hours_of_noise_stay_below_their_bytes() {
    let mut most = 0;
    for seed in 2..6 {
        let mut dice = dice(seed);
        let (mut rate, mut left) = (140.0, 0);
        let strip = |_| {
            if left == 0 {
                // Some seconds of anything: true, doubled, halved, hers, a spike, nothing.
                left = 4 + (dice() * 80.0) as u32;
                rate = [140.0, 280.0, 70.0, 85.0, 170.0, 230.0, 0.0][(dice() * 7.0) as usize];
            }
            left -= 1;
            let ua = (dice() * 255.0) as u8;
            let bpm = rate + 20.0 * dice() - 10.0;
            let mhr = heart(85.0).filter(|_| seed % 2 == 0);
            Tick { fhr: heart(bpm), mhr, ua: Some(Activity::from_halves(ua)) }
        };
        most = most.max(most_bytes(3 * 3_600, strip));
    }
    assert!(most <= STREAM_BYTES_MAX, "{most} bytes");
}

#[test]
fn what_becomes_final_waits_for_the_next_look_and_no_longer() {
    let (reading, mut scratch, mut out) = (reading(), Scratch::default(), Vec::new());
    let mut stream = Stream::new(EpisodeId::from_u128(1), Fetus::First, &reading);
    let start = WallTime(1_790_000_400_000_000);
    stream.begin(start, Opening::Whole, Case::default(), &reading, &mut scratch);
    let mut finals = Vec::new();
    for second in 0..4_000_u32 {
        let now = start.plus_micros(i64::from(second + 1) * WallTime::MICROS_PER_SECOND);
        let tick = Tick { fhr: heart(140.0 + (second % 9) as f32), ..Tick::default() };
        stream.hear(now, &[tick; 4], 0, &reading, &mut scratch, &mut out);
        // This monitor's looks fall 17 s behind the full minute and every 25 s from there.
        if second % LOOK_EVERY_S == 17 {
            stream.look(now, &reading, &mut scratch, &mut out);
        }
        let is_final = |one: &Publication| one.state == protocol::analysis::State::Final;
        if out.iter().any(is_final) {
            finals.push(second);
        }
        out.clear();
    }
    // Twenty minutes are over with second 1199, thirty with 1799: the looks behind those.
    assert_eq!(finals, [1_217, 1_817, 2_417, 3_017, 3_617]);
    assert!(stream.strip.as_ref().is_some_and(|strip| strip.held.is_empty()));
}

#[test]
fn a_long_silence_makes_final_what_it_must_without_a_look() {
    let (reading, mut scratch, mut out) = (reading(), Scratch::default(), Vec::new());
    let mut stream = Stream::new(EpisodeId::from_u128(1), Fetus::First, &reading);
    let start = WallTime(1_790_000_400_000_000);
    stream.begin(start, Opening::Whole, Case::default(), &reading, &mut scratch);
    stream.hear_nothing(start, 55 * 240, &reading, &mut scratch, &mut out);
    let settled = |stream: &Stream| stream.ledger.settled_until().micros_since(start) / 60_000_000;
    assert_eq!(settled(&stream), 40);
    assert!(stream.memory_bytes() < STREAM_BYTES_MAX);
    stream.look(start, &reading, &mut scratch, &mut out);
    assert_eq!(settled(&stream), 40);
    stream.finish(start, &reading, &mut scratch, &mut out);
    assert_eq!(settled(&stream), 55);
}
