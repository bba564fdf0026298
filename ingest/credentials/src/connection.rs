//! The connection to the region, and why there is none.
//!
//! The name of the server is resolved at every attempt, so that a changed address needs no
//! restart.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use protocol::WireError;
use protocol::link::SERVER_NAME;
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{Connection, ConnectionError, Endpoint, IdleTimeout, TransportConfig, VarInt};
use tokio::time::timeout;
use vitals::WallTime;

use crate::identity::{Identity, IdentityError};
use crate::machine::Machine;
use crate::tls;

/// How long one address may take to answer.
const ANSWER_PATIENCE: Duration = Duration::from_secs(5);
/// Most addresses of one name that are tried at one attempt.
const ADDRESSES_MAX: usize = 3;
/// Keeps a path through address translation open, and notices its loss within [`IDLE`].
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// A connection without a sign for so long is lost.
const IDLE: Duration = Duration::from_secs(20);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// This machine cannot show who it is.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The certificate does not hold at the moment.
    #[error(
        "this {}'s certificate held from {from} to {until}; look at this computer's clock, or run `{} enroll --replace` with a new token",
        machine.word, machine.program
    )]
    NotValid {
        /// Which kind of machine.
        machine: Machine,
        /// The first moment.
        from: Timestamp,
        /// The last moment.
        until: Timestamp,
    },
    /// Key, certificate and authority do not fit.
    #[error(
        "the identity cannot be used: {source}; run `{} enroll --replace` with a new token",
        machine.program
    )]
    Tls {
        /// Which kind of machine.
        machine: Machine,
        /// What the cryptography said.
        source: rustls::Error,
    },
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
    /// The server there is not this machine's region.
    #[error(
        "the server at {address} is not the region this {} is enrolled with, or its certificate has expired ({detail}); check \"server\", or enrol with that region",
        machine.word
    )]
    AnotherRegion {
        /// Which kind of machine.
        machine: Machine,
        /// Where.
        address: SocketAddr,
        /// What the cryptography said.
        detail: String,
    },
    /// The region does not accept this machine's certificate.
    #[error(
        "the region does not accept this {}'s certificate ({detail}); it was revoked or has expired: run `{} enroll --replace` with a new token",
        machine.word, machine.program
    )]
    NotEnrolled {
        /// Which kind of machine.
        machine: Machine,
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
pub struct WireErrorText(pub WireError);

/// Opens a connection that shows this identity at `now`, for what its machine is there for.
///
/// # Errors
///
/// [`LinkError`] in words for the operator.
pub async fn connect(
    server: &str,
    identity: &Identity,
    now: WallTime,
) -> Result<(Endpoint, Connection), LinkError> {
    let machine = identity.machine;
    if !identity.validity.contains(now) {
        let (from, until) = (identity.validity.from, identity.validity.until);
        return Err(LinkError::NotValid { machine, from, until });
    }
    let unusable = |source| LinkError::Tls { machine, source };
    connect_with(machine, server, tls::link_config(identity).map_err(unusable)?).await
}

/// Opens a connection with these settings, trying the addresses of the server in turn.
///
/// # Errors
///
/// [`LinkError`] of the last address.
pub async fn connect_with(
    machine: Machine,
    server: &str,
    tls: rustls::ClientConfig,
) -> Result<(Endpoint, Connection), LinkError> {
    let addresses = resolve(server).await?;
    let unusable = |error: quinn::crypto::rustls::NoInitialCipherSuite| LinkError::Tls {
        machine,
        source: rustls::Error::General(error.to_string()),
    };
    let crypto = QuicClientConfig::try_from(tls).map_err(unusable)?;
    let mut config = quinn::ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport(machine)));
    let mut last = None;
    for address in addresses.into_iter().take(ADDRESSES_MAX) {
        match connect_to(machine, address, config.clone()).await {
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
    machine: Machine,
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
        Ok(Err(error)) => Err(handshake_failed(machine, address, &error)),
        Err(_) => Err(LinkError::NoAnswer { address }),
    }
}

fn transport(machine: Machine) -> TransportConfig {
    let mut transport = TransportConfig::default();
    transport
        .keep_alive_interval(Some(KEEP_ALIVE))
        .max_idle_timeout(Some(IdleTimeout::try_from(IDLE).expect("20 s fit the wire")))
        .max_concurrent_bidi_streams(VarInt::from_u32(4))
        .max_concurrent_uni_streams(VarInt::from_u32(4))
        .stream_receive_window(VarInt::from_u32(machine.receive_window))
        .receive_window(VarInt::from_u32(machine.receive_window.saturating_mul(4)))
        .send_window(256 << 10)
        .datagram_receive_buffer_size(None);
    transport
}

/// Why a handshake failed, by whose fault.
fn handshake_failed(machine: Machine, address: SocketAddr, error: &ConnectionError) -> LinkError {
    match error {
        // Noticed here: the server's certificate.
        ConnectionError::TransportError(error) => {
            if alert_of(error.code) == Some(NO_APPLICATION_PROTOCOL) {
                return LinkError::NotARegion { address };
            }
            let detail = error.reason.clone();
            LinkError::AnotherRegion { machine, address, detail }
        }
        // Noticed there: this machine's certificate.
        ConnectionError::ConnectionClosed(close) => match alert_of(close.error_code) {
            Some(NO_APPLICATION_PROTOCOL) => LinkError::NotARegion { address },
            Some(_) => ended(machine, error),
            None => LinkError::Ended(error.to_string()),
        },
        ConnectionError::TimedOut => LinkError::NoAnswer { address },
        ConnectionError::VersionMismatch => LinkError::NotARegion { address },
        error => ended(machine, error),
    }
}

/// Why a connection that was open ended.
#[must_use]
pub fn ended(machine: Machine, error: &ConnectionError) -> LinkError {
    // TLS 1.3 lets the client finish first: a region that does not accept its certificate
    // says so on a connection that looked open.
    if let ConnectionError::ConnectionClosed(close) = error
        && alert_of(close.error_code).is_some()
    {
        return LinkError::NotEnrolled { machine, detail: close.to_string() };
    }
    LinkError::Ended(error.to_string())
}

/// The TLS alert within a QUIC error code: RFC 9001, section 4.8.
fn alert_of(code: quinn::TransportErrorCode) -> Option<u8> {
    u8::try_from(u64::from(code).checked_sub(0x100)?).ok()
}

/// TLS alert 120: the other end does not speak what was asked for.
const NO_APPLICATION_PROTOCOL: u8 = 120;
