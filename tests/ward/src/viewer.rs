//! A wall without a screen: logs in as a person does and reads the feed over a WebSocket.

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use protocol::feed::Watch;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

/// A signed-in person's cookie, as a browser would send it.
#[derive(Clone)]
pub struct Login {
    authority: String,
    cookie: HeaderValue,
}

impl Login {
    /// Signs in at a region's web address, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    ///
    /// Where the region cannot be reached or refuses.
    pub async fn at(web: &str, name: &str, password: &str) -> anyhow::Result<Self> {
        let authority = web
            .strip_prefix("http://")
            .with_context(|| format!("{web}: only a plain address on this machine is spoken"))?
            .trim_end_matches('/')
            .to_owned();
        let stream = TcpStream::connect(&authority)
            .await
            .with_context(|| format!("connecting to {authority}"))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let body = serde_json::json!({ "name": name, "password": password }).to_string();
        let request = Request::post("/api/login")
            .header(HOST, &authority)
            .header(ORIGIN, format!("http://{authority}"))
            .header(CONTENT_TYPE, "application/json")
            .header("content-length", body.len())
            .body(body)?;
        let answer = sender.send_request(request).await.context("asking to sign in")?;
        ensure!(
            answer.status() == StatusCode::NO_CONTENT,
            "signing in as {name} was answered {}",
            answer.status()
        );
        let cookie = answer
            .headers()
            .get(SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok())
            .and_then(|cookie| cookie.split(';').next())
            .context("the answer to the sign-in holds no cookie")?;
        let cookie = HeaderValue::from_str(cookie)?;
        connection.abort();
        Ok(Self { authority, cookie })
    }

    /// The secret part of the cookie: what must never be seen in a log.
    #[must_use]
    pub fn secret(&self) -> &str {
        let text = self.cookie.to_str().unwrap_or_default();
        text.split_once('=').map_or(text, |(_, value)| value)
    }

    /// Opens a wall.
    ///
    /// # Errors
    ///
    /// Where the region refuses the WebSocket.
    pub async fn watch(&self, watch: &Watch) -> anyhow::Result<Viewer> {
        let url = format!("ws://{}/api/wall/socket", self.authority);
        let mut request = url.into_client_request()?;
        request.headers_mut().insert(COOKIE, self.cookie.clone());
        let origin = HeaderValue::from_str(&format!("http://{}", self.authority))?;
        request.headers_mut().insert(ORIGIN, origin);
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let (mut socket, _) = client_async(request, stream).await.context("opening the wall")?;
        socket.send(Message::Binary(watch.to_bytes().into())).await?;
        Ok(Viewer { socket })
    }
}

/// An open wall.
pub struct Viewer {
    socket: WebSocketStream<TcpStream>,
}

impl Viewer {
    /// The next frame of the feed; `None` once the region has closed it.
    ///
    /// # Errors
    ///
    /// Where the connection breaks.
    pub async fn next_frame(&mut self) -> anyhow::Result<Option<Bytes>> {
        loop {
            match self.socket.next().await {
                None => return Ok(None),
                Some(Ok(Message::Binary(frame))) => return Ok(Some(frame)),
                Some(Ok(Message::Close(_))) => return Ok(None),
                Some(Ok(Message::Text(text))) => bail!("the feed sent text: {text}"),
                Some(Ok(_)) => {}
                Some(Err(e)) => return Err(e).context("reading the feed"),
            }
        }
    }
}
