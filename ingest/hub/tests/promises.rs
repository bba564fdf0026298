//! The hub's promises under simulated time, in any order of events.
//!
//! A simulated ward of bridges, one store and a few walls drives the hub with random events:
//! blocks in any order and more than once, lost and replaced connections, restarts of bridges
//! and of the region, a store that fails between hearing and writing. After each event the
//! hub's invariants are checked, and everything that comes out against a plain model.

#![expect(clippy::unwrap_used, reason = "a test may panic, and says where")]

use std::collections::{BTreeMap, BTreeSet};

use hub::{BlockKey, Hub, HubOptions, PublisherId, Received, ViewerId};
use proptest::prelude::*;
use protocol::Block;
use protocol::feed::{FRAME_BYTES_MAX, FeedFrame, Marks, TrackNumber, Watch};
use protocol::link::{Ack, Device, Hello, Progress, SiteKind, VERSIONS};
use vitals::{Absence, BridgeId, DeviceId, DeviceTick, EpisodeId, Second, WallTime};

const BRIDGES: usize = 2;
const DEVICES: usize = 2;
const VIEWERS: usize = 3;

#[derive(Clone, Debug)]
enum Event {
    Build { bridge: usize, device: usize },
    Connect { bridge: usize },
    Disconnect { bridge: usize },
    Send { bridge: usize, choice: usize },
    SendOnOldConnection { bridge: usize, choice: usize },
    RestartBridge { bridge: usize },
    Commit { count: usize },
    StoreFails,
    TakeAcks { bridge: usize },
    RestartRegion,
    Watch { viewer: usize, track: Option<u16>, history_seconds: u16 },
    Pull { viewer: usize, frames: usize },
    Wait { millis: u16 },
}

fn event() -> impl Strategy<Value = Event> {
    let (bridge, device) = (0..BRIDGES, 0..DEVICES);
    let viewer = 0..VIEWERS;
    let any = any::<u16>().prop_map(usize::from);
    prop_oneof![
        8 => (bridge.clone(), device).prop_map(|(bridge, device)| Event::Build { bridge, device }),
        3 => bridge.clone().prop_map(|bridge| Event::Connect { bridge }),
        1 => bridge.clone().prop_map(|bridge| Event::Disconnect { bridge }),
        12 => (bridge.clone(), any.clone())
            .prop_map(|(bridge, choice)| Event::Send { bridge, choice }),
        1 => (bridge.clone(), any)
            .prop_map(|(bridge, choice)| Event::SendOnOldConnection { bridge, choice }),
        1 => bridge.clone().prop_map(|bridge| Event::RestartBridge { bridge }),
        4 => (1usize..6).prop_map(|count| Event::Commit { count }),
        1 => Just(Event::StoreFails),
        3 => bridge.prop_map(|bridge| Event::TakeAcks { bridge }),
        1 => Just(Event::RestartRegion),
        1 => (viewer.clone(), prop::option::of(0u16..5), prop_oneof![Just(0u16), 1u16..400])
            .prop_map(|(viewer, track, history_seconds)| Event::Watch { viewer, track, history_seconds }),
        5 => (viewer, 1usize..4).prop_map(|(viewer, frames)| Event::Pull { viewer, frames }),
        4 => (1u16..3000).prop_map(|millis| Event::Wait { millis }),
    ]
}

/// One bridge with its spool.
struct Bridge {
    id: BridgeId,
    epoch: u64,
    next: [u64; DEVICES],
    /// What it holds until it is acknowledged.
    spool: BTreeMap<(DeviceId, u64, u64), Block>,
    connection: Option<PublisherId>,
    old_connection: Option<PublisherId>,
    clock_offset_micros: i64,
}

/// One wall, and all it was sent.
struct Wall {
    viewer: ViewerId,
    watched: Option<Option<u16>>,
    /// Live blocks by the order in which the region heard them.
    live: Vec<usize>,
    history: BTreeSet<BlockKey>,
    missed: u64,
    /// How many blocks had arrived for this wall when it last asked.
    arrivals_before: u64,
}

/// A block as readers first saw it.
struct Arrived {
    key: BlockKey,
    track: u16,
}

struct Ward {
    hub: Hub,
    now: WallTime,
    bridges: Vec<Bridge>,
    pending: Vec<(BlockKey, WallTime, Block)>,
    disk: BTreeMap<BlockKey, (WallTime, Block)>,
    built: BTreeSet<BlockKey>,
    arrived: Vec<Arrived>,
    shown: BTreeSet<BlockKey>,
    tracks: BTreeMap<(BridgeId, DeviceId), u16>,
    walls: Vec<Wall>,
}

const OPTIONS: HubOptions = HubOptions {
    recent_micros: 300 * WallTime::MICROS_PER_SECOND,
    late_after_micros: 5 * WallTime::MICROS_PER_SECOND,
    silent_after_micros: 10 * WallTime::MICROS_PER_SECOND,
    log_entries_max: 12,
};

impl Ward {
    fn new() -> Self {
        let mut hub = Hub::new(OPTIONS);
        let bridges = (0..BRIDGES)
            .map(|n| Bridge {
                id: BridgeId::new(&format!("bridge-{n}")).unwrap(),
                epoch: 1,
                next: [0; DEVICES],
                spool: BTreeMap::new(),
                connection: None,
                old_connection: None,
                clock_offset_micros: 7_000_000_000 * (n as i64 - 1),
            })
            .collect();
        let walls = (0..VIEWERS).map(|_| Wall::new(hub.open_viewer())).collect();
        Self {
            hub,
            now: WallTime(1_800_000_000_000_000),
            bridges,
            pending: Vec::new(),
            disk: BTreeMap::new(),
            built: BTreeSet::new(),
            arrived: Vec::new(),
            shown: BTreeSet::new(),
            tracks: BTreeMap::new(),
            walls,
        }
    }

    fn apply(&mut self, event: &Event) {
        match *event {
            Event::Build { bridge, device } => self.build(bridge, device),
            Event::Connect { bridge } => self.connect(bridge),
            Event::Disconnect { bridge } => {
                if let Some(publisher) = self.bridges[bridge].connection.take() {
                    self.hub.disconnect(self.now, publisher);
                    self.bridges[bridge].old_connection = Some(publisher);
                }
            }
            Event::Send { bridge, choice } => self.send(bridge, choice),
            Event::SendOnOldConnection { bridge, choice } => self.send_on_old(bridge, choice),
            Event::RestartBridge { bridge } => {
                self.apply(&Event::Disconnect { bridge });
                self.bridges[bridge].epoch += 1;
                self.bridges[bridge].next = [0; DEVICES];
            }
            Event::Commit { count } => self.commit(count),
            Event::StoreFails => {
                self.pending.clear();
                self.hub.store_failed();
            }
            Event::TakeAcks { bridge } => self.take_acks(bridge),
            Event::RestartRegion => self.restart_region(),
            Event::Watch { viewer, track, history_seconds } => {
                self.watch(viewer, track, history_seconds);
            }
            Event::Pull { viewer, frames } => {
                for _ in 0..frames {
                    self.pull(viewer);
                }
            }
            Event::Wait { millis } => self.now = self.now.plus_micros(i64::from(millis) * 1000),
        }
        self.hub.assert_invariants();
    }

    fn build(&mut self, bridge: usize, device: usize) {
        let bridge = &mut self.bridges[bridge];
        let seq = bridge.next[device];
        bridge.next[device] += 1;
        let its_now = self.now.plus_micros(-bridge.clock_offset_micros);
        let block = Block {
            device: device_id(device),
            epoch: bridge.epoch,
            seq,
            episode: EpisodeId::from_u128(1),
            tick: DeviceTick(4 * seq),
            at: its_now.plus_micros(-1_000_000),
            built_at: its_now,
            second: Second::absent(Absence::Blank),
        };
        self.built.insert(key(bridge.id, &block));
        bridge.spool.insert((block.device, block.epoch, seq), block);
    }

    fn connect(&mut self, bridge: usize) {
        let (hub, now) = (&mut self.hub, self.now);
        let bridge = &mut self.bridges[bridge];
        let mut owed: Vec<Progress> = Vec::new();
        for &(device, epoch, seq) in bridge.spool.keys() {
            if owed.last().is_none_or(|last| (last.device, last.epoch) != (device, epoch)) {
                owed.push(Progress { device, epoch, next: seq });
            }
        }
        let hello = Hello {
            versions: VERSIONS,
            now: now.plus_micros(-bridge.clock_offset_micros),
            software: "ward".into(),
            facility: "Clinic".into(),
            site: SiteKind::Clinic,
            devices: (0..DEVICES)
                .map(|n| Device { id: device_id(n), bed: format!("Bed {n}") })
                .collect(),
            owed,
        };
        let connected = hub.connect(now, bridge.id, &hello).unwrap();
        assert_eq!(connected.replaced, bridge.connection);
        bridge.old_connection = bridge.connection.replace(connected.publisher);
        let id = bridge.id;
        for progress in connected.welcome.stored {
            self.forget(id, progress);
        }
    }

    /// A bridge sends any block it holds, and so perhaps one that it sent before.
    fn send(&mut self, bridge: usize, choice: usize) {
        let Some(publisher) = self.bridges[bridge].connection else { return };
        let id = self.bridges[bridge].id;
        let spool = &self.bridges[bridge].spool;
        let Some(block) = spool.values().nth(choice % spool.len().max(1)).copied() else { return };
        let key = key(id, &block);
        let is_pending = self.pending.iter().any(|(pending, _, _)| *pending == key);
        match self.hub.receive(self.now, publisher, &block.to_bytes()).unwrap() {
            Received::Fresh(fresh) => {
                assert_eq!(fresh, block);
                assert!(!is_pending && !self.disk.contains_key(&key), "stored twice: {key:?}");
                self.pending.push((key, self.now, block));
                if self.shown.insert(key) {
                    let track = u16::MAX;
                    self.arrived.push(Arrived { key, track });
                }
            }
            Received::Duplicate => assert!(self.disk.contains_key(&key)),
            Received::Pending => assert!(is_pending),
        }
    }

    fn send_on_old(&mut self, bridge: usize, choice: usize) {
        let Some(publisher) = self.bridges[bridge].old_connection else { return };
        let spool = &self.bridges[bridge].spool;
        let Some(block) = spool.values().nth(choice % spool.len().max(1)) else { return };
        let refused = self.hub.receive(self.now, publisher, &block.to_bytes());
        assert_eq!(refused, Err(hub::BlockRefused::NotConnected));
        self.hub.disconnect(self.now, publisher);
        assert_eq!(self.hub.poll_ack(publisher), None);
    }

    fn commit(&mut self, count: usize) {
        let batch: Vec<_> = self.pending.drain(..count.min(self.pending.len())).collect();
        for (key, received_at, block) in &batch {
            assert!(self.disk.insert(*key, (*received_at, *block)).is_none(), "stored twice");
        }
        let keys: Vec<_> = batch.iter().map(|(key, _, _)| *key).collect();
        let due = self.hub.stored(&keys);
        let connected: BTreeSet<_> = self.bridges.iter().filter_map(|b| b.connection).collect();
        assert!(due.iter().all(|publisher| connected.contains(publisher)));
    }

    fn take_acks(&mut self, bridge: usize) {
        let Some(publisher) = self.bridges[bridge].connection else { return };
        while let Some(Ack { stored }) = self.hub.poll_ack(publisher) {
            assert!(!stored.is_empty());
            for progress in stored {
                self.forget(self.bridges[bridge].id, progress);
            }
        }
    }

    /// The bridge lets go of what the region acknowledged: all of it must be on the disk.
    fn forget(&mut self, id: BridgeId, progress: Progress) {
        let bridge = self.bridges.iter_mut().find(|bridge| bridge.id == id).unwrap();
        bridge.spool.retain(|&(device, epoch, seq), block| {
            let is_acked =
                (device, epoch) == (progress.device, progress.epoch) && seq < progress.next;
            let lost = is_acked && !self.disk.contains_key(&key(id, block));
            assert!(!lost, "acknowledged and not stored: {device} {epoch} {seq}");
            !is_acked
        });
    }

    fn restart_region(&mut self) {
        self.pending.clear();
        self.hub = Hub::new(OPTIONS);
        for (key, (received_at, block)) in &self.disk {
            self.hub.restore(key.bridge, key.device, key.epoch, &[(key.seq, key.seq)]);
            self.hub.restore_recent(self.now, key.bridge, *received_at, block);
        }
        for bridge in &mut self.bridges {
            bridge.connection = None;
            bridge.old_connection = None;
        }
        self.shown = self.disk.keys().copied().collect();
        self.arrived.clear();
        self.tracks.clear();
        self.walls = (0..VIEWERS).map(|_| Wall::new(self.hub.open_viewer())).collect();
    }

    fn watch(&mut self, viewer: usize, track: Option<u16>, history_seconds: u16) {
        // What is on its way is taken first, so that the model can count from here.
        while self.pull(viewer) {}
        let tracks = track.into_iter().map(TrackNumber).collect();
        let viewer_id = self.walls[viewer].viewer;
        self.hub.watch(self.now, viewer_id, &Watch { history_seconds, tracks });
        let wanted = self.wanted(track);
        let wall = &mut self.walls[viewer];
        wall.watched = Some(track);
        wall.arrivals_before = wanted;
        (wall.live, wall.history, wall.missed) = Default::default();
    }

    /// Takes one frame and checks it against the model.
    fn pull(&mut self, viewer: usize) -> bool {
        let Some(bytes) = self.hub.next_frame(self.now, self.walls[viewer].viewer) else {
            return false;
        };
        assert!(bytes.len() <= FRAME_BYTES_MAX);
        match FeedFrame::decode(&bytes).unwrap() {
            FeedFrame::Roster { entries, .. } => {
                for entry in entries {
                    let known = (entry.bridge, entry.device);
                    let before = self.tracks.insert(known, entry.track.0);
                    assert!(before.is_none_or(|before| before == entry.track.0));
                }
            }
            FeedFrame::Blocks { entries, .. } => {
                assert!(!entries.is_empty());
                for entry in entries {
                    let block = Block::decode(entry.block).unwrap();
                    self.show(viewer, entry.track.0, entry.marks, &block);
                }
            }
            FeedFrame::Beat { .. } | FeedFrame::Analysis { .. } | FeedFrame::Analyst { .. } => {}
            FeedFrame::Alerts { .. } | FeedFrame::Refused { .. } => {}
            FeedFrame::Missed { count, .. } => self.walls[viewer].missed += u64::from(count),
        }
        true
    }

    fn show(&mut self, viewer: usize, track: u16, marks: Marks, block: &Block) {
        let named = self.tracks.iter().find(|(_, number)| **number == track);
        let (&(bridge, device), _) = named.expect("a block comes after its track's roster");
        assert_eq!(device, block.device);
        let key = key(bridge, block);
        let wall = &mut self.walls[viewer];
        assert!(wall.watched.unwrap().is_none_or(|watched| watched == track));
        if marks.contains(Marks::HISTORY) {
            assert!(wall.history.insert(key), "twice in one history: {key:?}");
            return;
        }
        let place = self.arrived.iter().position(|arrived| arrived.key == key).unwrap();
        assert!(
            wall.live.last().is_none_or(|last| *last < place),
            "twice or out of order: {key:?}"
        );
        wall.live.push(place);
        let before = BlockKey { seq: key.seq.wrapping_sub(1), ..key };
        let was_shown = key.seq == 0
            || self.arrived[..place].iter().any(|arrived| arrived.key == before)
            || (self.shown.contains(&before)
                && !self.arrived.iter().any(|arrived| arrived.key == before));
        assert_eq!(marks.contains(Marks::GAP_BEFORE), !was_shown, "gap before {key:?}");
    }

    /// How many blocks arrived for a wall that watches `track`.
    fn wanted(&mut self, track: Option<u16>) -> u64 {
        for arrived in &mut self.arrived {
            let name = (arrived.key.bridge, arrived.key.device);
            arrived.track = self.tracks.get(&name).copied().unwrap_or(u16::MAX);
        }
        let is_wanted = |arrived: &&Arrived| track.is_none_or(|track| track == arrived.track);
        self.arrived.iter().filter(is_wanted).count() as u64
    }

    /// In the end every connection holds, and everything must come through.
    fn finish(&mut self) {
        for bridge in 0..BRIDGES {
            self.connect(bridge);
            let held = self.bridges[bridge].spool.len();
            for choice in 0..held {
                self.send(bridge, choice);
            }
            self.commit(usize::MAX);
            self.take_acks(bridge);
            assert!(self.bridges[bridge].spool.is_empty(), "never acknowledged");
        }
        let stored: BTreeSet<_> = self.disk.keys().copied().collect();
        assert_eq!(stored, self.built, "something was lost");
        for viewer in 0..VIEWERS {
            while self.pull(viewer) {}
            let Some(watched) = self.walls[viewer].watched else { continue };
            let wanted = self.wanted(watched);
            let wall = &self.walls[viewer];
            let due = wanted - wall.arrivals_before;
            assert_eq!(wall.live.len() as u64 + wall.missed, due, "neither sent nor missed");
        }
        self.hub.assert_invariants();
    }
}

impl Wall {
    fn new(viewer: ViewerId) -> Self {
        let (live, history) = (Vec::new(), BTreeSet::new());
        Self { viewer, watched: None, live, history, missed: 0, arrivals_before: 0 }
    }
}

fn device_id(n: usize) -> DeviceId {
    DeviceId::new(&format!("bed-{n}")).unwrap()
}

fn key(bridge: BridgeId, block: &Block) -> BlockKey {
    BlockKey { bridge, device: block.device, epoch: block.epoch, seq: block.seq }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_nothing_comes_twice_and_acks_are_true(
        events in prop::collection::vec(event(), 1..250)
    ) {
        let mut ward = Ward::new();
        for event in &events {
            ward.apply(event);
        }
        ward.finish();
    }
}
