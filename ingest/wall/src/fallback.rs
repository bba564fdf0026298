//! A screen over a WebSocket: where UDP does not pass, or WebRTC was not wanted.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use protocol::feed::{FRAME_BYTES_MAX, WATCH_TRACKS_MAX};
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::arrival::Arrival;
use crate::refusal::Refusal;
use crate::seats::Seat;
use crate::session::{self, End, FrameSink, MessageSource};
use crate::sign_in;
use crate::wall::Wall;

/// Most bytes of a message from the screen: a watch frame that names every track.
const MESSAGE_BYTES_MAX: usize = 16 + 2 * WATCH_TRACKS_MAX;
/// Time between two pings; a browser answers them by itself.
const PING_EVERY: Duration = Duration::from_secs(5);
/// A screen not heard of for so long has lost its network.
const SILENCE_MAX: Duration = Duration::from_secs(20);
/// How long the goodbye may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// `GET /api/wall/socket`.
pub(crate) async fn socket(
    State(wall): State<Arc<Wall>>,
    Extension(arrival): Extension<Arrival>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    sign_in::check_origin(arrival, &headers)?;
    let (viewer, token) = sign_in::may_watch(&wall, arrival, &headers)?;
    let seat = wall.seat(&viewer.name)?;
    Ok(upgrade
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        // Every frame goes out at once, and no more than a few wait for the network.
        .write_buffer_size(0)
        .max_write_buffer_size(4 * FRAME_BYTES_MAX)
        .on_upgrade(move |socket| serve(wall, seat, token, socket)))
}

async fn serve(wall: Arc<Wall>, seat: Seat, token: String, socket: WebSocket) {
    let (sink, stream) = socket.split();
    let sink = Mutex::new(sink);
    let heard = watch::Sender::new(Instant::now());
    let mut source = SocketSource { stream, heard: &heard };
    let mut frames = SocketSink { sink: &sink, stall_max: wall.settings.stall_max };
    let end = tokio::select! {
        end = session::run(&wall, &token, &mut frames, &mut source) => end,
        end = heartbeat(&sink, heard.subscribe(), wall.settings.stall_max) => end,
    };
    tracing::debug!(screens = wall.screens(), "a screen over WebSocket ended: {end}");
    say_goodbye(sink.into_inner(), &end).await;
    drop(seat);
}

struct SocketSink<'a> {
    sink: &'a Mutex<SplitSink<WebSocket, Message>>,
    stall_max: Duration,
}

impl FrameSink for SocketSink<'_> {
    /// Always: [`send`](FrameSink::send) returns when the network has taken the frame.
    async fn room(&mut self) -> Result<(), End> {
        Ok(())
    }

    async fn send(&mut self, frame: Bytes) -> Result<(), End> {
        send(self.sink, Message::Binary(frame), self.stall_max).await
    }
}

async fn send(
    sink: &Mutex<SplitSink<WebSocket, Message>>,
    message: Message,
    within: Duration,
) -> Result<(), End> {
    let sent = timeout(within, async { sink.lock().await.send(message).await }).await;
    match sent {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(End::Broken(error.to_string())),
        Err(_) => Err(End::Stalled),
    }
}

struct SocketSource<'a> {
    stream: SplitStream<WebSocket>,
    heard: &'a watch::Sender<Instant>,
}

impl MessageSource for SocketSource<'_> {
    async fn next(&mut self) -> Result<Bytes, End> {
        loop {
            let message = match self.stream.next().await {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(End::Broken(error.to_string())),
                None => return Err(End::Left),
            };
            self.heard.send_replace(Instant::now());
            match message {
                Message::Binary(bytes) => return Ok(bytes),
                // Text is read as the bytes it has, and then refused like any wrong frame.
                Message::Text(text) => return Ok(text.into()),
                Message::Close(_) => return Err(End::Left),
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }
}

/// Pings the screen, and ends when it has not been heard of for too long: a broken network
/// does not close a connection, and the little that a quiet wall sends fits the buffers on the
/// way for hours.
async fn heartbeat(
    sink: &Mutex<SplitSink<WebSocket, Message>>,
    heard: watch::Receiver<Instant>,
    within: Duration,
) -> End {
    loop {
        sleep(PING_EVERY).await;
        if heard.borrow().elapsed() > SILENCE_MAX {
            return End::Stalled;
        }
        if let Err(end) = send(sink, Message::Ping(Bytes::new()), within).await {
            return end;
        }
    }
}

async fn say_goodbye(mut sink: SplitSink<WebSocket, Message>, end: &End) {
    let code = match end {
        End::Left | End::Broken(_) | End::Stalled => return,
        End::Malformed(_) => close_code::INVALID,
        End::LoginEnded | End::NotAllowed => close_code::POLICY,
        End::Stopping => close_code::AWAY,
    };
    let reason = match end {
        End::Malformed(_) => Utf8Bytes::from_static("the message cannot be read"),
        other => Utf8Bytes::from(other.to_string()),
    };
    let goodbye = sink.send(Message::Close(Some(CloseFrame { code, reason })));
    if !matches!(timeout(CLOSE_WITHIN, goodbye).await, Ok(Ok(()))) {
        tracing::debug!("a screen did not take the goodbye");
    }
}
