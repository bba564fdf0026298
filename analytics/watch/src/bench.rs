//! What this computer carries: the whole way of a second but for the network.
//!
//! Frames of the feed are made of synthesised strips and handed to one [`Analysis`], which
//! decodes, orders, reads, names and publishes as in a ward; records are encoded and dropped.
//! Making the frames is not counted.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ctg::Settings;
use protocol::feed::{
    AnalysisFrame, BlockEntry, BlocksFrame, Marks, SetMarks, encode_beat, encode_roster,
};
use vitals::WallTime;

use crate::analysis::{Analysis, Options, Shard};
use crate::conditions::ConditionSettings;
use crate::stream::Reading;
use crate::strip::StripOptions;

pub(crate) mod monitor;

use monitor::Monitor;

/// A moment to begin with; any other would do.
const START: WallTime = WallTime(1_790_000_000_000_000);

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BenchFigures {
    /// How many strips.
    pub streams: u32,
    /// How many seconds of each.
    pub seconds: u32,
    /// Time spent reading them.
    pub spent: Duration,
    /// The longest time spent on one second of all strips.
    pub longest: Duration,
    /// Records that were published.
    pub published: u64,
    /// Bytes of them.
    pub published_bytes: u64,
    /// Bytes in memory of a strip.
    pub stream_bytes: usize,
}

impl BenchFigures {
    /// Time for a second of one strip, µs.
    #[must_use]
    pub fn micros_per_stream_second(&self) -> f64 {
        self.spent.as_secs_f64() * 1e6 / (f64::from(self.streams) * f64::from(self.seconds))
    }

    /// How many strips one core reads.
    #[must_use]
    pub fn streams_per_core(&self) -> f64 {
        1e6 / self.micros_per_stream_second()
    }

    /// As an object for programs.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "streams": self.streams,
            "seconds": self.seconds,
            "us_per_stream_second": self.micros_per_stream_second(),
            "streams_per_core": self.streams_per_core(),
            "longest_second_s": self.longest.as_secs_f64(),
            "bytes_per_stream": self.stream_bytes,
            "published": self.published,
            "published_bytes": self.published_bytes,
        })
    }
}

impl fmt::Display for BenchFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} strips, {} s of each: {:.1} µs for a second of a strip, so {:.0} strips on a core; \
             the slowest second of all took {:.2} s; {} kB of memory a strip; \
             {} records published, {:.1} kB/s",
            self.streams,
            self.seconds,
            self.micros_per_stream_second(),
            self.streams_per_core(),
            self.longest.as_secs_f64(),
            self.stream_bytes / 1000,
            self.published,
            self.published_bytes as f64 / 1000.0 / f64::from(self.seconds),
        )
    }
}

/// Reads `seconds` of so many strips, as fast as this computer can.
#[must_use]
pub fn run(streams: u32, seconds: u32) -> BenchFigures {
    let mut analysis = Analysis::new(options());
    analysis.connected();
    let mut devices: Vec<_> = (0..streams).map(Monitor::new).collect();
    let roster: Vec<_> = devices.iter().map(Monitor::roster_entry).collect();
    for frame in encode_roster(START, &roster) {
        handle(&mut analysis, START, &frame);
    }
    let no_records = AnalysisFrame::new(START).into_bytes(SetMarks::BEGINS.with(SetMarks::ENDS));
    handle(&mut analysis, START, &no_records);
    for beat in 0..2 {
        handle(&mut analysis, START, &encode_beat(START, beat));
    }
    while analysis.work(START) {}
    let mut figures = BenchFigures {
        streams,
        seconds,
        spent: Duration::ZERO,
        longest: Duration::ZERO,
        published: 0,
        published_bytes: 0,
        stream_bytes: 0,
    };
    for second in 0..seconds {
        let now = START.plus_micros(i64::from(second) * WallTime::MICROS_PER_SECOND);
        let frames = frames(&mut devices, now);
        let started = Instant::now();
        for frame in frames {
            handle(&mut analysis, now, &frame);
            for output in analysis.take_output() {
                figures.published += 1;
                figures.published_bytes += output.publication.to_bytes().len() as u64;
            }
        }
        let spent = started.elapsed();
        figures.spent += spent;
        figures.longest = figures.longest.max(spent);
    }
    figures.stream_bytes = analysis.memory_bytes() / streams.max(1) as usize;
    figures
}

fn handle(analysis: &mut Analysis, now: WallTime, frame: &[u8]) {
    analysis.handle(now, frame).expect("the frame was made here");
}

pub(crate) fn options() -> Options {
    Options {
        reading: Reading {
            settings: Arc::new(Settings::default()),
            conditions: ConditionSettings::default(),
            cases: Arc::default(),
        },
        strip: StripOptions::default(),
        look_every_s: 25,
        idle_micros: 3_600 * WallTime::MICROS_PER_SECOND,
        shard: Shard { index: 0, of: 1 },
    }
}

fn frames(devices: &mut [Monitor], now: WallTime) -> Vec<Vec<u8>> {
    let (mut frames, mut frame) = (Vec::new(), BlocksFrame::new(now));
    for device in devices {
        let block = device.next_block(now).to_bytes();
        let (track, marks) = (device.track, Marks::NONE);
        let entry = BlockEntry { track, marks, received_at: now, block: &block };
        if !frame.push(&entry) {
            frames.push(std::mem::replace(&mut frame, BlocksFrame::new(now)).into_bytes());
            assert!(frame.push(&entry), "an empty frame has room for a block");
        }
    }
    frames.push(frame.into_bytes());
    frames
}
