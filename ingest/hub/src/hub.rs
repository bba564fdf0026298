//! The hub: the order of calls, and what is promised.
//!
//! For each connected bridge the driver calls [`Hub::connect`], then [`Hub::receive`] for each
//! block and hands every [`Received::Fresh`] to the store. When the store has a batch on its
//! disk it calls [`Hub::stored`], and then [`Hub::poll_ack`] for each bridge that this names.
//! For each wall it calls [`Hub::open_viewer`], [`Hub::watch`] when the wall asks, and
//! [`Hub::next_frame`] until there is none, whenever something happened and at least once a
//! second. Readers see a block as soon as it is heard: live does not wait for the disk, the
//! ack does. An analysis is a reader that publishes; its calls are in [`analyses`]. What is told of
//! alarms comes by the calls in [`alarms`].

pub mod alarms;
pub mod analyses;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use protocol::feed::{Marks, TrackNumber, Watch};
use protocol::link::{Ack, Hello, Progress, Refusal, RefusalCode, SiteKind, VERSIONS, Welcome};
use protocol::{Block, Publication};
use vitals::{BridgeId, DeviceId, WallTime};

use crate::alarms::Alarms;
use crate::analysis::Records;
use crate::analyst::Analysts;
use crate::answer::{BlockRefused, Connected, Received};
use crate::condition::{self, Condition};
use crate::ledger::{BlockKey, Entry, Gap, Ledger, Shown};
use crate::log::{Arrival, Log};
use crate::options::HubOptions;
use crate::publisher::{Announced, Publisher, PublisherId};
use crate::subscriber::{Hears, Readable, SharedFrames, Viewer, ViewerId};
use crate::track::{Link, Place, Tracks, TracksFull};

/// The heart of the region.
///
/// # Invariants
///
/// A block goes to the store once, unless the store failed in between; an ack never names a
/// block that is not stored; a reader gets a block at most once outside history; nothing grows
/// beyond a stated bound but by the number of devices that the region knows.
#[derive(Debug)]
pub struct Hub {
    options: HubOptions,
    ledger: Ledger,
    tracks: Tracks,
    log: Log,
    publishers: BTreeMap<PublisherId, Publisher>,
    /// The one connection of each bridge that counts.
    connected: BTreeMap<BridgeId, PublisherId>,
    viewers: BTreeMap<ViewerId, Viewer>,
    shared: SharedFrames,
    records: Records,
    alarms: Alarms,
    analysts: Analysts,
    /// Records from the store whose devices have no track yet.
    restored: BTreeMap<(BridgeId, DeviceId), Vec<Publication>>,
    judgement_id_last: u64,
    ids_used: u64,
}

/// What the store has, at start.
impl Hub {
    /// A hub that knows nothing.
    #[must_use]
    pub fn new(options: HubOptions) -> Self {
        Self {
            options,
            ledger: Ledger::default(),
            tracks: Tracks::default(),
            log: Log::new(options.log_entries_max),
            publishers: BTreeMap::new(),
            connected: BTreeMap::new(),
            viewers: BTreeMap::new(),
            shared: SharedFrames::default(),
            records: Records::default(),
            alarms: Alarms::default(),
            analysts: Analysts::default(),
            restored: BTreeMap::new(),
            judgement_id_last: 0,
            ids_used: 0,
        }
    }

    /// Learns which blocks of a run the store has; `ranges` are inclusive.
    pub fn restore(
        &mut self,
        bridge: BridgeId,
        device: DeviceId,
        epoch: u64,
        ranges: &[(u64, u64)],
    ) {
        let line = self.ledger.line(bridge, device);
        for &(first, last) in ranges {
            self.ledger.store(line, epoch, first, last);
        }
    }

    /// Learns a recent block from the store, so that a wall has a past after a restart.
    ///
    /// Its track stands in the roster as lost, without the names of its place, until its
    /// bridge says hello. The bridge's clock is judged by the block that came most promptly.
    pub fn restore_recent(
        &mut self,
        now: WallTime,
        bridge: BridgeId,
        received_at: WallTime,
        block: &Block,
    ) {
        let line = self.ledger.line(bridge, block.device);
        self.ledger.store(line, block.epoch, block.seq, block.seq);
        let lost = Link::Lost { since: received_at };
        let Ok(track) = self.tracks.open(bridge, block.device, lost) else { return };
        let lag = received_at.micros_since(block.built_at);
        let is_first = self.tracks.strip_mut(track).last_received_at.is_none();
        self.tracks.update(track, |track| {
            track.link = match track.link {
                Link::Lost { since } => Link::Lost { since: since.max(received_at) },
                up @ Link::Up { .. } => up,
            };
            let known = if is_first { lag } else { track.clock_offset_micros };
            track.clock_offset_micros = known.min(lag);
            track.last_received_at = track.last_received_at.max(Some(received_at));
        });
        let arrival = Arrival {
            index: 0,
            track,
            marks: Marks::NONE,
            received_at,
            placed_at: block.at.plus_micros(lag).min(received_at),
            epoch: block.epoch,
            seq: block.seq,
            bytes: block.to_bytes().into(),
        };
        self.tracks.strip_mut(track).keep(now, Arc::new(arrival), self.options.keep());
    }
}

/// Bridges.
impl Hub {
    /// Accepts a bridge that proved to be `bridge`.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] to send where there is no version in common, or no room for its devices.
    pub fn connect(
        &mut self,
        now: WallTime,
        bridge: BridgeId,
        hello: &Hello,
    ) -> Result<Connected, Refusal> {
        let version = common_version(hello.versions)?;
        let clock_offset_micros = now.micros_since(hello.now);
        let devices = self.announce(now, bridge, hello, clock_offset_micros)?;
        let stored = self.agree_on_runs(bridge, hello, &devices);
        let publisher = PublisherId(self.next_id());
        let replaced = self.connected.insert(bridge, publisher);
        if let Some(replaced) = replaced {
            self.publishers.remove(&replaced);
        }
        for number in self.tracks.of_bridge(bridge) {
            let is_announced = devices.values().any(|announced| announced.track == number);
            self.set_link(number, if is_announced { Reach::Up } else { Reach::Lost }, now);
        }
        let state = Publisher::new(bridge, clock_offset_micros, devices, &stored);
        self.publishers.insert(publisher, state);
        let welcome = Welcome { version, now, stored };
        Ok(Connected { publisher, welcome, replaced })
    }

    /// Takes one encoded block.
    ///
    /// # Errors
    ///
    /// [`BlockRefused`]; nothing was changed.
    pub fn receive(
        &mut self,
        now: WallTime,
        publisher: PublisherId,
        bytes: &[u8],
    ) -> Result<Received, BlockRefused> {
        let from = self.publishers.get_mut(&publisher).ok_or(BlockRefused::NotConnected)?;
        let block = Block::decode(bytes).map_err(BlockRefused::Malformed)?;
        let device = block.device;
        let announced = *from.devices.get(&device).ok_or(BlockRefused::UnknownDevice { device })?;
        match self.ledger.enter(announced.line, block.epoch, block.seq) {
            Entry::Scattered => Err(BlockRefused::Scattered { device }),
            Entry::Pending => Ok(Received::Pending),
            Entry::Stored => {
                from.repeated(device, block.epoch);
                Ok(Received::Duplicate)
            }
            Entry::Fresh { shown, gap_before } => {
                let offset = from.clock_offset_micros;
                if shown == Shown::Now {
                    self.show(now, announced.track, offset, gap_before, &block, bytes);
                }
                Ok(Received::Fresh(block))
            }
        }
    }

    /// Learns that blocks are on the disk; returns the bridges that an ack is due to.
    pub fn stored(&mut self, keys: &[BlockKey]) -> Vec<PublisherId> {
        let mut due = Vec::new();
        for key in keys {
            let line = self.ledger.line(key.bridge, key.device);
            self.ledger.store(line, key.epoch, key.seq, key.seq);
            if let Some(id) = self.connected.get(&key.bridge)
                && let Some(publisher) = self.publishers.get_mut(id)
            {
                publisher.stored(key.device, key.epoch);
                due.push(*id);
            }
        }
        due.sort_unstable();
        due.dedup();
        due
    }

    /// Learns that blocks were lost on their way to the disk: whatever is not stored counts as
    /// never heard, so that bridges can send it again. Readers are not shown it again.
    pub fn store_failed(&mut self) {
        self.ledger.forget_unstored();
    }

    /// The next ack for this bridge; call until there is none.
    pub fn poll_ack(&mut self, publisher: PublisherId) -> Option<Ack> {
        let publisher = self.publishers.get_mut(&publisher)?;
        while publisher.is_due() {
            if let Some(ack) = publisher.take_ack(&self.ledger) {
                return Some(ack);
            }
        }
        None
    }

    /// Notes that a connection ended. For one that was replaced this changes nothing.
    pub fn disconnect(&mut self, now: WallTime, publisher: PublisherId) {
        let Some(gone) = self.publishers.remove(&publisher) else { return };
        self.connected.remove(&gone.bridge);
        for number in self.tracks.of_bridge(gone.bridge) {
            self.set_link(number, Reach::Lost, now);
        }
    }

    /// Which bridge a connection belongs to; `None` once it ended or was replaced.
    #[must_use]
    pub fn bridge_of(&self, publisher: PublisherId) -> Option<BridgeId> {
        self.publishers.get(&publisher).map(|publisher| publisher.bridge)
    }

    /// How many bridges are connected.
    #[must_use]
    pub fn connected_count(&self) -> usize {
        self.connected.len()
    }

    /// Whether this block is on the disk.
    #[must_use]
    pub fn is_stored(&self, key: &BlockKey) -> bool {
        self.ledger.is_stored(key)
    }
}

/// Readers.
impl Hub {
    /// A new reader. It gets the roster and beats at once, and blocks when it asks.
    pub fn open_viewer(&mut self) -> ViewerId {
        self.open(Hears::Alarms)
    }

    fn open(&mut self, hears: Hears) -> ViewerId {
        let id = ViewerId(self.next_id());
        self.viewers.insert(id, Viewer::new(&self.log, hears));
        id
    }

    /// Turns a reader to the tracks it asks for, and to their past. What it waited for of an
    /// earlier request's past is dropped; live blocks go on where they were.
    pub fn watch(&mut self, now: WallTime, viewer: ViewerId, watch: &Watch) {
        let analysis = self.analysts.look(now);
        let Self { log, tracks, records, alarms, viewers, options, .. } = self;
        let from = Readable { log, tracks, records, alarms, analysis };
        if let Some(viewer) = viewers.get_mut(&viewer) {
            viewer.watch(now, watch, options.keep(), from);
        }
    }

    /// The reader's next frame, at most [`protocol::feed::FRAME_BYTES_MAX`] bytes; `None`
    /// until something happens, or the next beat is due.
    pub fn next_frame(&mut self, now: WallTime, viewer: ViewerId) -> Option<Bytes> {
        let analysis = self.analysts.look(now);
        let Self { log, tracks, records, alarms, viewers, shared, .. } = self;
        let from = Readable { log, tracks, records, alarms, analysis };
        viewers.get_mut(&viewer)?.next_frame(now, from, shared)
    }

    /// Forgets a reader.
    pub fn close_viewer(&mut self, viewer: ViewerId) {
        self.viewers.remove(&viewer);
    }

    /// How many readers there are.
    #[must_use]
    pub fn viewer_count(&self) -> usize {
        self.viewers.len()
    }

    /// What is technically wrong at `now`, by rising number of the track.
    pub fn conditions(&self, now: WallTime) -> impl Iterator<Item = (TrackNumber, Condition)> {
        let silent_after = self.options.silent_after_micros;
        let analysis = condition::of_analysis(self.analysts.state_at(now));
        self.tracks.iter().flat_map(move |track| {
            let of_track = condition::of(track, now, silent_after).into_iter().chain(analysis);
            of_track.map(|condition| (track.number, condition))
        })
    }

    /// Panics where an invariant is broken. Walks through everything: for tests.
    pub fn assert_invariants(&self) {
        self.ledger.assert_invariants();
        self.tracks.assert_invariants(self.options.keep());
        self.log.assert_invariants();
        self.records.assert_invariants();
        self.alarms.assert_invariants();
        self.analysts.assert_invariants();
        assert_eq!(self.publishers.len(), self.connected.len(), "a bridge has two connections");
        for (id, publisher) in &self.publishers {
            assert_eq!(self.connected.get(&publisher.bridge), Some(id));
            publisher.assert_invariants(&self.ledger);
        }
    }
}

/// Whether a bridge can be reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Lost,
    Up,
}

impl Hub {
    /// Opens lines and tracks for the devices of a hello, and for those its spool speaks of:
    /// a monitor that was taken away may still be owed.
    fn announce(
        &mut self,
        now: WallTime,
        bridge: BridgeId,
        hello: &Hello,
        clock_offset_micros: i64,
    ) -> Result<BTreeMap<DeviceId, Announced>, Refusal> {
        let beds = hello.devices.iter().map(|device| (device.id, device.bed.as_str()));
        let owed = hello.owed.iter().map(|progress| (progress.device, ""));
        let mut devices = BTreeMap::new();
        for (device, bed) in beds.chain(owed) {
            if devices.contains_key(&device) {
                continue;
            }
            let track = self.tracks.open(bridge, device, Link::Lost { since: now });
            let track = track.map_err(|TracksFull| no_room())?;
            let place = place(hello.site, &hello.facility, bed);
            self.tracks.update(track, |track| {
                track.place = place;
                track.clock_offset_micros = clock_offset_micros;
            });
            self.take_up_restored(now, bridge, device);
            devices.insert(device, Announced { line: self.ledger.line(bridge, device), track });
        }
        Ok(devices)
    }

    /// Lets go of what the bridge cannot send any more, and says what the region has.
    fn agree_on_runs(
        &mut self,
        bridge: BridgeId,
        hello: &Hello,
        devices: &BTreeMap<DeviceId, Announced>,
    ) -> Vec<Progress> {
        for owed in &hello.owed {
            if let Some(announced) = devices.get(&owed.device) {
                self.ledger.raise_floor(announced.line, owed.epoch, owed.next);
            }
        }
        if hello.owed.len() < protocol::link::EPOCHS_MAX {
            for (device, line) in self.ledger.lines_of(bridge) {
                let of_device = hello.owed.iter().filter(|owed| owed.device == device);
                let epochs: Vec<u64> = of_device.map(|owed| owed.epoch).collect();
                self.ledger.close_runs_except(line, &epochs);
            }
        }
        let told = hello.owed.iter().filter_map(|owed| {
            let line = devices.get(&owed.device)?.line;
            let next = self.ledger.next(line, owed.epoch);
            Some(Progress { device: owed.device, epoch: owed.epoch, next })
        });
        told.collect()
    }

    fn show(
        &mut self,
        now: WallTime,
        track: TrackNumber,
        clock_offset_micros: i64,
        gap_before: Gap,
        block: &Block,
        bytes: &[u8],
    ) {
        let built_at = block.built_at.plus_micros(clock_offset_micros);
        let mut marks = Marks::NONE;
        if now.micros_since(built_at) > self.options.late_after_micros {
            marks = marks.with(Marks::LATE);
        }
        if gap_before == Gap::Before {
            marks = marks.with(Marks::GAP_BEFORE);
        }
        let arrival = Arc::new(Arrival {
            index: self.log.end(),
            track,
            marks,
            received_at: now,
            placed_at: block.at.plus_micros(clock_offset_micros).min(now),
            epoch: block.epoch,
            seq: block.seq,
            bytes: bytes.into(),
        });
        self.log.push(Arc::clone(&arrival));
        let strip = self.tracks.strip_mut(track);
        strip.arrivals += 1;
        strip.last_received_at = Some(now);
        strip.keep(now, arrival, self.options.keep());
    }

    fn set_link(&mut self, number: TrackNumber, reach: Reach, now: WallTime) {
        self.tracks.update(number, |track| {
            track.link = match (track.link, reach) {
                (Link::Lost { .. }, Reach::Up) => Link::Up { since: now },
                (Link::Up { .. }, Reach::Lost) => Link::Lost { since: now },
                (unchanged, _) => unchanged,
            };
        });
    }

    fn next_id(&mut self) -> u64 {
        self.ids_used += 1;
        self.ids_used
    }
}

fn place(site: SiteKind, facility: &str, bed: &str) -> Place {
    Place { site, facility: facility.to_owned(), bed: bed.to_owned() }
}

fn common_version((lowest, highest): (u8, u8)) -> Result<u8, Refusal> {
    let version = highest.min(VERSIONS.1);
    if version >= lowest.max(VERSIONS.0) {
        return Ok(version);
    }
    let (ours_lowest, ours_highest) = VERSIONS;
    let text = format!(
        "the bridge speaks versions {lowest} to {highest}, this region {ours_lowest} to \
         {ours_highest}; bring the older of the two up to date"
    );
    Err(Refusal { code: RefusalCode::Version, text })
}

fn no_room() -> Refusal {
    let text = "the region has no room for more devices; remove those that are not used any \
                more and restart the region";
    Refusal { code: RefusalCode::Unavailable, text: text.to_owned() }
}
