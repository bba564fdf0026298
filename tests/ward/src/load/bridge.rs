//! One virtual bridge: connects, hands over one block a monitor and second, keeps what is owed.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use protocol::block::Block;
use protocol::link::{Device, Frame, Hello, Progress, SERVER_NAME, SiteKind, VERSIONS};
use quinn::{Endpoint, RecvStream, SendStream};
use tokio::time::Instant;
use vitals::{DeviceId, DeviceTick, EpisodeId, WallTime};

use super::identity::Identity;
use super::strips::{self, Strips};

/// Wait between two attempts to connect.
const RETRY: Duration = Duration::from_millis(700);

/// When a bridge does what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) connect_at: Instant,
    pub(super) measure_from: Instant,
    pub(super) stop_at: Instant,
    pub(super) drain: Duration,
}

/// What one bridge, or all of them, saw.
#[derive(Debug, Default)]
pub(super) struct BridgeOutcome {
    pub(super) sent: u64,
    pub(super) acknowledged: u64,
    pub(super) reconnects: u64,
    pub(super) ack_micros: Vec<u32>,
    pub(super) late_micros: Vec<u32>,
    pub(super) last_error: Option<String>,
}

impl BridgeOutcome {
    pub(super) fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.acknowledged += other.acknowledged;
        self.reconnects += other.reconnects;
        self.ack_micros.extend(other.ack_micros);
        self.late_micros.extend(other.late_micros);
        self.last_error = other.last_error.or(self.last_error.take());
    }
}

/// Opens a UDP socket for a few hundred bridges.
pub(super) fn endpoint() -> anyhow::Result<Endpoint> {
    Endpoint::client(SocketAddr::from(([0, 0, 0, 0], 0))).context("opening a UDP socket")
}

struct Owed {
    seq: u64,
    handed_at: Instant,
    frame: Vec<u8>,
}

struct Monitor {
    device: DeviceId,
    episode: EpisodeId,
    next_seq: u64,
    owed: VecDeque<Owed>,
}

/// A bridge without serial lines and without a disk.
pub(super) struct VirtualBridge {
    identity: Identity,
    endpoint: Endpoint,
    server: SocketAddr,
    schedule: Schedule,
    strips: Arc<Strips>,
    /// The number of its first monitor among all of the load.
    first: usize,
    epoch: u64,
    monitors: Vec<Monitor>,
    outcome: BridgeOutcome,
}

impl VirtualBridge {
    pub(super) fn new(
        identity: Identity,
        (monitors, first): (usize, usize),
        strips: Arc<Strips>,
        endpoint: Endpoint,
        server: SocketAddr,
        schedule: Schedule,
    ) -> anyhow::Result<Self> {
        let epoch = u64::try_from(wall_now().0).context("the clock is before 1970")?;
        let monitors = (0..monitors)
            .map(|n| {
                let device = DeviceId::new(&format!("bed-{n}"))?;
                let mut bits = [0; 16];
                getrandom::fill(&mut bits).context("drawing an episode")?;
                let episode = EpisodeId::from_u128(u128::from_le_bytes(bits));
                Ok(Monitor { device, episode, next_seq: 0, owed: VecDeque::new() })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            identity,
            endpoint,
            server,
            schedule,
            strips,
            first,
            epoch,
            monitors,
            outcome: BridgeOutcome::default(),
        })
    }

    pub(super) async fn run(mut self) -> BridgeOutcome {
        tokio::time::sleep_until(self.schedule.connect_at).await;
        let end = self.schedule.stop_at + self.schedule.drain;
        while !self.is_done() && Instant::now() < end {
            if let Err(error) = self.connection(end).await {
                self.outcome.reconnects += 1;
                self.outcome.last_error = Some(format!("{}: {error:#}", self.identity.name));
                tokio::time::sleep(RETRY).await;
            }
        }
        self.outcome
    }

    fn is_done(&self) -> bool {
        Instant::now() >= self.schedule.stop_at && self.monitors.iter().all(|m| m.owed.is_empty())
    }

    async fn connection(&mut self, end: Instant) -> anyhow::Result<()> {
        let connecting =
            self.endpoint.connect_with(self.identity.client.clone(), self.server, SERVER_NAME)?;
        let connection = connecting.await.context("connecting")?;
        let (mut send, mut receive) = connection.open_bi().await?;
        send.write_all(&Frame::Hello(self.hello()).to_bytes()).await?;
        let mut incoming = Incoming::default();
        match incoming.next(&mut receive).await? {
            Frame::Welcome(welcome) => self.forget(&welcome.stored, false),
            Frame::Refusal(refusal) => bail!("refused: {}", refusal.text),
            other => bail!("{other:?} instead of a welcome"),
        }
        for monitor in &self.monitors {
            for owed in &monitor.owed {
                send.write_all(&owed.frame).await?;
            }
        }
        // Bridges are spread over the second, as real ones are.
        let mut tick = tokio::time::interval_at(Instant::now(), Duration::from_secs(1));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        while !self.is_done() && Instant::now() < end {
            tokio::select! {
                due = tick.tick() => self.hand_over(due, &mut send).await?,
                frame = incoming.next(&mut receive) => match frame? {
                    Frame::Ack(ack) => self.forget(&ack.stored, true),
                    Frame::Refusal(refusal) => bail!("refused: {}", refusal.text),
                    other => bail!("{other:?} instead of an acknowledgement"),
                },
            }
        }
        connection.close(0u32.into(), b"done");
        Ok(())
    }

    fn hello(&self) -> Hello {
        let owed = self.monitors.iter().map(|monitor| Progress {
            device: monitor.device,
            epoch: self.epoch,
            next: monitor.owed.front().map_or(monitor.next_seq, |owed| owed.seq),
        });
        Hello {
            versions: VERSIONS,
            now: wall_now(),
            software: concat!("ubugoe-ward ", env!("CARGO_PKG_VERSION")).into(),
            facility: self.identity.name.clone(),
            site: SiteKind::Clinic,
            devices: self
                .monitors
                .iter()
                .map(|monitor| Device { id: monitor.device, bed: monitor.device.to_string() })
                .collect(),
            owed: owed.collect(),
        }
    }

    async fn hand_over(&mut self, due: Instant, send: &mut SendStream) -> anyhow::Result<()> {
        let now = Instant::now();
        if now >= self.schedule.stop_at {
            return Ok(());
        }
        if now >= self.schedule.measure_from {
            self.outcome.late_micros.push(micros(now - due));
        }
        let built_at = wall_now();
        let mut bytes = Vec::new();
        for (number, monitor) in (self.first..).zip(&mut self.monitors) {
            let second = strips::second(&self.strips, number, monitor.next_seq);
            let block = Block {
                device: monitor.device,
                epoch: self.epoch,
                seq: monitor.next_seq,
                episode: monitor.episode,
                tick: DeviceTick(monitor.next_seq * 4),
                at: built_at.plus_micros(-WallTime::MICROS_PER_SECOND),
                built_at,
                second,
            };
            let frame = Frame::Block(block.to_bytes()).to_bytes();
            bytes.extend_from_slice(&frame);
            monitor.owed.push_back(Owed { seq: monitor.next_seq, handed_at: now, frame });
            monitor.next_seq += 1;
            self.outcome.sent += 1;
        }
        send.write_all(&bytes).await?;
        Ok(())
    }

    fn forget(&mut self, stored: &[Progress], live: bool) {
        let now = Instant::now();
        for progress in stored.iter().filter(|progress| progress.epoch == self.epoch) {
            let Some(monitor) = self.monitors.iter_mut().find(|m| m.device == progress.device)
            else {
                continue;
            };
            while monitor.owed.front().is_some_and(|owed| owed.seq < progress.next) {
                let owed = monitor.owed.pop_front().expect("the front was looked at");
                self.outcome.acknowledged += 1;
                if live && owed.handed_at >= self.schedule.measure_from {
                    self.outcome.ack_micros.push(micros(now - owed.handed_at));
                }
            }
        }
    }
}

/// Frames out of a stream of bytes. Cancelling `next` loses nothing.
#[derive(Default)]
struct Incoming {
    bytes: Vec<u8>,
}

impl Incoming {
    async fn next(&mut self, receive: &mut RecvStream) -> anyhow::Result<Frame> {
        loop {
            if let Some((frame, taken)) = Frame::decode(&self.bytes)? {
                self.bytes.drain(..taken);
                return Ok(frame);
            }
            let chunk = receive.read_chunk(16 * 1024, true).await?;
            let chunk = chunk.context("the region closed the stream")?;
            self.bytes.extend_from_slice(&chunk.bytes);
        }
    }
}

pub(super) fn wall_now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    WallTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

pub(super) fn micros(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}
