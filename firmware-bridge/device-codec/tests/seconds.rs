//! What the codec promises for any second, read from a block or written to one.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic, helpers included")]

use device_codec::series50::{
    CTG_FRAME_BYTES_MAX, CtgBlock, Decoder, Event, HeartSample, InoperativeRates, Interpretation,
    Message, SaturationScale, Status,
};
use proptest::array::uniform4;
use proptest::prelude::*;
use vitals::{
    Absence, Activity, ActivityTransducer, Bpm, Flags, HeartTransducer, Movement, Quality, Reading,
    Second, Transducers,
};

#[test]
fn an_inoperative_channel_shows_a_rate_only_where_the_site_says_so() {
    let block = CtgBlock {
        hr1: [HeartSample(0x4230), HeartSample(0), HeartSample(0x4230), HeartSample(0)],
        heart_modes: 0x3000,
        ..CtgBlock::default()
    };
    let withheld = block.second(&Interpretation::default());
    assert_eq!(withheld.fhr1, [Reading::Absent(Absence::Inoperative); 4]);
    let kept = block.second(&Interpretation { inoperative: InoperativeRates::Kept });
    assert_eq!(kept.fhr1[0].value().map(Bpm::quarters), Some(0x230));
    assert_eq!(kept.fhr1[1], Reading::Absent(Absence::Inoperative));
}

#[test]
fn fetal_saturation_is_read_by_the_scale_of_its_revision() {
    let mut block = CtgBlock { status: Status(0x8800), saturation: 95, ..CtgBlock::default() };
    assert_eq!(block.fetal_saturation_halves(SaturationScale::WholePercent), Some(190));
    assert_eq!(block.fetal_saturation_halves(SaturationScale::HalfPercent), Some(95));
    block.saturation = 0x80 | 40;
    assert_eq!(block.fetal_saturation_halves(SaturationScale::WholePercent), None);
    assert!(block.has_reserved_bits());
    block.saturation = 0;
    assert_eq!(block.fetal_saturation_halves(SaturationScale::HalfPercent), None);
}

#[test]
fn an_absent_activity_is_never_sent_as_a_measured_zero() {
    let mut second = Second::absent(Absence::Blank);
    second.transducers.ua = ActivityTransducer::External;
    let value = Activity::from_halves(20);
    second.ua[2] = Reading::Measured { value, quality: Quality::Unrated };
    let back = CtgBlock::from_second(&second).second(&Interpretation::default());
    assert_eq!(back.ua.map(|tick| tick.value()), [None, None, Some(value), None]);
}

#[test]
fn each_reserved_bit_of_a_block_alone_is_told() {
    let clean = CtgBlock::default();
    assert!(!clean.has_reserved_bits());
    for bit in 0..16 {
        let block = CtgBlock { status: Status(1 << bit), ..clean };
        assert_eq!(block.has_reserved_bits(), [2, 3, 4, 6, 7, 10, 12].contains(&bit), "bit {bit}");
    }
    for (word, fetal, maternal) in
        [(0x8000, true, true), (0x6000, true, true), (0x1000, true, true), (0x0800, false, true)]
    {
        let sample = [HeartSample(0), HeartSample(word), HeartSample(0), HeartSample(0)];
        assert_eq!(CtgBlock { hr1: sample, ..clean }.has_reserved_bits(), fetal);
        assert_eq!(CtgBlock { hr2: sample, ..clean }.has_reserved_bits(), maternal);
        assert_eq!(CtgBlock { mhr: sample, ..clean }.has_reserved_bits(), maternal);
    }
    for (heart_modes, reserved) in [
        (0xfff0, false),
        (0x2260, false),
        (0x0001, true),
        (0xc000, true),
        (0x0600, true),
        (0x0020, true),
    ] {
        assert_eq!(
            CtgBlock { heart_modes, ..clean }.has_reserved_bits(),
            reserved,
            "{heart_modes:04x}"
        );
    }
    for (toco_mode, reserved) in
        [(8, false), (10, false), (14, false), (2, true), (1, true), (16, true)]
    {
        assert_eq!(
            CtgBlock { toco_mode, ..clean }.has_reserved_bits(),
            reserved,
            "{toco_mode:02x}"
        );
    }
}

proptest! {
    #[test]
    fn a_second_the_device_can_express_survives(second in expressible()) {
        let block = CtgBlock::from_second(&second);
        prop_assert!(block.status.monitor_on());
        prop_assert_eq!(block.second(&Interpretation::default()), second);
        let mut frame = [0; CTG_FRAME_BYTES_MAX];
        let written = Message::Ctg(block).encode(&mut frame).unwrap();
        prop_assert_eq!(received(&frame[..written]), Some(block));
    }

    #[test]
    fn no_second_gains_a_value_on_the_way(second in any_second()) {
        let back = CtgBlock::from_second(&second).second(&Interpretation::default());
        let rates = [(second.fhr1, back.fhr1), (second.fhr2, back.fhr2), (second.mhr, back.mhr)];
        for (sent, read) in rates {
            prop_assert_eq!(sent.map(|tick| tick.value()), read.map(|tick| tick.value()));
        }
        for (sent, read) in second.ua.iter().zip(&back.ua) {
            let lost_zero = sent.value().map(Activity::halves) == Some(0) && read.value().is_none();
            prop_assert!(lost_zero || sent.value() == read.value());
        }
        prop_assert_eq!(second.movement, back.movement);
    }

    #[test]
    fn a_reserved_bit_is_kept_and_told(block in any_block()) {
        let mut frame = [0; CTG_FRAME_BYTES_MAX];
        let written = Message::Ctg(block).encode(&mut frame).unwrap();
        prop_assert_eq!(received(&frame[..written]), Some(block));
        for inoperative in [InoperativeRates::Withheld, InoperativeRates::Kept] {
            let second = block.second(&Interpretation { inoperative });
            prop_assert_eq!(second.flags.contains(Flags::RESERVED_BIT), block.has_reserved_bits());
        }
    }
}

fn any_block() -> impl Strategy<Value = CtgBlock> {
    let heart = || uniform4(any::<u16>().prop_map(HeartSample));
    let modes = (any::<u16>(), any::<u8>(), any::<u8>());
    (any::<u16>(), heart(), heart(), heart(), any::<[u8; 4]>(), modes).prop_map(
        |(status, hr1, hr2, mhr, toco, (heart_modes, toco_mode, saturation))| CtgBlock {
            status: Status(status),
            hr1,
            hr2,
            mhr,
            toco,
            heart_modes,
            toco_mode,
            saturation,
        },
    )
}

fn any_second() -> impl Strategy<Value = Second> {
    let heart = prop::sample::select(
        [0, 1, 2, 3, 4, 7].map(|code| HeartTransducer::from_code(code).unwrap()).to_vec(),
    );
    let ticks = || uniform4(prop_oneof![rate(), absence()]);
    let ua = uniform4(prop_oneof![
        (any::<u8>(), 0..4_u8).prop_map(|(halves, quality)| Reading::Measured {
            value: Activity::from_halves(halves),
            quality: Quality::from_code(quality).unwrap(),
        }),
        prop::sample::select(Absence::ALL.to_vec()).prop_map(Reading::Absent),
    ]);
    (
        (ticks(), ticks(), ticks(), ua),
        uniform4(any::<u8>().prop_map(Movement::from_bits)),
        (heart.clone(), heart.clone(), heart, activity_transducer()),
        (0..=Flags::KNOWN.bits()).prop_map(|bits| Flags::from_bits(bits).unwrap()),
    )
        .prop_map(|((fhr1, fhr2, mhr, ua), movement, transducers, flags)| Second {
            fhr1,
            fhr2,
            mhr,
            ua,
            movement,
            transducers: Transducers {
                fhr1: transducers.0,
                fhr2: transducers.1,
                mhr: transducers.2,
                ua: transducers.3,
            },
            flags,
        })
}

/// Seconds as [`CtgBlock::from_second`] documents that a device can express them.
fn expressible() -> impl Strategy<Value = Second> {
    let fetal = || heart_channel(&[0, 1, 2, 7]);
    let ua = activity_transducer().prop_flat_map(|transducer| {
        let halves = prop_oneof![4 => any::<u8>(), 1 => Just(0)];
        let tick = halves.prop_map(move |halves| match (transducer, halves) {
            (ActivityTransducer::None, 0) => Reading::Absent(Absence::NoTransducer),
            _ => Reading::Measured {
                value: Activity::from_halves(halves),
                quality: Quality::Unrated,
            },
        });
        (Just(transducer), uniform4(tick))
    });
    let from_the_status = Flags::COINCIDENCE.bits()
        | Flags::TWIN_OFFSET.bits()
        | Flags::MOVEMENT_PROFILE.bits()
        | Flags::TELEMETRY.bits()
        | Flags::DECG_LOGIC.bits()
        | Flags::TICKS_INSERTED.bits()
        | Flags::TICKS_DELETED.bits()
        | Flags::RESERVED_BIT.bits();
    (
        (fetal(), fetal(), heart_channel(&[0, 3, 4, 7]), ua),
        uniform4((0..4_u8).prop_map(Movement::from_bits)),
        any::<u16>(),
    )
        .prop_map(move |((fhr1, fhr2, mhr, ua), movement, bits)| {
            let mut flags = Flags::from_bits(bits & from_the_status).unwrap();
            let unrated = [fhr1.1, fhr2.1, mhr.1]
                .as_flattened()
                .iter()
                .any(|tick| tick.quality() == Some(Quality::Unrated));
            if unrated || movement.iter().any(|mark| mark.bits() > 1) {
                flags = flags.with(Flags::RESERVED_BIT);
            }
            Second {
                fhr1: fhr1.1,
                fhr2: fhr2.1,
                mhr: mhr.1,
                ua: ua.1,
                movement,
                transducers: Transducers { fhr1: fhr1.0, fhr2: fhr2.0, mhr: mhr.0, ua: ua.0 },
                flags,
            }
        })
}

fn heart_channel(
    codes: &[u8],
) -> impl Strategy<Value = (HeartTransducer, [Reading<Bpm>; 4])> + use<> {
    let transducers: Vec<_> =
        codes.iter().map(|code| HeartTransducer::from_code(*code).unwrap()).collect();
    prop::sample::select(transducers).prop_flat_map(|transducer| {
        let blank = match transducer {
            HeartTransducer::None => Absence::NoTransducer,
            _ => Absence::Blank,
        };
        let ticks = prop_oneof![
            4 => uniform4(prop_oneof![4 => rate(), 1 => Just(Reading::Absent(blank))]),
            1 => Just([Reading::Absent(Absence::Inoperative); 4]),
        ];
        (Just(transducer), ticks)
    })
}

fn rate() -> impl Strategy<Value = Reading<Bpm>> {
    (1..=Bpm::QUARTERS_MAX, 0..4_u8).prop_map(|(quarters, quality)| Reading::Measured {
        value: Bpm::from_quarters(quarters).unwrap(),
        quality: Quality::from_code(quality).unwrap(),
    })
}

fn absence() -> impl Strategy<Value = Reading<Bpm>> {
    prop::sample::select(Absence::ALL.to_vec()).prop_map(Reading::Absent)
}

fn activity_transducer() -> impl Strategy<Value = ActivityTransducer> + Clone {
    prop::sample::select(
        [0, 1, 2, 7].map(|code| ActivityTransducer::from_code(code).unwrap()).to_vec(),
    )
}

/// The block a decoder finds in these bytes, which are one frame.
fn received(frame: &[u8]) -> Option<CtgBlock> {
    let mut found = None;
    Decoder::new().decode(frame, |event| {
        if let Event::Message { message: Message::Ctg(block), .. } = event {
            found = Some(block);
        }
    });
    found
}
