//! A monitor on a real pseudo-terminal, heard as a bridge hears it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap, as tests do")]

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use device_codec::series50::{Decoder, Event, FRAME_BYTES_MAX, Interpretation, Message, Request};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use vitals::{Flags, Second};
use ward::monitor::{Settings, VirtualMonitor};
use ward::pty::{Bed, Line, Playing, Pty, PtyError, play};
use ward::source::{Scenario, Source, Synth};

#[test]
fn a_bridge_on_the_port_hears_the_very_seconds_of_the_source() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("bed-1");
    let playing = playing(&link, 20.0);
    let mut bridge = Bridge::open(&link);
    bridge.say(&Message::Request(Request::Identity));
    assert!(matches!(bridge.message(), Message::Identity(_)));
    bridge.say(&Message::Start);
    let mut source = source();
    for number in 0..60 {
        assert_eq!(bridge.second(), unmarked(source.next_second().unwrap()), "second {number}");
    }
    bridge.say(&Message::Stop);
    playing.stop();
    assert!(fs::symlink_metadata(&link).is_err(), "the link is removed");
}

#[test]
fn bytes_come_at_the_pace_of_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("bed-1");
    let playing = playing(&link, 1.0);
    let mut bridge = Bridge::open(&link);
    let asked = Instant::now();
    bridge.say(&Message::Request(Request::Ctg));
    bridge.second();
    // 41 bytes and some escapes of ten bits each at 1200 baud.
    let took = asked.elapsed();
    assert!(took >= Duration::from_millis(340), "{took:?}");
    assert!(took < Duration::from_millis(1_500), "{took:?}");
    drop(playing);
}

#[test]
fn pulled_and_plugged_in_again_the_port_is_a_new_one_under_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("bed-1");
    let playing = playing(&link, 20.0);
    let mut bridge = Bridge::open(&link);
    bridge.say(&Message::Start);
    bridge.second();
    playing.unplug(0).unwrap();
    assert!(bridge.has_hung_up());
    assert!(fs::symlink_metadata(&link).is_err());
    assert!(!playing.state(0).unwrap().connected);

    playing.replug(0).unwrap();
    let mut bridge = Bridge::open(&link);
    // It was told to send every second, and nobody has told it otherwise.
    bridge.second();
    assert!(playing.state(0).unwrap().connected);
}

#[test]
fn a_bridge_that_comes_back_finds_the_present_and_no_backlog() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("bed-1");
    let playing = playing(&link, 20.0);
    let mut first = Bridge::open(&link);
    first.say(&Message::Start);
    let mut source = source();
    for _ in 0..3 {
        assert_eq!(first.second(), unmarked(source.next_second().unwrap()));
    }
    drop(first);
    // Nobody listens for a while: what is sent then is lost, as on a line.
    let deadline = Instant::now() + Duration::from_secs(20);
    let lost = |playing: &Playing| playing.state(0).unwrap().bytes_lost;
    while lost(&playing) < 400 {
        assert!(Instant::now() < deadline, "nothing is lost");
    }
    let mut second = Bridge::open(&link);
    let heard = second.second();
    let rest: Vec<Second> = (0..4_000).filter_map(|_| source.next_second()).map(unmarked).collect();
    let missed = rest.iter().position(|it| *it == heard).expect("a second of the source");
    assert!(missed >= 8, "only {missed} seconds were missed");
}

#[test]
fn monitors_in_one_process_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let links: Vec<_> = (1..=8).map(|bed| folder.path().join(format!("bed-{bed}"))).collect();
    let beds = links.iter().zip(0..).map(|(link, seed)| {
        let source = Box::new(Synth::new(Scenario::Twins, seed));
        Bed { link: link.clone(), monitor: VirtualMonitor::new(source, Settings::default()) }
    });
    let playing = play(beds.collect(), Line { speed: 20.0, ..Line::default() }).unwrap();
    let mut bridges: Vec<Bridge> = links.iter().map(|link| Bridge::open(link)).collect();
    for bridge in &mut bridges {
        bridge.say(&Message::Start);
    }
    for (bridge, seed) in bridges.iter_mut().zip(0..) {
        let mut source = Synth::new(Scenario::Twins, seed);
        for _ in 0..5 {
            assert_eq!(bridge.second(), unmarked(source.next_second().unwrap()));
        }
    }
    assert!(matches!(playing.unplug(8), Err(PtyError::NoSuchBed { bed: 8, beds: 8 })));
}

#[test]
fn an_old_link_is_replaced_and_anything_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("deep/down/bed-1");
    let first = Pty::open(&link).unwrap();
    let second = Pty::open(&link).unwrap();
    assert_ne!(first.device(), second.device());
    assert_eq!(fs::read_link(&link).unwrap(), second.device());
    drop(first);
    assert_eq!(fs::read_link(&link).unwrap(), second.device(), "the link is the second's");
    drop(second);
    assert!(fs::symlink_metadata(&link).is_err());

    fs::write(&link, "a letter").unwrap();
    let message = Pty::open(&link).unwrap_err().to_string();
    assert!(message.contains("no symbolic link"), "{message}");
    assert_eq!(fs::read_to_string(&link).unwrap(), "a letter");
}

#[test]
fn every_byte_passes_both_ways_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("bed-1");
    let port = Pty::open(&link).unwrap();
    assert!(!port.is_connected());
    let mut bridge = Bridge::open(&link);
    assert!(port.is_connected());
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(port.write(&all), 256);
    let mut heard = Vec::new();
    while heard.len() < 256 {
        heard.extend(bridge.bytes());
    }
    assert_eq!(heard, all);
    bridge.file.write_all(&all).unwrap();
    let mut buffer = [0; 512];
    let mut said = Vec::new();
    while said.len() < 256 {
        let count = port.read(&mut buffer);
        said.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(said, all);
    drop(bridge);
    assert!(!port.is_connected());
}

/// The other end of a port.
struct Bridge {
    file: File,
    decoder: Decoder,
    messages: std::collections::VecDeque<Message>,
    in_step: bool,
}

impl Bridge {
    fn open(link: &Path) -> Self {
        let nonblocking = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(nonblocking.bits() as i32)
            .open(link)
            .unwrap();
        Self { file, decoder: Decoder::new(), messages: [].into(), in_step: false }
    }

    fn say(&mut self, message: &Message) {
        let mut frame = [0; FRAME_BYTES_MAX];
        let bytes = message.encode(&mut frame).unwrap();
        self.file.write_all(&frame[..bytes]).unwrap();
    }

    /// The next message; damage is a failure once the first whole frame has come.
    fn message(&mut self) -> Message {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(message) = self.messages.pop_front() {
                return message;
            }
            assert!(Instant::now() < deadline, "the monitor says nothing");
            let bytes = self.bytes();
            let (messages, in_step) = (&mut self.messages, &mut self.in_step);
            self.decoder.decode(&bytes, |event| match event {
                Event::Message { message, .. } => {
                    messages.push_back(message);
                    *in_step = true;
                }
                // Whoever opens a line in the middle of a frame hears the end of it.
                Event::Fault(fault) if *in_step => panic!("{fault}"),
                Event::Junk { .. } | Event::Fault(_) => {}
            });
        }
    }

    fn second(&mut self) -> Second {
        loop {
            if let Message::Ctg(block) = self.message() {
                return block.second(&Interpretation::default());
            }
        }
    }

    /// What has come within a tenth of a second; perhaps nothing.
    fn bytes(&mut self) -> Vec<u8> {
        let wait = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        poll(&mut [PollFd::new(&self.file, PollFlags::IN)], Some(&wait)).unwrap();
        let mut buffer = [0; 512];
        match self.file.read(&mut buffer) {
            Ok(count) => buffer[..count].to_vec(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Vec::new(),
            Err(error) => panic!("{error}"),
        }
    }

    fn has_hung_up(&self) -> bool {
        let mut asked = [PollFd::new(&self.file, PollFlags::IN)];
        poll(&mut asked, Some(&Timespec { tv_sec: 5, tv_nsec: 0 })).unwrap();
        asked[0].revents().contains(PollFlags::HUP)
    }
}

fn source() -> Synth {
    Synth::new(Scenario::LateDecelerations, 4711)
}

fn playing(link: &Path, speed: f64) -> Playing {
    let monitor = VirtualMonitor::new(Box::new(source()), Settings::default());
    let bed = Bed { link: link.to_owned(), monitor };
    play(vec![bed], Line { speed, ..Line::default() }).unwrap()
}

/// A pressed button travels as a message of its own.
fn unmarked(second: Second) -> Second {
    let flags = Flags::from_bits(second.flags.bits() & !Flags::EVENT_MARK.bits()).unwrap();
    Second { flags, ..second }
}
