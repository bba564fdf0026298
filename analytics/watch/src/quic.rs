//! The connection to the region: frames of the feed in, what was found out.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use credentials::connection::{connect, ended};
use credentials::{Identity, LinkError, Machine, WireErrorText};
use protocol::analyst::{ANALYSIS_ALPN, PublishFrame, encode_alive, put_framed, take_framed};
use protocol::feed::{RecordEntry, Watch};
use protocol::link::RefusalCode;
use quinn::{Connection, ConnectionError, Endpoint, RecvStream, SendStream, VarInt};
use tokio::time::timeout;
use vitals::WallTime;

use crate::analysis::Output;

/// What this program is to its region.
pub const ANALYSIS: Machine = Machine {
    word: "analysis",
    program: "ubugoe-watch",
    alpn: ANALYSIS_ALPN,
    receive_window: 1 << 20,
};

/// Most bytes read at once.
const READ_BYTES_MAX: usize = 64 << 10;
/// A region that takes nothing for so long is lost.
const WRITE_PATIENCE: Duration = Duration::from_secs(10);

/// An open connection.
pub struct Link {
    /// What comes from the region.
    pub reader: Reader,
    /// What goes to it.
    pub writer: Writer,
    /// Kept for as long as the connection: it owns the socket.
    pub endpoint: Endpoint,
}

/// What comes from the region.
pub struct Reader {
    receive: RecvStream,
    inbox: Vec<u8>,
    used: usize,
}

/// What goes to the region.
pub struct Writer {
    connection: Connection,
    send: SendStream,
    bytes: Vec<u8>,
}

/// Why a connection ended, and whether only a person can help.
#[derive(Debug)]
pub struct Lost {
    /// Why.
    pub error: LinkError,
    /// Whether to try again soon is of no use.
    pub for_good: bool,
}

impl Link {
    /// Opens a connection with the identity in the data folder, which is read each time: a new
    /// certificate needs no restart.
    ///
    /// # Errors
    ///
    /// [`Lost`] in words for the operator.
    pub async fn open(server: &str, data: &Path, now: WallTime) -> Result<Self, Lost> {
        let identity = Identity::load(ANALYSIS, data).map_err(LinkError::from)?;
        let (endpoint, connection) = connect(server, &identity, now).await?;
        let (send, receive) = connection.open_bi().await.map_err(lost)?;
        let reader = Reader { receive, inbox: Vec::new(), used: 0 };
        let writer = Writer { connection, send, bytes: Vec::new() };
        Ok(Self { reader, writer, endpoint })
    }
}

impl Reader {
    /// The next frame. May be dropped and called again.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn next(&mut self) -> Result<Bytes, Lost> {
        loop {
            let front = take_framed(&self.inbox[self.used..]);
            if let Some((frame, bytes)) =
                front.map_err(|error| LinkError::from(WireErrorText(error)))?
            {
                let frame = Bytes::copy_from_slice(frame);
                self.used += bytes;
                return Ok(frame);
            }
            self.inbox.drain(..self.used);
            self.used = 0;
            match self.receive.read_chunk(READ_BYTES_MAX, true).await {
                Ok(Some(chunk)) => self.inbox.extend_from_slice(&chunk.bytes),
                Ok(None) => {
                    return Err(LinkError::Ended("the region closed the stream".into()).into());
                }
                Err(quinn::ReadError::ConnectionLost(error)) => return Err(lost(error)),
                Err(error) => return Err(LinkError::Ended(error.to_string()).into()),
            }
        }
    }
}

impl Writer {
    /// Asks for all strips, with so much of their past.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn ask(&mut self, history: Duration) -> Result<(), Lost> {
        let history_seconds = u16::try_from(history.as_secs()).unwrap_or(u16::MAX);
        let watch = Watch { history_seconds, tracks: Vec::new() };
        put_framed(&mut self.bytes, &watch.to_bytes());
        self.flush().await
    }

    /// Says that the analysis works.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn say_alive(&mut self, now: WallTime) -> Result<(), Lost> {
        put_framed(&mut self.bytes, &encode_alive(now));
        self.flush().await
    }

    /// Publishes records.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn publish(&mut self, outputs: &[Output]) -> Result<(), Lost> {
        for frame in frames(outputs) {
            put_framed(&mut self.bytes, &frame);
        }
        self.flush().await
    }

    /// Closes at once.
    pub fn close(&self) {
        self.connection.close(VarInt::from_u32(0), b"");
    }

    async fn flush(&mut self) -> Result<(), Lost> {
        let written = timeout(WRITE_PATIENCE, self.send.write_all(&self.bytes)).await;
        self.bytes.clear();
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(quinn::WriteError::ConnectionLost(error))) => Err(lost(error)),
            Ok(Err(error)) => Err(LinkError::Ended(error.to_string()).into()),
            Err(_) => Err(LinkError::Ended("the region takes nothing any more".into()).into()),
        }
    }
}

/// Frames that hold these records, in their order.
fn frames(outputs: &[Output]) -> Vec<Vec<u8>> {
    let (mut frames, mut frame) = (Vec::new(), PublishFrame::default());
    for Output { track, publication } in outputs {
        let record = publication.to_bytes();
        let entry = RecordEntry { track: *track, record: &record };
        if !frame.push(&entry) {
            frames.push(std::mem::take(&mut frame).into_bytes());
            assert!(frame.push(&entry), "an empty frame has room for a record");
        }
    }
    if !frame.is_empty() {
        frames.push(frame.into_bytes());
    }
    frames
}

fn lost(error: ConnectionError) -> Lost {
    let for_good = matches!(&error, ConnectionError::ApplicationClosed(close)
    if matches!(
        u8::try_from(close.error_code.into_inner()).ok().and_then(RefusalCode::from_code),
        Some(RefusalCode::NotEnrolled | RefusalCode::Replaced | RefusalCode::Version)
    ));
    Lost { error: ended(ANALYSIS, &error), for_good }
}

impl From<LinkError> for Lost {
    fn from(error: LinkError) -> Self {
        let for_good = matches!(error, LinkError::NotEnrolled { .. } | LinkError::NotValid { .. });
        Self { error, for_good }
    }
}
