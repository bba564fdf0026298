//! Blocks in any order, with holes, twice, late, over several runs.

use proptest::prelude::*;
use vitals::{
    Absence, Bpm, DeviceId, Flags, HeartTransducer, Movement, Quality, Reading, Second, Transducers,
};

use super::*;

const EPISODE: EpisodeId = EpisodeId::from_u128(7);
const START: i64 = 1_790_000_000_000_000;

fn block(epoch: u64, seq: u64, second: i64) -> Block {
    let rate = Bpm::from_quarters(400 + u16::try_from(second % 400).unwrap()).unwrap();
    let rates = [Reading::Measured { value: rate, quality: Quality::Good }; 4];
    let absent = [Reading::Absent(Absence::NoTransducer); 4];
    Block {
        device: DeviceId::new("bed-1").unwrap(),
        epoch,
        seq,
        episode: EPISODE,
        tick: DeviceTick(u64::try_from(second).unwrap() * 4),
        at: WallTime(START + second * 1_000_000),
        built_at: WallTime(START + second * 1_000_000),
        second: Second {
            fhr1: rates,
            fhr2: absent,
            mhr: absent,
            ua: [Reading::Absent(Absence::NoTransducer); 4],
            movement: [Movement::NONE; 4],
            transducers: Transducers {
                fhr1: HeartTransducer::Ultrasound,
                ..Transducers::default()
            },
            flags: Flags::NONE,
        },
    }
}

fn strip(pace: Pace) -> Strip {
    Strip::new(StripOptions::default(), pace)
}

/// The line, a word a step: a second by its number, `-n` for absent ticks, `|` for a beginning.
fn line(strip: &mut Strip) -> String {
    let mut words = Vec::new();
    while let Some(step) = strip.poll() {
        words.push(match step {
            Step::Begin { .. } => "|".to_owned(),
            Step::Absent { ticks } => format!("-{ticks}"),
            Step::Late { ago, heard } => {
                let rate = heard.fetuses[0].unwrap()[0].fhr.unwrap().quarters() - 400;
                format!("{rate}@-{ago}")
            }
            Step::Heard(heard) => {
                let rate = heard.fetuses[0].unwrap()[0].fhr.unwrap().quarters() - 400;
                if heard.skip > 0 { format!("{rate}/{}", heard.skip) } else { rate.to_string() }
            }
        });
    }
    words.join(" ")
}

#[test]
fn blocks_in_order_go_on_at_once() {
    let mut strip = strip(Pace::Flow);
    strip.push(&block(1, 0, 0), Source::Live);
    assert_eq!(line(&mut strip), "| 0");
    strip.push(&block(1, 1, 1), Source::Live);
    assert_eq!(line(&mut strip), "1");
}

#[test]
fn a_missing_block_is_waited_for_and_then_given_up() {
    let mut strip = strip(Pace::Flow);
    for seq in [0, 1, 3, 4] {
        strip.push(&block(1, seq, seq as i64), Source::Live);
    }
    assert_eq!(line(&mut strip), "| 0 1");
    for seq in 5..33 {
        strip.push(&block(1, seq, seq as i64), Source::Live);
        assert_eq!(line(&mut strip), "", "at {seq}");
    }
    strip.push(&block(1, 33, 33), Source::Live);
    assert!(line(&mut strip).starts_with("-4 3 4 5"));
    // It comes after all: its place is so many ticks before the next.
    strip.push(&block(1, 2, 2), Source::Live);
    assert_eq!((line(&mut strip).as_str(), strip.late()), ("2@-128", 1));
}

#[test]
fn a_block_that_comes_within_the_hold_is_in_its_place() {
    let mut strip = strip(Pace::Flow);
    for seq in [0, 2, 3, 1] {
        strip.push(&block(1, seq, seq as i64), Source::Live);
    }
    assert_eq!(line(&mut strip), "| 0 1 2 3");
}

#[test]
fn what_the_region_remembers_comes_newest_first_and_goes_on_in_order() {
    let mut strip = strip(Pace::Gather);
    for seq in (60..120).chain(0..60) {
        strip.push(&block(1, seq, seq as i64), Source::Memory);
    }
    strip.push(&block(1, 120, 120), Source::Live);
    assert_eq!(line(&mut strip), "");
    strip.set_pace(Pace::Flow);
    let expected: Vec<_> = (0..=120).map(|second| second.to_string()).collect();
    assert_eq!(line(&mut strip), format!("| {}", expected.join(" ")));
    // Again: whoever has it in its place lets it be; it is not late.
    strip.push(&block(1, 30, 30), Source::Memory);
    assert_eq!((line(&mut strip).as_str(), strip.late()), ("30@-364", 0));
}

#[test]
fn a_new_run_of_the_bridge_goes_on_with_the_same_strip() {
    let mut strip = strip(Pace::Flow);
    strip.push(&block(1, 0, 0), Source::Live);
    for seq in 0..31 {
        let mut block = block(2, seq, 10 + seq as i64);
        block.tick = DeviceTick(seq * 4);
        strip.push(&block, Source::Live);
    }
    assert!(line(&mut strip).starts_with("| 0 -36 10 11 12"));
}

#[test]
fn a_silence_that_the_device_counted_is_absent_and_a_step_of_the_clock_begins_a_strip() {
    let mut strip = strip(Pace::Flow);
    strip.push(&block(1, 0, 0), Source::Live);
    strip.push(&block(1, 1, 61), Source::Live);
    assert_eq!(line(&mut strip), "| 0 -240 61");
    let mut ahead = block(1, 2, 62);
    ahead.at = ahead.at.plus_micros(60_000_000);
    strip.push(&ahead, Source::Live);
    assert_eq!(line(&mut strip), "| 62");
    let mut back = block(1, 3, 63);
    back.at = back.at.plus_micros(-60_000_000);
    strip.push(&back, Source::Live);
    assert_eq!(line(&mut strip), "| 63");
}

#[test]
fn a_small_correction_of_the_clock_neither_waits_nor_invents() {
    let mut strip = strip(Pace::Flow);
    strip.push(&block(1, 0, 0), Source::Live);
    let mut early = block(1, 1, 1);
    early.at = early.at.plus_micros(-300_000);
    strip.push(&early, Source::Live);
    let mut late = block(1, 2, 2);
    late.at = late.at.plus_micros(300_000);
    strip.push(&late, Source::Live);
    assert_eq!(line(&mut strip), "| 0 1/1 -2 2");
}

#[test]
fn a_new_episode_and_a_long_silence_begin_a_strip() {
    let mut strip = strip(Pace::Flow);
    strip.push(&block(1, 0, 0), Source::Live);
    strip.push(&block(1, 1, 3_600), Source::Live);
    let mut other = block(1, 2, 3_601);
    other.episode = EpisodeId::from_u128(8);
    strip.push(&other, Source::Live);
    assert_eq!(line(&mut strip), "| 0 | 0 | 1");
}

proptest! {
    /// However a run is shuffled, doubled and thinned within the hold, every slot comes once and
    /// every block that is there is in it.
    #[test]
    fn the_line_has_no_hole_and_no_second_twice(
        present in proptest::collection::vec(any::<bool>(), 2..120),
        swaps in proptest::collection::vec((0..120usize, 0..20usize), 0..60),
        twice in proptest::collection::vec(0..120usize, 0..10),
    ) {
        let mut order: Vec<usize> = (0..present.len()).filter(|at| *at == 0 || present[*at]).collect();
        for (at, by) in swaps {
            let (at, to) = (1 + at % order.len(), 1 + (at + by) % order.len());
            if at < order.len() && to < order.len() {
                order.swap(at, to);
            }
        }
        order.extend(twice.iter().map(|at| order[at % order.len()]).collect::<Vec<_>>());
        let mut strip = strip(Pace::Gather);
        for at in &order {
            strip.push(&block(1, *at as u64, *at as i64), Source::Memory);
        }
        strip.set_pace(Pace::Flow);
        // Far ahead, so that nothing before them is waited for.
        strip.push(&block(1, 1_000, 1_000), Source::Live);
        strip.push(&block(1, 1_040, 1_040), Source::Live);
        let mut slot = 0u32;
        let mut heard = Vec::new();
        while let Some(step) = strip.poll() {
            match step {
                Step::Begin { .. } => prop_assert_eq!(slot, 0),
                Step::Absent { ticks } => slot += ticks,
                Step::Late { ago, .. } => prop_assert!(4 <= ago && ago <= slot),
                Step::Heard(_) => {
                    heard.push(slot / 4);
                    slot += 4;
                }
            }
        }
        let mut expected: Vec<u32> = order.iter().map(|at| *at as u32).collect();
        expected.push(1_000);
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(heard, expected);
        prop_assert_eq!(slot, 4_004);
    }
}
