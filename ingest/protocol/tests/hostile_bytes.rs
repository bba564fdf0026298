//! Whatever the bytes, a decoder answers; what it accepts is exactly what was written.

#![allow(clippy::unwrap_used, reason = "a helper that fails shall fail its test")]

use proptest::prelude::*;
use protocol::alert::AlertRecord;
use protocol::analysis::Publication;
use protocol::analyst::{AnalystFrame, PublishFrame, take_framed};
use protocol::block::Block;
use protocol::feed::{
    AnalysisFrame, Attend, FeedFrame, Judge, RecordEntry, TrackNumber, Watch, encode_refused,
};
use protocol::link::Frame;
use vitals::{
    Absence, Activity, Bpm, DeviceId, DeviceTick, EpisodeId, Flags, Movement, Quality, Reading,
    Second, Transducers, WallTime,
};

fn heart_rate() -> impl Strategy<Value = Reading<Bpm>> {
    prop_oneof![
        (1..=Bpm::QUARTERS_MAX, 0..4u8).prop_map(|(quarters, quality)| Reading::Measured {
            value: Bpm::from_quarters(quarters).unwrap(),
            quality: Quality::from_code(quality).unwrap(),
        }),
        absence()
    ]
}

fn activity() -> impl Strategy<Value = Reading<Activity>> {
    prop_oneof![
        any::<u8>().prop_map(|halves| Reading::Measured {
            value: Activity::from_halves(halves),
            quality: Quality::Unrated,
        }),
        absence()
    ]
}

fn absence<V: Clone + std::fmt::Debug>() -> impl Strategy<Value = Reading<V>> {
    (1..=7u8).prop_map(|code| Reading::Absent(Absence::from_code(code).unwrap()))
}

prop_compose! {
    fn second()(
        fhr1 in prop::array::uniform4(heart_rate()),
        fhr2 in prop::array::uniform4(heart_rate()),
        mhr in prop::array::uniform4(heart_rate()),
        ua in prop::array::uniform4(activity()),
        movement in prop::array::uniform4((0..4u8).prop_map(Movement::from_bits)),
        flags in (0..=Flags::KNOWN.bits()).prop_map(|bits| Flags::from_bits(bits).unwrap()),
    ) -> Second {
        Second { fhr1, fhr2, mhr, ua, movement, transducers: Transducers::default(), flags }
    }
}

prop_compose! {
    fn block()(
        second in second(),
        device in "[a-z0-9][a-z0-9._-]{0,31}",
        epoch in any::<u64>(),
        seq in any::<u64>(),
        episode in any::<u128>(),
        tick in any::<u64>(),
        at in any::<i64>(),
        built_at in any::<i64>(),
    ) -> Block {
        Block {
            device: DeviceId::new(&device).unwrap(),
            epoch,
            seq,
            episode: EpisodeId::from_u128(episode),
            tick: DeviceTick(tick),
            at: WallTime(at),
            built_at: WallTime(built_at),
            second,
        }
    }
}

proptest! {
    #[test]
    fn a_block_comes_back_bit_for_bit(block in block()) {
        let bytes = block.to_bytes();
        prop_assert_eq!(Block::decode(&bytes).unwrap(), block);
    }

    #[test]
    fn a_flipped_bit_is_never_a_block(block in block(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = block.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Block::decode(&bytes).is_err());
    }

    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(block) = Block::decode(&bytes) {
            prop_assert_eq!(block.to_bytes(), bytes.clone());
        }
        if let Ok(Some((frame, taken))) = Frame::decode(&bytes) {
            prop_assert_eq!(&frame.to_bytes()[..], &bytes[..taken]);
        }
        if let Ok(watch) = Watch::decode(&bytes) {
            prop_assert_eq!(watch.to_bytes(), bytes.clone());
        }
        if let Ok(publication) = Publication::decode(&bytes) {
            prop_assert_eq!(publication.to_bytes(), bytes.clone());
        }
        if let Ok(judge) = Judge::decode(&bytes) {
            prop_assert_eq!(judge.to_bytes(), bytes.clone());
        }
        if let Ok(record) = AlertRecord::decode(&bytes) {
            prop_assert_eq!(record.to_bytes(), bytes.clone());
        }
        if let Ok(attend) = Attend::decode(&bytes) {
            prop_assert_eq!(attend.to_bytes(), bytes.clone());
        }
        drop(AnalystFrame::decode(&bytes));
        drop(take_framed(&bytes));
        drop(FeedFrame::decode(&bytes));
    }

    #[test]
    fn any_body_behind_a_good_record_head_gets_an_answer(
        kind in 1..=5u8,
        fetus in 1..=2u8,
        state in 0..=2u8,
        id in 1..u64::MAX,
        small in prop::collection::vec(prop_oneof![Just(0u8), 0..6u8, any::<u8>()], 0..140),
    ) {
        let mut bytes = vec![1, kind, fetus, state, 9, 0, 0, 0];
        bytes.extend_from_slice(&id.to_le_bytes());
        bytes.extend_from_slice(&[7; 16]);
        bytes.extend_from_slice(&small);
        if let Ok(publication) = Publication::decode(&bytes) {
            prop_assert_eq!(publication.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_of_a_record_is_refused_or_read_as_what_it_says(
        which in 0..RECORDS.len(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = record(RECORDS[which]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(publication) = Publication::decode(&bytes) {
            prop_assert_eq!(publication.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_of_an_alarm_is_refused_or_read_as_what_it_says(
        which in 0..ALERTS.len(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = golden(ALERTS[which]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(record) = AlertRecord::decode(&bytes) {
            prop_assert_eq!(record.to_bytes(), bytes);
        }
    }

    #[test]
    fn any_request_behind_a_good_kind_gets_an_answer(
        kind in 0x63..=0x65u8,
        rest in prop::collection::vec(prop_oneof![0..5u8, any::<u8>()], 0..40),
    ) {
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&rest);
        if let Ok(attend) = Attend::decode(&bytes) {
            prop_assert_eq!(attend.to_bytes(), bytes);
        }
    }

    #[test]
    fn any_refusal_behind_a_good_kind_gets_an_answer(
        what in prop_oneof![0x62..=0x66u8, any::<u8>()],
        number in prop_oneof![0..3u64, Just(0xffff), Just(0x1_0000), any::<u64>()],
        why in 0..10u8,
    ) {
        let mut bytes = vec![0x48];
        bytes.extend_from_slice(&7i64.to_le_bytes());
        bytes.push(what);
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.push(why);
        if let Ok(FeedFrame::Refused { now, refused }) = FeedFrame::decode(&bytes) {
            prop_assert_eq!(encode_refused(now, refused), bytes);
        }
    }

    #[test]
    fn any_entries_behind_a_good_frame_head_get_an_answer(
        records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut frame = PublishFrame::default();
        let mut feed = AnalysisFrame::new(WallTime(1));
        for record in &records {
            let entry = RecordEntry { track: TrackNumber(5), record };
            prop_assert!(frame.push(&entry) && feed.push(&entry));
        }
        let bytes = frame.into_bytes();
        let AnalystFrame::Publish(read) = AnalystFrame::decode(&bytes).unwrap() else {
            panic!("a publish frame was written");
        };
        prop_assert_eq!(read.len(), records.len());
        drop(AnalystFrame::decode(&bytes[..cut.index(bytes.len())]));
        let bytes = feed.into_bytes(Default::default());
        let cut = cut.index(bytes.len());
        prop_assert!(FeedFrame::decode(&bytes[..cut]).is_err());
    }

    #[test]
    fn any_payload_behind_a_good_header_gets_an_answer(
        kind in prop_oneof![Just(1u8), Just(2), Just(4), Just(5), Just(0x11), Just(0x12)],
        payload in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&u16::try_from(payload.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(&payload);
        if let Ok(Some((frame, _))) = Frame::decode(&bytes) {
            prop_assert_eq!(frame.to_bytes(), bytes);
        }
    }
}

/// Records whose every byte is tried in another way.
const RECORDS: [&str; 7] = [
    "finding",
    "contraction",
    "assessment",
    "not_classifiable",
    "baseline",
    "condition",
    "judgement",
];

/// Records of alarms whose every byte is tried in another way.
const ALERTS: [&str; 4] = ["alert_active", "alert_acknowledged", "alert_resolved", "alert_pause"];

fn record(name: &str) -> Vec<u8> {
    golden(&format!("publication_{name}"))
}

fn golden(name: &str) -> Vec<u8> {
    let path = format!("{}/golden/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let hex = std::fs::read_to_string(path).unwrap().replace('\n', "");
    data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
}
