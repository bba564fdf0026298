//! The WebRTC connection of one screen.
//!
//! We are the reachable side (ICE lite): one host candidate, an ephemeral UDP port at the
//! address that the screen's HTTP request reached, no STUN, no multicast DNS. The connection is
//! closed by name on every way out: dropping its handle would leave its driver running.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use rtc::ice::mdns::MulticastDnsMode;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout};
use webrtc::data_channel::{DataChannel, DataChannelEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
    RTCPeerConnectionState, RTCSessionDescription, SettingEngine, SettingEngineBuilder,
};

use crate::seats::Seat;
use crate::session::{self, End, FrameSink, MessageSource};
use crate::wall::Wall;

/// The data channel that a screen makes.
const LABEL: &str = "feed";
/// How long finding our one address may take.
const GATHER_WITHIN: Duration = Duration::from_secs(2);
/// How long the screen may take to open its channel after the answer.
const OPEN_WITHIN: Duration = Duration::from_secs(15);
/// How long closing may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// Time between two looks at a full channel.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// What a screen may send before we read it: wishes are small.
const RECEIVE_BUFFER_BYTES: u32 = 64 * 1024;

/// Why an offer was not answered.
#[derive(Debug)]
pub(crate) enum PeerError {
    /// The offer is not one that can be answered.
    Offer(String),
    /// Something on our side: no socket, no address.
    Ours(String),
}

/// Answers an offer and serves the screen behind it from now on.
pub(crate) async fn answer(
    wall: Arc<Wall>,
    seat: Seat,
    token: String,
    offer: String,
    address: IpAddr,
) -> Result<String, PeerError> {
    let offer =
        RTCSessionDescription::offer(offer).map_err(|error| PeerError::Offer(error.to_string()))?;
    let (handler, events) = events();
    let build = PeerConnectionBuilder::new()
        .with_setting_engine(settings())
        .with_handler(Arc::new(handler))
        .with_udp_addrs(vec![SocketAddr::new(address, 0)])
        .with_data_channel_send_buffer_limit(wall.settings.outstanding_bytes_max)
        .build();
    // Boxed: it is some 20 KB, which every request would carry otherwise.
    let connection = Box::pin(build).await.map_err(|error| PeerError::Ours(error.to_string()))?;
    let mut peer = Peer { connection: Arc::new(connection), events };
    match peer.negotiate(offer).await {
        Ok(answer) => {
            tokio::spawn(serve(wall, seat, token, peer));
            Ok(answer)
        }
        Err(error) => {
            peer.close().await;
            Err(error)
        }
    }
}

fn settings() -> SettingEngine {
    SettingEngineBuilder::new()
        .with_lite(true)
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_sctp_max_receive_buffer_size(RECEIVE_BUFFER_BYTES)
        .build()
}

async fn serve(wall: Arc<Wall>, seat: Seat, token: String, mut peer: Peer) {
    let end = match timeout(OPEN_WITHIN, peer.open_channel()).await {
        Ok(Ok(channel)) => serve_channel(&wall, &token, &mut peer, channel).await,
        Ok(Err(end)) => end,
        Err(_) => End::Broken("the screen did not open its channel in time".to_owned()),
    };
    tracing::debug!(screens = wall.screens(), "a screen over WebRTC ended: {end}");
    peer.close().await;
    drop(seat);
}

async fn serve_channel(
    wall: &Wall,
    token: &str,
    peer: &mut Peer,
    channel: Arc<dyn DataChannel>,
) -> End {
    let mut source = ChannelSource { channel: Arc::clone(&channel) };
    let mut sink = ChannelSink {
        channel,
        outstanding_max: wall.settings.outstanding_bytes_max,
        stall_max: wall.settings.stall_max,
        outstanding: 0,
        progress: Instant::now(),
    };
    tokio::select! {
        end = session::run(wall, token, &mut sink, &mut source) => end,
        end = peer.broken() => end,
    }
}

/// One connection and what its driver tells of it.
struct Peer {
    connection: Arc<dyn PeerConnection>,
    events: Events,
}

struct Events {
    gathered: watch::Receiver<bool>,
    state: watch::Receiver<RTCPeerConnectionState>,
    channels: mpsc::Receiver<Arc<dyn DataChannel>>,
}

impl Peer {
    async fn negotiate(&mut self, offer: RTCSessionDescription) -> Result<String, PeerError> {
        let refused = |error: webrtc::error::Error| PeerError::Offer(error.to_string());
        self.connection.set_remote_description(offer).await.map_err(refused)?;
        let answer = self.connection.create_answer(None).await.map_err(refused)?;
        self.connection.set_local_description(answer).await.map_err(refused)?;
        let gathered = self.events.gathered.wait_for(|gathered| *gathered);
        if !matches!(timeout(GATHER_WITHIN, gathered).await, Ok(Ok(_))) {
            return Err(PeerError::Ours("no address was found to offer".to_owned()));
        }
        let answer = self.connection.local_description().await;
        let answer =
            answer.ok_or_else(|| PeerError::Ours("the answer has no description".to_owned()))?;
        Ok(answer.sdp)
    }

    /// The screen's channel, open; others that it makes are left unread.
    async fn open_channel(&mut self) -> Result<Arc<dyn DataChannel>, End> {
        let channel = loop {
            let next = tokio::select! {
                next = self.events.channels.recv() => next,
                end = broken(&mut self.events.state) => return Err(end),
            };
            let channel = next.ok_or(End::Left)?;
            let label = channel.label().await.map_err(|error| End::Broken(error.to_string()))?;
            if label == LABEL {
                break channel;
            }
        };
        loop {
            match channel.poll().await {
                Some(DataChannelEvent::OnOpen) => return Ok(channel),
                Some(DataChannelEvent::OnClose) | None => return Err(End::Left),
                Some(_) => {}
            }
        }
    }

    /// Returns when the connection has failed.
    async fn broken(&mut self) -> End {
        broken(&mut self.events.state).await
    }

    async fn close(self) {
        match timeout(CLOSE_WITHIN, self.connection.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a WebRTC connection did not close cleanly"),
            Err(_) => tracing::warn!("a WebRTC connection did not close in time"),
        }
    }
}

async fn broken(state: &mut watch::Receiver<RTCPeerConnectionState>) -> End {
    use RTCPeerConnectionState::{Closed, Failed};
    let ended = state.wait_for(|state| matches!(state, Failed | Closed)).await;
    match ended.map(|state| *state) {
        Ok(Closed) | Err(_) => End::Left,
        Ok(_) => End::Broken("the screen is not reachable any more".to_owned()),
    }
}

/// Passes on what the driver tells. It runs on the driver, so nothing here waits.
struct Handler {
    gathered: watch::Sender<bool>,
    state: watch::Sender<RTCPeerConnectionState>,
    channels: mpsc::Sender<Arc<dyn DataChannel>>,
}

fn events() -> (Handler, Events) {
    let (gathered, has_gathered) = watch::channel(false);
    let (state, has_state) = watch::channel(RTCPeerConnectionState::New);
    let (channels, has_channels) = mpsc::channel(4);
    let events = Events { gathered: has_gathered, state: has_state, channels: has_channels };
    (Handler { gathered, state, channels }, events)
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.gathered.send_replace(true);
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        if self.channels.try_send(channel).is_err() {
            tracing::debug!("a screen made more channels than it needs");
        }
    }
}

struct ChannelSink {
    channel: Arc<dyn DataChannel>,
    outstanding_max: usize,
    stall_max: Duration,
    /// Bytes not acknowledged, as far as is known without a new look.
    outstanding: usize,
    /// When the screen last acknowledged something, or had nothing to acknowledge.
    progress: Instant,
}

impl FrameSink for ChannelSink {
    async fn room(&mut self) -> Result<(), End> {
        loop {
            let outstanding = self.channel.outstanding_bytes().await.map_err(broken_channel)?;
            if outstanding == 0 || outstanding < self.outstanding {
                self.progress = Instant::now();
            }
            self.outstanding = outstanding;
            // Also while there is room: a quiet wall would fill it only after hours.
            if self.progress.elapsed() > self.stall_max {
                return Err(End::Stalled);
            }
            if outstanding < self.outstanding_max {
                return Ok(());
            }
            sleep(LOOK_EVERY).await;
        }
    }

    async fn send(&mut self, frame: Bytes) -> Result<(), End> {
        if self.outstanding == 0 {
            self.progress = Instant::now();
        }
        self.outstanding += frame.len();
        self.channel.send(BytesMut::from(frame)).await.map_err(broken_channel)
    }
}

fn broken_channel(error: webrtc::error::Error) -> End {
    End::Broken(error.to_string())
}

struct ChannelSource {
    channel: Arc<dyn DataChannel>,
}

impl MessageSource for ChannelSource {
    async fn next(&mut self) -> Result<Bytes, End> {
        loop {
            match self.channel.poll().await {
                Some(DataChannelEvent::OnMessage(message)) => return Ok(message.data.freeze()),
                Some(DataChannelEvent::OnClose | DataChannelEvent::OnClosing) | None => {
                    return Err(End::Left);
                }
                Some(_) => {}
            }
        }
    }
}
