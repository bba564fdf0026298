//! The promises of the uplink, kept under simulated time against a model disk and region.
//!
//! A script of troubles is drawn at random: lost connections, acknowledgements that come late
//! or not at all, restarts, a full disk, damaged records. At the end all is healed, and the
//! region must have every block that was ever built, once, in order.

#![expect(clippy::unwrap_used, reason = "a test may panic, and says where")]

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;
use protocol::Block;
use protocol::link::{Ack, Frame, Progress, SiteKind, Welcome};
use uplink::{
    BlockName, Event, Input, LOAD_BLOCKS_MAX, LastBlock, Monitor, Now, OwedRun, Past, PortState,
    RING_BLOCKS_MAX, Settings, StoreRefusal, Transmit, Uplink, is_silence, next_epoch,
};
use vitals::{Absence, DeviceId, EpisodeId, Flags, Second, WallTime};

const WALL: i64 = 1_700_000_000_000_000;

/// What may happen between two seconds of the ward.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Cut,
    Restart,
    /// Power is lost: the disk forgets its newest records.
    PowerLoss,
    DiskFull,
    DiskFree,
    DamageOldest,
    MuteAcks,
    SpeakAcks,
    RegionGoes,
    RegionComes,
    Silence(u64),
    FaultyFrame,
    PullPort,
}

/// A bridge, its disk, the region, and the time, all in one thread.
struct Ward {
    uplink: Uplink,
    devices: Vec<DeviceId>,
    millis: u64,
    started: u64,
    disk: BTreeMap<BlockName, Vec<u8>>,
    damaged: Vec<BlockName>,
    disk_is_full: bool,
    acks_are_mute: bool,
    region_is_away: bool,
    /// Frames on the way to the region.
    up: VecDeque<Vec<u8>>,
    /// Stored on this connection and not yet acknowledged.
    unsaid: Vec<Progress>,
    is_connected: bool,
    region: BTreeMap<(DeviceId, u64), Vec<Vec<u8>>>,
    built: BTreeMap<BlockName, Vec<u8>>,
    events: Vec<Event>,
    duplicates: u64,
}

impl Ward {
    fn new(monitors: usize) -> Self {
        let devices: Vec<DeviceId> =
            (0..monitors).map(|i| DeviceId::new(&format!("bed-{i}")).unwrap()).collect();
        let uplink = start(&devices, 0, &Past::default());
        Self {
            uplink,
            devices,
            millis: 0,
            started: 0,
            disk: BTreeMap::new(),
            damaged: Vec::new(),
            disk_is_full: false,
            acks_are_mute: false,
            region_is_away: false,
            up: VecDeque::new(),
            unsaid: Vec::new(),
            is_connected: false,
            region: BTreeMap::new(),
            built: BTreeMap::new(),
            events: Vec::new(),
            duplicates: 0,
        }
    }

    fn now(&self) -> Now {
        Now {
            since_start: Duration::from_millis(self.millis - self.started),
            wall: WallTime(WALL + i64::try_from(self.millis).unwrap() * 1_000),
        }
    }

    fn input(&mut self, input: Input) {
        self.uplink.handle(self.now(), input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(transmit) = self.uplink.poll_transmit() {
            let answer = match transmit {
                Transmit::Store { block, bytes } => {
                    assert!(self.built.insert(block, bytes.clone()).is_none(), "{block} twice");
                    if self.disk_is_full {
                        Input::StoreRefused { block, why: StoreRefusal::DiskFull }
                    } else {
                        self.disk.insert(block, bytes);
                        Input::Stored(block)
                    }
                }
                Transmit::Load(lookup) => {
                    let name = |seq| BlockName { device: lookup.device, epoch: lookup.epoch, seq };
                    let read = |seq| self.disk.get(&name(seq)).cloned();
                    let blocks = (lookup.from..lookup.end).map(read).collect();
                    Input::Loaded { lookup, blocks }
                }
                Transmit::Forget(below) => {
                    let first = BlockName { seq: 0, ..below };
                    let gone: Vec<_> =
                        self.disk.range(first..below).map(|(name, _)| *name).collect();
                    gone.iter().for_each(|name| {
                        self.disk.remove(name);
                    });
                    continue;
                }
                Transmit::Connect if self.region_is_away => Input::Disconnected,
                Transmit::Connect => {
                    self.is_connected = true;
                    self.up.clear();
                    self.unsaid.clear();
                    Input::Connected
                }
                Transmit::Frame(bytes) => {
                    assert!(self.is_connected, "a frame without a connection");
                    self.up.push_back(bytes);
                    continue;
                }
                Transmit::Disconnect => {
                    self.is_connected = false;
                    self.up.clear();
                    continue;
                }
            };
            self.uplink.handle(self.now(), answer);
        }
        while let Some(event) = self.uplink.poll_event() {
            self.events.push(event);
        }
        let memory_max = RING_BLOCKS_MAX + LOAD_BLOCKS_MAX * self.devices.len();
        assert!(self.uplink.blocks_in_memory() <= memory_max, "memory is bounded");
    }

    /// The region takes what is on the way, and acknowledges.
    fn deliver(&mut self) {
        while let Some(bytes) = self.up.pop_front() {
            match Frame::decode(&bytes).unwrap().unwrap().0 {
                Frame::Hello(hello) => {
                    let known = |p: &Progress| {
                        let stored = self.region.get(&(p.device, p.epoch)).map_or(0, Vec::len);
                        Progress { next: stored as u64, ..*p }
                    };
                    let stored = hello.owed.iter().map(known).collect();
                    let now = self.now().wall;
                    self.input(Input::Frame(Frame::Welcome(Welcome { version: 1, now, stored })));
                }
                Frame::Block(bytes) => {
                    let block = Block::decode(&bytes).unwrap();
                    let run = self.region.entry((block.device, block.epoch)).or_default();
                    let stored = run.len() as u64;
                    assert!(block.seq <= stored, "{} left out of order", block.seq);
                    if block.seq == stored {
                        run.push(bytes);
                    } else {
                        self.duplicates += 1;
                    }
                    let next = self.region[&(block.device, block.epoch)].len() as u64;
                    self.unsaid.push(Progress { device: block.device, epoch: block.epoch, next });
                }
                other => panic!("a bridge does not send {other:?}"),
            }
        }
        if !self.acks_are_mute && self.is_connected {
            // In the worst order, and each more than once.
            let mut unsaid = std::mem::take(&mut self.unsaid);
            unsaid.reverse();
            for stored in unsaid.chunks(400) {
                self.input(Input::Frame(Frame::Ack(Ack { stored: stored.to_vec() })));
            }
        }
    }

    /// One second: each monitor speaks, frames travel.
    fn second(&mut self, spoken: impl Fn(usize) -> bool) {
        let until = self.millis + 1_000;
        while let Some(wake) = self.uplink.poll_timeout() {
            let wake = self.started + u64::try_from(wake.as_micros().div_ceil(1_000)).unwrap();
            if wake >= until {
                break;
            }
            self.millis = self.millis.max(wake);
            self.input(Input::Timeout);
        }
        self.millis = until;
        for (i, device) in self.devices.clone().into_iter().enumerate() {
            if spoken(i) {
                let fresh = EpisodeId::from_u128(u128::from(self.millis) << 8 | i as u128);
                let second = Second::absent(Absence::Blank);
                self.input(Input::Second { device, second, wire_bytes: 41, fresh });
            }
        }
        self.deliver();
    }

    fn cut(&mut self) {
        if self.is_connected {
            self.is_connected = false;
            self.up.clear();
            self.input(Input::Disconnected);
        }
    }

    /// The process dies and starts again; only the disk is left.
    fn restart(&mut self) {
        self.is_connected = false;
        self.up.clear();
        self.millis += 500;
        self.started = self.millis;
        let past = past(&self.disk);
        // A block that never was on the disk, and is not with the region, died with the memory.
        let (disk, region) = (&self.disk, &self.region);
        let next_on_disk = |b: &BlockName| {
            let run = BlockName { seq: 0, ..*b }..=BlockName { seq: u64::MAX, ..*b };
            disk.range(run).next_back().map_or(0, |(last, _)| last.seq + 1)
        };
        let with_region =
            |b: &BlockName| region.get(&(b.device, b.epoch)).map_or(0, |run| run.len() as u64);
        let lost: Vec<BlockName> = (self.built.keys())
            .filter(|block| block.seq >= next_on_disk(block) && block.seq >= with_region(block))
            .copied()
            .collect();
        for block in lost {
            self.built.remove(&block);
        }
        self.uplink = start(&self.devices, self.millis, &past);
        self.drain();
    }

    fn trouble(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Cut => self.cut(),
            Trouble::Restart => self.restart(),
            Trouble::PowerLoss => {
                for device in self.devices.clone() {
                    let newest = self.disk.keys().rfind(|block| block.device == device).copied();
                    newest.map(|block| self.disk.remove(&block));
                }
                self.restart();
            }
            Trouble::DiskFull => self.disk_is_full = true,
            Trouble::DiskFree => self.disk_is_full = false,
            Trouble::DamageOldest => {
                // Not the first nor the last: those cannot be told from what was never there.
                let name = self.disk.keys().nth(1).copied();
                if let Some(name) = name.filter(|name| {
                    let neighbour = |seq| self.disk.contains_key(&BlockName { seq, ..*name });
                    name.seq > 0 && neighbour(name.seq - 1) && neighbour(name.seq + 1)
                }) {
                    self.disk.remove(&name);
                    self.damaged.push(name);
                }
            }
            Trouble::MuteAcks => self.acks_are_mute = true,
            Trouble::SpeakAcks => self.acks_are_mute = false,
            Trouble::RegionGoes => {
                self.region_is_away = true;
                self.cut();
            }
            Trouble::RegionComes => self.region_is_away = false,
            Trouble::Silence(seconds) => (0..seconds).for_each(|_| self.second(|_| false)),
            Trouble::FaultyFrame => self.input(Input::Fault { device: self.devices[0] }),
            Trouble::PullPort => {
                let device = self.devices[0];
                self.input(Input::Port { device, state: PortState::Lost });
                self.second(|i| i > 0);
                self.input(Input::Port { device, state: PortState::Open });
            }
        }
    }

    fn heal(&mut self) {
        (self.disk_is_full, self.acks_are_mute, self.region_is_away) = (false, false, false);
        for _ in 0..200 {
            self.second(|_| false);
            if self.uplink.owed_blocks() == 0 && self.is_connected {
                return;
            }
        }
        panic!("{} blocks are still owed", self.uplink.owed_blocks());
    }

    fn check(&self) {
        for (name, bytes) in &self.built {
            let run = self.region.get(&(name.device, name.epoch));
            let stored = run.and_then(|run| run.get(usize::try_from(name.seq).unwrap()));
            let stored = stored.unwrap_or_else(|| panic!("{name} never arrived"));
            if stored != bytes {
                let block = Block::decode(stored).unwrap();
                assert_eq!(block.second, Second::absent(Absence::SpoolDamaged), "{name} changed");
            }
        }
        for run in self.region.values() {
            let blocks: Vec<Block> =
                run.iter().map(|bytes| Block::decode(bytes).unwrap()).collect();
            for pair in blocks.windows(2) {
                assert!(pair[1].at.micros_since(pair[0].at) >= 1_000_000, "never backwards");
                assert!(pair[1].tick.0 >= pair[0].tick.0 + 4);
            }
        }
    }
}

fn start(devices: &[DeviceId], millis: u64, past: &Past) -> Uplink {
    let wall = WallTime(WALL + i64::try_from(millis).unwrap() * 1_000);
    let last = past.owed.iter().map(|run| run.epoch).max();
    let monitor = |device: &DeviceId| Monitor { device: *device, bed: "1".into(), baud: 1200 };
    let settings = Settings {
        epoch: next_epoch(wall, last),
        software: "promises".into(),
        facility: "ward".into(),
        site: SiteKind::Clinic,
        monitors: devices.iter().map(monitor).collect(),
        silence_after: Duration::from_secs(3),
        episode_gap: Duration::from_mins(30),
        jitter_seed: millis,
    };
    Uplink::new(&settings, past)
}

/// What a driver finds in its spool.
fn past(disk: &BTreeMap<BlockName, Vec<u8>>) -> Past {
    let mut past = Past::default();
    for (name, bytes) in disk {
        let block = Block::decode(bytes).unwrap();
        let (device, episode, tick, at) = (block.device, block.episode, block.tick, block.at);
        let heard = past.last.iter().find(|last| last.device == device).map(|last| last.heard);
        let heard = heard.filter(|_| is_silence(&block.second)).unwrap_or(at);
        past.last.retain(|last| last.device != device);
        past.last.push(LastBlock { device, episode, tick, at, heard });
        let end = name.seq + 1;
        match past.owed.last_mut() {
            Some(run) if (run.device, run.epoch) == (device, name.epoch) => {
                (run.end, run.episode, run.tick, run.at) = (end, episode, tick, at);
            }
            _ => {
                let (epoch, from) = (name.epoch, name.seq);
                past.owed.push(OwedRun { device, epoch, from, end, episode, tick, at });
            }
        }
    }
    past
}

fn troubles() -> impl Strategy<Value = Vec<(u64, Trouble)>> {
    let trouble = prop_oneof![
        3 => Just(Trouble::Cut),
        2 => Just(Trouble::Restart),
        1 => Just(Trouble::PowerLoss),
        1 => Just(Trouble::DiskFull),
        2 => Just(Trouble::DiskFree),
        1 => Just(Trouble::DamageOldest),
        2 => Just(Trouble::MuteAcks),
        2 => Just(Trouble::SpeakAcks),
        1 => Just(Trouble::RegionGoes),
        2 => Just(Trouble::RegionComes),
        1 => (1_u64..8).prop_map(Trouble::Silence),
        1 => Just(Trouble::FaultyFrame),
        1 => Just(Trouble::PullPort),
    ];
    prop::collection::vec((0_u64..40, trouble), 0..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_happens_every_block_arrives_once_and_in_order(
        monitors in 1_usize..4,
        script in troubles(),
    ) {
        let mut ward = Ward::new(monitors);
        for (seconds, trouble) in script {
            (0..seconds).for_each(|_| ward.second(|_| true));
            ward.trouble(trouble);
        }
        ward.heal();
        ward.check();
    }
}

#[test]
fn a_healthy_link_acknowledges_each_second_and_never_reads_the_disk() {
    let mut ward = Ward::new(2);
    (0..100).for_each(|_| ward.second(|_| true));
    assert!(ward.uplink.owed_blocks() <= 4, "{}", ward.uplink.owed_blocks());
    assert_eq!(ward.duplicates, 0);
    let runs: Vec<usize> = ward.region.values().map(Vec::len).collect();
    assert_eq!(runs, [100, 100]);
}

#[test]
fn hours_without_the_region_are_kept_in_bounded_memory_and_then_caught_up() {
    let mut ward = Ward::new(2);
    ward.trouble(Trouble::RegionGoes);
    (0..4 * 3600).for_each(|_| ward.second(|_| true));
    assert_eq!(ward.uplink.owed_blocks(), 2 * 4 * 3600);
    ward.restart();
    ward.heal();
    ward.check();
}

#[test]
fn a_damaged_record_is_sent_as_lost_and_the_rest_is_whole() {
    let mut ward = Ward::new(1);
    ward.acks_are_mute = true;
    (0..20).for_each(|_| ward.second(|_| true));
    ward.region.clear();
    ward.trouble(Trouble::DamageOldest);
    ward.restart();
    ward.heal();
    ward.check();
    let [name] = ward.damaged[..] else { panic!("one record was damaged") };
    let run = &ward.region[&(name.device, name.epoch)];
    let lost = Block::decode(&run[usize::try_from(name.seq).unwrap()]).unwrap();
    assert_eq!(lost.second, Second::absent(Absence::SpoolDamaged));
    assert!(ward.events.iter().any(|e| matches!(e, Event::BlockLost { block } if *block == name)));
}

#[test]
fn a_full_disk_is_told_and_live_blocks_go_on_until_memory_is_full_too() {
    let mut ward = Ward::new(1);
    (0..5).for_each(|_| ward.second(|_| true));
    ward.disk_is_full = true;
    (0..5).for_each(|_| ward.second(|_| true));
    assert!(ward.uplink.owed_blocks() <= 2, "live blocks still go through");
    let refuses = Event::SpoolRefuses { why: StoreRefusal::DiskFull };
    assert!(ward.events.contains(&refuses));

    ward.trouble(Trouble::RegionGoes);
    (0..3_000).for_each(|_| ward.second(|_| true));
    let refused =
        ward.events.iter().filter(|e| matches!(e, Event::SecondsRefused { seconds: 1, .. }));
    assert_eq!(refused.count(), 1, "told once when it begins");

    ward.heal();
    (0..3).for_each(|_| ward.second(|_| true));
    ward.heal();
    ward.check();
    let run: Vec<Block> = ward
        .region
        .values()
        .next()
        .unwrap()
        .iter()
        .map(|bytes| Block::decode(bytes).unwrap())
        .collect();
    let marked: Vec<&Block> =
        run.iter().filter(|b| b.second.flags.contains(Flags::REFUSED_BEFORE)).collect();
    assert_eq!(marked.len(), 1, "the first block after the loss says so");
    let ended =
        ward.events.iter().any(|e| matches!(e, Event::SecondsRefused { seconds: 900.., .. }));
    assert!(ended, "the count of lost seconds is told");
    assert!(ward.events.contains(&Event::SpoolAccepts));
}

#[test]
fn an_event_mark_is_on_the_next_block_only() {
    let mut ward = Ward::new(1);
    ward.second(|_| true);
    ward.second(|_| true);
    ward.input(Input::EventMark { device: ward.devices[0] });
    ward.second(|_| true);
    ward.second(|_| true);
    let marked: Vec<bool> = ward
        .built
        .values()
        .map(|bytes| Block::decode(bytes).unwrap().second.flags.contains(Flags::EVENT_MARK))
        .collect();
    assert_eq!(marked, [false, false, true, false]);
}

#[test]
fn a_region_that_lost_its_disk_gets_a_name_for_every_block_that_is_gone() {
    let mut ward = Ward::new(1);
    (0..30).for_each(|_| ward.second(|_| true));
    ward.acks_are_mute = true;
    ward.second(|_| true);
    ward.region.clear();
    ward.cut();
    ward.heal();
    let run = ward.region.values().next().unwrap();
    let lost = |bytes: &Vec<u8>| {
        Block::decode(bytes).unwrap().second == Second::absent(Absence::SpoolDamaged)
    };
    assert_eq!(run.iter().filter(|bytes| lost(bytes)).count(), 30);
}

#[test]
fn a_region_that_never_answers_is_called_again_and_its_refusals_are_told() {
    let mut ward = Ward::new(1);
    ward.second(|_| true);
    ward.acks_are_mute = true;
    (0..75).for_each(|_| ward.second(|_| true));
    let downs = ward.events.iter().filter(|e| matches!(e, Event::LinkDown { .. })).count();
    assert_eq!(downs, 1, "a minute without an acknowledgement is enough");

    let refusal = protocol::link::Refusal {
        code: protocol::link::RefusalCode::Unavailable,
        text: "the disk is full".into(),
    };
    ward.input(Input::Frame(Frame::Refusal(refusal.clone())));
    assert!(ward.events.contains(&Event::Refused(refusal)));
    ward.is_connected = false;
    ward.heal();
    ward.check();
}
