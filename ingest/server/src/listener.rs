//! The QUIC endpoint: who gets as far as saying hello.
//!
//! One endpoint on one thread with a runtime of its own: small paced packets are cheapest so,
//! and a busy web server does not delay them. Handshakes are costly and run under the
//! endpoint's lock, so only a few run at once; after an outage, when every bridge comes back
//! in the same second, the connections that are up go on undisturbed.

mod crypto;

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use protocol::analyst::ANALYSIS_ALPN;
use protocol::link::{ENROLL_ALPN, LINK_ALPN};
use quinn::crypto::rustls::HandshakeData;
use quinn::{
    Connection, Endpoint, EndpointConfig, IdleTimeout, Incoming, TokioRuntime, TransportConfig,
    VarInt,
};
use rustls::pki_types::CertificateDer;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::runtime;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::analyst;
use crate::enroll::{self, EnrollContext};
use crate::flag::raised;
use crate::link::{self, LinkContext, LinkEnd};
use crate::pki::ServerIdentity;

/// Handshakes at once.
const HANDSHAKES_MAX: usize = 32;
/// With so many handshakes waiting, addresses must first prove to be their own.
const RETRY_ABOVE_WAITING: usize = 64;
/// How long a handshake may take, the wait for its turn not counted.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Bytes of the kernel's buffers for the socket: a second of a thousand bridges.
const SOCKET_BUFFER_BYTES: usize = 4 << 20;
/// A bridge sends something every 5 s; without a sign of life for so long it is gone.
const IDLE: Duration = Duration::from_secs(20);
/// How long connections may take to close when the server stops.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Where and how bridges are received.
#[derive(Clone, Debug)]
pub struct ListenerSettings {
    /// Address and port; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Most connections at once; more are turned away and come back.
    pub connections_max: usize,
}

/// Why bridges cannot be received.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenerError {
    /// The address is taken, or not of this machine.
    #[error(
        "could not listen for bridges on '{listen}'; check that no other program uses the UDP port and that the address is this machine's"
    )]
    Bind {
        /// The address.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The certificates of the data directory cannot be used.
    #[error("the region's certificates cannot be used: {0}")]
    Certificates(#[from] crypto::CryptoError),
    /// The system gave no thread.
    #[error("the listener for bridges could not be started")]
    Start(#[source] io::Error),
}

/// A socket that bridges can be received on.
#[derive(Debug)]
pub struct Listener {
    socket: UdpSocket,
    address: SocketAddr,
    config: quinn::ServerConfig,
    connections_max: usize,
}

impl Listener {
    /// Binds, so that a wrong address shows before anything else starts.
    ///
    /// # Errors
    ///
    /// [`ListenerError`].
    pub fn bind(
        settings: &ListenerSettings,
        identity: ServerIdentity,
    ) -> Result<Self, ListenerError> {
        let listen = settings.listen;
        let bind = |source| ListenerError::Bind { listen, source };
        let socket = bind_socket(listen).map_err(bind)?;
        let address = socket.local_addr().map_err(bind)?;
        let config = server_config(crypto::server_config(identity)?);
        Ok(Self { socket, address, config, connections_max: settings.connections_max })
    }

    /// The address that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Receives bridges, on a thread of its own, until the context says that the server stops.
    ///
    /// # Errors
    ///
    /// [`ListenerError::Start`].
    pub fn start(
        self,
        link: LinkContext,
        enroll: Arc<EnrollContext>,
    ) -> Result<JoinHandle<()>, ListenerError> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(4)
            .build()
            .map_err(ListenerError::Start)?;
        let receive = move || {
            if let Err(error) = runtime.block_on(self.run(link, enroll)) {
                tracing::error!(%error, "bridges cannot be received any more; restart the server");
            }
        };
        thread::Builder::new()
            .name("bridges".to_owned())
            .spawn(receive)
            .map_err(ListenerError::Start)
    }

    async fn run(self, link: LinkContext, enroll: Arc<EnrollContext>) -> io::Result<()> {
        let runtime = Arc::new(TokioRuntime);
        let config = EndpointConfig::default();
        let endpoint = Endpoint::new(config, Some(self.config), self.socket, runtime)?;
        let door = Door {
            handshakes: Arc::new(Semaphore::new(HANDSHAKES_MAX)),
            waiting: Arc::new(Semaphore::new(usize::from(u16::MAX))),
            link,
            enroll,
        };
        let mut stopping = door.link.stopping.clone();
        loop {
            tokio::select! {
                incoming = endpoint.accept() => match incoming {
                    Some(incoming) => door.meet(incoming, endpoint.open_connections(), self.connections_max),
                    None => break,
                },
                () = raised(&mut stopping) => break,
            }
        }
        // The door holds the last sender of the committer's queue but those of connections.
        drop(door);
        endpoint.set_server_config(None);
        if timeout(link::LAST_WORDS_WITHIN, endpoint.wait_idle()).await.is_err() {
            endpoint.close(VarInt::from_u32(0), b"the region is being stopped");
            // Bridges that do not answer find out by their own timeout.
            timeout(CLOSE_WITHIN, endpoint.wait_idle()).await.ok();
        }
        Ok(())
    }
}

/// Where every connection passes.
struct Door {
    handshakes: Arc<Semaphore>,
    /// Its taken places count those that came and have not finished their handshake.
    waiting: Arc<Semaphore>,
    link: LinkContext,
    enroll: Arc<EnrollContext>,
}

impl Door {
    fn meet(&self, incoming: Incoming, open: usize, connections_max: usize) {
        let waiting = usize::from(u16::MAX) - self.waiting.available_permits();
        let place = Arc::clone(&self.waiting).try_acquire_owned();
        let (true, Ok(place)) = (open < connections_max, place) else {
            tracing::warn!(open, "the listener for bridges is full and turned one away");
            return incoming.refuse();
        };
        let is_proven = incoming.remote_address_validated();
        if waiting > RETRY_ABOVE_WAITING && !is_proven && incoming.may_retry() {
            if let Err(error) = incoming.retry() {
                tracing::debug!(%error, "a bridge could not be asked to come again");
            }
            return;
        }
        let (handshakes, link) = (Arc::clone(&self.handshakes), self.link.clone());
        let enroll = Arc::clone(&self.enroll);
        let mut stopping = link.stopping.clone();
        tokio::spawn(async move {
            let connection = tokio::select! {
                connection = shake_hands(incoming, &handshakes) => connection,
                () = raised(&mut stopping) => return,
            };
            drop(place);
            if let Some(connection) = connection {
                serve(connection, link, enroll, stopping).await;
            }
        });
    }
}

async fn shake_hands(incoming: Incoming, handshakes: &Semaphore) -> Option<Connection> {
    let turn = handshakes.acquire().await.expect("the semaphore is never closed");
    let connection = match incoming.accept() {
        Ok(connecting) => timeout(HANDSHAKE_WITHIN, connecting).await,
        Err(error) => Ok(Err(error)),
    };
    drop(turn);
    match connection {
        Ok(Ok(connection)) => Some(connection),
        Ok(Err(error)) => {
            tracing::warn!(reason = %error, "a handshake with a bridge failed");
            None
        }
        Err(_) => {
            tracing::warn!("a handshake with a bridge took too long");
            None
        }
    }
}

async fn serve(
    connection: Connection,
    link: LinkContext,
    enroll: Arc<EnrollContext>,
    mut stopping: watch::Receiver<bool>,
) {
    let protocol = connection
        .handshake_data()
        .and_then(|data| data.downcast::<HandshakeData>().ok())
        .and_then(|data| data.protocol);
    let end = match protocol.as_deref() {
        Some(ENROLL_ALPN) => {
            drop(link);
            tokio::select! {
                end = enroll::serve(&connection, &enroll) => end,
                () = raised(&mut stopping) => LinkEnd::Finished,
            }
        }
        Some(ANALYSIS_ALPN) => {
            analyst::serve(&connection, &shown_certificate(&connection), link).await
        }
        // TLS agrees on one of the three or fails.
        _ => link::serve(&connection, &shown_certificate(&connection), link).await,
    };
    connection.close(VarInt::from_u32(0), b"");
    if let LinkEnd::Refused(refusal) = &end {
        tracing::warn!(code = ?refusal.code, reason = refusal.text, "a machine was refused");
    } else {
        tracing::debug!(reason = %end, "a connection ended");
    }
}

const _: () = assert!(
    LINK_ALPN.len() < ENROLL_ALPN.len() && ENROLL_ALPN.len() < ANALYSIS_ALPN.len(),
    "the three protocols differ"
);

/// The certificate that the client showed; empty where it showed none.
fn shown_certificate(connection: &Connection) -> Vec<u8> {
    connection
        .peer_identity()
        .and_then(|identity| identity.downcast::<Vec<CertificateDer<'static>>>().ok())
        .and_then(|chain| chain.first().map(|certificate| certificate.to_vec()))
        .unwrap_or_default()
}

fn bind_socket(listen: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(listen), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // The kernel grants what its limits allow; less is slower after an outage, not wrong.
    for result in [
        socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES),
        socket.set_send_buffer_size(SOCKET_BUFFER_BYTES),
    ] {
        if let Err(error) = result {
            tracing::debug!(%error, "the kernel did not enlarge a socket buffer");
        }
    }
    socket.bind(&listen.into())?;
    Ok(socket.into())
}

/// Windows for blocks of a hundred bytes a second: what a bridge can make the region hold.
fn server_config(crypto: Arc<quinn::crypto::rustls::QuicServerConfig>) -> quinn::ServerConfig {
    let mut transport = TransportConfig::default();
    let idle = IdleTimeout::try_from(IDLE).expect("20 s is a short time");
    transport
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(64 * 1024))
        .receive_window(VarInt::from_u32(64 * 1024))
        .send_window(64 * 1024)
        .datagram_receive_buffer_size(None)
        .datagram_send_buffer_size(0)
        .max_idle_timeout(Some(idle));
    let mut config = quinn::ServerConfig::with_crypto(crypto);
    config
        .transport_config(Arc::new(transport))
        .max_incoming(1_024)
        .incoming_buffer_size(64 * 1024)
        .incoming_buffer_size_total(16 << 20);
    config
}
