//! A thread that reads its share of the strips.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;

use crate::analysis::{Analysis, Figures, Options, Output};
use crate::clock;

/// Frames that wait for a thread: 8 MiB, six seconds of 10,000 strips. While there is no room
/// the region's stream is not read, and the region skips ahead and says what was missed.
const INPUTS_MAX: usize = 512;
/// Counting all strips costs as much as reading some: once in so many frames.
const FIGURES_EVERY: u64 = 4_096;

/// What a thread is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// A connection opened; its number.
    Connected(u64),
    /// It ended.
    Disconnected,
    /// A frame of the feed.
    Frame(Bytes),
}

/// What a thread found.
#[derive(Debug)]
pub struct Batch {
    /// The connection whose track numbers these are.
    pub connection: u64,
    /// What is to be published.
    pub outputs: Vec<Output>,
}

/// A thread that reads strips. It ends when this is dropped.
#[derive(Debug)]
pub struct Worker {
    inputs: mpsc::Sender<Input>,
    pulse: Arc<AtomicU64>,
    pulse_seen: Cell<u64>,
}

/// A thread has ended before its time.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a thread that reads strips has failed; the log says why")]
pub struct WorkerGone;

impl Worker {
    /// Starts a thread that says on `batches` what it finds.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub fn start(options: Options, batches: mpsc::Sender<Batch>) -> std::io::Result<Self> {
        let (inputs, receiver) = mpsc::channel(INPUTS_MAX);
        let pulse = Arc::new(AtomicU64::new(0));
        let beating = Arc::clone(&pulse);
        let name = format!("strips-{}", options.shard.index);
        thread::Builder::new().name(name).spawn(move || {
            work(Analysis::new(options), receiver, &batches, &beating);
        })?;
        Ok(Self { inputs, pulse, pulse_seen: Cell::new(0) })
    }

    /// Tells it something; waits while it has no room.
    ///
    /// # Errors
    ///
    /// [`WorkerGone`].
    pub async fn tell(&self, input: Input) -> Result<(), WorkerGone> {
        self.inputs.send(input).await.map_err(|_| WorkerGone)
    }

    /// Whether it has done something since the last call, or has nothing to do.
    pub fn is_working(&self) -> bool {
        let pulse = self.pulse.load(Ordering::Relaxed);
        let is_idle = self.inputs.capacity() == self.inputs.max_capacity();
        let moved = self.pulse_seen.replace(pulse) != pulse;
        !self.inputs.is_closed() && (moved || is_idle)
    }
}

fn work(
    analysis: Analysis,
    mut inputs: mpsc::Receiver<Input>,
    batches: &mpsc::Sender<Batch>,
    pulse: &AtomicU64,
) {
    let told = analysis.figures();
    let mut desk = Desk { analysis, connection: 0, has_past: false, told };
    // What waits in the past goes on between what comes.
    while let Ok(input) = next(&mut inputs, desk.has_past) {
        if let Some(input) = input {
            desk.take(input);
        }
        desk.work_on_the_past();
        let outputs = desk.analysis.take_output();
        let connection = desk.connection;
        if !outputs.is_empty() && batches.blocking_send(Batch { connection, outputs }).is_err() {
            return;
        }
        if pulse.fetch_add(1, Ordering::Relaxed).is_multiple_of(FIGURES_EVERY) {
            desk.tell_figures();
        }
    }
}

/// All senders are gone: the program ends.
struct Ended;

/// The next input; `None` where there is none yet and something else to do.
fn next(inputs: &mut mpsc::Receiver<Input>, has_past: bool) -> Result<Option<Input>, Ended> {
    match inputs.try_recv() {
        Ok(input) => Ok(Some(input)),
        Err(TryRecvError::Empty) if has_past => Ok(None),
        Err(TryRecvError::Empty) => inputs.blocking_recv().map(Some).ok_or(Ended),
        Err(TryRecvError::Disconnected) => Err(Ended),
    }
}

/// What a thread works on.
struct Desk {
    analysis: Analysis,
    connection: u64,
    /// Whether monitors wait whose past was told.
    has_past: bool,
    /// What the log was told last.
    told: Figures,
}

impl Desk {
    fn take(&mut self, input: Input) {
        match input {
            Input::Connected(number) => {
                self.connection = number;
                self.analysis.connected();
            }
            Input::Disconnected => self.analysis.disconnected(clock::wall()),
            Input::Frame(frame) => {
                if let Err(error) = self.analysis.handle(clock::wall(), &frame) {
                    tracing::error!(%error, "the region sent a frame that cannot be read; are both of the same version?");
                }
            }
        }
    }

    fn work_on_the_past(&mut self) {
        let had_past = self.has_past;
        self.has_past = self.analysis.work(clock::wall());
        if had_past && !self.has_past {
            self.told = self.analysis.figures();
            tracing::info!(streams = self.told.streams, "the past is read");
        }
    }

    fn tell_figures(&mut self) {
        let figures = self.analysis.figures();
        if figures != self.told {
            let Figures { streams, late, unreadable } = figures;
            tracing::debug!(streams, late, unreadable, "strips");
            self.told = figures;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use protocol::feed::{
        AnalysisFrame, BlockEntry, BlocksFrame, Marks, SetMarks, encode_beat, encode_roster,
    };
    use vitals::WallTime;

    use super::*;
    use crate::analysis::Shard;
    use crate::bench::monitor::Monitor;
    use crate::bench::options;

    /// A thread does what is waited for within this, however busy the computer is.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn until(what: &str, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(begun.elapsed() < PATIENCE, "{what} did not come about");
            thread::yield_now();
        }
    }

    #[test]
    fn one_thread_that_stands_still_silences_the_others_with_it() {
        let (sender, mut batches) = mpsc::channel(1);
        let shard = |index| Options { shard: Shard { index, of: 2 }, ..options() };
        let workers = [0, 1].map(|index| Worker::start(shard(index), sender.clone()).unwrap());
        drop(sender);
        let tell = |input: Input| {
            workers.iter().all(|worker| worker.inputs.try_send(input.clone()).is_ok())
        };
        let are_working = || workers.iter().all(Worker::is_working);
        let now = WallTime(1_790_000_000_000_000);
        let mut monitor = Monitor::new(3);
        let mut frames = encode_roster(now, &[monitor.roster_entry()]);
        frames.push(AnalysisFrame::new(now).into_bytes(SetMarks::BEGINS.with(SetMarks::ENDS)));
        frames.extend((0..2).map(|beat| encode_beat(now, beat)));
        assert!(tell(Input::Connected(1)));
        assert!(frames.into_iter().all(|frame| tell(Input::Frame(frame.into()))));
        until("idle threads work", are_working);
        // One of the two has the strip. Nobody takes what it finds: it stands still, while the
        // other goes on.
        let mut second = 0;
        until("a thread without room", || {
            let now = now.plus_micros(second * WallTime::MICROS_PER_SECOND);
            let (block, mut frame) = (monitor.next_block(now).to_bytes(), BlocksFrame::new(now));
            let (track, marks) = (monitor.track, Marks::NONE);
            assert!(frame.push(&BlockEntry { track, marks, received_at: now, block: &block }));
            second += 1;
            !tell(Input::Frame(frame.into_bytes().into()))
        });
        until("no sign of life", || !are_working());
        // Who takes it lets it go on.
        until("all work again", || {
            while batches.try_recv().is_ok() {}
            are_working()
        });
    }
}
