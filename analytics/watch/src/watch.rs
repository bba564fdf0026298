//! The one loop: whatever the region says goes to the threads, what they find goes back.
//!
//! A connection is served by two futures, one that reads and one that writes, so that neither
//! waits for the other; the sign of life is written only while every thread moves.

use std::convert::Infallible;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use credentials::Identity;
use program::folder;
use protocol::analyst::ALIVE_MILLIS;
use protocol::feed::FeedFrame;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use uplink::backoff::Backoff;

use crate::clock;
use crate::config::Config;
use crate::quic::{ANALYSIS, Link, Lost, Reader, Writer};
use crate::worker::{Batch, Input, Worker, WorkerGone};

/// Batches of all threads that wait to be written. A thread that finds no room waits.
const BATCHES_MAX: usize = 64;
/// So many signs of life are left out before a thread that stands still silences them.
const STILL_MAX: u32 = 3;
/// The past that is asked for where blocks were missed or the connection was short away.
const AGAIN: Duration = Duration::from_secs(120);
/// The past is asked for again at most so often.
const AGAIN_EVERY: Duration = Duration::from_secs(20);
/// Length of the frame that says that blocks were missed.
const MISSED_BYTES: usize = 13;

/// Runs the analysis until `shutdown` is ready.
///
/// # Errors
///
/// Where it cannot start: another one on the same data, no identity; or where a thread fails.
/// Whatever happens to the network, it comes back.
pub async fn run(
    config: Config,
    ready_file: Option<PathBuf>,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let _lock = folder::lock(ANALYSIS, &config.data)?;
    let identity = Identity::load(ANALYSIS, &config.data)?;
    tracing::info!(
        analysis = identity.name, server = config.server, threads = config.threads,
        history = ?config.history, hold = ?config.hold, look_every_s = config.look_every_s,
        case = ?config.cases.otherwise, beds = config.cases.beds.len(), "analysis starts",
    );
    let (sender, batches) = mpsc::channel(BATCHES_MAX);
    let workers = (0..config.threads)
        .map(|index| Worker::start(config.options(index), sender.clone()))
        .collect::<Result<Vec<_>, _>>()
        .context("could not start a thread")?;
    drop(sender);
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).context("the system gives no random numbers")?;
    let mut watch = Watch {
        config,
        workers,
        batches,
        connection: 0,
        left_at: None,
        backoff: Backoff::new(u64::from_le_bytes(seed)),
        told: None,
    };
    if let Some(path) = ready_file {
        write_ready_file(&path, &identity.name)?;
    }
    tokio::select! {
        failed = watch.run() => {
            let Err(error) = failed;
            return Err(error.into());
        }
        () = shutdown => {}
    }
    tracing::info!("analysis stopped");
    Ok(())
}

struct Watch {
    config: Config,
    workers: Vec<Worker>,
    batches: mpsc::Receiver<Batch>,
    /// Counts connections.
    connection: u64,
    /// When the last connection was lost.
    left_at: Option<Instant>,
    backoff: Backoff,
    /// The last reason why there is no connection, so that the log has it once.
    told: Option<String>,
}

/// Why a connection is not served any more.
enum End {
    Lost(Lost),
    Worker(WorkerGone),
}

impl From<Lost> for End {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

impl From<WorkerGone> for End {
    fn from(gone: WorkerGone) -> Self {
        Self::Worker(gone)
    }
}

impl Watch {
    async fn run(&mut self) -> Result<Infallible, WorkerGone> {
        loop {
            let opening = Link::open(&self.config.server, &self.config.data, clock::wall());
            let lost = match opening.await {
                Ok(link) => {
                    let lost = self.serve(link).await?;
                    self.left_at = Some(Instant::now());
                    lost
                }
                Err(lost) => lost,
            };
            self.tell(&lost);
            let backoff = &mut self.backoff;
            sleep(if lost.for_good { backoff.fail_for_good() } else { backoff.fail() }).await;
        }
    }

    /// Serves a connection until it is lost.
    async fn serve(&mut self, link: Link) -> Result<Lost, WorkerGone> {
        self.connection += 1;
        let history = self.history();
        self.tell_workers(&Input::Connected(self.connection)).await?;
        let Link { mut reader, mut writer, endpoint } = link;
        let again = Notify::new();
        let Self { workers, batches, connection, backoff, told, .. } = self;
        let up = || {
            backoff.reset();
            if told.take().is_some() {
                tracing::info!("the region is back");
            }
        };
        let ended = tokio::select! {
            ended = read(&mut reader, workers, &again, up) => ended,
            ended = write(&mut writer, batches, workers, &again, (*connection, history)) => ended,
        };
        writer.close();
        drop(endpoint);
        self.tell_workers(&Input::Disconnected).await?;
        match ended {
            Err(End::Lost(lost)) => Ok(lost),
            Err(End::Worker(gone)) => Err(gone),
        }
    }

    /// How much of the past is wanted: all that is configured at the start, later what was
    /// missed.
    fn history(&self) -> Duration {
        self.left_at.map_or(self.config.history, |left_at| {
            (left_at.elapsed() + AGAIN).min(self.config.history)
        })
    }

    /// Tells every thread, and meanwhile takes from them what belongs to no connection: a
    /// thread that cannot hand on does not listen.
    async fn tell_workers(&mut self, input: &Input) -> Result<(), WorkerGone> {
        let Self { workers, batches, .. } = self;
        let telling = async {
            for worker in workers.iter() {
                worker.tell(input.clone()).await?;
            }
            Ok(())
        };
        let discarding = async {
            while batches.recv().await.is_some() {}
            std::future::pending::<()>().await;
        };
        tokio::select! {
            told = telling => told,
            () = discarding => Ok(()),
        }
    }

    fn tell(&mut self, lost: &Lost) {
        let said = lost.error.to_string();
        if self.told.as_ref() == Some(&said) {
            tracing::debug!("{said}");
        } else {
            tracing::warn!("{said}");
            self.told = Some(said);
        }
    }
}

/// Hands every frame to every thread: each takes the strips that are its own.
async fn read(
    reader: &mut Reader,
    workers: &[Worker],
    again: &Notify,
    up: impl FnOnce(),
) -> Result<Infallible, End> {
    let mut up = Some(up);
    let mut asked_at: Option<Instant> = None;
    loop {
        let frame = reader.next().await?;
        if let Some(up) = up.take() {
            up();
        }
        let was_missed = frame.len() == MISSED_BYTES
            && matches!(FeedFrame::decode(&frame), Ok(FeedFrame::Missed { .. }));
        if was_missed && asked_at.is_none_or(|at| at.elapsed() >= AGAIN_EVERY) {
            tracing::warn!("blocks were missed: this computer is too slow for these strips");
            asked_at = Some(Instant::now());
            again.notify_one();
        }
        for worker in workers {
            worker.tell(Input::Frame(frame.clone())).await?;
        }
    }
}

/// Writes what was found, and each second that all of this works.
async fn write(
    writer: &mut Writer,
    batches: &mut mpsc::Receiver<Batch>,
    workers: &[Worker],
    again: &Notify,
    (connection, history): (u64, Duration),
) -> Result<Infallible, End> {
    writer.ask(history).await?;
    let mut alive = interval(Duration::from_millis(ALIVE_MILLIS));
    alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut still = 0;
    loop {
        tokio::select! {
            batch = batches.recv() => {
                let batch = batch.ok_or(WorkerGone)?;
                // What a thread found for an earlier connection has other numbers.
                if batch.connection == connection {
                    writer.publish(&batch.outputs).await?;
                }
            }
            _ = alive.tick() => {
                let are_working = workers.iter().all(Worker::is_working);
                still = if are_working { 0 } else { still + 1 };
                if still < STILL_MAX {
                    writer.say_alive(clock::wall()).await?;
                } else if still == STILL_MAX {
                    tracing::error!("a thread that reads strips stands still");
                }
            }
            () = again.notified() => writer.ask(AGAIN).await?,
        }
    }
}

/// Writes the file by which others know that the analysis runs: whole or not at all.
fn write_ready_file(path: &Path, name: &str) -> anyhow::Result<()> {
    let ready = serde_json::json!({
        "analysis": name,
        "pid": std::process::id(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    folder::write_ready_file(path, &ready)
}
