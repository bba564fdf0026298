//! One analysis on its connection: it reads as a wall does and publishes besides.
//!
//! A frame is pulled from the hub only when the last was taken, so that a slow analysis skips
//! ahead and costs no memory. A place in the committer's queue is taken before a record is
//! looked at; while there is none the stream is not read, and QUIC holds the analysis back. A
//! refusal is the close of the connection, with its code and one sentence.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hub::ViewerId;
use protocol::WireError;
use protocol::analyst::{AnalystFrame, LENGTH_BYTES, put_framed, take_framed};
use protocol::feed::{BEAT_MILLIS, FRAME_BYTES_MAX};
use protocol::link::{Refusal, RefusalCode};
use quinn::{Connection, RecvStream, SendStream, VarInt};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, interval_at, sleep, timeout};
use wall::Feed;

use crate::admission::{ADMISSION_EVERY, admit};
use crate::committer::Queued;
use crate::flag::raised;
use crate::link::{HELLO_WITHIN, LinkContext, LinkEnd, WRITE_WITHIN};
use crate::live::{AnalystLink, LiveHub, Notice};

/// Bytes taken from the stream at once.
const READ_BYTES_MAX: usize = 16 * 1024;
/// A beat is due so often even where nothing changes.
const BEAT_EVERY: Duration = Duration::from_millis(BEAT_MILLIS);

/// Serves a connection until it ends, and says why.
pub async fn serve(connection: &Connection, certificate: &[u8], context: LinkContext) -> LinkEnd {
    let mut stopping = context.stopping.clone();
    let end = tokio::select! {
        end = admit_and_run(connection, certificate, context) => end,
        () = raised(&mut stopping) => LinkEnd::Refused(stops()),
    };
    if let LinkEnd::Refused(refusal) = &end {
        connection.close(VarInt::from_u32(refusal.code as u32), refusal.text.as_bytes());
    }
    end
}

async fn admit_and_run(
    connection: &Connection,
    certificate: &[u8],
    context: LinkContext,
) -> LinkEnd {
    let LinkContext { live, enrolment, queue, .. } = context;
    let admitted = || admit(certificate, |sha256| enrolment.admit_analyst(sha256));
    let name = match admitted() {
        Ok(name) => name,
        Err(refusal) => return LinkEnd::Refused(refusal),
    };
    let (send, receive) = match timeout(HELLO_WITHIN, connection.accept_bi()).await {
        Ok(Ok(streams)) => streams,
        Ok(Err(error)) => return error.into(),
        Err(_) => return LinkEnd::Silent,
    };
    let AnalystLink { viewer, notices } = match live.connect_analyst(name) {
        Ok(link) => link,
        Err(refusal) => return LinkEnd::Refused(refusal),
    };
    let connected = Connected { live: Arc::clone(&live), viewer };
    tracing::info!(analyst = %name, "analysis connected");
    let wished = Notify::new();
    let ended = tokio::select! {
        ended = pump(&live, viewer, send, &wished) => ended,
        ended = listen(&live, viewer, receive, &queue, &wished) => ended,
        ended = noticed(notices) => ended,
        ended = admitted_no_more(admitted) => ended,
    };
    drop(connected);
    let Err(end) = ended;
    tracing::info!(analyst = %name, reason = %end, "analysis gone");
    end
}

/// A connection that the hub knows of, forgotten when dropped: a connection may end in many
/// ways.
struct Connected {
    live: Arc<LiveHub>,
    viewer: ViewerId,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.live.disconnect_analyst(self.viewer);
    }
}

/// Sends what the hub has.
async fn pump(
    live: &LiveHub,
    viewer: ViewerId,
    mut send: SendStream,
    wished: &Notify,
) -> Result<Infallible, LinkEnd> {
    let mut changes = live.changes();
    let mut bytes = Vec::with_capacity(LENGTH_BYTES + FRAME_BYTES_MAX);
    loop {
        // Seen before the look, so that a change during it is looked at again.
        changes.borrow_and_update();
        while let Some(frame) = live.next_frame(viewer) {
            bytes.clear();
            put_framed(&mut bytes, &frame);
            let written = timeout(WRITE_WITHIN, send.write_all(&bytes)).await;
            written.map_err(|_| LinkEnd::Deaf)??;
        }
        tokio::select! {
            () = sleep(BEAT_EVERY) => {}
            changed = changes.changed() => if changed.is_err() { return Err(LinkEnd::Stopping) },
            () = wished.notified() => {}
        }
    }
}

/// Takes what the analysis says.
async fn listen(
    live: &LiveHub,
    viewer: ViewerId,
    mut receive: RecvStream,
    queue: &mpsc::Sender<Queued>,
    wished: &Notify,
) -> Result<Infallible, LinkEnd> {
    // Never holds more than one frame and one read.
    let mut bytes = Vec::new();
    loop {
        let mut used = 0;
        while let Some((frame, len)) = take_framed(&bytes[used..]).map_err(malformed)? {
            take(live, viewer, frame, queue, wished).await?;
            used += len;
        }
        bytes.drain(..used);
        let chunk = receive.read_chunk(READ_BYTES_MAX, true).await?;
        bytes.extend_from_slice(&chunk.ok_or(LinkEnd::Finished)?.bytes);
    }
}

async fn take(
    live: &LiveHub,
    viewer: ViewerId,
    frame: &[u8],
    queue: &mpsc::Sender<Queued>,
    wished: &Notify,
) -> Result<(), LinkEnd> {
    match AnalystFrame::decode(frame).map_err(malformed)? {
        AnalystFrame::Watch(watch) => {
            live.watch(viewer, &watch);
            wished.notify_one();
        }
        AnalystFrame::Publish(entries) => {
            for entry in &entries {
                // The committer ends only after every sender is gone, and this is one.
                let place = queue.reserve().await.map_err(|_| LinkEnd::Finished)?;
                live.publish(viewer, entry, place).map_err(LinkEnd::Refused)?;
            }
        }
        AnalystFrame::Alive { .. } => live.analyst_alive(viewer),
    }
    Ok(())
}

/// Ends when the region says so: replaced by a newer connection, or a disk that fails.
async fn noticed(mut notices: watch::Receiver<Notice>) -> Result<Infallible, LinkEnd> {
    while notices.changed().await.is_ok() {
        if let Some(refusal) = notices.borrow_and_update().end.clone() {
            return Err(LinkEnd::Refused(refusal));
        }
    }
    Err(LinkEnd::Finished)
}

async fn admitted_no_more<N>(
    admitted: impl Fn() -> Result<N, Refusal>,
) -> Result<Infallible, LinkEnd> {
    let mut every = interval_at(Instant::now() + ADMISSION_EVERY, ADMISSION_EVERY);
    loop {
        every.tick().await;
        admitted().map_err(LinkEnd::Refused)?;
    }
}

fn malformed(error: WireError) -> LinkEnd {
    let text = format!("a frame could not be read: {error}");
    LinkEnd::Refused(Refusal { code: RefusalCode::Malformed, text })
}

fn stops() -> Refusal {
    let text = "the region is being stopped; come back later".to_owned();
    Refusal { code: RefusalCode::Unavailable, text }
}
