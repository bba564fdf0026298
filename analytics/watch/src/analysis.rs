//! All monitors of one thread: frames of the feed in, publications out.
//!
//! Call [`Analysis::connected`] when a connection opens, [`Analysis::handle`] with each frame
//! that comes on it, [`Analysis::work`] as long as it says that there is more to do, and
//! [`Analysis::disconnected`] when it ends. After each call take [`Analysis::take_output`].
//!
//! The region tells its memory newest first. The lines wait until it is told, which is when two
//! beats came in a row with nothing of the past between them; then each monitor is worked
//! through, one at a call, so that the thread stays able to answer.

use std::collections::{BTreeMap, VecDeque};

use ctg::Scratch;
use protocol::feed::{
    BlockEntry, FeedFrame, Marks, RecordEntry, RosterEntry, SetMarks, TrackNumber,
};
use protocol::{Block, Publication, WireError};
use vitals::WallTime;

use crate::device::{Device, DeviceKey, spread};
use crate::stream::Reading;
use crate::strip::{Pace, Source, StripOptions};

/// Beats in a row without anything of the past, until the past is told.
const QUIET_BEATS: u32 = 2;
/// How often monitors that fell silent are looked for, in beats.
const SWEEP_BEATS: u32 = 60;

/// How an analysis works.
#[derive(Clone, Debug)]
pub struct Options {
    /// How strips are read.
    pub reading: Reading,
    /// How patient lines are.
    pub strip: StripOptions,
    /// How often each strip is looked at, s.
    pub look_every_s: u32,
    /// A monitor that is silent for so long is read no further, µs.
    pub idle_micros: i64,
    /// Which share of the monitors this one takes.
    pub shard: Shard,
}

/// One of several that share the monitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 0.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    fn takes(self, key: &DeviceKey) -> bool {
        // Other bits than those that spread the looks.
        (spread(key) >> 16) % self.of.max(1) == self.index
    }
}

/// Something to be published, on a track of the present connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Whose.
    pub track: TrackNumber,
    /// What.
    pub publication: Publication,
}

/// What became of the work so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Streams that are being read.
    pub streams: usize,
    /// Live blocks that came too late for their place.
    pub late: u64,
    /// Blocks or records that could not be read.
    pub unreadable: u64,
}

/// All monitors of one thread.
#[derive(Debug)]
pub struct Analysis {
    options: Options,
    devices: BTreeMap<DeviceKey, Device>,
    /// Numbers of the present connection.
    tracks: BTreeMap<TrackNumber, DeviceKey>,
    past: Past,
    /// The region's set of records, while it is told.
    set: Option<BTreeMap<TrackNumber, Vec<Publication>>>,
    lost_at: WallTime,
    beats: u32,
    due: VecDeque<DeviceKey>,
    output: Vec<Output>,
    fresh: Vec<Publication>,
    unreadable: u64,
    scratch: Box<Scratch>,
}

/// Whether the region's memory was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    /// It is being told: first the records, without which nobody knows what was said; then the
    /// strips, since whose last block so many beats came.
    Coming {
        has_records: bool,
        quiet_beats: u32,
    },
    Told,
}

impl Past {
    const COMING: Self = Self::Coming { has_records: false, quiet_beats: 0 };
}

impl Analysis {
    /// An analysis that knows no monitor.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            devices: BTreeMap::new(),
            tracks: BTreeMap::new(),
            past: Past::COMING,
            set: None,
            lost_at: WallTime(i64::MAX),
            beats: 0,
            due: VecDeque::new(),
            output: Vec::new(),
            fresh: Vec::new(),
            unreadable: 0,
            scratch: Box::default(),
        }
    }

    /// A connection opened, and the region was asked for its memory.
    pub fn connected(&mut self) {
        self.past = Past::COMING;
        self.set = None;
        self.tracks.clear();
        for device in self.devices.values_mut() {
            device.track = None;
            device.strip.set_pace(Pace::Gather);
        }
    }

    /// The connection ended: numbers of tracks hold no longer.
    pub fn disconnected(&mut self, now: WallTime) {
        self.lost_at = now;
        self.tracks.clear();
        self.devices.values_mut().for_each(|device| device.track = None);
    }

    /// Takes a frame of the feed.
    ///
    /// # Errors
    ///
    /// [`WireError`] for a frame that no region sends.
    pub fn handle(&mut self, now: WallTime, frame: &[u8]) -> Result<(), WireError> {
        match FeedFrame::decode(frame)? {
            FeedFrame::Roster { entries, .. } => self.take_roster(&entries),
            FeedFrame::Blocks { entries, .. } => self.take_blocks(now, &entries),
            FeedFrame::Beat { .. } => self.beat(now),
            FeedFrame::Analysis { marks, entries, .. } => self.take_records(now, marks, &entries),
            FeedFrame::Missed { .. } | FeedFrame::Analyst { .. } => {}
            // What is done about a condition changes nothing in what the strip shows.
            FeedFrame::Alerts { .. } | FeedFrame::Refused { .. } => {}
        }
        Ok(())
    }

    /// Works through one monitor whose past was told; `false` where there is none.
    pub fn work(&mut self, now: WallTime) -> bool {
        let Some(key) = self.due.pop_front() else { return false };
        if let Some(device) = self.devices.get_mut(&key) {
            device.strip.set_pace(Pace::Flow);
        }
        self.advance(now, &key);
        true
    }

    /// What is to be published since the last call.
    pub fn take_output(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.output)
    }

    /// What became of the work so far.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let devices = self.devices.values();
        let reading = devices.clone().flat_map(Device::streams).filter(|one| one.is_reading());
        Figures {
            streams: reading.count(),
            late: devices.map(|device| device.strip.late()).sum(),
            unreadable: self.unreadable,
        }
    }

    /// Bytes that its streams hold in memory, about.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let streams = self.devices.values().flat_map(Device::streams);
        size_of::<Device>() * self.devices.len()
            + streams.map(crate::stream::Stream::memory_bytes).sum::<usize>()
    }

    fn take_roster(&mut self, entries: &[RosterEntry]) {
        let pace = match self.past {
            Past::Told => Pace::Flow,
            Past::Coming { .. } => Pace::Gather,
        };
        for entry in entries {
            let key = (entry.bridge, entry.device);
            if !self.options.shard.takes(&key) {
                continue;
            }
            self.tracks.insert(entry.track, key);
            let strip = self.options.strip;
            let device = self.devices.entry(key).or_insert_with(|| Device::new(&key, strip, pace));
            device.track = Some(entry.track);
        }
    }

    fn take_blocks(&mut self, now: WallTime, entries: &[BlockEntry<'_>]) {
        for entry in entries {
            let is_past = entry.marks.contains(Marks::HISTORY);
            if let (true, Past::Coming { quiet_beats, .. }) = (is_past, &mut self.past) {
                *quiet_beats = 0;
            }
            let Some(&key) = self.tracks.get(&entry.track) else { continue };
            let Ok(block) = Block::decode(entry.block) else {
                self.unreadable += 1;
                continue;
            };
            if let Some(device) = self.devices.get_mut(&key) {
                let source = if is_past { Source::Memory } else { Source::Live };
                device.strip.push(&block, source);
                device.heard_at = now;
            }
            self.advance(now, &key);
        }
    }

    fn beat(&mut self, now: WallTime) {
        self.beats = self.beats.wrapping_add(1);
        if let Past::Coming { has_records, quiet_beats } = &mut self.past {
            *quiet_beats += u32::from(*has_records);
            if *quiet_beats >= QUIET_BEATS {
                self.past = Past::Told;
                self.due = self.devices.keys().copied().collect();
            }
        }
        if self.beats.is_multiple_of(SWEEP_BEATS) {
            self.sweep(now);
        }
    }

    fn take_records(&mut self, now: WallTime, marks: SetMarks, entries: &[RecordEntry<'_>]) {
        if marks.contains(SetMarks::BEGINS) {
            self.set = Some(BTreeMap::new());
        }
        // What comes outside a set is the echo of what was published from here.
        let Some(set) = &mut self.set else { return };
        for entry in entries.iter().filter(|entry| self.tracks.contains_key(&entry.track)) {
            match Publication::decode(entry.record) {
                Ok(publication) => set.entry(entry.track).or_default().push(publication),
                Err(_) => self.unreadable += 1,
            }
        }
        if marks.contains(SetMarks::ENDS) {
            self.reconcile(now);
            if let Past::Coming { has_records, quiet_beats } = &mut self.past {
                (*has_records, *quiet_beats) = (true, 0);
            }
        }
    }

    fn reconcile(&mut self, now: WallTime) {
        let mut set = self.set.take().unwrap_or_default();
        let lost_at = self.lost_at;
        let tracks: Vec<_> = self.tracks.iter().map(|(track, key)| (*track, *key)).collect();
        for (track, key) in tracks {
            let region = set.remove(&track).unwrap_or_default();
            if let Some(device) = self.devices.get_mut(&key) {
                device.reconcile(now, lost_at, region, &mut self.fresh);
            }
            self.hand_out(&key);
        }
    }

    fn advance(&mut self, now: WallTime, key: &DeviceKey) {
        let Self { options, devices, fresh, scratch, .. } = self;
        if let Some(device) = devices.get_mut(key) {
            device.advance(now, options.look_every_s, &options.reading, scratch, fresh);
        }
        self.hand_out(key);
    }

    /// Ends the strips of monitors that fell silent.
    fn sweep(&mut self, now: WallTime) {
        let idle = self.options.idle_micros;
        let silent =
            |device: &Device| device.is_reading() && now.micros_since(device.heard_at) > idle;
        let keys: Vec<_> =
            self.devices.iter().filter(|(_, device)| silent(device)).map(|(key, _)| *key).collect();
        for key in keys {
            self.finish_one(now, &key);
        }
    }

    fn finish_one(&mut self, now: WallTime, key: &DeviceKey) {
        let Self { options, devices, fresh, scratch, .. } = self;
        if let Some(device) = devices.get_mut(key) {
            device.finish(now, &options.reading, scratch, fresh);
        }
        self.hand_out(key);
    }

    /// What is said while nobody listens is said again when the region is asked what it has.
    fn hand_out(&mut self, key: &DeviceKey) {
        let track = self.devices.get(key).and_then(|device| device.track);
        let fresh = self.fresh.drain(..);
        if let Some(track) = track {
            self.output.extend(fresh.map(|publication| Output { track, publication }));
        }
    }
}

#[cfg(test)]
mod tests;
