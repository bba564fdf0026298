//! What a session needs of the hub.

use bytes::Bytes;
use hub::ViewerId;
use protocol::analysis::JudgeRole;
use protocol::feed::{Attend, Judge, Refused, Watch};
use serde::Serialize;
use tokio::sync::watch;

/// The hub as one screen sees it. Calls return at once; they may take a short lock.
pub trait Feed: Send + Sync + 'static {
    /// A new viewer, who sees nothing until she asks.
    fn open(&self) -> ViewerId;

    /// The viewer asks: these tracks, so much of their past.
    fn watch(&self, viewer: ViewerId, watch: &Watch);

    /// The next frame for the viewer, at most [`protocol::feed::FRAME_BYTES_MAX`] bytes;
    /// `None` when she has everything. A frame handed out counts as seen: ask only when it
    /// can be sent.
    fn next_frame(&self, viewer: ViewerId) -> Option<Bytes>;

    /// A person gave a level. It is kept, and comes back to every viewer as a record.
    ///
    /// # Errors
    ///
    /// [`NotKept`].
    fn judge(&self, said: &Judge, account: &str, role: JudgeRole) -> Result<(), NotKept>;

    /// A person asks for something at the desk of alarms. What is done comes back to every
    /// viewer as a record, what is not to this one as an answer.
    fn attend(&self, viewer: ViewerId, request: &Attend, account: &str);

    /// Says to this viewer that what she asked for is not done.
    fn refuse(&self, viewer: ViewerId, refused: Refused);

    /// How many alarms there were, by day and bed.
    fn alarm_load(&self) -> AlarmLoad;

    /// The viewer has gone.
    fn close(&self, viewer: ViewerId);

    /// Ticks whenever some viewer may have a next frame; beats are asked for without.
    fn changes(&self) -> watch::Receiver<u64>;
}

/// How many alarms there were.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AlarmLoad {
    /// Days, the oldest first.
    pub days: Vec<AlarmDay>,
    /// Changes of alarms that no row counts; above 0 the numbers are a lower bound.
    pub unplaced: u64,
}

/// The alarms of one day, from midnight to midnight of Japan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlarmDay {
    /// Its start, µs since 1970 UTC.
    pub from_micros: i64,
    /// A row for each bed that had one, and for the region.
    pub beds: Vec<AlarmRow>,
}

/// The alarms of one bed in one day: those that were raised in it, whenever they were answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlarmRow {
    /// Its track; `None` of the region, and of a bed that has none now.
    pub track: Option<u16>,
    /// The machine at the bed; `None` of the region.
    pub machine: Option<String>,
    /// How many low ones were raised.
    pub low: u32,
    /// How many medium ones.
    pub medium: u32,
    /// How many high ones.
    pub high: u32,
    /// How many rose to a higher priority.
    pub promoted: u32,
    /// How often a further role was called.
    pub escalations: u32,
    /// How often somebody acknowledged one.
    pub acknowledged: u32,
    /// The median time until somebody did, s; `None` where nobody did.
    pub response_median_s: Option<u32>,
    /// How many staff marked as artefacts.
    pub invalid: u32,
    /// Their share, 0 to 1; `None` where none was raised.
    pub invalid_share: Option<f64>,
}

/// Why a judgement was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotKept {
    /// There is no such track.
    #[error("there is no such track")]
    UnknownTrack,
    /// The region cannot write to its disk at the moment.
    #[error("the region cannot write to its disk at the moment")]
    Unavailable,
}
