//! The whole of it: seconds in, blocks to store and frames to send out.

use core::time::Duration;
use std::collections::VecDeque;

use protocol::link::{
    DEVICES_MAX, Device, Frame, Hello, Progress, Refusal, RefusalCode, SiteKind, VERSIONS,
};
use vitals::DeviceId;

use crate::block_builder::BlockBuilder;
use crate::event::{Event, RefusedWhy};
use crate::input::{BlockName, Input, StoreRefusal, Transmit};
use crate::link::{Due, Hope, Link, State};
use crate::now::Now;
use crate::settings::{Past, Settings};
use crate::spool::{Next, Room, Spool};
use crate::timeline::{Note, Step, Timeline};

/// What a bridge owes the region, and all that it decides.
///
/// The order of calls stands in the crate's own page.
///
/// # Invariants
///
/// A block that was handed out for storing is owed until the region has acknowledged it, in
/// this process or a later one; of each monitor blocks leave in the order of their names; a
/// block leaves only after the disk has answered for it.
pub struct Uplink {
    software: String,
    facility: String,
    site: SiteKind,
    builders: Vec<BlockBuilder>,
    spool: Spool,
    link: Link,
    disk: Disk,
    transmits: VecDeque<Transmit>,
    events: VecDeque<Event>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Disk {
    Accepts,
    Refuses(StoreRefusal),
}

impl Uplink {
    /// An uplink that owes what an earlier run left.
    ///
    /// # Panics
    ///
    /// Where the settings name more monitors than [`DEVICES_MAX`], or an earlier run has this
    /// run's epoch; see [`crate::next_epoch`].
    #[must_use]
    pub fn new(settings: &Settings, past: &Past) -> Self {
        assert!(settings.monitors.len() <= DEVICES_MAX, "the configuration bounds the monitors");
        let devices: Vec<DeviceId> =
            settings.monitors.iter().map(|monitor| monitor.device).collect();
        let builders = settings.monitors.iter().map(|monitor| {
            let last = past.last.iter().find(|last| last.device == monitor.device);
            let timeline = Timeline::new(settings, monitor, last);
            BlockBuilder::new(monitor.clone(), timeline, settings.epoch)
        });
        Self {
            software: settings.software.clone(),
            facility: settings.facility.clone(),
            site: settings.site,
            builders: builders.collect(),
            spool: Spool::new(settings.epoch, &devices, &past.owed),
            link: Link::new(settings.jitter_seed),
            disk: Disk::Accepts,
            transmits: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Takes one thing that happened at `now`.
    ///
    /// # Panics
    ///
    /// Where the input names a monitor that the settings do not.
    pub fn handle(&mut self, now: Now, input: Input) {
        match input {
            Input::Second { device, second, wire_bytes, fresh } => {
                let builder = self.builder(device);
                if builder.timeline.hear(now, second, wire_bytes, fresh).is_err() {
                    let seconds = builder.refuse();
                    self.note_refused(device, RefusedWhy::Flood, seconds);
                }
            }
            Input::Fault { device } => self.builder(device).timeline.fault(now),
            Input::EventMark { device } => self.builder(device).mark(),
            Input::Port { device, state } => self.builder(device).timeline.port(now, state),
            Input::Stored(block) => self.handle_stored(&block),
            Input::StoreRefused { block, why } => self.handle_store_refused(&block, why),
            Input::Loaded { lookup, blocks } => {
                self.events.extend(self.spool.loaded(&lookup, blocks));
            }
            Input::Connected => self.handle_connected(now),
            Input::Frame(frame) => self.handle_frame(now, frame),
            Input::Disconnected => self.handle_lost(now, Hope::Soon),
            Input::Timeout => {}
        }
        self.build_blocks(now);
        self.handle_time(now);
        if cfg!(debug_assertions) {
            self.spool.assert_invariants();
        }
    }

    /// The next thing to do; call until there is none.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        if let Some(transmit) = self.transmits.pop_front() {
            return Some(transmit);
        }
        if !self.link.is_up() {
            return None;
        }
        Some(match self.spool.next()? {
            Next::Send(block) => Transmit::Frame(Frame::Block(block).to_bytes()),
            Next::Load(lookup) => Transmit::Load(lookup),
        })
    }

    /// The next event for the operator; call until there is none.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When to call [`Uplink::handle`] with [`Input::Timeout`] at the latest, since the start.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        let lines = self.builders.iter().filter_map(|builder| builder.timeline.timeout());
        let lines = lines.map(|micros| Duration::from_micros(u64::try_from(micros).unwrap_or(0)));
        lines.chain(self.link.timeout(self.spool.in_flight())).min()
    }

    /// Blocks that the region does not have yet.
    #[must_use]
    pub fn owed_blocks(&self) -> u64 {
        self.spool.owed_blocks()
    }

    /// Blocks whose bytes are in memory at the moment.
    #[must_use]
    pub fn blocks_in_memory(&self) -> usize {
        self.spool.blocks_in_memory()
    }

    fn builder(&mut self, device: DeviceId) -> &mut BlockBuilder {
        let of_device = |builder: &&mut BlockBuilder| builder.monitor.device == device;
        self.builders.iter_mut().find(of_device).expect("the driver names monitors of the settings")
    }

    fn handle_stored(&mut self, block: &BlockName) {
        self.spool.stored(block);
        if self.disk != Disk::Accepts {
            self.disk = Disk::Accepts;
            self.events.push_back(Event::SpoolAccepts);
        }
    }

    fn handle_store_refused(&mut self, block: &BlockName, why: StoreRefusal) {
        self.spool.refused(block);
        if self.disk != Disk::Refuses(why) {
            self.disk = Disk::Refuses(why);
            self.events.push_back(Event::SpoolRefuses { why });
        }
    }

    fn handle_connected(&mut self, now: Now) {
        if self.link.state() != State::Connecting {
            return;
        }
        self.spool.rewind();
        self.link.connected(now.since_start);
        let hello = Frame::Hello(Hello {
            versions: VERSIONS,
            now: now.wall,
            software: self.software.clone(),
            facility: self.facility.clone(),
            site: self.site,
            devices: self.devices(),
            owed: self.spool.owed(),
        });
        self.transmits.push_back(Transmit::Frame(hello.to_bytes()));
    }

    /// The monitors for the hello: those of the settings, then those that are only still owed.
    fn devices(&self) -> Vec<Device> {
        let devices = self.spool.devices().map(|id| {
            let builder = self.builders.iter().find(|builder| builder.monitor.device == id);
            let bed = builder.map_or_else(|| id.to_string(), |b| b.monitor.bed.clone());
            Device { id, bed }
        });
        devices.take(DEVICES_MAX).collect()
    }

    fn handle_frame(&mut self, now: Now, frame: Frame) {
        match (frame, self.link.state()) {
            (Frame::Welcome(welcome), State::Greeting { .. }) => {
                self.spool.lower(&welcome.stored);
                self.acknowledge(&welcome.stored);
                self.link.welcomed(now.since_start);
                self.events.push_back(Event::LinkUp { owed_blocks: self.spool.owed_blocks() });
            }
            (Frame::Ack(ack), State::Up { .. }) => {
                self.acknowledge(&ack.stored);
                self.link.alive(now.since_start);
            }
            (Frame::Refusal(refusal), State::Greeting { .. } | State::Up { .. }) => {
                self.handle_refusal(now, refusal);
            }
            // What was under way when this side gave up is of no interest any more.
            (_, State::Waiting { .. } | State::Connecting) => {}
            (frame, _) => {
                self.events.push_back(Event::UnexpectedFrame { kind: kind_of(&frame) });
                self.hang_up(now, Hope::Later);
            }
        }
    }

    fn acknowledge(&mut self, stored: &[Progress]) {
        let forget = self.spool.acknowledge(stored);
        self.transmits.extend(forget.into_iter().map(Transmit::Forget));
    }

    fn handle_refusal(&mut self, now: Now, refusal: Refusal) {
        let hope = match refusal.code {
            RefusalCode::Unavailable => Hope::Soon,
            _ => Hope::Later,
        };
        self.events.push_back(Event::Refused(refusal));
        self.hang_up(now, hope);
    }

    fn hang_up(&mut self, now: Now, hope: Hope) {
        self.transmits.push_back(Transmit::Disconnect);
        self.handle_lost(now, hope);
    }

    fn handle_lost(&mut self, now: Now, hope: Hope) {
        if matches!(self.link.state(), State::Waiting { .. }) {
            return;
        }
        self.spool.rewind();
        let retry_in = self.link.lost(now.since_start, hope);
        let owed_blocks = self.spool.owed_blocks();
        self.events.push_back(Event::LinkDown { retry_in, owed_blocks });
    }

    fn handle_time(&mut self, now: Now) {
        let in_flight = self.spool.in_flight();
        if in_flight == 0 {
            self.link.alive(now.since_start);
        }
        match self.link.handle_timeout(now.since_start, in_flight) {
            Some(Due::Connect) => self.transmits.push_back(Transmit::Connect),
            Some(Due::GiveUp) => self.hang_up(now, Hope::Soon),
            None => {}
        }
    }

    /// Makes blocks of all seconds that are due, as long as there is room for them.
    fn build_blocks(&mut self, now: Now) {
        for builder in &mut self.builders {
            let device = builder.monitor.device;
            loop {
                let room = self.spool.room(device);
                if room == Room::Waiting {
                    break;
                }
                let placed = match builder.timeline.poll(now) {
                    None => break,
                    Some(Step::Note(note)) => {
                        self.events.push_back(event_of(device, note));
                        continue;
                    }
                    Some(Step::Placed(placed)) => placed,
                };
                if room == Room::Full {
                    let seconds = builder.refuse();
                    if seconds == 1 {
                        let why = RefusedWhy::NoRoom;
                        self.events.push_back(Event::SecondsRefused { device, why, seconds });
                    }
                    continue;
                }
                let refused = builder.take_refused();
                if refused > 1 {
                    let (why, seconds) = (RefusedWhy::NoRoom, refused);
                    self.events.push_back(Event::SecondsRefused { device, why, seconds });
                }
                let (block, bytes) = self.spool.push(&builder.build(now, &placed, refused));
                self.transmits.push_back(Transmit::Store { block, bytes });
            }
        }
    }

    fn note_refused(&mut self, device: DeviceId, why: RefusedWhy, seconds: u64) {
        if seconds == 1 {
            self.events.push_back(Event::SecondsRefused { device, why, seconds });
        }
    }
}

fn event_of(device: DeviceId, note: Note) -> Event {
    match note {
        Note::EpisodeBegan(episode) => Event::EpisodeBegan { device, episode },
        Note::EpisodeContinued(episode) => Event::EpisodeContinued { device, episode },
        Note::EpisodeEnded(episode) => Event::EpisodeEnded { device, episode },
        Note::Silent(why) => Event::Silent { device, why },
        Note::Speaking { absent_seconds } => Event::Speaking { device, absent_seconds },
        Note::Reanchored { moved } => Event::Reanchored { device, moved_ms: moved / 1_000 },
        Note::ClockStepped { moved } => Event::ClockStepped { device, moved_ms: moved / 1_000 },
    }
}

fn kind_of(frame: &Frame) -> &'static str {
    match frame {
        Frame::Hello(_) => "hello",
        Frame::Welcome(_) => "welcome",
        Frame::Block(_) => "block",
        Frame::Ack(_) => "ack",
        Frame::Refusal(_) => "refusal",
        Frame::EnrollRequest(_) => "enrolment request",
        Frame::EnrollAnswer(_) => "enrolment answer",
    }
}
