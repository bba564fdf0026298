//! Byte files made apart from this code, decoded to the last byte.
//!
//! They are not part of the crate. Where they are missing, each test says so and passes.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic, helpers included")]

use std::fs;
use std::path::PathBuf;

use device_codec::series50::{
    Decoder, Event, FRAME_BYTES_MAX, Interpretation, Message, Request, SaturationScale,
};
use serde_json::Value;
use vitals::{ActivityTransducer, Flags, HeartTransducer, Quality, Reading};

#[test]
fn the_clean_stream_gives_every_block_at_its_place() {
    let (Some(bytes), Some(blocks)) =
        (recorded("series50-clean-60s.bin"), recorded("series50-clean-60s.blocks.json"))
    else {
        return;
    };
    let blocks: Vec<Value> = serde_json::from_slice(&blocks).unwrap();
    let expected: Vec<_> = blocks
        .iter()
        .map(|block| (number(&block["offset"]), number(&block["len"]), text(&block["type"])))
        .collect();
    let decoded: Vec<_> = placed(&events(&bytes))
        .iter()
        .map(|(offset, event)| (*offset, event.wire_bytes(), word(event)))
        .map(|(offset, len, word)| {
            (offset, len, if word == "MM" { word } else { word[..1].into() })
        })
        .collect();
    assert_eq!(decoded, expected);
    assert_eq!(decoded.len(), 71);
}

#[test]
fn the_clean_stream_gives_all_240_samples() {
    let (Some(bytes), Some(samples)) =
        (recorded("series50-clean-60s.bin"), recorded("series50-clean-60s.samples.csv"))
    else {
        return;
    };
    let samples = String::from_utf8(samples).unwrap();
    let expected: Vec<&str> = samples.lines().skip(1).map(str::trim_end).collect();
    let mut decoded = Vec::new();
    for event in events(&bytes) {
        let Event::Message { message: Message::Ctg(block), .. } = event else { continue };
        for tick in 0..4 {
            let (hr1, hr2, mhr) = (block.hr1[tick], block.hr2[tick], block.mhr[tick]);
            let row = format!(
                "{},{},{},{},{},{},{},{},{},{:04x}",
                decoded.len() * 250,
                hr1.rate_quarters(),
                colour(hr1.quality()),
                hr1.movement().bits(),
                hr2.rate_quarters(),
                colour(hr2.quality()),
                mhr.rate_quarters(),
                colour(mhr.quality()),
                block.toco[tick],
                block.status.0
            );
            decoded.push(row);
        }
    }
    assert_eq!(decoded, expected);
    assert_eq!(decoded.len(), 240);
}

#[test]
fn the_clean_stream_says_what_it_was_made_to_say() {
    let Some(bytes) = recorded("series50-clean-60s.bin") else { return };
    let seconds: Vec<_> = events(&bytes)
        .into_iter()
        .filter_map(|event| match event {
            Event::Message { message: Message::Ctg(block), .. } => {
                Some(block.second(&Interpretation::default()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(seconds[8].fhr1[0].quality(), Some(Quality::Fair));
    assert!(seconds[10].movement.iter().all(|mark| mark.is_moving()));
    assert_eq!(seconds[20].fhr1, [Reading::Absent(vitals::Absence::Blank); 4]);
    assert_eq!(seconds[0].fhr2, [Reading::Absent(vitals::Absence::NoTransducer); 4]);
    assert!(seconds[50].flags.contains(Flags::COINCIDENCE));
    assert!(!seconds[49].flags.contains(Flags::COINCIDENCE));
    assert!(seconds.iter().all(|second| !second.flags.contains(Flags::RESERVED_BIT)));
}

#[test]
fn the_fault_stream_gives_exactly_the_listed_events() {
    let (Some(bytes), Some(expected)) =
        (recorded("series50-faults.bin"), recorded("series50-faults.expect.json"))
    else {
        return;
    };
    let expected: Vec<Value> = serde_json::from_slice(&expected).unwrap();
    let mut decoded = placed(&events(&bytes)).into_iter().peekable();
    let mut junk = Vec::new();
    for entry in &expected {
        let (start, wanted) = (number(&entry["offset"]), text(&entry["expect"]));
        let end = start + number(&entry["bytes"]);
        let mut words = Vec::new();
        let mut at = start;
        while let Some((offset, event)) = decoded.next_if(|(offset, _)| *offset < end) {
            assert_eq!(offset, at, "no byte without an event, at {wanted}");
            at += event.wire_bytes();
            match event {
                Event::Junk { bytes } if !wanted.starts_with("junk") => junk.push((offset, bytes)),
                _ => words.push(word(&event)),
            }
        }
        assert_eq!(at, end, "the events end where {wanted} ends");
        assert_eq!(words, [wanted], "at {start}");
    }
    assert_eq!(decoded.next(), None);
    // The stray escape before `?C`, and what was left after the wrong escape and the oversize.
    assert_eq!(junk, [(195, 1), (209, 4), (921, 89)]);
}

#[test]
fn a_frame_of_escapes_only_is_kept_and_marked() {
    let Some(bytes) = recorded("series50-faults.bin") else { return };
    let Some(Event::Message { message: Message::Ctg(block), wire_bytes: 75 }) =
        events(&bytes[281..356]).pop()
    else {
        panic!("75 bytes of one C block");
    };
    assert!(block.has_reserved_bits());
    assert!(block.second(&Interpretation::default()).flags.contains(Flags::RESERVED_BIT));
    assert_eq!(block.toco, [0x10; 4]);
}

#[test]
fn any_chunking_gives_the_same_events() {
    for name in ["series50-clean-60s.bin", "series50-faults.bin"] {
        let Some(bytes) = recorded(name) else { return };
        let whole = events(&bytes);
        assert_eq!(chunked(bytes.chunks(1)), whole, "{name} byte by byte");
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(chunked([head, tail].into_iter()), whole, "{name} split at {at}");
        }
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for round in 0..100 {
            let mut rest = bytes.as_slice();
            let chunks = core::iter::from_fn(|| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let length = usize::try_from(random % 97).unwrap().min(rest.len());
                let chunk;
                (chunk, rest) = rest.split_at(length);
                (!rest.is_empty() || !chunk.is_empty()).then_some(chunk)
            });
            assert_eq!(chunked(chunks), whole, "{name} random chunks, round {round}");
        }
    }
}

#[test]
fn every_vector_decodes_as_described_and_is_written_back_alike() {
    for vector in vectors() {
        let id = text(&vector["id"]);
        let bytes = hex(&text(&vector["hex"]));
        let [Event::Message { message, wire_bytes }] = events(&bytes)[..] else {
            panic!("{id} is one message");
        };
        assert_eq!(wire_bytes, bytes.len(), "{id}");
        check(&id, &message, &vector["expect"]);
        let mut frame = [0; FRAME_BYTES_MAX];
        let written = message.encode(&mut frame).unwrap();
        assert_eq!(frame[..written], bytes, "{id}");
    }
}

#[test]
fn no_flipped_bit_of_a_vector_passes_as_a_message() {
    for vector in vectors() {
        let good = hex(&text(&vector["hex"]));
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let passed = events(&bytes).iter().any(|event| matches!(event, Event::Message { .. }));
            assert!(!passed, "{} with bit {bit} flipped", vector["id"]);
        }
    }
}

/// Compares a message with the description of its vector.
fn check(id: &str, message: &Message, expect: &Value) {
    assert_eq!(char::from(message.block_type()).to_string(), expect["type"], "{id}");
    match message {
        Message::Request(Request::Ctg) => assert_eq!(expect["want"], "C"),
        Message::Request(Request::Identity) => assert_eq!(expect["want"], "I"),
        Message::Revision(revision) => assert_eq!(expect["revision"], revision.to_string()),
        Message::Failure(code) => assert_eq!(expect["code"], code.to_string()),
        Message::Note(note) => {
            assert_eq!(expect["id"], core::str::from_utf8(note.id()).unwrap());
            assert_eq!(expect["text"], core::str::from_utf8(note.text()).unwrap());
        }
        Message::Identity(identity) => {
            assert_eq!(expect["id"], identity.model.to_string());
            assert_eq!(expect["protocol"], identity.protocol.to_string());
            assert_eq!(expect["software"], identity.software.to_string());
            assert_eq!(expect["serial"], identity.serial.to_string());
        }
        Message::NonInvasivePressure(pressure) => {
            assert_eq!(expect["sys"], pressure.systolic_mmhg);
            assert_eq!(expect["dia"], pressure.diastolic_mmhg);
            assert_eq!(expect["map"], pressure.mean_mmhg);
            match pressure.pulse.measured() {
                Ok(rate) => assert_eq!(expect["hr"], f64::from(rate.bpm())),
                Err(why) => {
                    assert!(expect["hr"].is_null());
                    assert!(why.to_string().contains("cannot measure"));
                    assert_eq!(expect["hr_reason"], "device cannot measure");
                }
            }
        }
        Message::Saturation(saturation) => {
            let halves = saturation.saturation.measured_halves().unwrap();
            assert_eq!(expect["spo2"], f64::from(halves) / 2.0);
            assert_eq!(expect["pulse"], f64::from(saturation.pulse.measured().unwrap().bpm()));
        }
        Message::Temperature(temperature) => {
            assert_eq!(expect["celsius"], f64::from(temperature.tenths_celsius()) / 10.0);
        }
        Message::Ctg(block) => {
            assert_eq!(expect["status"], format!("{:04x}", block.status.0));
            let second = block.second(&Interpretation::default());
            check_ctg(&second, expect);
            assert_eq!(
                expect.get("hr1_inop").is_some_and(|inop| inop == true),
                block.hr1_mode().inoperative
            );
            assert_eq!(block.fetal_saturation_halves(SaturationScale::WholePercent), None);
            assert!(!block.has_reserved_bits(), "{id}");
        }
        Message::EventMark | Message::Start | Message::Stop => {}
    }
}

fn check_ctg(second: &vitals::Second, expect: &Value) {
    for (name, ticks) in [("hr1", second.fhr1), ("hr2", second.fhr2), ("mhr", second.mhr)] {
        let values = ticks.map(|tick| tick.value().map(|rate| rate.bpm()));
        match expect.get(name) {
            Some(rates) => assert_eq!(*rates, serde_json::json!(values), "{name}"),
            None if expect["all_blank"] == true => assert_eq!(values, [None; 4], "{name}"),
            None => {}
        }
        if let Some(quality) = expect.get(format!("{name}_quality")) {
            assert_eq!(*quality, colour(ticks[0].quality().unwrap()));
        }
    }
    for (name, transducer) in [
        ("hr1_mode", second.transducers.fhr1),
        ("hr2_mode", second.transducers.fhr2),
        ("mhr_mode", second.transducers.mhr),
    ] {
        let Some(mode) = expect.get(name) else { continue };
        let word = match transducer {
            HeartTransducer::None => "none",
            HeartTransducer::Ultrasound => "US",
            HeartTransducer::DirectEcg => "DECG",
            HeartTransducer::MaternalEcg => "MECG",
            HeartTransducer::External => "external",
            HeartTransducer::Unknown => "unknown",
        };
        assert_eq!(*mode, word, "{name}");
    }
    if let Some(toco) = expect.get("toco") {
        let values = second.ua.map(|tick| tick.value().map(|activity| activity.units()));
        assert_eq!(*toco, serde_json::json!(values));
        let word = match second.transducers.ua {
            ActivityTransducer::None => "none",
            ActivityTransducer::External => "external",
            ActivityTransducer::IntraUterine => "IUP",
            ActivityTransducer::Unknown => "unknown",
        };
        assert_eq!(expect["toco_mode"], word);
    }
    if let Some(movement) = expect.get("hr1_fmp") {
        assert_eq!(*movement, serde_json::json!(second.movement.map(|mark| mark.bits())));
    }
    for (name, flag) in [("coincidence", Flags::COINCIDENCE), ("twin_offset", Flags::TWIN_OFFSET)] {
        let expected = expect.get(name).is_some_and(|value| value == true);
        assert_eq!(expected, second.flags.contains(flag), "{name}");
    }
}

/// Every event of these bytes, the end of the line included.
fn events(bytes: &[u8]) -> Vec<Event> {
    chunked([bytes].into_iter())
}

fn chunked<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Event> {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    for chunk in chunks {
        decoder.decode(chunk, |event| events.push(event));
    }
    events.extend(decoder.finish());
    events
}

/// Each event with the offset of its first byte.
fn placed(events: &[Event]) -> Vec<(usize, Event)> {
    let mut at = 0;
    events
        .iter()
        .map(|event| {
            let offset = at;
            at += event.wire_bytes();
            (offset, *event)
        })
        .collect()
}

/// An event in the words of the files.
fn word(event: &Event) -> String {
    match event {
        Event::Junk { bytes } => format!("junk:{bytes}"),
        Event::Fault(fault) => fault.word().into(),
        Event::Message { message, .. } => match message {
            Message::Ctg(block) if block.status.ticks_inserted() => "C+inserted".into(),
            Message::Ctg(block) if block.status.ticks_deleted() => "C+deleted".into(),
            Message::EventMark => "MM".into(),
            Message::Request(Request::Ctg) => "?C".into(),
            Message::Request(Request::Identity) => "?I".into(),
            Message::Failure(code) => format!("F{code}"),
            other => char::from(other.block_type()).into(),
        },
    }
}

fn colour(quality: Quality) -> &'static str {
    match quality {
        Quality::Poor => "red",
        Quality::Fair => "yellow",
        Quality::Good => "green",
        Quality::Unrated => "reserved",
    }
}

fn vectors() -> Vec<Value> {
    let Some(bytes) = recorded("vectors.json") else { return Vec::new() };
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    let vectors: Vec<Value> = file["vectors"].as_array().unwrap().clone();
    let ours: Vec<_> =
        vectors.into_iter().filter(|vector| vector["family"] == "series50").collect();
    assert_eq!(ours.len(), 18);
    ours
}

/// A file of the recordings, or `None` with a word on the console where there is none.
fn recorded(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = folder.join("device-captures").join(name);
    if !folder.exists() {
        println!("skipped: there is no {}", path.display());
        return None;
    }
    Some(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().into()
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
