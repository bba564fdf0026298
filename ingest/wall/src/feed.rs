//! What a session needs of the hub.

use bytes::Bytes;
use hub::ViewerId;
use protocol::feed::Watch;
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

    /// The viewer has gone.
    fn close(&self, viewer: ViewerId);

    /// Ticks whenever some viewer may have a next frame; beats are asked for without.
    fn changes(&self) -> watch::Receiver<u64>;
}
