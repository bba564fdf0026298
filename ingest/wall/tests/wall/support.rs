//! A wall with a real hub, and the clients that look at it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use access::{AccountName, Accounts, Audit, Role, SessionsSettings};
use axum::Extension;
use bytes::Bytes;
use hub::{Hub, HubOptions, PublisherId, Received, ViewerId};
use protocol::Block;
use protocol::Publication;
use protocol::analysis::{Body, JudgeRole, Judgement};
use protocol::feed::{Attend, FeedFrame, Judge, Refused, Watch};
use protocol::link::{Device, Hello, SiteKind, VERSIONS};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use vitals::{Absence, BridgeId, DeviceId, DeviceTick, EpisodeId, Second, WallTime};
use wall::{AlarmLoad, Arrival, Encryption, Feed, Gate, NotKept, Wall, WallSettings};

pub const PASSWORD: &str = "correct horse battery";
/// Long enough for a busy machine; nothing waits for it that goes well.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The hub of this test, with one bridge and one device.
pub struct Ward {
    hub: Mutex<Hub>,
    publisher: PublisherId,
    changes: watch::Sender<u64>,
    /// What was asked for at the desk, and by whom.
    pub attended: Mutex<Vec<(Attend, String)>>,
}

impl Ward {
    fn new() -> Arc<Self> {
        let mut hub = Hub::new(HubOptions::default());
        let now = now();
        let hello = Hello {
            versions: VERSIONS,
            now,
            software: "test".to_owned(),
            facility: "Clinic".to_owned(),
            site: SiteKind::Clinic,
            devices: vec![Device { id: device(), bed: "Bed 1".to_owned() }],
            owed: Vec::new(),
        };
        let bridge = BridgeId::new("clinic-1").unwrap();
        let publisher = hub.connect(now, bridge, &hello).unwrap().publisher;
        Arc::new(Self {
            hub: Mutex::new(hub),
            publisher,
            changes: watch::Sender::new(0),
            attended: Mutex::default(),
        })
    }

    /// One block more of the device.
    pub fn measure(&self, seq: u64) {
        let now = now();
        let block = Block {
            device: device(),
            epoch: 1,
            seq,
            episode: EpisodeId::from_u128(7),
            tick: DeviceTick(4 * seq),
            at: now,
            built_at: now,
            second: Second::absent(Absence::DeviceSilent),
        };
        let received = self.hub.lock().unwrap().receive(now, self.publisher, &block.to_bytes());
        assert!(matches!(received, Ok(Received::Fresh(_))));
        self.changes.send_modify(|count| *count += 1);
    }

    pub fn viewers(&self) -> usize {
        self.hub.lock().unwrap().viewer_count()
    }
}

impl Feed for Ward {
    fn open(&self) -> ViewerId {
        self.hub.lock().unwrap().open_viewer()
    }

    fn watch(&self, viewer: ViewerId, watch: &Watch) {
        self.hub.lock().unwrap().watch(now(), viewer, watch);
    }

    fn next_frame(&self, viewer: ViewerId) -> Option<Bytes> {
        self.hub.lock().unwrap().next_frame(now(), viewer)
    }

    fn judge(&self, said: &Judge, account: &str, role: JudgeRole) -> Result<(), NotKept> {
        let Judge { track, episode, fetus, level, from, to, .. } = *said;
        let (account, reason) = (account.to_owned(), said.reason.clone());
        let judgement = Judgement { level, role, from, to, at: now(), account, reason };
        let judged = self.hub.lock().unwrap().judge(now(), track, (episode, fetus), judgement);
        self.changes.send_modify(|count| *count += 1);
        judged.map(|_| ()).map_err(|_| NotKept::UnknownTrack)
    }

    fn attend(&self, _viewer: ViewerId, request: &Attend, account: &str) {
        self.attended.lock().unwrap().push((request.clone(), account.to_owned()));
    }

    fn refuse(&self, viewer: ViewerId, refused: Refused) {
        self.hub.lock().unwrap().refuse(now(), viewer, refused);
        self.changes.send_modify(|count| *count += 1);
    }

    fn alarm_load(&self) -> AlarmLoad {
        AlarmLoad::default()
    }

    fn close(&self, viewer: ViewerId) {
        self.hub.lock().unwrap().close_viewer(viewer);
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// A running wall.
pub struct Site {
    pub address: SocketAddr,
    pub wall: Arc<Wall>,
    pub ward: Arc<Ward>,
    pub accounts: Accounts,
    pub data: TempDir,
}

pub fn settings() -> WallSettings {
    WallSettings { login_checked_every: Duration::from_millis(100), ..WallSettings::default() }
}

impl Site {
    pub async fn start() -> Self {
        Self::with(settings(), Encryption::Loopback).await
    }

    pub async fn with(settings: WallSettings, encryption: Encryption) -> Self {
        let data = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(data.path()).unwrap();
        accounts.add(&name("sato"), PASSWORD, Role::Midwife).unwrap();
        let audit = Audit::open(data.path()).unwrap();
        let gate = Gate::new(accounts.clone(), audit, SessionsSettings::default());
        let ward = Ward::new();
        let wall = Wall::new(Arc::clone(&ward) as Arc<dyn Feed>, gate, settings);
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let arrival = Arrival { client: local, local, encryption };
        let app = wall::router(Arc::clone(&wall)).layer(Extension(arrival));
        let listener = TcpListener::bind((local, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, wall, ward, accounts, data }
    }

    pub async fn post(&self, path: &str, cookie: &str, body: &str) -> Reply {
        let headers = format!(
            "Cookie: {cookie}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.request(&format!("POST {path}"), &headers, body).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.request(&format!("GET {path}"), &format!("Cookie: {cookie}\r\n"), "").await
    }

    pub async fn request(&self, line: &str, headers: &str, body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        timeout(PATIENCE, read).await.expect("the server answers").unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Signs in and gives the cookie.
    pub async fn sign_in(&self) -> String {
        self.sign_in_as("sato").await
    }

    pub async fn sign_in_as(&self, name: &str) -> String {
        let login = format!(r#"{{"name":"{name}","password":"{PASSWORD}"}}"#);
        let reply = self.post("/api/login", "", &login).await;
        assert_eq!(reply.status, 204, "{}", reply.body);
        reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    /// Returns when no screen is open and the hub has forgotten them all.
    pub async fn dark(&self) {
        until(|| self.wall.screens() == 0 && self.ward.viewers() == 0).await;
    }
}

/// Returns when it is so.
pub async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("it becomes so");
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What a screen has seen so far, read from real frames.
#[derive(Debug, Default)]
pub struct Seen {
    pub tracks: usize,
    pub beats: u32,
    pub blocks: Vec<u64>,
    pub missed: u32,
    pub judgements: Vec<Judgement>,
}

impl Seen {
    pub fn read(&mut self, frame: &[u8]) {
        match FeedFrame::decode(frame).unwrap() {
            FeedFrame::Roster { entries, .. } => self.tracks += entries.len(),
            FeedFrame::Blocks { entries, .. } => {
                let seq = |bytes| Block::decode(bytes).unwrap().seq;
                self.blocks.extend(entries.iter().map(|entry| seq(entry.block)));
            }
            FeedFrame::Beat { .. } => self.beats += 1,
            FeedFrame::Missed { count, .. } => self.missed += count,
            FeedFrame::Analysis { entries, .. } => {
                let records = entries.iter().map(|e| Publication::decode(e.record).unwrap().body);
                self.judgements.extend(records.filter_map(|body| match body {
                    Body::Judgement(judgement) => Some(judgement),
                    _ => None,
                }));
            }
            FeedFrame::Analyst { .. } | FeedFrame::Alerts { .. } | FeedFrame::Refused { .. } => {}
        }
    }
}

/// All tracks and their last minutes.
pub fn watch_all() -> Vec<u8> {
    Watch { history_seconds: 600, tracks: Vec::new() }.to_bytes()
}

pub fn name(text: &str) -> AccountName {
    AccountName::new(text).unwrap()
}

fn device() -> DeviceId {
    DeviceId::new("bed-1").unwrap()
}

fn now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    WallTime(i64::try_from(since.as_micros()).unwrap())
}
