//! One monitor: its line of seconds, and a stream for each fetus that it hears.

use ctg::{Scratch, Tick};
use protocol::Publication;
use protocol::analysis::{Condition, ConditionKind, Fetus};
use protocol::feed::TrackNumber;
use vitals::{BridgeId, DeviceId, DeviceTick, EpisodeId, TICKS_PER_SECOND, WallTime};

use crate::conditions::twins::Twins;
use crate::stream::{Reading, Stream};
use crate::strip::{Heard, Opening, Pace, Step, Strip, StripOptions};

const FETUSES: [Fetus; 2] = [Fetus::First, Fetus::Second];
const SECOND_MICROS: i64 = WallTime::MICROS_PER_SECOND;

/// Which monitor.
pub type DeviceKey = (BridgeId, DeviceId);

/// One monitor.
#[derive(Debug)]
pub struct Device {
    key: DeviceKey,
    /// Its number on the present connection.
    pub track: Option<TrackNumber>,
    /// Its line.
    pub strip: Strip,
    /// When a block of it came last, by this computer's clock.
    pub heard_at: WallTime,
    /// What the region has of it, until its strip begins.
    pub region: Vec<Publication>,
    monitoring: Option<Monitoring>,
    streams: [Option<Stream>; 2],
    twins: Twins,
    /// Looks fall on seconds that leave this remainder, so that those of many monitors spread.
    phase: i64,
}

/// The monitoring that goes on.
#[derive(Clone, Copy, Debug)]
struct Monitoring {
    episode: EpisodeId,
    /// When the next tick is.
    next_at: WallTime,
    /// When its line begins, and how.
    begins: (WallTime, Opening),
}

impl Device {
    /// A monitor that was not heard yet.
    #[must_use]
    pub fn new(key: &DeviceKey, options: StripOptions, pace: Pace) -> Self {
        Self {
            key: *key,
            track: None,
            strip: Strip::new(options, pace),
            heard_at: WallTime(0),
            region: Vec::new(),
            monitoring: None,
            streams: [None, None],
            twins: Twins::default(),
            phase: i64::from(spread(key)),
        }
    }

    /// Takes what its line holds, and looks where a look is due every `look_every_s`.
    pub fn advance(
        &mut self,
        now: WallTime,
        look_every_s: u32,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        let mut is_due = false;
        while let Some(step) = self.strip.poll() {
            match step {
                Step::Begin { episode, at, opening } => {
                    self.finish(now, reading, scratch, out);
                    self.monitoring =
                        Some(Monitoring { episode, next_at: at, begins: (at, opening) });
                    self.begin(now, episode, reading, out);
                }
                Step::Absent { ticks } => {
                    for stream in self.streams.iter_mut().flatten() {
                        stream.hear_nothing(now, ticks, reading, scratch, out);
                    }
                    for _ in 0..(ticks / TICKS_PER_SECOND as u32).min(60) {
                        self.twins.nothing();
                    }
                    is_due |= self.pass(i64::from(ticks), look_every_s);
                }
                Step::Late { ago, heard } => self.fill(ago, &heard),
                Step::Heard(heard) => {
                    self.hear(now, &heard, reading, scratch, out);
                    let ticks = TICKS_PER_SECOND - heard.skip;
                    is_due |= self.pass(ticks as i64, look_every_s);
                }
            }
        }
        if is_due {
            self.look(now, reading, scratch, out);
        }
    }

    /// Compares with what the region has of it.
    pub fn reconcile(
        &mut self,
        now: WallTime,
        lost_at: WallTime,
        region: Vec<Publication>,
        out: &mut Vec<Publication>,
    ) {
        let records: Vec<_> = region.iter().collect();
        for stream in self.streams.iter_mut().flatten() {
            stream.ledger_mut().reconcile(now, &records, lost_at, out);
        }
        self.region = if self.streams.iter().all(Option::is_none) { region } else { Vec::new() };
    }

    /// Ends what is being read.
    pub fn finish(
        &mut self,
        now: WallTime,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        for stream in self.streams.iter_mut().flatten() {
            stream.finish(now, reading, scratch, out);
        }
    }

    /// Whether a strip is being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.streams.iter().flatten().any(Stream::is_reading)
    }

    /// The streams of it.
    pub fn streams(&self) -> impl Iterator<Item = &Stream> {
        self.streams.iter().flatten()
    }

    fn begin(
        &mut self,
        now: WallTime,
        episode: EpisodeId,
        reading: &Reading,
        out: &mut Vec<Publication>,
    ) {
        self.twins = Twins::default();
        for (place, fetus) in self.streams.iter_mut().zip(FETUSES) {
            if place.as_ref().is_some_and(|stream| stream.episode() != episode) {
                *place = None;
            }
            let is_known =
                self.region.iter().any(|known| known.episode == episode && known.fetus == fetus);
            if place.is_none() && is_known {
                let mut stream = Stream::new(episode, fetus, reading);
                let region: Vec<_> = self.region.iter().collect();
                // Nothing was said on a connection before: only the region knows anything.
                stream.ledger_mut().reconcile(now, &region, WallTime(i64::MAX), out);
                *place = Some(stream);
            }
        }
        self.region = Vec::new();
    }

    fn hear(
        &mut self,
        now: WallTime,
        heard: &Heard,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        let Some(Monitoring { episode, next_at, begins }) = self.monitoring else { return };
        for (at, fetus) in FETUSES.into_iter().enumerate() {
            let place = &mut self.streams[at];
            match (heard.fetuses[at], place) {
                (None, None) => {}
                (None, Some(stream)) => {
                    let ticks = TICKS_PER_SECOND - heard.skip;
                    stream.hear_nothing(now, ticks as u32, reading, scratch, out);
                }
                (Some(ticks), place) => {
                    let stream = place.get_or_insert_with(|| Stream::new(episode, fetus, reading));
                    if !stream.is_reading() {
                        let case = reading.cases.of(&self.key, next_at, heard.uterus);
                        // A fetus that joins a line that is heard has no past before.
                        let opening = if next_at == begins.0 { begins.1 } else { Opening::Whole };
                        stream.begin(next_at, opening, case, reading, scratch);
                    }
                    stream.hear(now, &ticks, heard.skip, reading, scratch, out);
                }
            }
        }
        self.hear_twins(heard.fetuses);
    }

    /// Puts a second where it belongs, `ago` ticks back: the next look sees it.
    fn fill(&mut self, ago: u32, heard: &Heard) {
        let Some(Monitoring { next_at, .. }) = self.monitoring else { return };
        let at = next_at.plus_micros(-i64::from(ago) * DeviceTick::MICROS);
        for (stream, ticks) in self.streams.iter_mut().zip(heard.fetuses) {
            if let (Some(stream), Some(ticks)) = (stream, ticks) {
                stream.fill(at, &ticks);
            }
        }
    }

    fn hear_twins(&mut self, fetuses: [Option<[Tick; TICKS_PER_SECOND]>; 2]) {
        match fetuses {
            [Some(first), Some(second)] => self.twins.second(&first, &second),
            _ if self.streams[1].is_some() => self.twins.nothing(),
            _ => {}
        }
    }

    /// Lets time pass; whether a look falls into it.
    fn pass(&mut self, ticks: i64, look_every_s: u32) -> bool {
        let Some(monitoring) = &mut self.monitoring else { return false };
        let before = monitoring.next_at;
        monitoring.next_at = before.plus_micros(ticks * DeviceTick::MICROS);
        let every = i64::from(look_every_s) * SECOND_MICROS;
        let phase = self.phase * SECOND_MICROS;
        let round = |at: WallTime| (at.0 + phase).div_euclid(every);
        round(before) != round(monitoring.next_at)
    }

    fn look(
        &mut self,
        now: WallTime,
        reading: &Reading,
        scratch: &mut Scratch,
        out: &mut Vec<Publication>,
    ) {
        for stream in self.streams.iter_mut().flatten() {
            stream.look(now, reading, scratch, out);
        }
        let Some(Monitoring { next_at, .. }) = self.monitoring else { return };
        let [Some(first), Some(_)] = &mut self.streams else { return };
        let coincide_s = self.twins.coincide_s();
        let lasted = i64::from(coincide_s.unwrap_or(0)) * SECOND_MICROS;
        let condition = Condition {
            kind: ConditionKind::TwinsCoincide,
            is_active: coincide_s.is_some(),
            since: next_at.plus_micros(-lasted),
            value: coincide_s.map_or(0, |seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
        };
        first.say(now, condition, out);
    }
}

/// A number of a monitor that is the same in every run: FNV-1a over its names.
#[must_use]
pub fn spread((bridge, device): &DeviceKey) -> u32 {
    let bytes = bridge.as_str().bytes().chain([b'/']).chain(device.as_str().bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
