//! The loop of one screen, the same over both transports.
//!
//! Four things happen side by side until the first of them ends: frames are pulled from the
//! feed and sent, the screen's wishes are read, the login is looked at again, and the wall may
//! stop. A frame is pulled only when the transport can take it: a slow screen is thus skipped
//! ahead by the hub, and told what it missed, rather than shown an ever older strip.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hub::ViewerId;
use protocol::WireError;
use protocol::feed::{Attend, BEAT_MILLIS, Judge, Watch};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until};

use crate::feed::Feed;
use crate::wall::Wall;
use crate::{attending, judging};

/// Shortest time between two messages that are heeded: a wish may ask for much history, and a
/// judgement is written to the disk.
const WISH_EVERY: Duration = Duration::from_millis(200);
/// A beat is due so often even where nothing changes.
const BEAT_EVERY: Duration = Duration::from_millis(BEAT_MILLIS);

/// Sends frames to the screen.
pub(crate) trait FrameSink {
    /// Returns when another frame may be sent without queueing it behind much else.
    async fn room(&mut self) -> Result<(), End>;
    /// Sends one frame.
    async fn send(&mut self, frame: Bytes) -> Result<(), End>;
}

/// Reads messages from the screen.
pub(crate) trait MessageSource {
    /// The next message; an error when there will be none.
    async fn next(&mut self) -> Result<Bytes, End>;
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum End {
    /// The screen closed it.
    #[error("the screen went away")]
    Left,
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The screen took nothing for too long.
    #[error("the screen took nothing for too long")]
    Stalled,
    /// The screen sent something that no screen of ours sends.
    #[error("the screen sent a message that cannot be read: {0}")]
    Malformed(WireError),
    /// The role of the account does not allow what the screen sent.
    #[error("this account may not do that")]
    NotAllowed,
    /// Signed out, or the login ran out, or the account changed.
    #[error("the login has ended")]
    LoginEnded,
    /// The wall stops.
    #[error("the server is stopping")]
    Stopping,
}

/// Runs the session to its end.
pub(crate) async fn run(
    wall: &Wall,
    token: &str,
    sink: &mut impl FrameSink,
    source: &mut impl MessageSource,
) -> End {
    let viewer = OpenViewer { feed: Arc::clone(&wall.feed), id: wall.feed.open() };
    let wished = Notify::new();
    let ended = tokio::select! {
        ended = pump(wall, viewer.id, sink, &wished) => ended,
        ended = listen(wall, token, viewer.id, source, &wished) => ended,
        () = login_ended(wall, token) => Err(End::LoginEnded),
        () = wall.stopped() => Err(End::Stopping),
    };
    match ended {
        Ok(never) => match never {},
        Err(end) => end,
    }
}

/// A viewer of the feed, closed when dropped: a session may end in many ways.
struct OpenViewer {
    feed: Arc<dyn Feed>,
    id: ViewerId,
}

impl Drop for OpenViewer {
    fn drop(&mut self) {
        self.feed.close(self.id);
    }
}

/// No value: the loops below end with an error only.
enum Never {}

async fn pump(
    wall: &Wall,
    viewer: ViewerId,
    sink: &mut impl FrameSink,
    wished: &Notify,
) -> Result<Never, End> {
    let mut changes = wall.feed.changes();
    loop {
        // Seen before the look, so that a change during it is looked at again.
        changes.borrow_and_update();
        let looked = Instant::now();
        loop {
            sink.room().await?;
            let Some(frame) = wall.feed.next_frame(viewer) else { break };
            sink.send(frame).await?;
        }
        sleep_until(looked + wall.settings.gather).await;
        tokio::select! {
            () = sleep_until(looked + BEAT_EVERY) => {}
            changed = changes.changed() => {
                if changed.is_err() {
                    return Err(End::Stopping);
                }
            }
            () = wished.notified() => {}
        }
    }
}

async fn listen(
    wall: &Wall,
    token: &str,
    viewer: ViewerId,
    source: &mut impl MessageSource,
    wished: &Notify,
) -> Result<Never, End> {
    loop {
        let message = source.next().await?;
        if Judge::is_meant(&message) {
            judging::take(wall, token, &message).await?;
        } else if Attend::is_meant(&message) {
            attending::take(wall, token, viewer, &message).await?;
            wished.notify_one();
        } else {
            let watch = Watch::decode(&message).map_err(End::Malformed)?;
            wall.feed.watch(viewer, &watch);
            wished.notify_one();
        }
        sleep(WISH_EVERY).await;
    }
}

async fn login_ended(wall: &Wall, token: &str) {
    let every = wall.settings.login_checked_every;
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match wall.gate.viewer(token) {
            Ok(Some(_)) => {}
            Ok(None) => return,
            // A disk in trouble must not darken the screens of a ward.
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "could not look whether a login still stands; its screen stays on"
            ),
        }
    }
}
