//! A screen over a WebRTC data channel; the client is the same crate, as a full peer.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use rtc::ice::mdns::MulticastDnsMode;
use tokio::sync::watch;
use tokio::time::timeout;
use wall::{Encryption, WallSettings};
use webrtc::data_channel::{DataChannel, DataChannelEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
    RTCSessionDescription, SettingEngineBuilder,
};

use crate::support::{PATIENCE, Reply, Seen, Site, settings, watch_all};

struct Gathered(watch::Sender<bool>);

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Gathered {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.0.send_replace(true);
        }
    }
}

struct Screen {
    connection: Arc<dyn PeerConnection>,
    channel: Arc<dyn DataChannel>,
}

impl Screen {
    /// A peer with one channel of this name, and its offer.
    async fn new(label: &str) -> (Self, String) {
        let (gathered, mut has_gathered) = watch::channel(false);
        let engine =
            SettingEngineBuilder::new().with_multicast_dns_mode(MulticastDnsMode::Disabled).build();
        let build = PeerConnectionBuilder::new()
            .with_setting_engine(engine)
            .with_handler(Arc::new(Gathered(gathered)))
            .with_udp_addrs(vec!["127.0.0.1:0"])
            .build();
        let connection = Box::pin(build).await.unwrap();
        let connection: Arc<dyn PeerConnection> = Arc::new(connection);
        let channel = connection.create_data_channel(label, None).await.unwrap();
        let offer = connection.create_offer(None).await.unwrap();
        connection.set_local_description(offer).await.unwrap();
        timeout(PATIENCE, has_gathered.wait_for(|done| *done)).await.unwrap().unwrap();
        let sdp = connection.local_description().await.unwrap().sdp;
        (Self { connection, channel }, sdp)
    }

    /// Offers, takes the answer, and waits for the channel.
    async fn open(site: &Site, cookie: &str) -> Self {
        let (screen, sdp) = Self::new("feed").await;
        let reply = offer(site, cookie, &sdp).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let answer: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(answer["type"], "answer");
        let sdp = answer["sdp"].as_str().unwrap();
        assert!(sdp.contains("a=ice-lite") && sdp.contains("127.0.0.1"), "{sdp}");
        let answer = RTCSessionDescription::answer(sdp.to_owned()).unwrap();
        screen.connection.set_remote_description(answer).await.unwrap();
        let opened = async {
            while !matches!(screen.channel.poll().await.unwrap(), DataChannelEvent::OnOpen) {}
        };
        timeout(PATIENCE, opened).await.expect("the channel opens");
        screen
    }

    async fn watch(&self) {
        self.channel.send(BytesMut::from(&watch_all()[..])).await.unwrap();
    }

    /// Reads until it is so; tells whether the server closed before.
    async fn read(&self, seen: &mut Seen, enough: impl Fn(&Seen) -> bool) -> Ended {
        let reading = async {
            while !enough(seen) {
                match self.channel.poll().await {
                    Some(DataChannelEvent::OnMessage(message)) => seen.read(&message.data),
                    Some(DataChannelEvent::OnClose) | None => return Ended::Closed,
                    Some(_) => {}
                }
            }
            Ended::Enough
        };
        timeout(PATIENCE, reading).await.expect("the frames come")
    }
}

#[derive(Debug, PartialEq)]
enum Ended {
    Enough,
    Closed,
}

async fn offer(site: &Site, cookie: &str, sdp: &str) -> Reply {
    let body = serde_json::json!({ "type": "offer", "sdp": sdp }).to_string();
    site.post("/api/wall/offer", cookie, &body).await
}

#[tokio::test]
async fn a_screen_gets_roster_history_live_blocks_and_beats_in_order() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    (0..50).for_each(|seq| site.ward.measure(seq));
    let screen = Screen::open(&site, &cookie).await;
    let mut seen = Seen::default();
    screen.watch().await;
    screen.read(&mut seen, |seen| seen.blocks.len() >= 50).await;
    // More than fits one frame, so that the order of frames is tried too.
    (50..1_000).for_each(|seq| site.ward.measure(seq));
    screen.read(&mut seen, |seen| seen.blocks.len() >= 1_000 && seen.beats >= 2).await;
    assert_eq!(seen.tracks, 1);
    assert_eq!(seen.missed, 0);
    assert_eq!(seen.blocks, (0..1_000).collect::<Vec<_>>());
    screen.connection.close().await.unwrap();
    site.dark().await;
}

#[tokio::test]
async fn an_offer_needs_a_login_and_must_be_one() {
    let site = Site::start().await;
    let (screen, sdp) = Screen::new("feed").await;
    assert_eq!(offer(&site, "", &sdp).await.status, 401);
    let cookie = site.sign_in().await;
    let wrong = offer(&site, &cookie, "v=0").await;
    assert_eq!(wrong.status, 400, "{}", wrong.body);
    let answer = serde_json::json!({ "type": "answer", "sdp": sdp }).to_string();
    assert_eq!(site.post("/api/wall/offer", &cookie, &answer).await.status, 400);
    assert_eq!(site.wall.screens(), 0, "a refused offer takes no place");
    screen.connection.close().await.unwrap();
}

#[tokio::test]
async fn a_screen_goes_dark_when_its_login_ends() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    let screen = Screen::open(&site, &cookie).await;
    let mut seen = Seen::default();
    screen.read(&mut seen, |seen| seen.beats >= 1).await;
    site.post("/api/logout", &cookie, "").await;
    site.dark().await;
    assert_eq!(screen.read(&mut seen, |_| false).await, Ended::Closed);
    screen.connection.close().await.unwrap();
}

#[tokio::test]
async fn a_screen_that_vanishes_is_noticed() {
    let hasty = WallSettings { stall_max: Duration::from_secs(3), ..settings() };
    let site = Site::with(hasty, Encryption::Loopback).await;
    let cookie = site.sign_in().await;
    // The peer lives on a runtime of its own, which is taken away under it, as a power cut
    // would: no goodbye is sent.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let seen = runtime.handle().clone().spawn({
        let (site, cookie) = (Arc::new(site), cookie.clone());
        async move {
            let screen = Screen::open(&site, &cookie).await;
            let mut seen = Seen::default();
            screen.read(&mut seen, |seen| seen.beats >= 1).await;
            std::mem::forget(screen);
            site
        }
    });
    let site = seen.await.unwrap();
    assert_eq!(site.wall.screens(), 1);
    runtime.shutdown_background();
    site.dark().await;
}

#[tokio::test]
async fn a_screen_that_takes_nothing_is_dropped() {
    let hasty = WallSettings { stall_max: Duration::from_secs(1), ..settings() };
    let site = Site::with(hasty, Encryption::Loopback).await;
    let cookie = site.sign_in().await;
    let stuck = Screen::open(&site, &cookie).await;
    stuck.watch().await;
    let mut seq = 0;
    // The peer's own queue of messages fills first, then its window closes.
    let flood = async {
        while site.wall.screens() == 1 {
            (0..500).for_each(|_| {
                site.ward.measure(seq);
                seq += 1;
            });
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(2 * PATIENCE, flood).await.expect("the stuck screen is dropped");
    site.dark().await;
    stuck.connection.close().await.unwrap();
}
