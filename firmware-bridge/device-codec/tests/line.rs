//! What the codec promises for any bytes of a line.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic, helpers included")]

use device_codec::series50::{
    Decoder, Event, FRAME_BYTES_MAX, Fault, JUNK_BYTES_MAX, Message, NOTE_BYTES_MAX, Note,
    PAYLOAD_BYTES_MAX, Request,
};
use proptest::prelude::*;

/// The frames of the guide's tables. The last four have checksums that look like framing.
const FRAMES: [&str; 24] = [
    "10023f431003d1ed",
    "10023f491003162c",
    "1002471003421f",
    "10024810036e2e",
    "10025641323010032c2f",
    "10024d4d100365f1",
    "10024635303310031613",
    "10024e0048454c4c4f10037928",
    "10024e025043546869732069732061206e6f74652e10036fb1",
    "1002494d3133353041413230412e30322e3030333031394731303031301003329d",
    "10025000780050005d012010039e2f",
    "10025000780050005dffff1003ea9d",
    "100254781003a374",
    "100253be01541003c51f",
    "100253bc013810036f96",
    "100253b2021c100361e4",
    "10024380014230423142324a3400000000000000004140414041404140141415162060080010037421",
    "1002438003421010421010421010421010221010221010221010221010000000000000000010101010202122000a001003c8bc",
    "100243800000000000000000000000000000000000000000000000000000000000000000001003ab12",
    "10024381000000000000000000000000000000000000000000000000000a0a0a0a1010000800100387ce",
    "10024e00696e2410031002",
    "10024e002e372f10031003",
    "10024e0036752810031010",
    "10024e002020201003b910",
];

#[test]
fn every_frame_of_the_guide_is_read_and_written_back_alike() {
    for frame in FRAMES {
        let bytes = hex(frame);
        let [Event::Message { message, wire_bytes }] = events(&bytes)[..] else {
            panic!("{frame} is one message");
        };
        assert_eq!(wire_bytes, bytes.len(), "{frame}");
        assert_eq!(encoded(&message), bytes);
    }
}

#[test]
fn frames_in_any_order_split_anywhere_give_the_same_events() {
    let line: Vec<u8> = FRAMES.iter().chain(FRAMES.iter().rev()).flat_map(|f| hex(f)).collect();
    let whole = events(&line);
    assert_eq!(whole.len(), 2 * FRAMES.len());
    for at in 0..=line.len() {
        let mut decoder = Decoder::new();
        let mut split = Vec::new();
        decoder.decode(&line[..at], |event| split.push(event));
        decoder.decode(&line[at..], |event| split.push(event));
        assert_eq!(split, whole, "split at {at}");
    }
}

#[test]
fn a_flipped_bit_costs_its_frame_and_at_most_the_next() {
    let next = hex(FRAMES[5]);
    for frame in FRAMES {
        let good = hex(frame);
        for bit in 0..good.len() * 8 {
            let mut line = good.clone();
            line[bit / 8] ^= 1 << (bit % 8);
            let alone = messages(&line);
            assert_eq!(alone, [], "{frame} with bit {bit} flipped");
            line.extend_from_slice(&next);
            line.extend_from_slice(&next);
            let found = messages(&line);
            assert!((1..=2).contains(&found.len()), "{frame} with bit {bit} flipped: {found:?}");
            assert!(found.iter().all(|message| *message == Message::EventMark));
        }
    }
}

#[test]
fn ten_million_random_bytes_give_no_second() {
    let mut state = 0x5eed_0000_4711_u64;
    let mut decoder = Decoder::new();
    let mut accounted = 0;
    for _ in 0..10_000_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let byte = (state >> 56) as u8;
        if let Some(event) = decoder.push(byte) {
            accounted += event.wire_bytes();
            assert!(!matches!(event, Event::Message { message: Message::Ctg(_), .. }), "{event:?}");
        }
    }
    assert_eq!(accounted + decoder.pending_bytes(), 10_000_000);
}

#[test]
fn a_lost_port_ends_the_frame_under_way() {
    let frame = hex(FRAMES[16]);
    for cut in 2..frame.len() {
        let mut decoder = Decoder::new();
        decoder.decode(&frame[..cut], |event| panic!("{event:?} after {cut} bytes"));
        let truncated = Event::Fault(Fault::Truncated { wire_bytes: cut });
        assert_eq!(decoder.finish(), Some(truncated));
        assert_eq!(decoder.finish(), None);
        let mut rest = Vec::new();
        decoder.decode(&frame[cut..], |event| rest.push(event));
        rest.extend(decoder.finish());
        assert_eq!(rest, [Event::Junk { bytes: frame.len() - cut }]);
    }
    let mut decoder = Decoder::new();
    assert_eq!((decoder.push(0x10), decoder.finish()), (None, Some(Event::Junk { bytes: 1 })));
}

#[test]
fn blocks_of_another_shape_are_told_apart() {
    let fault = |payload: &[u8]| match events(&framed(payload))[..] {
        [Event::Fault(fault)] => fault.word(),
        ref other => panic!("{other:?}"),
    };
    assert_eq!(fault(b""), "empty");
    assert_eq!(fault(b"Z"), "unknown_type");
    assert_eq!(fault(b"?Z"), "content_error");
    assert_eq!(fault(b"MX"), "content_error");
    assert_eq!(fault(b"M"), "length_error");
    assert_eq!(fault(b"G!"), "length_error");
    assert_eq!(fault(b"N"), "length_error");
    assert_eq!(fault(b"N\x05four"), "length_error");
    for (block, bytes) in
        [(b'C', 35), (b'I', 27), (b'P', 9), (b'S', 4), (b'T', 2), (b'F', 4), (b'V', 4)]
    {
        for given in (1..60).filter(|&given| given != bytes) {
            let mut payload = vec![0; given];
            payload[0] = block;
            assert_eq!(fault(&payload), "length_error", "{given} bytes of {block}");
        }
    }
}

#[test]
fn the_largest_payload_passes_and_one_byte_more_does_not() {
    let mut payload = vec![0x10; PAYLOAD_BYTES_MAX];
    payload[0] = b'Z';
    let events_of = |payload: &[u8]| events(&framed(payload));
    let unknown = Fault::UnknownType {
        block: b'Z',
        payload_bytes: PAYLOAD_BYTES_MAX,
        wire_bytes: FRAME_BYTES_MAX - 1,
    };
    assert_eq!(events_of(&payload), [Event::Fault(unknown)]);
    payload.push(0);
    assert!(matches!(
        events_of(&payload)[..],
        [Event::Fault(Fault::Oversize { .. }), Event::Junk { .. }]
    ));
}

#[test]
fn a_fault_says_whether_a_second_may_be_lost_and_what_to_do() {
    let hides = |block| Fault::Length { block, payload_bytes: 3, wire_bytes: 9 };
    assert!(hides(b'C').may_hide_a_second());
    assert!(!hides(b'S').may_hide_a_second());
    let unknown = Fault::UnknownType { block: b'\n', payload_bytes: 4, wire_bytes: 10 };
    assert!(!unknown.may_hide_a_second());
    assert_eq!(
        unknown.to_string(),
        r"block of unknown type '\n' with 4 bytes was skipped; nothing to do"
    );
    let checksum = Fault::Checksum { computed: 0x31c3, received: 0x31c2, wire_bytes: 41 };
    assert!(checksum.may_hide_a_second());
    assert_eq!(
        checksum.to_string(),
        "checksum of a frame is 31c2 instead of 31c3, 41 bytes dropped; if it repeats, check \
         cable, plug and line speed"
    );
}

#[test]
fn a_bridge_can_tell_commands_from_what_prints_on_a_strip() {
    for command in [Message::Request(Request::Ctg), Message::Start, Message::Stop] {
        assert!(command.is_command());
    }
    assert!(!Message::Note(Note::new(b"", b"HELLO").unwrap()).is_command());
}

proptest! {
    #[test]
    fn any_bytes_are_accounted_for_to_the_last(bytes in prop::collection::vec(line_byte(), 0..4000)) {
        let mut decoder = Decoder::new();
        let mut accounted = 0;
        for (count, byte) in bytes.iter().enumerate() {
            if let Some(event) = decoder.push(*byte) {
                prop_assert!(event.wire_bytes() > 0);
                accounted += event.wire_bytes();
            }
            prop_assert_eq!(accounted + decoder.pending_bytes(), count + 1);
            prop_assert!(decoder.pending_bytes() <= FRAME_BYTES_MAX.max(JUNK_BYTES_MAX + 1));
        }
        accounted += decoder.finish().map_or(0, |event| event.wire_bytes());
        prop_assert_eq!(accounted, bytes.len());
        prop_assert_eq!(decoder.pending_bytes(), 0);
    }

    #[test]
    fn what_is_read_is_written_back_alike(payload in payload()) {
        let frame = framed(&payload);
        let decoded = events(&frame);
        let [Event::Message { message, wire_bytes }] = decoded[..] else {
            panic!("{decoded:?}");
        };
        prop_assert_eq!(wire_bytes, frame.len());
        prop_assert_eq!(encoded(&message), frame);
    }
}

/// Bytes of a line with much framing in it.
fn line_byte() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(0x10), 2 => Just(0x02), 1 => Just(0x03), 4 => any::<u8>()]
}

/// A payload of each type with the right shape and any content.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        (b'C', 34),
        (b'I', 26),
        (b'P', 8),
        (b'S', 3),
        (b'T', 1),
        (b'F', 3),
        (b'V', 3),
        (b'G', 0),
        (b'H', 0),
    ])
    .prop_flat_map(|(block, bytes)| {
        prop::collection::vec(line_byte(), bytes).prop_map(move |body| [vec![block], body].concat())
    });
    let note = (any::<u8>(), prop::collection::vec(line_byte(), 0..=NOTE_BYTES_MAX)).prop_map(
        |(id, content)| {
            let id = id.min(u8::try_from(content.len()).unwrap_or(u8::MAX));
            [vec![b'N', id], content].concat()
        },
    );
    prop_oneof![fixed, note]
}

/// Every event of these bytes, the end of the line included.
fn events(bytes: &[u8]) -> Vec<Event> {
    let mut decoder = Decoder::new();
    let mut events = Vec::new();
    decoder.decode(bytes, |event| events.push(event));
    events.extend(decoder.finish());
    events
}

fn messages(bytes: &[u8]) -> Vec<Message> {
    let message = |event| match event {
        Event::Message { message, .. } => Some(message),
        _ => None,
    };
    events(bytes).into_iter().filter_map(message).collect()
}

fn encoded(message: &Message) -> Vec<u8> {
    let mut frame = [0; FRAME_BYTES_MAX];
    let written = message.encode(&mut frame).unwrap();
    frame[..written].to_vec()
}

/// A frame around any payload, built here bit by bit and not by the code under test.
fn framed(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x10, 0x02];
    for byte in payload {
        frame.extend(core::iter::repeat_n(*byte, if *byte == 0x10 { 2 } else { 1 }));
    }
    frame.extend([0x10, 0x03]);
    let mut crc = 0_u16;
    for byte in &frame {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
        }
    }
    frame.extend(crc.to_be_bytes());
    frame
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
