//! A screen over a WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use wall::{Encryption, WallSettings};

use access::Role;
use protocol::analysis::{Fetus, JudgeRole};
use protocol::feed::{Judge, TrackNumber};
use vitals::{EpisodeId, WallTime};

use crate::support::{PASSWORD, PATIENCE, Seen, Site, name, settings, until, watch_all};

type Socket = WebSocketStream<TcpStream>;

async fn connect(site: &Site, cookie: &str, origin: Option<&str>) -> Result<Socket, u16> {
    let stream = TcpStream::connect(site.address).await.unwrap();
    let url = format!("ws://{}/api/wall/socket", site.address);
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

async fn open(site: &Site, cookie: &str) -> Socket {
    connect(site, cookie, Some(&format!("http://{}", site.address))).await.unwrap()
}

/// Reads until it is so, or the server closes and says why.
async fn read(socket: &mut Socket, seen: &mut Seen, enough: impl Fn(&Seen) -> bool) -> Option<u16> {
    let reading = async {
        while !enough(seen) {
            match socket.next().await {
                Some(Ok(Message::Binary(frame))) => seen.read(&frame),
                Some(Ok(Message::Close(close))) => return close.map(|close| close.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Some(0),
            }
        }
        None
    };
    timeout(PATIENCE, reading).await.expect("the frames come")
}

#[tokio::test]
async fn a_screen_gets_roster_history_live_blocks_and_beats_in_order() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    (0..50).for_each(|seq| site.ward.measure(seq));
    let mut socket = open(&site, &cookie).await;
    let mut seen = Seen::default();
    socket.send(Message::binary(watch_all())).await.unwrap();
    read(&mut socket, &mut seen, |seen| seen.blocks.len() >= 50).await;
    (50..100).for_each(|seq| site.ward.measure(seq));
    read(&mut socket, &mut seen, |seen| seen.blocks.len() >= 100 && seen.beats >= 2).await;
    assert_eq!(seen.tracks, 1);
    assert_eq!(seen.missed, 0);
    assert_eq!(seen.blocks, (0..100).collect::<Vec<_>>());
    socket.close(None).await.unwrap();
    site.dark().await;
}

#[tokio::test]
async fn only_our_own_page_with_a_login_is_let_in() {
    let site = Site::start().await;
    let ours = format!("http://{}", site.address);
    let cookie = site.sign_in().await;
    assert_eq!(connect(&site, "", Some(&ours)).await.unwrap_err(), 401);
    assert_eq!(connect(&site, &cookie, None).await.unwrap_err(), 403);
    assert_eq!(connect(&site, &cookie, Some("https://evil.example")).await.unwrap_err(), 403);
    assert_eq!(connect(&site, &cookie, Some("null")).await.unwrap_err(), 403);
    let tls_page = format!("https://{}", site.address);
    assert_eq!(connect(&site, &cookie, Some(&tls_page)).await.unwrap_err(), 403);
    assert_eq!(site.wall.screens(), 0);
    assert!(connect(&site, &cookie, Some(&ours)).await.is_ok());
}

#[tokio::test]
async fn a_screen_goes_dark_when_its_login_ends() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    let mut socket = open(&site, &cookie).await;
    let mut seen = Seen::default();
    read(&mut socket, &mut seen, |seen| seen.beats >= 1).await;
    site.post("/api/logout", &cookie, "").await;
    assert_eq!(read(&mut socket, &mut seen, |_| false).await, Some(1008));
    site.dark().await;

    let cookie = site.sign_in().await;
    let mut socket = open(&site, &cookie).await;
    read(&mut socket, &mut seen, |seen| seen.beats >= 2).await;
    site.accounts.set_password(&name("sato"), "a whole new password").unwrap();
    assert_eq!(read(&mut socket, &mut seen, |_| false).await, Some(1008));
    site.dark().await;
}

#[tokio::test]
async fn a_message_that_no_screen_sends_ends_the_session() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    let mut seen = Seen::default();
    for wrong in
        [Message::text("hello"), Message::binary(vec![0x41, 1, 2]), Message::binary(vec![])]
    {
        let mut socket = open(&site, &cookie).await;
        socket.send(wrong).await.unwrap();
        assert_eq!(read(&mut socket, &mut seen, |_| false).await, Some(1007));
    }
    let mut socket = open(&site, &cookie).await;
    // Refused before it is whole: the server does not keep 100 kB for a wish.
    let sent = socket.send(Message::binary(vec![0x61; 100_000])).await;
    assert!(sent.is_err() || read(&mut socket, &mut seen, |_| false).await.is_some());
    site.dark().await;
}

#[tokio::test]
async fn screens_are_bounded_and_a_closed_one_makes_room() {
    let few = WallSettings { screens_per_account_max: 2, ..settings() };
    let site = Site::with(few, Encryption::Loopback).await;
    let cookie = site.sign_in().await;
    let ours = format!("http://{}", site.address);
    let first = open(&site, &cookie).await;
    let _second = open(&site, &cookie).await;
    assert_eq!(connect(&site, &cookie, Some(&ours)).await.unwrap_err(), 429);
    drop(first);
    until(|| site.wall.screens() == 1).await;
    open(&site, &cookie).await;
}

#[tokio::test]
async fn a_screen_that_takes_nothing_is_dropped_and_holds_up_nobody() {
    let hasty = WallSettings { stall_max: Duration::from_millis(300), ..settings() };
    let site = Site::with(hasty, Encryption::Loopback).await;
    let cookie = site.sign_in().await;
    let mut stuck = open(&site, &cookie).await;
    stuck.send(Message::binary(watch_all())).await.unwrap();
    let mut good = open(&site, &cookie).await;
    good.send(Message::binary(watch_all())).await.unwrap();
    let mut seen = Seen::default();
    let mut seq = 0;
    // Never read from `stuck` until it was dropped: the buffers on the way fill first.
    let flood = async {
        while site.wall.screens() == 2 {
            (0..500).for_each(|_| {
                site.ward.measure(seq);
                seq += 1;
            });
            let so_far = usize::try_from(seq).unwrap();
            read(&mut good, &mut seen, |seen| {
                seen.blocks.len() + usize::try_from(seen.missed).unwrap() >= so_far
            })
            .await;
        }
    };
    timeout(2 * PATIENCE, flood).await.expect("the stuck screen is dropped");
    assert_eq!(site.ward.viewers(), 1);
    drop(stuck);
}

#[tokio::test]
async fn stopping_the_wall_says_goodbye_and_lets_nobody_in() {
    let site = Site::start().await;
    let cookie = site.sign_in().await;
    let mut socket = open(&site, &cookie).await;
    let mut seen = Seen::default();
    read(&mut socket, &mut seen, |seen| seen.beats >= 1).await;
    site.wall.stop().await;
    assert_eq!(site.wall.screens(), 0);
    assert_eq!(read(&mut socket, &mut seen, |_| false).await, Some(1001));
    let ours = format!("http://{}", site.address);
    assert_eq!(connect(&site, &cookie, Some(&ours)).await.unwrap_err(), 503);
}

#[tokio::test]
async fn who_treats_may_judge_and_it_is_on_record_and_on_every_screen() {
    let site = Site::start().await;
    let (sato, mut screens) = (site.sign_in().await, Vec::new());
    for _ in 0..2 {
        let mut socket = open(&site, &sato).await;
        socket.send(Message::binary(watch_all())).await.unwrap();
        screens.push((socket, Seen::default()));
    }
    let said = judge();
    screens[0].0.send(Message::binary(said.to_bytes())).await.unwrap();
    for (socket, seen) in &mut screens {
        read(socket, seen, |seen| seen.judgements.len() == 1).await;
        let judgement = &seen.judgements[0];
        assert_eq!((judgement.level, judgement.role), (4, JudgeRole::Midwife));
        assert_eq!((judgement.account.as_str(), judgement.reason.as_str()), ("sato", "様子を見る"));
        assert_eq!((judgement.from, judgement.to), (said.from, said.to));
    }
    let log = std::fs::read_to_string(site.data.path().join("audit.jsonl")).unwrap();
    let line = log.lines().find(|line| line.contains(r#""event":"judged""#)).unwrap();
    assert!(line.contains(r#""name":"sato","role":"midwife""#), "{line}");
    assert!(line.contains(r#""level":4"#) && line.contains("…ffff"), "{line}");
    assert!(!line.contains("様子"), "what was written belongs to her record: {line}");
}

#[tokio::test]
async fn who_only_looks_after_the_installation_may_not_judge() {
    let site = Site::start().await;
    site.accounts.add(&name("tech"), PASSWORD, Role::Administrator).unwrap();
    let mut socket = open(&site, &site.sign_in_as("tech").await).await;
    let mut seen = Seen::default();
    socket.send(Message::binary(judge().to_bytes())).await.unwrap();
    let closed = read(&mut socket, &mut seen, |_| false).await;
    assert_eq!((closed, seen.judgements.len()), (Some(1008), 0));
    let log = std::fs::read_to_string(site.data.path().join("audit.jsonl")).unwrap();
    assert!(!log.contains("judged"), "{log}");
}

#[tokio::test]
async fn a_broken_judgement_ends_the_screen_that_sent_it() {
    let site = Site::start().await;
    let mut socket = open(&site, &site.sign_in().await).await;
    let mut bytes = judge().to_bytes();
    bytes.pop();
    socket.send(Message::binary(bytes)).await.unwrap();
    let closed = read(&mut socket, &mut Seen::default(), |_| false).await;
    assert_eq!(closed, Some(1007));
}

fn judge() -> Judge {
    Judge {
        track: TrackNumber(0),
        episode: EpisodeId::from_u128(0xffff),
        fetus: Fetus::First,
        level: 4,
        from: WallTime(1_795_392_000_000_000),
        to: WallTime(1_795_392_600_000_000),
        reason: "様子を見る".into(),
    }
}
