//! One example of every frame, byte for byte. The browser's decoder reads the same files.
//!
//! `UBUGOE_BLESS=1` writes them anew; the change then shows in the commit.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use protocol::block::Block;
use protocol::feed::{
    BlockEntry, BlocksFrame, FeedFrame, LinkState, Marks, RosterEntry, TrackNumber, Watch,
    encode_beat, encode_missed, encode_roster,
};
use protocol::link::{
    Ack, Device, EnrollAnswer, EnrollRequest, Frame, Hello, Progress, Refusal, RefusalCode,
    SiteKind, Welcome,
};
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, BridgeId, DeviceId, DeviceTick, EpisodeId, Flags,
    HeartTransducer, Movement, Quality, Reading, Second, Transducers, WallTime,
};

#[path = "golden/file.rs"]
mod file;
use file::golden;

const NOW: WallTime = WallTime(1_795_392_000_250_000);

#[test]
fn the_block_is_as_its_table_says() {
    let block = block();
    let bytes = block.to_bytes();
    golden("block", &bytes);
    assert_eq!(Block::decode(&bytes).unwrap(), block);
    assert_eq!(bytes.len(), 102 + "bed-1".len());
}

#[test]
fn the_frames_of_a_bridge_are_as_recorded() {
    let device = DeviceId::new("bed-1").unwrap();
    let progress = Progress { device, epoch: 7, next: 42 };
    let frames = [
        (
            "hello",
            Frame::Hello(Hello {
                versions: (1, 1),
                now: NOW,
                software: "ubugoe-bridge 0.1.0".into(),
                facility: "みなと産科".into(),
                site: SiteKind::Ambulance,
                devices: vec![Device { id: device, bed: "分娩室1".into() }],
                owed: vec![progress],
            }),
        ),
        ("welcome", Frame::Welcome(Welcome { version: 1, now: NOW, stored: vec![progress] })),
        ("link_block", Frame::Block(block().to_bytes())),
        ("ack", Frame::Ack(Ack { stored: vec![progress] })),
        (
            "refusal",
            Frame::Refusal(Refusal { code: RefusalCode::Token, text: "the token was used".into() }),
        ),
        (
            "enroll_request",
            Frame::EnrollRequest(EnrollRequest { secret: vec![1, 2, 3], csr: vec![4, 5] }),
        ),
        (
            "enroll_answer",
            Frame::EnrollAnswer(EnrollAnswer {
                bridge: BridgeId::new("clinic-a").unwrap(),
                certificate: vec![6],
                authority: vec![7, 8],
            }),
        ),
    ];
    for (name, frame) in frames {
        let bytes = frame.to_bytes();
        golden(name, &bytes);
        let (read, taken) = Frame::decode(&bytes).unwrap().unwrap();
        assert_eq!((&read, taken), (&frame, bytes.len()), "{name}");
        for cut in 0..bytes.len() {
            assert_eq!(Frame::decode(&bytes[..cut]).unwrap(), None, "{name} cut at {cut}");
        }
    }
}

#[test]
fn the_frames_of_a_wall_are_as_recorded() {
    let block = block().to_bytes();
    let entry = BlockEntry {
        track: TrackNumber(3),
        marks: Marks::LATE.with(Marks::GAP_BEFORE),
        received_at: NOW,
        block: &block,
    };
    let mut blocks = BlocksFrame::new(NOW);
    assert!(blocks.push(&entry));
    assert!(blocks.push(&BlockEntry { marks: Marks::HISTORY, ..entry }));
    let blocks = blocks.into_bytes();
    golden("blocks", &blocks);
    let FeedFrame::Blocks { now, entries } = FeedFrame::decode(&blocks).unwrap() else { panic!() };
    assert_eq!((now, entries.len(), entries[0]), (NOW, 2, entry));

    let roster = vec![RosterEntry {
        track: TrackNumber(3),
        link: LinkState::Up,
        since: NOW,
        clock_offset_micros: -1_500,
        site: SiteKind::Clinic,
        bridge: BridgeId::new("clinic-a").unwrap(),
        device: DeviceId::new("bed-1").unwrap(),
        facility: "みなと産科".into(),
        bed: "分娩室1".into(),
    }];
    let [bytes] = encode_roster(NOW, &roster).try_into().unwrap();
    golden("roster", &bytes);
    assert_eq!(FeedFrame::decode(&bytes).unwrap(), FeedFrame::Roster { now: NOW, entries: roster });

    golden("beat", &encode_beat(NOW, 9));
    golden("missed", &encode_missed(NOW, 12));
    let watch = Watch { history_seconds: 600, tracks: vec![TrackNumber(3), TrackNumber(4)] };
    golden("watch", &watch.to_bytes());
    assert_eq!(Watch::decode(&watch.to_bytes()).unwrap(), watch);
}

#[test]
fn a_long_roster_is_cut_into_frames_that_fit() {
    let entry = RosterEntry {
        track: TrackNumber(0),
        link: LinkState::Lost,
        since: NOW,
        clock_offset_micros: 0,
        site: SiteKind::Home,
        bridge: BridgeId::new("a").unwrap(),
        device: DeviceId::new("b").unwrap(),
        facility: "施設".repeat(40),
        bed: "床".into(),
    };
    let entries: Vec<_> =
        (0..1000).map(|n| RosterEntry { track: TrackNumber(n), ..entry.clone() }).collect();
    let mut read = Vec::new();
    for frame in encode_roster(NOW, &entries) {
        assert!(frame.len() <= protocol::feed::FRAME_BYTES_MAX);
        let FeedFrame::Roster { entries, .. } = FeedFrame::decode(&frame).unwrap() else {
            panic!()
        };
        read.extend(entries);
    }
    assert_eq!(read, entries);
}

fn block() -> Block {
    let rate = |quarters, quality| Reading::Measured {
        value: Bpm::from_quarters(quarters).unwrap(),
        quality,
    };
    let toco = |halves| Reading::Measured {
        value: Activity::from_halves(halves),
        quality: Quality::Unrated,
    };
    Block {
        device: DeviceId::new("bed-1").unwrap(),
        epoch: 0x0102_0304_0506_0708,
        seq: 258,
        episode: EpisodeId::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff),
        tick: DeviceTick(1032),
        at: WallTime(1_795_391_999_000_000),
        built_at: WallTime(1_795_392_000_100_000),
        second: Second {
            fhr1: [
                rate(560, Quality::Good),
                rate(561, Quality::Fair),
                rate(562, Quality::Poor),
                Reading::Absent(Absence::Blank),
            ],
            fhr2: [Reading::Absent(Absence::NoTransducer); 4],
            mhr: [rate(328, Quality::Good); 4],
            ua: [toco(0), toco(20), toco(21), toco(255)],
            movement: [Movement::NONE, Movement::MOVING, Movement::NONE, Movement::from_bits(3)],
            transducers: Transducers {
                fhr1: HeartTransducer::Ultrasound,
                fhr2: HeartTransducer::None,
                mhr: HeartTransducer::MaternalEcg,
                ua: ActivityTransducer::External,
            },
            flags: Flags::COINCIDENCE.with(Flags::EVENT_MARK),
        },
    }
}
