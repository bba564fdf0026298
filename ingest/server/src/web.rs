//! The web server: the user interface and the wall's requests, over TLS or on loopback.
//!
//! Plain HTTP is served to this machine alone, or to a proxy that ends TLS in front: passwords
//! and strips do not cross a network that others can read.
//!
//! * [`Web`] binds, then runs until told to stop.
//! * `connection`: one connection, its bounds on time and memory.
//! * `headers`: what every answer tells the browser to refuse.

mod connection;
mod headers;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::{Router, middleware};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use wall::Wall;

use crate::assets::Assets;

/// How long the headers of a request may take to arrive: who sends them byte by byte holds a
/// place that others need.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// How long connections may take to end when the server stops.
const STOP_WITHIN: Duration = Duration::from_secs(5);
/// Pause after the system refused a connection, most often for want of file handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Where and how to serve.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// Address and port; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What keeps others from reading along.
    pub protection: Protection,
    /// Most connections at once, up to 65,536. Default 2,048: a screen has two or three.
    pub connections_max: usize,
}

/// What keeps others from reading along.
#[derive(Clone, Debug)]
pub enum Protection {
    /// TLS ends here.
    Tls(Arc<ServerConfig>),
    /// A proxy in front ends TLS and calls from one of these addresses. Its `X-Forwarded-For`
    /// is believed; it must pass `Host` on, and upgrades to WebSockets. Anybody else who calls
    /// is hung up on.
    Proxy {
        /// The proxy's addresses.
        trusted: Vec<IpAddr>,
    },
    /// Nothing: for loopback addresses only.
    Loopback,
}

/// Why the web server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebError {
    /// Plain HTTP on an address that others can reach.
    #[error(
        "'{listen}' can be reached from the network, and passwords would cross it unencrypted; set a certificate, or name the proxy in front that ends TLS, or listen on 127.0.0.1"
    )]
    Unprotected {
        /// The address.
        listen: SocketAddr,
    },
    /// The address is taken, or not of this machine, or not allowed.
    #[error(
        "could not listen on '{listen}'; check that no other program uses the port and that the address is this machine's"
    )]
    Bind {
        /// The address.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// A web server that listens and does not answer yet.
#[derive(Debug)]
pub struct Web {
    listener: TcpListener,
    address: SocketAddr,
    settings: WebSettings,
}

impl Web {
    /// Listens, so that a wrong address shows before anything else starts.
    ///
    /// # Errors
    ///
    /// [`WebError`].
    pub async fn bind(settings: WebSettings) -> Result<Self, WebError> {
        let listen = settings.listen;
        if matches!(settings.protection, Protection::Loopback)
            && !listen.ip().to_canonical().is_loopback()
        {
            return Err(WebError::Unprotected { listen });
        }
        let bind = |source| WebError::Bind { listen, source };
        let listener = TcpListener::bind(listen).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        Ok(Self { listener, address, settings })
    }

    /// The address that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a person types into a browser on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = match self.settings.protection {
            Protection::Tls(_) => "https",
            Protection::Proxy { .. } | Protection::Loopback => "http",
        };
        let ip = self.address.ip();
        let ip = if ip.is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { ip };
        format!("{scheme}://{}/", SocketAddr::new(ip, self.address.port()))
    }

    /// Serves until `shutdown` ends, then closes every screen and connection, which takes at
    /// most seven seconds.
    pub async fn run(self, wall: Arc<Wall>, shutdown: impl Future<Output = ()>) {
        let places = self.settings.connections_max.clamp(1, 1 << 16);
        let room = Arc::new(Semaphore::new(places));
        let stopping = watch::Sender::new(false);
        let server = connection::Server {
            app: app(Arc::clone(&wall)),
            protection: self.settings.protection.clone(),
            headers_within: HEADERS_WITHIN,
            stopping: stopping.subscribe(),
        };
        tokio::select! {
            () = accept(&self.listener, &room, &server) => {}
            () = shutdown => {}
        }
        drop(self.listener);
        stopping.send_replace(true);
        wall.stop().await;
        let every_place = u32::try_from(places).expect("clamped to 65,536 above");
        if timeout(STOP_WITHIN, room.acquire_many(every_place)).await.is_err() {
            tracing::warn!("some web connections did not end in time");
        }
    }
}

/// All that is served, with the headers that every answer has.
fn app(wall: Arc<Wall>) -> Router {
    wall::router(wall)
        .merge(Assets::embedded().router())
        .layer(middleware::from_fn(headers::within_time))
        .layer(middleware::map_response(headers::add))
}

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>, server: &connection::Server) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => match Arc::clone(room).try_acquire_owned() {
                Ok(place) => spawn(server.clone(), stream, peer, place),
                Err(_) => tracing::warn!("the web server is full and hung up on somebody"),
            },
            Err(error) => {
                tracing::warn!(%error, "could not take a web connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn spawn(
    server: connection::Server,
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
) {
    tokio::spawn(async move {
        if let Err(error) = connection::serve(server, stream, peer).await {
            tracing::debug!(error = %error, "a web connection ended early");
        }
        drop(place);
    });
}
