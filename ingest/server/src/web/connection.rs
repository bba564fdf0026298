//! One connection: its TLS, its bounds on time and memory, its requests.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use wall::{Arrival, Encryption};

use super::Protection;

/// How long the TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Most bytes of a request's headers.
const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Bytes that the system holds for a slow reader: more would only be older strip.
const SEND_BUFFER_BYTES: usize = 128 * 1024;
/// A peer that acknowledges nothing for so long has gone.
const SILENT_FOR: Duration = Duration::from_secs(20);

/// What every connection needs.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) app: Router,
    pub(super) protection: Protection,
    /// How long the headers of a request may take to arrive.
    pub(super) headers_within: Duration,
    pub(super) stopping: watch::Receiver<bool>,
}

/// Serves one connection to its end.
pub(super) async fn serve(server: Server, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
    let local = stream.local_addr()?.ip().to_canonical();
    let peer = peer.ip().to_canonical();
    let socket = SockRef::from(&stream);
    socket.set_tcp_nodelay(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.set_tcp_user_timeout(Some(SILENT_FOR))?;
    match server.protection.clone() {
        Protection::Tls(config) => {
            let handshake = TlsAcceptor::from(config).accept(stream);
            let stream = timeout(HANDSHAKE_WITHIN, handshake)
                .await
                .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            let arrived =
                move |_: &HeaderMap| Arrival { client: peer, local, encryption: Encryption::Tls };
            serve_http(server, stream, arrived).await
        }
        Protection::Proxy { trusted } => {
            if !trusted.iter().any(|trusted| trusted.to_canonical() == peer) {
                return Err(io::Error::other("it does not come from the proxy"));
            }
            let arrived = move |headers: &HeaderMap| Arrival {
                client: forwarded_for(headers).unwrap_or(peer),
                local,
                encryption: Encryption::Tls,
            };
            serve_http(server, stream, arrived).await
        }
        Protection::Loopback => {
            let arrived = move |_: &HeaderMap| Arrival {
                client: peer,
                local,
                encryption: Encryption::Loopback,
            };
            serve_http(server, stream, arrived).await
        }
    }
}

/// The last address of `X-Forwarded-For`: the one that our proxy has seen itself. Those before
/// it are what others claim.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

async fn serve_http<S>(
    mut server: Server,
    stream: S,
    arrived: impl Fn(&HeaderMap) -> Arrival,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let app = TowerToHyperService::new(server.app);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        let arrival = arrived(request.headers());
        request.extensions_mut().insert(arrival);
        app.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.headers_within)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let stopping = async {
        // An error means that the server has gone, which is an end as well.
        server.stopping.wait_for(|stopping| *stopping).await.is_ok()
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopping => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    ended.map_err(io::Error::other)
}
