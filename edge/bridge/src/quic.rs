//! The connection to the region: one QUIC stream of frames, opened again by each call.
//!
//! The name of the server is resolved and the identity read at every attempt, so that a
//! changed address or a new certificate needs no restart.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use credentials::connection::{connect, ended};
use credentials::{Identity, LinkError, Machine, WireErrorText};
use protocol::link::{Frame, LINK_ALPN};
use quinn::{Connection, Endpoint, RecvStream, SendStream, VarInt};

use crate::clock;

/// What this program is to its region.
pub const BRIDGE: Machine =
    Machine { word: "bridge", program: "ubugoe-bridge", alpn: LINK_ALPN, receive_window: 64 << 10 };

/// Most bytes read at once.
const READ_BYTES_MAX: usize = 16 << 10;

/// The way to the region.
pub struct Link {
    server: String,
    data: PathBuf,
    state: State,
    /// Bytes not yet handed to QUIC. Bounded by the uplink's window of blocks.
    outbox: Vec<u8>,
}

enum State {
    Closed,
    Opening(Pin<Box<dyn Future<Output = Result<Open, LinkError>>>>),
    Open(Box<Open>),
}

struct Open {
    /// Kept for as long as the connection: it owns the socket.
    _endpoint: Endpoint,
    connection: Connection,
    send: SendStream,
    receive: RecvStream,
    inbox: Vec<u8>,
}

/// What became of the way to the region.
#[derive(Debug)]
pub enum Report {
    /// It is open.
    Connected,
    /// A frame came.
    Frame(Frame),
    /// It could not be opened, or is closed.
    Lost(LinkError),
}

impl Link {
    /// A way to `server`, with the identity in the data folder; closed as yet.
    #[must_use]
    pub fn new(server: String, data: PathBuf) -> Self {
        Self { server, data, state: State::Closed, outbox: Vec::new() }
    }

    /// Begins to open the way; [`Link::next`] tells how it went.
    pub fn open(&mut self) {
        self.outbox.clear();
        let (server, data) = (self.server.clone(), self.data.clone());
        self.state = State::Opening(Box::pin(async move {
            let identity = Identity::load(BRIDGE, &data)?;
            let (endpoint, connection) = connect(&server, &identity, clock::wall()).await?;
            let (send, receive) = connection.open_bi().await.map_err(|e| ended(BRIDGE, &e))?;
            Ok(Open { _endpoint: endpoint, connection, send, receive, inbox: Vec::new() })
        }));
    }

    /// Closes the way at once; bytes not yet sent are dropped, their blocks are still owed.
    pub fn close(&mut self) {
        if let State::Open(open) = &self.state {
            open.connection.close(VarInt::from_u32(0), b"");
        }
        self.state = State::Closed;
        self.outbox.clear();
    }

    /// Takes a frame to be sent. Without a connection it is dropped.
    pub fn send(&mut self, frame: &[u8]) {
        if matches!(self.state, State::Open(_)) {
            self.outbox.extend_from_slice(frame);
        }
    }

    /// Waits for what happens next, and sends meanwhile. May be dropped and called again.
    pub async fn next(&mut self) -> Report {
        match &mut self.state {
            State::Closed => std::future::pending().await,
            State::Opening(opening) => match opening.await {
                Ok(open) => {
                    self.state = State::Open(Box::new(open));
                    Report::Connected
                }
                Err(error) => self.lose(error),
            },
            State::Open(open) => match open.next(&mut self.outbox).await {
                Ok(frame) => Report::Frame(frame),
                Err(error) => self.lose(error),
            },
        }
    }

    fn lose(&mut self, error: LinkError) -> Report {
        self.close();
        Report::Lost(error)
    }
}

impl Open {
    async fn next(&mut self, outbox: &mut Vec<u8>) -> Result<Frame, LinkError> {
        loop {
            if let Some((frame, bytes)) = Frame::decode(&self.inbox).map_err(WireErrorText)? {
                self.inbox.drain(..bytes);
                return Ok(frame);
            }
            tokio::select! {
                read = self.receive.read_chunk(READ_BYTES_MAX, true) => match read {
                    Ok(Some(chunk)) => self.inbox.extend_from_slice(&chunk.bytes),
                    Ok(None) => return Err(LinkError::Ended("the region closed the stream".into())),
                    Err(quinn::ReadError::ConnectionLost(error)) => return Err(ended(BRIDGE, &error)),
                    Err(error) => return Err(LinkError::Ended(error.to_string())),
                },
                written = self.send.write(outbox), if !outbox.is_empty() => match written {
                    Ok(bytes) => drop(outbox.drain(..bytes)),
                    Err(quinn::WriteError::ConnectionLost(error)) => return Err(ended(BRIDGE, &error)),
                    Err(error) => return Err(LinkError::Ended(error.to_string())),
                },
            }
        }
    }
}
