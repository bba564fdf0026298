//! The connection to the region: one QUIC stream of frames, opened again by each call.
//!
//! The name of the server is resolved and the identity read at every attempt, so that a
//! changed address or a new certificate needs no restart.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use protocol::WireError;
use protocol::link::{Frame, SERVER_NAME};
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{
    Connection, ConnectionError, Endpoint, IdleTimeout, RecvStream, SendStream, TransportConfig,
    VarInt,
};
use tokio::time::timeout;

use crate::clock;
use crate::identity::{Identity, IdentityError};
use crate::tls;

/// How long one address may take to answer.
const ANSWER_PATIENCE: Duration = Duration::from_secs(5);
/// Most addresses of one name that are tried at one attempt.
const ADDRESSES_MAX: usize = 3;
/// Keeps a path through address translation open, and notices its loss within [`IDLE`].
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// A connection without a sign for so long is lost.
const IDLE: Duration = Duration::from_secs(20);
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

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// This bridge cannot show who it is.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The certificate does not hold at the moment.
    #[error(
        "this bridge's certificate held from {from} to {until}; look at this computer's clock, or run `ubugoe-bridge enroll --replace` with a new token"
    )]
    NotValid {
        /// The first moment.
        from: Timestamp,
        /// The last moment.
        until: Timestamp,
    },
    /// Key, certificate and authority do not fit.
    #[error(
        "the identity cannot be used: {0}; run `ubugoe-bridge enroll --replace` with a new token"
    )]
    Tls(#[from] rustls::Error),
    /// The name has no address.
    #[error("could not find the address of '{server}'; check \"server\" and the network")]
    Resolve {
        /// The name.
        server: String,
        /// What the system said.
        source: io::Error,
    },
    /// No local socket.
    #[error("could not open a UDP socket")]
    Socket(#[source] io::Error),
    /// Nobody answers there.
    #[error(
        "{address} does not answer; is the region running, and does the network let UDP through?"
    )]
    NoAnswer {
        /// Where.
        address: SocketAddr,
    },
    /// The server there is not this bridge's region.
    #[error(
        "the server at {address} is not the region this bridge is enrolled with, or its certificate has expired ({detail}); check \"server\", or enrol with that region"
    )]
    AnotherRegion {
        /// Where.
        address: SocketAddr,
        /// What the cryptography said.
        detail: String,
    },
    /// The region does not accept this bridge's certificate.
    #[error(
        "the region does not accept this bridge's certificate ({detail}); it was revoked or has expired: run `ubugoe-bridge enroll --replace` with a new token"
    )]
    NotEnrolled {
        /// What the cryptography said.
        detail: String,
    },
    /// Something else answers there.
    #[error("what answers at {address} is not an Ubugoe region of this version")]
    NotARegion {
        /// Where.
        address: SocketAddr,
    },
    /// The connection ended.
    #[error("the connection ended: {0}")]
    Ended(String),
    /// The region sent something that is no frame.
    #[error("the region sent bytes that are no frame: {0}; are both of the same version?")]
    Malformed(#[from] WireErrorText),
}

/// A [`WireError`] as the cause of another error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WireErrorText(WireError);

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
            let identity = Identity::load(&data)?;
            let (endpoint, connection) = connect(&server, &identity).await?;
            let (send, receive) = connection.open_bi().await.map_err(|e| ended(&e))?;
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
                    Err(quinn::ReadError::ConnectionLost(error)) => return Err(ended(&error)),
                    Err(error) => return Err(LinkError::Ended(error.to_string())),
                },
                written = self.send.write(outbox), if !outbox.is_empty() => match written {
                    Ok(bytes) => drop(outbox.drain(..bytes)),
                    Err(quinn::WriteError::ConnectionLost(error)) => return Err(ended(&error)),
                    Err(error) => return Err(LinkError::Ended(error.to_string())),
                },
            }
        }
    }
}

/// Opens a connection for blocks.
///
/// # Errors
///
/// [`LinkError`] in words for the operator.
pub async fn connect(
    server: &str,
    identity: &Identity,
) -> Result<(Endpoint, Connection), LinkError> {
    if !identity.validity.contains(clock::wall()) {
        let (from, until) = (identity.validity.from, identity.validity.until);
        return Err(LinkError::NotValid { from, until });
    }
    connect_with(server, tls::link_config(identity)?).await
}

/// Opens a connection with these settings, trying the addresses of the server in turn.
///
/// # Errors
///
/// [`LinkError`] of the last address.
pub async fn connect_with(
    server: &str,
    tls: rustls::ClientConfig,
) -> Result<(Endpoint, Connection), LinkError> {
    let addresses = resolve(server).await?;
    let crypto = QuicClientConfig::try_from(tls)
        .map_err(|error| LinkError::Tls(rustls::Error::General(error.to_string())))?;
    let mut config = quinn::ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport()));
    let mut last = None;
    for address in addresses.into_iter().take(ADDRESSES_MAX) {
        match connect_to(address, config.clone()).await {
            Ok(connected) => return Ok(connected),
            Err(error) => last = Some(error),
        }
    }
    Err(last.expect("`resolve` gives at least one address"))
}

/// The addresses of a server.
///
/// # Errors
///
/// [`LinkError::Resolve`] where there is none.
pub async fn resolve(server: &str) -> Result<Vec<SocketAddr>, LinkError> {
    let failed = |source| LinkError::Resolve { server: server.to_owned(), source };
    let addresses: Vec<SocketAddr> =
        tokio::net::lookup_host(server).await.map_err(failed)?.collect();
    if addresses.is_empty() {
        return Err(failed(io::Error::other("the name has no address")));
    }
    Ok(addresses)
}

async fn connect_to(
    address: SocketAddr,
    config: quinn::ClientConfig,
) -> Result<(Endpoint, Connection), LinkError> {
    let wildcard = match address {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let endpoint = Endpoint::client(wildcard).map_err(LinkError::Socket)?;
    let connecting = endpoint
        .connect_with(config, address, SERVER_NAME)
        .map_err(|error| LinkError::Ended(error.to_string()))?;
    match timeout(ANSWER_PATIENCE, connecting).await {
        Ok(Ok(connection)) => Ok((endpoint, connection)),
        Ok(Err(error)) => Err(handshake_failed(address, &error)),
        Err(_) => Err(LinkError::NoAnswer { address }),
    }
}

fn transport() -> TransportConfig {
    let mut transport = TransportConfig::default();
    transport
        .keep_alive_interval(Some(KEEP_ALIVE))
        .max_idle_timeout(Some(IdleTimeout::try_from(IDLE).expect("20 s fit the wire")))
        .max_concurrent_bidi_streams(VarInt::from_u32(4))
        .max_concurrent_uni_streams(VarInt::from_u32(4))
        .stream_receive_window(VarInt::from_u32(64 << 10))
        .receive_window(VarInt::from_u32(256 << 10))
        .send_window(256 << 10)
        .datagram_receive_buffer_size(None);
    transport
}

/// Why a handshake failed, by whose fault.
fn handshake_failed(address: SocketAddr, error: &ConnectionError) -> LinkError {
    match error {
        // Noticed here: the server's certificate.
        ConnectionError::TransportError(error) => {
            if alert_of(error.code) == Some(NO_APPLICATION_PROTOCOL) {
                return LinkError::NotARegion { address };
            }
            let detail = error.reason.clone();
            LinkError::AnotherRegion { address, detail }
        }
        // Noticed there: this bridge's certificate.
        ConnectionError::ConnectionClosed(close) => match alert_of(close.error_code) {
            Some(NO_APPLICATION_PROTOCOL) => LinkError::NotARegion { address },
            Some(_) => ended(error),
            None => LinkError::Ended(error.to_string()),
        },
        ConnectionError::TimedOut => LinkError::NoAnswer { address },
        ConnectionError::VersionMismatch => LinkError::NotARegion { address },
        error => ended(error),
    }
}

/// Why a connection that was open ended.
#[must_use]
pub fn ended(error: &ConnectionError) -> LinkError {
    // TLS 1.3 lets the client finish first: a region that does not accept its certificate
    // says so on a connection that looked open.
    if let ConnectionError::ConnectionClosed(close) = error
        && alert_of(close.error_code).is_some()
    {
        return LinkError::NotEnrolled { detail: close.to_string() };
    }
    LinkError::Ended(error.to_string())
}

/// The TLS alert within a QUIC error code: RFC 9001, section 4.8.
fn alert_of(code: quinn::TransportErrorCode) -> Option<u8> {
    u8::try_from(u64::from(code).checked_sub(0x100)?).ok()
}

/// TLS alert 120: the other end does not speak what was asked for.
const NO_APPLICATION_PROTOCOL: u8 = 120;
