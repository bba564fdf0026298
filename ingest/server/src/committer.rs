//! Writes blocks and records in groups, and only then lets the blocks be acknowledged.
//!
//! One thread owns the store. It gathers what arrives within a short window, writes and syncs
//! it as one batch, and tells the hub. While it writes, the queue fills; when the queue is
//! full, connections are not read, and QUIC's flow control reaches the bridges, which have
//! their own disks. A failing disk ends every connection; the batch in hand is tried until it
//! can be written, and only then are bridges let in again. Queued blocks are then thrown away,
//! because bridges have them; queued records join the batch, because walls have seen them and
//! nobody owes them.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hub::BlockKey;
use store::{Sealed, Store, StoreError, StoredBlock, StoredRecord};
use tokio::runtime;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::clock;
use crate::live::LiveHub;

/// Most blocks and records that wait for the committer: some seconds of a thousand monitors.
pub const QUEUE_ITEMS_MAX: usize = 4_096;
/// Most of them in one batch.
const BATCH_ITEMS_MAX: usize = 4_096;
/// Without blocks the committer still looks so often whether something is to be sealed.
const SEAL_CHECK_EVERY: Duration = Duration::from_secs(1);
/// Pause after the first failure; it doubles up to [`RETRY_MAX`].
const RETRY_FIRST: Duration = Duration::from_secs(1);
/// Longest pause: how long bridges wait at most after somebody freed the disk.
const RETRY_MAX: Duration = Duration::from_secs(15);
/// How soon a pause notices that the server stops.
const RETRY_STEP: Duration = Duration::from_millis(100);

/// What waits to be written.
#[derive(Debug)]
pub enum Queued {
    /// A second of a monitor.
    Block(StoredBlock),
    /// A record of the analysis, or of a person.
    Record(Box<StoredRecord>),
}

/// What is written at once.
#[derive(Debug, Default)]
struct Batch {
    blocks: Vec<StoredBlock>,
    records: Vec<StoredRecord>,
    /// Blocks of the batch that are on the disk already.
    keys: Vec<BlockKey>,
}

impl Batch {
    fn of(queued: Vec<Queued>) -> Self {
        let mut batch = Self::default();
        for queued in queued {
            match queued {
                Queued::Block(block) => batch.blocks.push(block),
                Queued::Record(record) => batch.records.push(*record),
            }
        }
        batch
    }

    /// Writes what is not on the disk yet.
    fn write(&mut self, store: &mut Store) -> Result<(), StoreError> {
        store.append(&self.blocks)?;
        self.keys.extend(self.blocks.drain(..).map(|block| key_of(&block)));
        store.append_records(&mut self.records)
    }
}

/// What the committer needs.
#[derive(Debug)]
pub struct Committer {
    /// The store, which nobody else writes to.
    pub store: Store,
    /// Who is told.
    pub live: Arc<LiveHub>,
    /// What is to be written. When every sender is gone the committer writes the rest and ends.
    pub queue: mpsc::Receiver<Queued>,
    /// How long a batch gathers after its first block. Longer costs latency, shorter costs
    /// one sync of the disk for each few blocks.
    pub window: Duration,
    /// Where the store is, for the log.
    pub store_dir: PathBuf,
}

/// A committer at work.
#[derive(Debug)]
pub struct CommitterHandle {
    thread: JoinHandle<()>,
    done: watch::Receiver<bool>,
}

impl CommitterHandle {
    /// Turns true when everything that was queued is on the disk and the committer has ended.
    #[must_use]
    pub fn done(&self) -> watch::Receiver<bool> {
        self.done.clone()
    }

    /// Waits for the end.
    pub fn join(self) {
        if self.thread.join().is_err() {
            tracing::error!(
                "the committer ended with a panic; what it had not written is still at the bridges"
            );
        }
    }
}

impl Committer {
    /// Starts the committer on a thread of its own.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub fn start(self) -> std::io::Result<CommitterHandle> {
        let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
        let (finished, done) = watch::channel(false);
        let thread = thread::Builder::new().name("committer".to_owned()).spawn(move || {
            runtime.block_on(self.run());
            finished.send_replace(true);
        })?;
        Ok(CommitterHandle { thread, done })
    }

    /// The thread is the committer's own, so that it may block on the disk between two waits.
    async fn run(mut self) {
        let mut sealing = Sealing::default();
        while let Some(queued) = self.gather().await {
            if !queued.is_empty() {
                self.commit(Batch::of(queued)).await;
            }
            sealing.advance(&mut self.store);
        }
        sealing.finish(&mut self.store);
    }

    /// The next batch; empty where nothing came for a while, `None` at the end.
    async fn gather(&mut self) -> Option<Vec<Queued>> {
        let mut batch = Vec::new();
        match timeout(SEAL_CHECK_EVERY, self.queue.recv_many(&mut batch, BATCH_ITEMS_MAX)).await {
            Err(_) => return Some(batch),
            Ok(0) => return None,
            Ok(_) => {}
        }
        let deadline = Instant::now() + self.window;
        while batch.len() < BATCH_ITEMS_MAX {
            let room = BATCH_ITEMS_MAX - batch.len();
            match timeout_at(deadline, self.queue.recv_many(&mut batch, room)).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        Some(batch)
    }

    async fn commit(&mut self, mut batch: Batch) {
        if let Err(error) = batch.write(&mut self.store) {
            self.fail(&error, &mut batch);
            if !self.retry(&mut batch).await {
                return;
            }
        }
        self.live.stored(&batch.keys);
    }

    /// Ends every connection and empties the queue: of its blocks nothing was acknowledged, so
    /// the bridges still have them; its records join the batch.
    fn fail(&mut self, error: &StoreError, batch: &mut Batch) {
        self.report(error, "bridges keep their blocks until it works again");
        let queue = &mut self.queue;
        self.live.store_failed(|| {
            while let Ok(queued) = queue.try_recv() {
                if let Queued::Record(record) = queued {
                    batch.records.push(*record);
                }
            }
        });
    }

    /// Tries the batch until it is written; `false` where the server stops before.
    async fn retry(&mut self, batch: &mut Batch) -> bool {
        let mut pause = RETRY_FIRST;
        loop {
            let again_at = Instant::now() + pause;
            while Instant::now() < again_at {
                if self.queue.is_closed() {
                    tracing::warn!("stopping while the store fails; bridges keep what is missing");
                    return false;
                }
                tokio::time::sleep(RETRY_STEP).await;
            }
            match batch.write(&mut self.store) {
                Ok(()) => {
                    tracing::info!("the store works again; bridges may come back");
                    return true;
                }
                Err(error) => self.report(&error, "still failing"),
            }
            pause = (pause * 2).min(RETRY_MAX);
        }
    }

    fn report(&self, error: &StoreError, what_now: &str) {
        if error.is_full() {
            let dir = self.store_dir.display();
            let free_mib = free_mib(&self.store_dir);
            tracing::error!(
                "disk full: {free_mib} MiB are left, free space on {dir}; {what_now} ({error})"
            );
        } else {
            tracing::error!("blocks and records cannot be stored: {error}; {what_now}");
        }
    }
}

fn key_of(stored: &StoredBlock) -> BlockKey {
    let StoredBlock { bridge, block, .. } = stored;
    BlockKey { bridge: *bridge, device: block.device, epoch: block.epoch, seq: block.seq }
}

fn free_mib(dir: &std::path::Path) -> u64 {
    rustix::fs::statvfs(dir).map_or(0, |stat| stat.f_bavail.saturating_mul(stat.f_frsize) >> 20)
}

/// A segment being sealed in the background, one at a time.
#[derive(Debug, Default)]
struct Sealing {
    running: Option<JoinHandle<Result<Sealed, StoreError>>>,
}

impl Sealing {
    fn advance(&mut self, store: &mut Store) {
        if self.running.as_ref().is_some_and(JoinHandle::is_finished) {
            self.finish(store);
        }
        if self.running.is_some() {
            return;
        }
        if let Some(job) = store.seal_due(clock::now()) {
            match thread::Builder::new().name("seal".to_owned()).spawn(move || job.run()) {
                Ok(running) => self.running = Some(running),
                Err(error) => report_unsealed(&format!("the system gave no thread: {error}")),
            }
        }
    }

    /// Waits for a running job. A failed one costs nothing: its blocks are still hot, and the
    /// store offers them again.
    fn finish(&mut self, store: &mut Store) {
        let Some(running) = self.running.take() else { return };
        match running.join().map(|result| result.and_then(|sealed| store.adopt(sealed))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => report_unsealed(&error.to_string()),
            Err(_) => report_unsealed("the job ended with a panic"),
        }
    }
}

fn report_unsealed(reason: &str) {
    tracing::warn!("recordings could not be sealed and stay in their hot segment: {reason}");
}
