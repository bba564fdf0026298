//! One bridge on its connection: hello, welcome, blocks in, acks out.
//!
//! A stream that is not read is the whole of back-pressure: a place in the committer's queue
//! is taken before a block is looked at, and while there is none, QUIC lets the bridge send
//! only what its window holds.

use std::sync::Arc;
use std::time::Duration;

use access::Enrolment;
use protocol::link::{Frame, HEADER_BYTES, Hello, PAYLOAD_BYTES_MAX, Refusal, RefusalCode};
use quinn::{Connection, ReadError, RecvStream, SendStream, VarInt, WriteError};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, interval_at, timeout};

use crate::admission::{ADMISSION_EVERY, admit};
use crate::committer::Queued;
use crate::flag::raised;
use crate::live::{Link, LiveHub, Notice, Taken};

/// How long a bridge may take to say hello.
pub(crate) const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How long a refusal may take to reach the bridge before the connection closes.
const REFUSAL_WITHIN: Duration = Duration::from_secs(2);
/// How long a bridge may take to read what it is told.
pub(crate) const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// How long a stopping server waits for the last blocks to reach the disk.
const LAST_COMMIT_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection may take to end when the server stops.
pub(crate) const LAST_WORDS_WITHIN: Duration = Duration::from_secs(8);
const _: () =
    assert!(LAST_COMMIT_WITHIN.as_secs() + REFUSAL_WITHIN.as_secs() < LAST_WORDS_WITHIN.as_secs());
/// Bytes taken from the stream at once.
const READ_BYTES_MAX: usize = 16 * 1024;

/// What every connection needs.
#[derive(Clone, Debug)]
pub struct LinkContext {
    /// The hub.
    pub live: Arc<LiveHub>,
    /// Who is admitted.
    pub enrolment: Arc<Enrolment>,
    /// Where new blocks and records go. A connection lets go of it when the server stops.
    pub queue: mpsc::Sender<Queued>,
    /// Turns true when the server stops.
    pub stopping: watch::Receiver<bool>,
    /// Turns true when everything queued is on the disk.
    pub committed: watch::Receiver<bool>,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkEnd {
    /// The machine went, or the network.
    #[error("the connection ended: {0}")]
    Connection(#[from] quinn::ConnectionError),
    /// The machine closed its stream.
    #[error("the other side closed its stream")]
    Finished,
    /// Reading failed.
    #[error("the stream could not be read: {0}")]
    Read(ReadError),
    /// Writing failed.
    #[error("the stream could not be written: {0}")]
    Write(WriteError),
    /// The machine said nothing.
    #[error("nothing came within {} s", HELLO_WITHIN.as_secs())]
    Silent,
    /// The machine did not read what it was told.
    #[error("the other side read nothing for {} s", WRITE_WITHIN.as_secs())]
    Deaf,
    /// The server stopped before the bridge had said hello.
    #[error("the server stops")]
    Stopping,
    /// The region will not go on.
    #[error("refused ({:?}): {}", .0.code, .0.text)]
    Refused(Refusal),
}

impl From<ReadError> for LinkEnd {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::ConnectionLost(why) => Self::Connection(why),
            other => Self::Read(other),
        }
    }
}

impl From<WriteError> for LinkEnd {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::ConnectionLost(why) => Self::Connection(why),
            other => Self::Write(other),
        }
    }
}

/// Serves a connection until it ends, and says why. A bridge that was refused has been told.
pub async fn serve(connection: &Connection, certificate: &[u8], context: LinkContext) -> LinkEnd {
    let mut stopping = context.stopping.clone();
    let opened = tokio::select! {
        opened = timeout(HELLO_WITHIN, connection.accept_bi()) => opened,
        () = raised(&mut stopping) => return LinkEnd::Stopping,
    };
    let (mut send, receive) = match opened {
        Ok(Ok(streams)) => streams,
        Ok(Err(error)) => return error.into(),
        Err(_) => return LinkEnd::Silent,
    };
    let end = admit_and_run(&mut send, Frames::new(receive), certificate, context).await;
    if let LinkEnd::Refused(refusal) = &end {
        refuse(connection, &mut send, refusal).await;
    }
    end
}

async fn admit_and_run(
    send: &mut SendStream,
    mut frames: Frames,
    certificate: &[u8],
    context: LinkContext,
) -> LinkEnd {
    let bridge = match admit(certificate, |sha256| context.enrolment.admit_bridge(sha256)) {
        Ok(bridge) => bridge,
        Err(refusal) => return LinkEnd::Refused(refusal),
    };
    let mut stopping = context.stopping.clone();
    let hello = tokio::select! {
        hello = timeout(HELLO_WITHIN, read_hello(&mut frames)) => hello,
        () = raised(&mut stopping) => return LinkEnd::Stopping,
    };
    let hello = match hello {
        Ok(Ok(hello)) => hello,
        Ok(Err(end)) => return end,
        Err(_) => return LinkEnd::Silent,
    };
    let live = Arc::clone(&context.live);
    let Link { publisher, welcome, notices } = match live.connect(bridge, &hello) {
        Ok(link) => link,
        Err(refusal) => return LinkEnd::Refused(refusal),
    };
    tracing::info!(%bridge, devices = hello.devices.len(), software = hello.software, "bridge connected");
    let mut session =
        Session { send, frames, notices, publisher, certificate, context: Some(context) };
    let end = match session.write(&Frame::Welcome(welcome)).await {
        Ok(()) => session.run().await,
        Err(end) => end,
    };
    live.disconnect(publisher);
    tracing::info!(%bridge, reason = %end, "bridge gone");
    end
}

async fn read_hello(frames: &mut Frames) -> Result<Hello, LinkEnd> {
    loop {
        match frames.next() {
            Ok(Some(Frame::Hello(hello))) => return Ok(hello),
            Ok(Some(_)) => return Err(malformed("a hello was expected first")),
            Ok(None) => frames.read_more().await?,
            Err(error) => return Err(error),
        }
    }
}

fn malformed(text: &str) -> LinkEnd {
    LinkEnd::Refused(Refusal { code: RefusalCode::Malformed, text: text.to_owned() })
}

/// Says why, and waits until the bridge has it: closing a connection discards what is on its
/// way.
pub(crate) async fn refuse(connection: &Connection, send: &mut SendStream, refusal: &Refusal) {
    let mut bytes = Vec::new();
    Frame::Refusal(refusal.clone()).encode(&mut bytes);
    if send.write_all(&bytes).await.is_ok() && send.finish().is_ok() {
        // Whether it came in time or not, the connection closes now.
        timeout(REFUSAL_WITHIN, send.stopped()).await.ok();
    }
    connection.close(VarInt::from_u32(refusal.code as u32), refusal.text.as_bytes());
}

/// One accepted bridge.
struct Session<'a> {
    send: &'a mut SendStream,
    frames: Frames,
    notices: watch::Receiver<Notice>,
    publisher: hub::PublisherId,
    certificate: &'a [u8],
    /// Let go of when the server stops, so that the committer sees the end of its queue.
    context: Option<LinkContext>,
}

impl Session<'_> {
    async fn run(&mut self) -> LinkEnd {
        let Some(context) = self.context.take() else { return LinkEnd::Finished };
        let LinkContext { live, enrolment, queue, mut stopping, mut committed } = context;
        let mut admission = interval_at(Instant::now() + ADMISSION_EVERY, ADMISSION_EVERY);
        loop {
            if let Err(end) = self.take_blocks(&live, &queue).await {
                return end;
            }
            // Each of these may be dropped half-way without losing a byte.
            tokio::select! {
                read = self.frames.read_more() => if let Err(end) = read { return end },
                changed = self.notices.changed() => {
                    let end = self.notices.borrow_and_update().end.clone();
                    if let Some(refusal) = end { return LinkEnd::Refused(refusal) }
                    // The hub drops its end when a newer connection took over.
                    if changed.is_err() { return LinkEnd::Finished }
                    if let Err(end) = self.send_acks(&live).await { return end }
                }
                _ = admission.tick() => {
                    let look = |sha256: &_| enrolment.admit_bridge(sha256);
                    if let Err(refusal) = admit(self.certificate, look) {
                        return LinkEnd::Refused(refusal);
                    }
                }
                () = raised(&mut stopping) => {
                    drop(queue);
                    return self.last_acks(&live, &mut committed).await;
                }
            }
        }
    }

    /// Takes every whole block that was read.
    async fn take_blocks(
        &mut self,
        live: &LiveHub,
        queue: &mpsc::Sender<Queued>,
    ) -> Result<(), LinkEnd> {
        let mut known = 0;
        while let Some(frame) = self.frames.next()? {
            let Frame::Block(bytes) = frame else {
                return Err(malformed("after the hello only blocks are expected"));
            };
            // The committer ends only after every sender is gone, and this is one.
            let Ok(place) = queue.reserve().await else { return Err(LinkEnd::Finished) };
            match live.receive(self.publisher, &bytes, place).map_err(LinkEnd::Refused)? {
                Taken::Queued => {}
                Taken::Known => known += 1,
            }
        }
        if known > 0 { self.send_acks(live).await } else { Ok(()) }
    }

    async fn send_acks(&mut self, live: &LiveHub) -> Result<(), LinkEnd> {
        while let Some(ack) = live.next_ack(self.publisher) {
            self.write(&Frame::Ack(ack)).await?;
        }
        Ok(())
    }

    /// The server stops: what was taken is still written and acknowledged.
    async fn last_acks(
        &mut self,
        live: &LiveHub,
        committed: &mut watch::Receiver<bool>,
    ) -> LinkEnd {
        // Without the last commit there is nothing to acknowledge, and the bridge sends again.
        timeout(LAST_COMMIT_WITHIN, raised(committed)).await.ok();
        if let Err(end) = self.send_acks(live).await {
            return end;
        }
        let text = "the region is being stopped; keep the blocks and come back";
        LinkEnd::Refused(Refusal { code: RefusalCode::Unavailable, text: text.to_owned() })
    }

    async fn write(&mut self, frame: &Frame) -> Result<(), LinkEnd> {
        let mut bytes = Vec::new();
        frame.encode(&mut bytes);
        let written = timeout(WRITE_WITHIN, self.send.write_all(&bytes)).await;
        Ok(written.map_err(|_| LinkEnd::Deaf)??)
    }
}

/// Frames from a stream.
///
/// # Invariants
///
/// Never holds more than one frame of the longest kind and one read.
pub(crate) struct Frames {
    receive: RecvStream,
    bytes: Vec<u8>,
    /// Bytes at the front that were handed out as frames.
    used: usize,
}

impl Frames {
    pub(crate) fn new(receive: RecvStream) -> Self {
        Self { receive, bytes: Vec::new(), used: 0 }
    }

    /// The next whole frame that was read.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, LinkEnd> {
        let decoded = Frame::decode(&self.bytes[self.used..]);
        match decoded.map_err(|error| malformed(&format!("a frame could not be read: {error}")))? {
            Some((frame, len)) => {
                self.used += len;
                Ok(Some(frame))
            }
            None => Ok(None),
        }
    }

    /// Waits for more bytes. May be dropped at any time without losing one.
    pub(crate) async fn read_more(&mut self) -> Result<(), LinkEnd> {
        let chunk = self.receive.read_chunk(READ_BYTES_MAX, true).await?;
        let chunk = chunk.ok_or(LinkEnd::Finished)?;
        self.bytes.drain(..self.used);
        self.used = 0;
        self.bytes.extend_from_slice(&chunk.bytes);
        debug_assert!(self.bytes.len() <= HEADER_BYTES + PAYLOAD_BYTES_MAX + READ_BYTES_MAX);
        Ok(())
    }
}
