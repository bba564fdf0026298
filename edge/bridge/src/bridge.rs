//! The one loop: whatever happens goes into the uplink, and what it wants done is done.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use credentials::Identity;
use program::folder;
use protocol::Block;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};
use uplink::{BlockName, Event, Input, Monitor, Past, Settings, Transmit, Uplink, next_epoch};

use crate::clock::Clock;
use crate::config::Config;
use crate::quic::{self, BRIDGE, Link};
use crate::serial::{self, Port};
use crate::spool_file::{Opened, SpoolFile};

/// Reports of all ports that wait for the loop.
const REPORTS_MAX: usize = 256;
/// Time between two syncs of the spool.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// A loop that wakes this late was stopped or starved, and first looks what came meanwhile.
const LATE: Duration = Duration::from_millis(200);
/// How long the ports then get to bring it.
const CATCH_UP: Duration = Duration::from_millis(50);
/// How long the ports get to say goodbye to their monitors.
const FAREWELL: Duration = Duration::from_secs(2);

/// Runs the bridge until `shutdown` is ready.
///
/// # Errors
///
/// Where it cannot start: another bridge on the same data, no identity, no disk. Once it runs
/// it keeps running, whatever happens to ports, network and disk.
pub async fn run(
    config: Config,
    ready_file: Option<PathBuf>,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let _lock = folder::lock(BRIDGE, &config.data)?;
    let identity = Identity::load(BRIDGE, &config.data)?;
    let clock = Clock::start();
    let opened = SpoolFile::open(&config.spool_folder(), config.spool_bytes_max)?;
    tell_of(&opened);
    let Opened { spool, past, .. } = opened;
    let settings = settings(&config, clock, &past)?;
    let bridge = &identity.name;
    tracing::info!(
        %bridge, server = config.server, facility = config.facility, site = ?config.site,
        data = %config.data.display(), spool_bytes_max = config.spool_bytes_max,
        silence_after = ?config.silence_after, episode_gap = ?config.episode_gap,
        monitors = config.monitors.len(), epoch = settings.epoch, "bridge starts",
    );
    let (stop, stopping) = watch::channel(false);
    let (sender, reports) = mpsc::channel(REPORTS_MAX);
    let mut ports = JoinSet::new();
    for monitor in &config.monitors {
        let port = Port {
            device: monitor.device,
            path: monitor.port.clone(),
            baud: monitor.baud,
            request: monitor.request,
        };
        ports.spawn(serial::run(port, clock, sender.clone(), stopping.clone()));
    }
    drop(sender);
    let mut bridge = Bridge {
        clock,
        uplink: Uplink::new(&settings, &past),
        spool,
        link: Link::new(config.server.clone(), config.data.clone()),
        reports,
        syncing: JoinSet::new(),
        told: None,
    };
    if let Some(path) = ready_file {
        write_ready_file(&path, &identity.name, &settings)?;
    }
    bridge.run(shutdown).await;
    stop.send_replace(true);
    bridge.stop(ports).await;
    tracing::info!("bridge stopped");
    Ok(())
}

struct Bridge {
    clock: Clock,
    uplink: Uplink,
    spool: SpoolFile,
    link: Link,
    reports: mpsc::Receiver<serial::Report>,
    syncing: JoinSet<io::Result<()>>,
    /// The last reason why there is no connection, so that the log has it once.
    told: Option<String>,
}

impl Bridge {
    async fn run(&mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut sync = interval(SYNC_EVERY);
        sync.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.take(Input::Timeout);
        loop {
            let wake = self.uplink.poll_timeout().unwrap_or(Duration::from_secs(3600));
            let wake = self.clock.instant(wake);
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                Some((now, input)) = self.reports.recv() => self.take_at(now, input),
                report = self.link.next() => self.take_report(report),
                () = sleep_until(wake) => self.wake(wake).await,
                _ = sync.tick() => self.sync(),
            }
        }
    }

    /// A deadline has come.
    async fn wake(&mut self, wake: Instant) {
        if wake.elapsed() > LATE {
            // Seconds may wait in the ports' buffers: they must not be taken for silence.
            sleep(CATCH_UP).await;
            while let Ok((now, input)) = self.reports.try_recv() {
                self.take_at(now, input);
            }
        }
        self.take(Input::Timeout);
    }

    fn take_report(&mut self, report: quic::Report) {
        match report {
            quic::Report::Connected => self.take(Input::Connected),
            quic::Report::Frame(frame) => self.take(Input::Frame(frame)),
            quic::Report::Lost(error) => {
                let said = error.to_string();
                if self.told.as_ref() == Some(&said) {
                    tracing::debug!("{said}");
                } else {
                    tracing::warn!(cause = source_of(&error), "{said}");
                    self.told = Some(said);
                }
                self.take(Input::Disconnected);
            }
        }
    }

    fn take(&mut self, input: Input) {
        self.take_at(self.clock.now(), input);
    }

    fn take_at(&mut self, now: uplink::Now, input: Input) {
        self.uplink.handle(now, input);
        while let Some(transmit) = self.uplink.poll_transmit() {
            if let Some(answer) = self.act(transmit) {
                self.uplink.handle(now, answer);
            }
        }
        while let Some(event) = self.uplink.poll_event() {
            self.tell(&event);
        }
    }

    fn act(&mut self, transmit: Transmit) -> Option<Input> {
        match transmit {
            Transmit::Store { block, bytes } => Some(self.store(block, &bytes)),
            Transmit::Load(lookup) => {
                let blocks = self.spool.load(&lookup);
                Some(Input::Loaded { lookup, blocks })
            }
            Transmit::Forget(below) => {
                self.spool.forget(&below);
                None
            }
            Transmit::Connect => {
                self.link.open();
                None
            }
            Transmit::Frame(bytes) => {
                self.link.send(&bytes);
                None
            }
            Transmit::Disconnect => {
                self.link.close();
                None
            }
        }
    }

    fn store(&mut self, block: BlockName, bytes: &[u8]) -> Input {
        let at = Block::decode(bytes).expect("the uplink encoded it").at;
        match self.spool.append(&block, at, bytes) {
            Ok(()) => Input::Stored(block),
            Err(why) => Input::StoreRefused { block, why },
        }
    }

    fn tell(&mut self, event: &Event) {
        match event {
            Event::SpoolRefuses { .. } | Event::SecondsRefused { .. } => tracing::error!("{event}"),
            Event::LinkUp { .. } => {
                self.told = None;
                tracing::info!("{event}");
            }
            Event::EpisodeBegan { .. }
            | Event::EpisodeContinued { .. }
            | Event::EpisodeEnded { .. }
            | Event::Speaking { .. }
            | Event::SpoolAccepts => tracing::info!("{event}"),
            Event::Reanchored { .. } => tracing::debug!("{event}"),
            _ => tracing::warn!("{event}"),
        }
    }

    /// Syncs what was written, on a thread that may wait for the disk.
    fn sync(&mut self) {
        while let Some(synced) = self.syncing.try_join_next() {
            if let Err(error) = synced.map_err(io::Error::other).flatten() {
                tracing::error!(%error, "the spool could not be synced to the disk; have the disk checked");
            }
        }
        if !self.syncing.is_empty() {
            // The disk is slow; what is written meanwhile waits for the next turn.
            return;
        }
        match self.spool.take_unsynced() {
            Ok(files) => files.into_iter().for_each(|file| {
                self.syncing.spawn_blocking(move || file.sync_data());
            }),
            Err(error) => tracing::error!(%error, "the spool could not be synced to the disk"),
        }
    }

    /// Takes what still comes while the ports close, and leaves everything on the disk.
    async fn stop(mut self, mut ports: JoinSet<()>) {
        let goodbyes = async {
            loop {
                tokio::select! {
                    Some((now, input)) = self.reports.recv() => self.take_at(now, input),
                    joined = ports.join_next() => if joined.is_none() { return },
                }
            }
        };
        if timeout(FAREWELL, goodbyes).await.is_err() {
            tracing::warn!("a port did not close in time");
            ports.abort_all();
        }
        self.link.close();
        self.sync();
        while let Some(synced) = self.syncing.join_next().await {
            if let Err(error) = synced.map_err(io::Error::other).flatten() {
                tracing::error!(%error, "the spool could not be synced to the disk");
            }
        }
        // The last sync may have waited for an earlier one.
        self.sync();
        while self.syncing.join_next().await.is_some() {}
    }
}

fn settings(config: &Config, clock: Clock, past: &Past) -> anyhow::Result<Settings> {
    let last = past.owed.iter().map(|run| run.epoch).max();
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).context("the system gives no random numbers")?;
    let monitors = config.monitors.iter().map(|monitor| Monitor {
        device: monitor.device,
        bed: monitor.bed.clone(),
        baud: monitor.baud,
    });
    Ok(Settings {
        epoch: next_epoch(clock.now().wall, last),
        software: format!("ubugoe-bridge {}", env!("CARGO_PKG_VERSION")),
        facility: config.facility.clone(),
        site: config.site,
        monitors: monitors.collect(),
        silence_after: config.silence_after,
        episode_gap: config.episode_gap,
        jitter_seed: u64::from_le_bytes(seed),
    })
}

fn tell_of(opened: &Opened) {
    for loss in &opened.losses {
        tracing::warn!("{loss}");
    }
    let blocks: u64 = opened.past.owed.iter().map(|run| run.end - run.from).sum();
    if blocks > 0 {
        tracing::info!(blocks, bytes = opened.spool.bytes(), "the spool holds blocks");
    }
}

fn source_of(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(String::new, ToString::to_string)
}

/// Writes the file by which others know that the bridge runs: whole or not at all.
fn write_ready_file(path: &Path, bridge: &str, settings: &Settings) -> anyhow::Result<()> {
    let devices: Vec<&str> = settings.monitors.iter().map(|m| m.device.as_str()).collect();
    let ready = serde_json::json!({
        "bridge": bridge,
        "devices": devices,
        "epoch": settings.epoch,
        "pid": std::process::id(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    folder::write_ready_file(path, &ready)
}
