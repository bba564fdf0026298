//! A monitor spoken to as a bridge would, with time as an argument.

use device_codec::series50::Interpretation;
use vitals::{Absence, Reading, Second};

use super::*;
use crate::source::{Scenario, Synth};

#[test]
fn it_introduces_itself_and_sends_no_ctg_until_told() {
    let mut monitor = monitor(Faults::default());
    let [Message::Identity(identity)] = heard(&mut monitor)[..] else { panic!("one identity") };
    assert_eq!(identity.model.to_string(), "M1350A");
    assert_eq!(identity.protocol.to_string(), "A20");
    assert_eq!(identity.software.to_string(), "A.02.00");
    assert_eq!(identity.serial.to_string(), "WARD000001");
    assert_eq!(monitor.poll_timeout(), None);
    monitor.handle_timeout(60 * SECOND_MICROS);
    assert_eq!(heard(&mut monitor), []);
}

#[test]
fn started_it_sends_every_second_of_its_source_in_order() {
    let mut monitor = started(7_300);
    let mut source = source();
    for _ in 0..300 {
        let due = monitor.poll_timeout().unwrap();
        monitor.handle_timeout(due - 1);
        assert_eq!(heard(&mut monitor), []);
        monitor.handle_timeout(due);
        assert_eq!(seconds(&mut monitor), [without_mark(source.next_second().unwrap())]);
    }
    assert_eq!(monitor.poll_timeout(), Some(7_300 + 301 * SECOND_MICROS));
}

#[test]
fn a_pressed_button_is_sent_before_its_second() {
    let mut monitor = started(0);
    let mut source = source();
    let marked = (1..).find(|_| has_mark(&source.next_second().unwrap())).unwrap();
    monitor.handle_timeout((marked - 1) * SECOND_MICROS);
    while monitor.poll_output().is_some() {}
    monitor.handle_timeout(marked * SECOND_MICROS);
    assert!(matches!(heard(&mut monitor)[..], [Message::EventMark, Message::Ctg(_)]));
}

#[test]
fn h_stops_and_g_goes_on_with_the_present() {
    let mut monitor = started(0);
    command(&mut monitor, SECOND_MICROS, &Message::Stop);
    assert_eq!(seconds(&mut monitor).len(), 1);
    monitor.handle_timeout(25 * SECOND_MICROS);
    assert_eq!(seconds(&mut monitor), []);
    command(&mut monitor, 25 * SECOND_MICROS, &Message::Start);
    assert_eq!(seconds(&mut monitor), []);
    monitor.handle_timeout(26 * SECOND_MICROS);
    let mut source = source();
    let twenty_sixth = (0..26).map_while(|_| source.next_second()).last().unwrap();
    assert_eq!(seconds(&mut monitor), [without_mark(twenty_sixth)]);
}

#[test]
fn punctual_polls_take_every_second() {
    let mut monitor = monitor(Faults::default());
    heard(&mut monitor);
    let mut source = source();
    for now in [5_000_000, 6_050_000, 6_960_000, 8_060_000] {
        command(&mut monitor, now, &Message::Request(Request::Ctg));
        assert_eq!(seconds(&mut monitor), [without_mark(source.next_second().unwrap())]);
    }
}

#[test]
fn a_late_poll_loses_ticks_and_the_block_says_so() {
    let mut monitor = monitor(Faults::default());
    heard(&mut monitor);
    command(&mut monitor, 0, &Message::Request(Request::Ctg));
    command(&mut monitor, 2_500_000, &Message::Request(Request::Ctg));
    let [_, late] = seconds(&mut monitor)[..] else { panic!("two blocks") };
    assert!(late.flags.contains(Flags::TICKS_DELETED));
    // 1.5 s are gone: six ticks after the first four.
    let mut source = source();
    let ticks: Vec<_> =
        (0..4).flat_map(|_| source.next_second().unwrap().fhr1).skip(10).take(4).collect();
    assert_eq!(late.fhr1[..], ticks);
}

#[test]
fn an_early_poll_gets_absent_filler_and_the_block_says_so() {
    let mut monitor = monitor(Faults::default());
    heard(&mut monitor);
    command(&mut monitor, 0, &Message::Request(Request::Ctg));
    command(&mut monitor, 500_000, &Message::Request(Request::Ctg));
    let [first, early] = seconds(&mut monitor)[..] else { panic!("two blocks") };
    assert!(!first.flags.contains(Flags::TICKS_INSERTED));
    assert!(early.flags.contains(Flags::TICKS_INSERTED));
    assert_eq!(early.fhr1[..2], [Reading::Absent(Absence::Blank); 2]);
    let mut source = source();
    source.next_second();
    assert_eq!(early.fhr1[2..], source.next_second().unwrap().fhr1[..2]);
}

#[test]
fn a_poll_ends_the_automatic_sending() {
    let mut monitor = started(0);
    command(&mut monitor, SECOND_MICROS, &Message::Request(Request::Ctg));
    heard(&mut monitor);
    monitor.handle_timeout(5 * SECOND_MICROS);
    assert_eq!(heard(&mut monitor), []);
}

#[test]
fn a_revision_takes_where_it_is_known_and_the_identity_tells() {
    let mut monitor = monitor(Faults::default());
    for (wanted, expected) in [(b"A10", "A10"), (b"Z99", "A10"), (b"A20", "A20")] {
        heard(&mut monitor);
        command(&mut monitor, 0, &Message::Revision(Revision::from_bytes(*wanted)));
        assert_eq!(heard(&mut monitor), []);
        command(&mut monitor, 0, &Message::Request(Request::Identity));
        let [Message::Identity(identity)] = heard(&mut monitor)[..] else { panic!("an identity") };
        assert_eq!(identity.protocol.to_string(), expected);
    }
}

#[test]
fn after_a_power_failure_it_introduces_itself_and_waits() {
    let mut monitor = started(0);
    monitor.power_cycle();
    assert!(matches!(heard(&mut monitor)[..], [Message::Identity(_)]));
    monitor.handle_timeout(5 * SECOND_MICROS);
    assert_eq!(heard(&mut monitor), []);
}

#[test]
fn silent_it_neither_sends_nor_hears_and_time_passes() {
    let mut monitor = started(0);
    monitor.fall_silent();
    command(&mut monitor, 100, &Message::Stop);
    monitor.handle_timeout(2 * SECOND_MICROS);
    assert_eq!(heard(&mut monitor), []);
    monitor.speak_again();
    monitor.handle_timeout(3 * SECOND_MICROS);
    let mut source = source();
    let third = (0..3).map_while(|_| source.next_second()).last().unwrap();
    assert_eq!(seconds(&mut monitor), [without_mark(third)]);
}

#[test]
fn a_damaged_frame_is_noticed_and_the_others_come_through() {
    let faults = Faults { seed: 4711, damage_every: 5.try_into().ok(), ..Faults::default() };
    let mut monitor = monitor(faults);
    command(&mut monitor, 0, &Message::Start);
    let mut source = source();
    let mut decoder = Decoder::new();
    let (mut good, mut wrong) = (0, 0);
    for number in 1..=500 {
        monitor.handle_timeout(number * SECOND_MICROS);
        let expected = without_mark(source.next_second().unwrap());
        while let Some(frame) = monitor.poll_output() {
            decoder.decode(&frame, |event| match event {
                Event::Message { message: Message::Ctg(block), .. } => {
                    assert_eq!(block.second(&Interpretation::default()), expected);
                    good += 1;
                }
                Event::Message { .. } | Event::Junk { .. } => {}
                Event::Fault(_) => wrong += 1,
            });
        }
    }
    assert!((380..=402).contains(&good), "{good} good");
    assert!((80..=130).contains(&wrong), "{wrong} wrong");
}

#[test]
fn noise_between_frames_costs_none_or_the_frame_it_touches() {
    let faults = Faults { seed: 1, noise_every: 3.try_into().ok(), ..Faults::default() };
    let mut monitor = monitor(faults);
    command(&mut monitor, 0, &Message::Start);
    let mut decoder = Decoder::new();
    let (mut good, mut junk_bytes) = (0, 0);
    for number in 1..=300 {
        monitor.handle_timeout(number * SECOND_MICROS);
        while let Some(frame) = monitor.poll_output() {
            decoder.decode(&frame, |event| match event {
                Event::Message { message: Message::Ctg(_), .. } => good += 1,
                Event::Junk { bytes } => junk_bytes += bytes,
                Event::Message { .. } | Event::Fault(_) => {}
            });
        }
    }
    assert!(good >= 290, "{good} good");
    assert!(junk_bytes > 300, "{junk_bytes} bytes of noise");
}

#[test]
fn a_broken_wire_ends_the_frames_and_not_the_monitor() {
    let faults = Faults { mute_after_frames: Some(4), ..Faults::default() };
    let mut monitor = monitor(faults);
    command(&mut monitor, 0, &Message::Start);
    monitor.handle_timeout(20 * SECOND_MICROS);
    assert_eq!(heard(&mut monitor).len(), 4);
}

#[test]
fn a_source_that_ends_leaves_a_monitor_that_answers() {
    struct Three(u8);
    impl Source for Three {
        fn next_second(&mut self) -> Option<Second> {
            self.0 = self.0.checked_sub(1)?;
            Some(Second::absent(Absence::NoTransducer))
        }
    }
    let mut monitor = VirtualMonitor::new(Box::new(Three(3)), Settings::default());
    heard(&mut monitor);
    command(&mut monitor, 0, &Message::Start);
    monitor.handle_timeout(10 * SECOND_MICROS);
    assert_eq!(seconds(&mut monitor).len(), 3);
    assert!(monitor.has_ended());
    command(&mut monitor, 10 * SECOND_MICROS, &Message::Request(Request::Ctg));
    assert_eq!(heard(&mut monitor), []);
    command(&mut monitor, 10 * SECOND_MICROS, &Message::Request(Request::Identity));
    assert!(matches!(heard(&mut monitor)[..], [Message::Identity(_)]));
}

#[test]
fn a_driver_that_stopped_gets_a_bounded_past() {
    let mut monitor = started(0);
    monitor.handle_timeout(1_000 * SECOND_MICROS);
    assert_eq!(heard(&mut monitor).len(), OUTPUT_FRAMES_MAX);
    assert!(monitor.frames_refused() >= 1_000 - OUTPUT_FRAMES_MAX as u64);
}

fn source() -> Synth {
    Synth::new(Scenario::Reassuring, 4711)
}

fn monitor(faults: Faults) -> VirtualMonitor {
    VirtualMonitor::new(Box::new(source()), Settings { faults, ..Settings::default() })
}

/// A monitor that was told to start, its introduction heard.
fn started(now_micros: u64) -> VirtualMonitor {
    let mut monitor = monitor(Faults::default());
    command(&mut monitor, now_micros, &Message::Start);
    assert!(matches!(heard(&mut monitor)[..], [Message::Identity(_)]));
    monitor
}

fn command(monitor: &mut VirtualMonitor, now_micros: u64, message: &Message) {
    let mut frame = [0; FRAME_BYTES_MAX];
    let bytes = message.encode(&mut frame).unwrap();
    monitor.handle_bytes(now_micros, &frame[..bytes]);
}

fn heard(monitor: &mut VirtualMonitor) -> Vec<Message> {
    let mut decoder = Decoder::new();
    let mut messages = Vec::new();
    while let Some(frame) = monitor.poll_output() {
        decoder.decode(&frame, |event| match event {
            Event::Message { message, .. } => messages.push(message),
            other => panic!("{other:?}"),
        });
    }
    messages
}

fn seconds(monitor: &mut VirtualMonitor) -> Vec<Second> {
    let messages = heard(monitor);
    let second = |message: &Message| match message {
        Message::Ctg(block) => Some(block.second(&Interpretation::default())),
        _ => None,
    };
    messages.iter().filter_map(second).collect()
}

fn has_mark(second: &Second) -> bool {
    second.flags.contains(Flags::EVENT_MARK)
}

/// The mark travels as a message of its own.
fn without_mark(second: Second) -> Second {
    let flags = Flags::from_bits(second.flags.bits() & !Flags::EVENT_MARK.bits()).unwrap();
    Second { flags, ..second }
}
