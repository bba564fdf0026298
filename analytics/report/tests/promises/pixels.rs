//! A PNG prints at true size: measured in its pixels, by the size that it states.
//!
//! Pictures in `tests/golden` hold the look: `UBUGOE_BLESS=1 cargo test -p report` writes them
//! anew. Look at every one that changed.

use std::fs;
use std::io::Read;
use std::path::Path;

use ctg::{Span, Tick};
use flate2::read::ZlibDecoder;
use report::{
    Dpi, Format, Gestation, Heading, Missing, Note, NoteKind, Paper, Priority, ReportError, Scale,
    Shows, Speed, Stretch, Strip, Twin, What,
};
use vitals::{Activity, Bpm, Channel};

/// A picture as its chunks have it.
struct Picture {
    width: usize,
    height: usize,
    per_metre: (u32, u32),
    rgb: Vec<[u8; 3]>,
}

impl Picture {
    /// Reads a PNG of 8-bit RGB with filters 1 and 2, and checks every CRC.
    fn of(png: &[u8]) -> Self {
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let (mut at, mut data) = (8, Vec::new());
        let mut picture = Self { width: 0, height: 0, per_metre: (0, 0), rgb: Vec::new() };
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
        while at < png.len() {
            let length = number(at) as usize;
            let (kind, body) = (&png[at + 4..at + 8], at + 8);
            assert_eq!(number(body + length), crc.checksum(&png[at + 4..body + length]));
            match kind {
                b"IHDR" => {
                    let sides = (number(body) as usize, number(body + 4) as usize);
                    (picture.width, picture.height) = sides;
                    assert_eq!(png[body + 8..body + 13], [8, 2, 0, 0, 0]);
                }
                b"pHYs" => {
                    picture.per_metre = (number(body), number(body + 4));
                    assert_eq!(png[body + 8], 1, "in metres");
                }
                b"IDAT" => data.extend_from_slice(&png[body..body + length]),
                _ => assert_eq!(kind, b"IEND"),
            }
            at = body + length + 4;
        }
        let mut raw = Vec::new();
        ZlibDecoder::new(data.as_slice()).read_to_end(&mut raw).unwrap();
        picture.unfilter(&raw);
        picture
    }

    fn unfilter(&mut self, raw: &[u8]) {
        let stride = 3 * self.width;
        let mut above = vec![0_u8; stride];
        for row in raw.chunks(stride + 1) {
            let (filter, mut row) = (row[0], row[1..].to_vec());
            for x in 0..stride {
                let before = match filter {
                    1 if x >= 3 => row[x - 3],
                    1 => 0,
                    2 => above[x],
                    other => panic!("a filter that we do not write: {other}"),
                };
                row[x] = row[x].wrapping_add(before);
            }
            self.rgb.extend(row.chunks(3).map(|it| [it[0], it[1], it[2]]));
            above = row;
        }
        assert_eq!(self.rgb.len(), self.width * self.height);
    }

    /// Darkness of a pixel.
    fn dark(&self, x: usize, y: usize) -> u32 {
        self.rgb[y * self.width + x].iter().map(|channel| 255 - u32::from(*channel)).sum()
    }

    /// The middle of the darkest line that crosses a column, to a part of a pixel.
    fn row_of_ink(&self, x: usize, rows: std::ops::Range<usize>) -> f64 {
        let darkest = rows.max_by_key(|y| self.dark(x, *y)).unwrap();
        let weight = |y: usize| f64::from(self.dark(x, y).saturating_sub(150));
        let near = darkest - 2..=darkest + 2;
        let sum: f64 = near.clone().map(weight).sum();
        assert!(sum > 150.0, "no ink in column {x}");
        near.map(|y| weight(y) * (y as f64 + 0.5)).sum::<f64>() / sum
    }
}

/// A pixel in millimetres, by what the picture says.
fn millimetres(picture: &Picture) -> f64 {
    assert_eq!(picture.per_metre.0, picture.per_metre.1);
    1_000.0 / f64::from(picture.per_metre.0)
}

fn at_rate(bpm: u16) -> Tick {
    let ua = Some(Activity::from_halves(40));
    Tick { fhr: Bpm::from_quarters(4 * bpm).ok(), ua, ..Tick::default() }
}

#[test]
fn a_minute_and_a_beat_have_their_length_in_the_pixels_at_every_resolution() {
    // A step each minute: its edge is a minute line of the trace.
    let ticks: Vec<Tick> =
        (0..5 * 240).map(|tick| at_rate(if tick / 240 % 2 == 0 { 90 } else { 150 })).collect();
    for dpi in [100, 200, 300] {
        for (speed, cm_per_min) in
            [(Speed::OneCmPerMin, 1.0), (Speed::TwoCmPerMin, 2.0), (Speed::ThreeCmPerMin, 3.0)]
        {
            for (scale, bpm_per_cm) in [(Scale::Bpm20PerCm, 20.0), (Scale::Bpm30PerCm, 30.0)] {
                let paper = Paper { speed, scale, ..Paper::default() };
                let strip = Strip { shows: Shows::Recording, ..Strip::bare("", &ticks) };
                let png = report::strip_png(&[strip], &paper, Dpi::new(dpi).unwrap()).unwrap();
                let picture = Picture::of(&png[0]);
                let mm = millimetres(&picture);
                assert!((mm - 25.4 / f64::from(dpi)).abs() < 1e-5, "{mm}");
                assert!((picture.width as f64 * mm - 297.0).abs() < mm, "A4");
                assert!((picture.height as f64 * mm - 210.0).abs() < mm, "A4");
                let column = |minutes: f64| ((28.5 + minutes * cm_per_min * 10.0) / mm) as usize;
                let rows = (36.0 / mm) as usize..(103.0 / mm) as usize;
                let low = picture.row_of_ink(column(2.5), rows.clone());
                let high = picture.row_of_ink(column(1.5), rows);
                let beats = (low - high) * mm / 10.0 * bpm_per_cm;
                assert!((beats - 60.0).abs() < 0.1 * bpm_per_cm * mm, "{beats} bpm at {dpi} dpi");
                // The upright of each step: the column that is dark half-way between the rates.
                let middle = ((low + high) / 2.0) as usize;
                let near = |minute: f64| {
                    let (from, to) = (column(minute - 0.3), column(minute + 0.3));
                    (from..to).max_by_key(|x| picture.dark(*x, middle)).unwrap() as f64
                };
                for (from, to) in [(1.0, 2.0), (2.0, 4.0), (1.0, 4.0)] {
                    let length = (near(to) - near(from)) * mm;
                    let expected = (to - from) * cm_per_min * 10.0;
                    assert!((length - expected).abs() <= 1.5 * mm, "{length} mm at {dpi} dpi");
                }
            }
        }
    }
}

#[test]
fn a_resolution_out_of_bounds_is_none_and_a_picture_too_large_is_refused() {
    assert_eq!((Dpi::new(49), Dpi::new(1_201)), (None, None));
    let ticks = vec![at_rate(140); 160 * 240];
    let paper = Paper { format: Format::Continuous, ..Paper::default() };
    let refused = report::strip_png(&[Strip::bare("", &ticks)], &paper, Dpi::MAX).unwrap_err();
    assert!(matches!(refused, ReportError::TooManyPixels { .. }), "{refused}");
    let fewer = Dpi::new(100).unwrap();
    let sheet = report::strip_png(&[Strip::bare("", &ticks)], &paper, fewer).unwrap();
    let picture = Picture::of(&sheet[0]);
    // 160 min of 3 cm, and the margins.
    let width_mm = picture.width as f64 * millimetres(&picture);
    assert!((width_mm - (4_800.0 + 57.0)).abs() < 0.3, "{width_mm}");
}

#[test]
fn the_pictures_look_as_they_did() {
    let wave = |tick: u32, seed: f64| {
        let at = f64::from(tick);
        4.0 * (at / 23.0 + seed).sin() + 3.0 * (at / 7.3 + 2.0 * seed).sin()
    };
    let rate = |bpm: f64| Bpm::from_quarters((4.0 * bpm) as u16).ok();
    let ticks: Vec<Tick> = (0..960)
        .map(|tick| Tick {
            fhr: rate(138.0 + wave(tick, 0.3)).filter(|_| !(200..300).contains(&tick)),
            mhr: rate(80.0),
            ua: Some(Activity::from_halves((40.0 + 20.0 * (f64::from(tick) / 90.0).sin()) as u8)),
        })
        .collect();
    let rates: Vec<Option<Bpm>> = (0..960).map(|tick| rate(148.0 + wave(tick, 1.9))).collect();
    let stretch = |start, end, what| Stretch { span: Span { start, end }, what };
    let stretches = [
        stretch(400, 500, What::Late),
        stretch(520, 600, What::Coincidence),
        stretch(640, 700, What::Poor { channel: Channel::Fhr1 }),
        stretch(720, 800, What::Missing(Missing::NotReceived)),
    ];
    let notes = [
        Note { at: 330, who: "山田", text: "体位変換", kind: NoteKind::Remark },
        Note { at: 560, who: "", text: "徐脈", kind: NoteKind::Alarm(Priority::High) },
    ];
    let strip = Strip {
        shows: Shows::Recording,
        heading: Some(Heading {
            facility: "clinic-a",
            bed: "bed-1",
            episode: "…cdef",
            gestation: Some(Gestation { weeks: 36, days: Some(4) }),
            ..Heading::default()
        }),
        stretches: &stretches,
        events: &[120],
        movements: &[Span { start: 600, end: 640 }],
        notes: &notes,
        ..Strip::bare("", &ticks)
    };
    let twins = Strip { twin: Some(Twin { rates: &rates, offset_bpm: 20 }), ..strip };
    for (name, strip, speed, format) in [
        ("single", strip, Speed::ThreeCmPerMin, Format::A4Landscape),
        ("twins", twins, Speed::TwoCmPerMin, Format::A4Portrait),
    ] {
        let paper = Paper { speed, format, ..Paper::default() };
        let png = report::strip_png(&[strip], &paper, Dpi::new(60).unwrap()).unwrap().remove(0);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
        let file = file.with_extension("png");
        if std::env::var_os("UBUGOE_BLESS").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &png).unwrap();
        }
        let (known, now) = (Picture::of(&fs::read(&file).unwrap()), Picture::of(&png));
        assert_eq!((known.width, known.height), (now.width, now.height));
        // Other processors may round an edge otherwise; a line that moved is more than that.
        let differs = |pair: &(&[u8; 3], &[u8; 3])| {
            pair.0.iter().zip(pair.1).any(|(one, other)| one.abs_diff(*other) > 48)
        };
        let changed = known.rgb.iter().zip(&now.rgb).filter(differs).count();
        assert!(changed < 40, "{name}: {changed} pixels differ; UBUGOE_BLESS=1 writes it anew");
    }
}
