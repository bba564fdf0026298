//! The hub behind a lock: what the listener, the committer and the walls share.
//!
//! Every call takes the lock for microseconds and never waits while it holds it. Whoever is
//! to hear of something is woken by a channel that keeps only the newest: connections by a
//! [`Notice`], walls by a count that rises.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use desk::Snapshot;
use hub::{
    AnalystConnected, BlockKey, BlockRefused, Connected, Hub, Published, PublisherId, Received,
    RecordRefused, ViewerId,
};
use protocol::Block;
use protocol::analysis::{JudgeRole, Judgement};
use protocol::feed::{Attend, Judge, RecordEntry, Refused, Watch};
use protocol::link::{Ack, Hello, Refusal, RefusalCode, Welcome};
use store::{StoredBlock, StoredRecord};
use tokio::sync::{mpsc, watch};
use vitals::{AnalystId, BridgeId};
use wall::{AlarmLoad, NotKept};

use crate::alarms::Alarms;
use crate::clock;
use crate::committer::Queued;

/// Walls are woken at most so often.
const CHANGES_EVERY: Duration = Duration::from_millis(50);
/// Walls are woken at least each this many of [`CHANGES_EVERY`]: once a second, for the beat.
const CHANGES_AT_LEAST: u32 = 20;

/// The hub, shared.
#[derive(Debug)]
pub struct LiveHub {
    state: Mutex<State>,
    /// For judgements. Weak: the committer ends when the last connection has let go of it.
    queue: mpsc::WeakSender<Queued>,
    changes: watch::Sender<u64>,
    changed: AtomicBool,
}

#[derive(Debug)]
struct State {
    hub: Hub,
    alarms: Alarms,
    storage: Storage,
    notices: BTreeMap<PublisherId, watch::Sender<Notice>>,
    analyst_notices: BTreeMap<ViewerId, watch::Sender<Notice>>,
}

/// Whether blocks can be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Storage {
    Works,
    Fails,
}

/// What a connection is to hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Rises when an ack may be due.
    pub acks: u64,
    /// Send this and close.
    pub end: Option<Refusal>,
}

/// A bridge that was accepted.
#[derive(Debug)]
pub struct Link {
    /// Its connection in all later calls.
    pub publisher: PublisherId,
    /// What to send it.
    pub welcome: Welcome,
    /// What it is to hear.
    pub notices: watch::Receiver<Notice>,
}

/// An analysis that was accepted.
#[derive(Debug)]
pub struct AnalystLink {
    /// Its connection in all later calls.
    pub viewer: ViewerId,
    /// What it is to hear; of acks there are none.
    pub notices: watch::Receiver<Notice>,
}

/// What became of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is on its way to the disk.
    Queued,
    /// It was known; an ack may be due at once.
    Known,
}

impl LiveHub {
    /// Shares a hub and its desk of alarms; `queue` leads to the committer.
    #[must_use]
    pub fn new(hub: Hub, alarms: Alarms, queue: mpsc::WeakSender<Queued>) -> Self {
        let (notices, analyst_notices) = (BTreeMap::new(), BTreeMap::new());
        let state = State { hub, alarms, storage: Storage::Works, notices, analyst_notices };
        let (changes, _) = watch::channel(0);
        Self { state: Mutex::new(state), queue, changes, changed: AtomicBool::new(true) }
    }

    /// Accepts a bridge that proved to be `bridge`; an older connection of it is told to end.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] to send.
    pub fn connect(&self, bridge: BridgeId, hello: &Hello) -> Result<Link, Refusal> {
        let mut state = self.lock();
        if state.storage == Storage::Fails {
            return Err(unavailable());
        }
        let Connected { publisher, welcome, replaced } =
            state.hub.connect(clock::now(), bridge, hello)?;
        if let Some(old) = replaced.and_then(|old| state.notices.remove(&old)) {
            old.send_modify(|notice| notice.end = Some(replaced_by_newer()));
        }
        let (notice, notices) = watch::channel(Notice::default());
        state.notices.insert(publisher, notice);
        drop(state);
        self.note_change();
        Ok(Link { publisher, welcome, notices })
    }

    /// Takes one encoded block. A new one goes to the committer in the place that was kept for
    /// it, under the same lock: no block is heard and then not queued.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] to end the connection with.
    pub fn receive(
        &self,
        publisher: PublisherId,
        bytes: &[u8],
        place: mpsc::Permit<'_, Queued>,
    ) -> Result<Taken, Refusal> {
        let mut state = self.lock();
        if state.storage == Storage::Fails {
            return Err(unavailable());
        }
        let now = clock::now();
        let Some(bridge) = state.hub.bridge_of(publisher) else { return Err(replaced_by_newer()) };
        let taken = match state.hub.receive(now, publisher, bytes).map_err(refusal_of)? {
            Received::Fresh(block) => {
                let State { hub, alarms, .. } = &mut *state;
                alarms.heard(now, hub, bridge, &block);
                let checksum = Block::checksum_of(bytes).expect("a decoded block ends with one");
                let stored = StoredBlock { bridge, received_at: now, block, checksum };
                place.send(Queued::Block(stored));
                Taken::Queued
            }
            Received::Duplicate | Received::Pending => Taken::Known,
        };
        drop(state);
        self.note_change();
        Ok(taken)
    }

    /// The next ack for a bridge; call until there is none.
    #[must_use]
    pub fn next_ack(&self, publisher: PublisherId) -> Option<Ack> {
        self.lock().hub.poll_ack(publisher)
    }

    /// Notes that a connection ended.
    pub fn disconnect(&self, publisher: PublisherId) {
        let mut state = self.lock();
        state.notices.remove(&publisher);
        state.hub.disconnect(clock::now(), publisher);
        drop(state);
        self.note_change();
    }

    /// Learns that blocks are on the disk: they may be acknowledged, and bridges may come.
    pub fn stored(&self, keys: &[BlockKey]) {
        let mut state = self.lock();
        state.storage = Storage::Works;
        for publisher in state.hub.stored(keys) {
            if let Some(notice) = state.notices.get(&publisher) {
                notice.send_modify(|notice| notice.acks += 1);
            }
        }
    }

    /// Learns that the store fails: every connection ends, none is accepted, and what was not
    /// stored counts as never heard. `discard` empties the queue meanwhile.
    pub fn store_failed(&self, discard: impl FnOnce()) {
        let mut state = self.lock();
        state.storage = Storage::Fails;
        discard();
        state.hub.store_failed();
        for notice in state.notices.values().chain(state.analyst_notices.values()) {
            notice.send_modify(|notice| notice.end = Some(unavailable()));
        }
    }

    /// Accepts an analysis that proved to be `name`; an older connection of it is told to end.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] to close the connection with.
    pub fn connect_analyst(&self, name: AnalystId) -> Result<AnalystLink, Refusal> {
        let mut state = self.lock();
        if state.storage == Storage::Fails {
            return Err(unavailable());
        }
        let AnalystConnected { viewer, replaced } = state.hub.connect_analyst(clock::now(), name);
        if let Some(old) = replaced.and_then(|old| state.analyst_notices.remove(&old)) {
            old.send_modify(|notice| notice.end = Some(analysis_replaced()));
        }
        let (notice, notices) = watch::channel(Notice::default());
        state.analyst_notices.insert(viewer, notice);
        drop(state);
        self.note_change();
        Ok(AnalystLink { viewer, notices })
    }

    /// Takes one record of an analysis. A new one goes to the committer in the place that was
    /// kept for it, under the same lock.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] to close the connection with.
    pub fn publish(
        &self,
        analyst: ViewerId,
        entry: &RecordEntry<'_>,
        place: mpsc::Permit<'_, Queued>,
    ) -> Result<(), Refusal> {
        let mut state = self.lock();
        if state.storage == Storage::Fails {
            return Err(unavailable());
        }
        let now = clock::now();
        match state.hub.publish(now, analyst, entry).map_err(record_refusal)? {
            Published::Fresh { bridge, device, publication } => {
                let publication = *publication;
                let State { hub, alarms, .. } = &mut *state;
                alarms.hear(now, hub, (bridge, device), &publication);
                let stored = StoredRecord { bridge, device, received_at: now, publication };
                place.send(Queued::Record(Box::new(stored)));
            }
            Published::Known => return Ok(()),
        }
        drop(state);
        self.note_change();
        Ok(())
    }

    /// Notes that an analysis works.
    pub fn analyst_alive(&self, analyst: ViewerId) {
        self.lock().hub.analyst_alive(clock::now(), analyst);
    }

    /// Notes that a connection of an analysis ended.
    pub fn disconnect_analyst(&self, analyst: ViewerId) {
        let mut state = self.lock();
        state.analyst_notices.remove(&analyst);
        state.hub.disconnect_analyst(clock::now(), analyst);
        drop(state);
        self.note_change();
    }

    /// Looks at the links and the clock for alarms; gives what is to be kept of them where
    /// something changed.
    #[must_use]
    pub fn look_at_alarms(&self) -> Option<Snapshot> {
        let mut state = self.lock();
        let State { hub, alarms, .. } = &mut *state;
        let kept = alarms.look(clock::now(), hub);
        drop(state);
        if kept.is_some() {
            self.note_change();
        }
        kept
    }

    /// How many bridges are connected.
    #[must_use]
    pub fn connected_count(&self) -> usize {
        self.lock().hub.connected_count()
    }

    /// Wakes the walls: soon after a change, and once a second for the beat. Never returns.
    pub async fn wake_walls(&self) {
        let mut every = tokio::time::interval(CHANGES_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut quiet = 0;
        loop {
            every.tick().await;
            quiet += 1;
            if self.changed.swap(false, Ordering::AcqRel) || quiet >= CHANGES_AT_LEAST {
                self.changes.send_modify(|count| *count = count.wrapping_add(1));
                quiet = 0;
            }
        }
    }

    fn note_change(&self) {
        self.changed.store(true, Ordering::Release);
    }

    /// A panic elsewhere must not silence the wards: the hub checks its own invariants, and
    /// each call leaves it whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl wall::Feed for LiveHub {
    fn open(&self) -> ViewerId {
        self.lock().hub.open_viewer()
    }

    fn watch(&self, viewer: ViewerId, watch: &Watch) {
        self.lock().hub.watch(clock::now(), viewer, watch);
    }

    fn next_frame(&self, viewer: ViewerId) -> Option<Bytes> {
        self.lock().hub.next_frame(clock::now(), viewer)
    }

    fn judge(&self, said: &Judge, account: &str, role: JudgeRole) -> Result<(), NotKept> {
        let queue = self.queue.upgrade().ok_or(NotKept::Unavailable)?;
        let place = queue.try_reserve().map_err(|_| NotKept::Unavailable)?;
        let mut state = self.lock();
        if state.storage == Storage::Fails {
            return Err(NotKept::Unavailable);
        }
        let now = clock::now();
        let Judge { track, episode, fetus, level, from, to, .. } = *said;
        let (account, reason) = (account.to_owned(), said.reason.clone());
        let judgement = Judgement { level, role, from, to, at: now, account, reason };
        let judged = state.hub.judge(now, track, (episode, fetus), judgement);
        if let Published::Fresh { bridge, device, publication } =
            judged.map_err(|_| NotKept::UnknownTrack)?
        {
            let publication = *publication;
            let stored = StoredRecord { bridge, device, received_at: now, publication };
            place.send(Queued::Record(Box::new(stored)));
        }
        drop(state);
        self.note_change();
        Ok(())
    }

    fn attend(&self, viewer: ViewerId, request: &Attend, account: &str) {
        let mut state = self.lock();
        let State { hub, alarms, .. } = &mut *state;
        alarms.attend(clock::now(), hub, viewer, request, account);
        drop(state);
        self.note_change();
    }

    fn refuse(&self, viewer: ViewerId, refused: Refused) {
        self.lock().hub.refuse(clock::now(), viewer, refused);
        self.note_change();
    }

    fn alarm_load(&self) -> AlarmLoad {
        let state = self.lock();
        state.alarms.load(&state.hub)
    }

    fn close(&self, viewer: ViewerId) {
        self.lock().hub.close_viewer(viewer);
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

fn unavailable() -> Refusal {
    let text = "the region cannot write to its disk at the moment; keep the blocks and come back";
    Refusal { code: RefusalCode::Unavailable, text: text.to_owned() }
}

fn replaced_by_newer() -> Refusal {
    let text = "a newer connection of the same bridge took over; if two bridges share one \
                certificate, enrol one of them anew";
    Refusal { code: RefusalCode::Replaced, text: text.to_owned() }
}

fn refusal_of(refused: BlockRefused) -> Refusal {
    match refused {
        BlockRefused::NotConnected => replaced_by_newer(),
        other => Refusal { code: RefusalCode::Malformed, text: other.to_string() },
    }
}

fn analysis_replaced() -> Refusal {
    let text = "a newer connection of the same analysis took over; if two run, enrol one of them \
                under a name of its own";
    Refusal { code: RefusalCode::Replaced, text: text.to_owned() }
}

fn record_refusal(refused: RecordRefused) -> Refusal {
    match refused {
        RecordRefused::NotConnected => analysis_replaced(),
        other => Refusal { code: RefusalCode::Malformed, text: other.to_string() },
    }
}
