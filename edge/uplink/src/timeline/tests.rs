//! Each case is a line of arrivals and faults, and the seconds that come out of it.
//!
//! Arrivals are milliseconds since the process began, at a line without travel time. Out come
//! the `at` of each second in milliseconds since then, with a letter: `.` measured, `d`
//! damaged frame, `s` silent, `p` port lost; and `[` and `]` where an episode begins and ends.

use core::time::Duration;

use protocol::link::SiteKind;
use vitals::DeviceId;

use super::*;

const WALL: i64 = 1_700_000_000_000_000;

#[derive(Clone, Copy)]
enum Arrival {
    Second,
    Inserted,
    Fault,
    Port(PortState),
    /// The wall clock jumps by this many milliseconds.
    Step(i64),
    Nothing,
}

fn check(script: &[(i64, Arrival)], expected: &str) {
    assert_eq!(play(script, None).0, expected);
}

fn now(ms: i64, stepped_ms: i64) -> Now {
    let since_start = Duration::from_millis(u64::try_from(ms).unwrap());
    Now { since_start, wall: WallTime(WALL + (ms + stepped_ms) * 1_000) }
}

/// Plays arrivals, waking the timeline exactly when it asks to be.
fn play(script: &[(i64, Arrival)], last: Option<LastBlock>) -> (String, Vec<Placed>) {
    let monitor =
        Monitor { device: DeviceId::new("bed-1").unwrap(), bed: "1".into(), baud: 10_000_000 };
    let settings = Settings {
        epoch: 1,
        software: String::new(),
        facility: String::new(),
        site: SiteKind::Clinic,
        monitors: vec![monitor.clone()],
        silence_after: Duration::from_secs(3),
        episode_gap: Duration::from_mins(30),
        jitter_seed: 0,
    };
    let mut timeline = Timeline::new(&settings, &monitor, last.as_ref());
    let (mut out, mut placed, mut stepped) = (Vec::new(), Vec::<Placed>::new(), 0);
    let mut drain = |timeline: &mut Timeline, now: Now| {
        while let Some(step) = timeline.poll(now) {
            match step {
                Step::Placed(second) => {
                    if let Some(before) = placed.last() {
                        assert!(second.at.micros_since(before.at) >= SECOND, "never backwards");
                        assert!(second.tick.0 >= before.tick.0 + 4, "ticks rise by four");
                    }
                    let letter = match second.second.fhr1[0].absence() {
                        Some(Absence::DamagedFrame) => 'd',
                        Some(Absence::DeviceSilent) => 's',
                        Some(Absence::PortLost) => 'p',
                        _ => '.',
                    };
                    out.push(format!("{}{letter}", (second.at.0 - WALL) / 1_000));
                    placed.push(second);
                }
                Step::Note(Note::EpisodeBegan(_)) => out.push("[".into()),
                Step::Note(Note::EpisodeEnded(_)) => out.push("]".into()),
                Step::Note(_) => {}
            }
        }
    };
    for (ms, arrival) in script {
        while let Some(wake) = timeline.timeout().filter(|wake| *wake < ms * 1_000) {
            drain(&mut timeline, now(wake / 1_000 + 1, stepped));
        }
        if let Arrival::Step(by) = arrival {
            stepped += by;
        }
        let now = now(*ms, stepped);
        let fresh = EpisodeId::from_u128(u128::try_from(*ms).unwrap());
        let mut second = Second::absent(Absence::Blank);
        match arrival {
            Arrival::Second => timeline.hear(now, second, 0, fresh).unwrap(),
            Arrival::Inserted => {
                second.flags = Flags::TICKS_INSERTED;
                timeline.hear(now, second, 0, fresh).unwrap();
            }
            Arrival::Fault => timeline.fault(now),
            Arrival::Port(state) => timeline.port(now, *state),
            Arrival::Step(_) | Arrival::Nothing => {}
        }
        drain(&mut timeline, now);
    }
    (out.join(" "), placed)
}

use Arrival::{Fault, Inserted, Nothing, Port, Second as C, Step as Jump};

#[test]
fn jitter_below_half_a_second_does_not_move_the_count() {
    check(
        &[(1000, C), (2300, C), (2900, C), (4490, C), (5000, C), (5100, Nothing)],
        "[ 0. 1000. 2000. 3000. 4000.",
    );
}

#[test]
fn a_burst_out_of_a_buffer_keeps_each_second_in_its_place() {
    let burst = [(1000, C), (2000, C), (4990, C), (4991, C), (4992, C), (6000, C), (7000, C)];
    check(&burst, "[ 0. 1000. 2000. 3000. 4000. 5000. 6000.");
    // The first of all may come out of a buffer as well.
    check(&[(3000, C), (3001, C), (3002, C), (4002, C)], "[ 2. 1002. 2002. 3002.");
}

#[test]
fn a_buffered_burst_after_a_silence_is_kept_and_never_goes_backwards() {
    let mut script = vec![(1000, C), (2000, C)];
    script.extend([(7000, C), (7001, C), (7002, C), (7003, C), (7004, C), (8000, C)]);
    // Five seconds were under way, four of them had been given up as silent.
    check(&script, "[ 0. 1000. 2000s 3000s 4000s 5000s 6000. 7000. 8000. 9000. 10000. 11000.");
}

#[test]
fn a_damaged_frame_is_one_absent_second_and_displaces_none() {
    check(
        &[(1000, C), (2000, Fault), (2010, Fault), (2020, Fault), (3000, C), (4000, C)],
        "[ 0. 1000d 2000. 3000.",
    );
    // A fault beside a good frame costs nothing.
    check(&[(1000, C), (1990, Fault), (2000, C), (3000, C)], "[ 0. 1000. 2000.");
    // A frame that was cut is noticed when the next begins.
    check(&[(1000, C), (2990, Fault), (3000, C), (4000, C)], "[ 0. 1000d 2000. 3000.");
}

#[test]
fn a_damaged_frame_within_a_burst_keeps_its_place() {
    let burst = [(1000, C), (3990, C), (3991, Fault), (3992, C), (5000, C)];
    check(&burst, "[ 0. 1000. 2000d 3000. 4000.");
}

#[test]
fn a_replay_faster_than_the_clock_keeps_its_damaged_seconds() {
    let tenfold = [(1000, C), (1100, C), (1200, C), (1300, Fault), (1400, C), (1500, C)];
    check(&tenfold, "[ -1800. -800. 200. 1200d 2200. 3200.");
}

#[test]
fn a_line_that_only_gives_damage_is_damaged_not_silent() {
    let mut script = vec![(1000, C)];
    script.extend((2..8).map(|second| (second * 1000, Fault)));
    script.push((7999, Nothing));
    check(&script, "[ 0. 1000d 2000d 3000d 4000d 5000d 6000d");
}

#[test]
fn after_three_seconds_of_silence_the_missed_are_filled_and_then_one_a_second() {
    check(&[(1000, C), (3999, Nothing)], "[ 0.");
    check(&[(1000, C), (4001, Nothing)], "[ 0. 1000s 2000s");
    check(&[(1000, C), (5950, Nothing)], "[ 0. 1000s 2000s 3000s 4000s");
    check(&[(1000, C), (5500, C), (6500, C)], "[ 0. 1000s 2000s 3000s 4500. 5500.");
}

#[test]
fn a_pulled_port_says_so_until_it_is_back() {
    let script = [
        (1000, C),
        (2500, Port(PortState::Lost)),
        (6500, Port(PortState::Open)),
        (9000, C),
        (10_000, C),
    ];
    check(&script, "[ 0. 1000s 2000p 3000p 4000p 5000p 6000s 7000s 8000. 9000.");
}

#[test]
fn inserted_ticks_move_the_count_to_the_arrival() {
    check(&[(1000, C), (2000, C), (3250, Inserted), (4250, C)], "[ 0. 1000. 2250. 3250.");
}

#[test]
fn a_lost_frame_without_a_trace_is_a_silent_second() {
    check(&[(1000, C), (3020, C), (4020, C)], "[ 0. 1000s 2020. 3020.");
}

#[test]
fn half_an_hour_of_silence_closes_the_episode_and_the_next_second_opens_another() {
    let (out, placed) = play(&[(1000, C), (3_000_000, C), (3_001_000, C)], None);
    assert!(
        out.ends_with("1799000s 1800000s ] [ 2999000. 3000000."),
        "…{}",
        &out[out.len() - 60..]
    );
    let [.., before, after, _] = placed[..] else { panic!() };
    assert_ne!(before.episode, after.episode);
    assert_eq!(after.tick.0, 4 * 2999, "ticks rise across the silence");
}

#[test]
fn a_restart_within_the_gap_goes_on_with_the_episode() {
    let episode = EpisodeId::from_u128(99);
    let at = |ms: i64| WallTime(WALL + ms * 1_000);
    let last = |at, heard| LastBlock {
        device: DeviceId::new("bed-1").unwrap(),
        episode,
        tick: DeviceTick(400),
        at,
        heard,
    };
    let (out, placed) = play(&[(1000, C), (1100, Nothing)], Some(last(at(-10_000), at(-10_000))));
    assert_eq!(out, "0.");
    assert_eq!((placed[0].episode, placed[0].tick), (episode, DeviceTick(440)));
    // The monitor was silent for longer than the bridge was down.
    let (out, _) = play(&[(1000, C), (1100, Nothing)], Some(last(at(-10_000), at(-1_801_000))));
    assert_eq!(out, "[ 0.");
    // The clock was put back by a minute: seconds wait in line, and do not go back.
    let (out, placed) = play(&[(1000, C), (2000, C)], Some(last(at(60_000), at(60_000))));
    assert_eq!(out, "61000. 62000.");
    assert_eq!(placed[1].tick, DeviceTick(408));
    // It was put back by a day: waiting would date everything wrongly for a day.
    let day = at(86_400_000);
    let (out, _) = play(&[(1000, C), (2000, C)], Some(last(day, day)));
    assert_eq!(out, "[ 0. 1000.");
}

#[test]
fn a_clock_that_jumps_moves_the_date_and_not_the_count() {
    check(
        &[(1000, C), (2000, C), (2500, Jump(60_000)), (3000, C), (4000, C)],
        "[ 0. 1000. 62000. 63000.",
    );
    check(
        &[(1000, C), (2000, C), (2500, Jump(-60_000)), (3000, C), (4000, C)],
        "[ 0. 1000. 2000. 3000.",
    );
    let (_, placed) = play(&[(1000, C), (1500, Jump(60_000)), (2000, C)], None);
    assert_eq!(placed[1].tick.0, placed[0].tick.0 + 4, "the device counted one second");
}

#[test]
fn before_the_first_second_nothing_is_said() {
    check(&[(5000, Fault), (9000, Port(PortState::Lost)), (60_000, Nothing)], "");
}
