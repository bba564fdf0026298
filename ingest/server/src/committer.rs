//! Writes blocks in groups, and only then lets them be acknowledged.
//!
//! One thread owns the store. It gathers what arrives within a short window, writes and syncs
//! it as one batch, and tells the hub. While it writes, the queue fills; when the queue is
//! full, connections are not read, and QUIC's flow control reaches the bridges, which have
//! their own disks. A failing disk ends every connection; the batch in hand is tried until it
//! can be written, and only then are bridges let in again.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hub::BlockKey;
use store::{Sealed, Store, StoreError, StoredBlock};
use tokio::runtime;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::clock;
use crate::live::LiveHub;

/// Most blocks that wait for the committer: some seconds of a thousand monitors.
pub const QUEUE_BLOCKS_MAX: usize = 4_096;
/// Most blocks of one batch.
const BATCH_BLOCKS_MAX: usize = 4_096;
/// Without blocks the committer still looks so often whether something is to be sealed.
const SEAL_CHECK_EVERY: Duration = Duration::from_secs(1);
/// Pause after the first failure; it doubles up to [`RETRY_MAX`].
const RETRY_FIRST: Duration = Duration::from_secs(1);
/// Longest pause: how long bridges wait at most after somebody freed the disk.
const RETRY_MAX: Duration = Duration::from_secs(15);
/// How soon a pause notices that the server stops.
const RETRY_STEP: Duration = Duration::from_millis(100);

/// What the committer needs.
#[derive(Debug)]
pub struct Committer {
    /// The store, which nobody else writes to.
    pub store: Store,
    /// Who is told.
    pub live: Arc<LiveHub>,
    /// The blocks. When every sender is gone the committer writes the rest and ends.
    pub queue: mpsc::Receiver<StoredBlock>,
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
        while let Some(batch) = self.gather().await {
            if !batch.is_empty() {
                self.commit(batch).await;
            }
            sealing.advance(&mut self.store);
        }
        sealing.finish(&mut self.store);
    }

    /// The next batch; empty where nothing came for a while, `None` at the end.
    async fn gather(&mut self) -> Option<Vec<StoredBlock>> {
        let mut batch = Vec::new();
        match timeout(SEAL_CHECK_EVERY, self.queue.recv_many(&mut batch, BATCH_BLOCKS_MAX)).await {
            Err(_) => return Some(batch),
            Ok(0) => return None,
            Ok(_) => {}
        }
        let deadline = Instant::now() + self.window;
        while batch.len() < BATCH_BLOCKS_MAX {
            let room = BATCH_BLOCKS_MAX - batch.len();
            match timeout_at(deadline, self.queue.recv_many(&mut batch, room)).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        Some(batch)
    }

    async fn commit(&mut self, batch: Vec<StoredBlock>) {
        if let Err(error) = self.store.append(&batch) {
            self.fail(&error);
            if !self.retry(&batch).await {
                return;
            }
        }
        let keys: Vec<_> = batch.iter().map(key_of).collect();
        self.live.stored(&keys);
    }

    /// Ends every connection and empties the queue: nothing of it was acknowledged, so the
    /// bridges still have it.
    fn fail(&mut self, error: &StoreError) {
        self.report(error, "bridges keep their blocks until it works again");
        let queue = &mut self.queue;
        self.live.store_failed(|| while queue.try_recv().is_ok() {});
    }

    /// Tries the batch until it is written; `false` where the server stops before.
    async fn retry(&mut self, batch: &[StoredBlock]) -> bool {
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
            match self.store.append(batch) {
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
            tracing::error!("blocks cannot be stored: {error}; {what_now}");
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
