//! What a session needs of the hub.

use bytes::Bytes;
use hub::ViewerId;
use protocol::analysis::JudgeRole;
use protocol::feed::{Attend, Judge, Refused, Watch};
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

    /// The viewer has gone.
    fn close(&self, viewer: ViewerId);

    /// Ticks whenever some viewer may have a next frame; beats are asked for without.
    fn changes(&self) -> watch::Receiver<u64>;
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
