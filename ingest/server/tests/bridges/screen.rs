//! A wall over a WebSocket, signed in at the region.

use std::collections::BTreeMap;

use access::{AccountName, Accounts, Role};
use futures_util::{SinkExt, StreamExt};
use protocol::Publication;
use protocol::alert::{Alarm, AlarmKind, AlertRecord};
use protocol::analysis::{PublicationKey, State};
use protocol::feed::{AnalystState, FeedFrame, Refused, SetMarks, TrackNumber, Watch};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::region::{PATIENCE, Region};

const PASSWORD: &str = "a long enough phrase for a ward";

/// What a screen knows, whoever feeds it.
#[derive(Debug, Default)]
pub struct Known {
    pub tracks: BTreeMap<String, TrackNumber>,
    pub records: BTreeMap<(TrackNumber, PublicationKey), Publication>,
    pub alarms: BTreeMap<u64, (TrackNumber, Alarm)>,
    pub refused: Vec<Refused>,
    pub analyst: Option<AnalystState>,
    pub blocks: usize,
    pub beats: u32,
    pub sets: usize,
}

impl Known {
    pub fn take(&mut self, frame: &[u8]) {
        match FeedFrame::decode(frame).unwrap() {
            FeedFrame::Roster { entries, .. } => {
                let named = entries.iter().map(|e| (e.device.to_string(), e.track));
                self.tracks.extend(named);
            }
            FeedFrame::Blocks { entries, .. } => self.blocks += entries.len(),
            FeedFrame::Beat { .. } => self.beats += 1,
            FeedFrame::Analyst { state, .. } => self.analyst = Some(state),
            FeedFrame::Analysis { marks, entries, .. } => {
                if marks.contains(SetMarks::BEGINS) {
                    self.records.clear();
                }
                for entry in entries {
                    let record = Publication::decode(entry.record).unwrap();
                    let place = (entry.track, record.key());
                    match record.state {
                        State::Withdrawn => self.records.remove(&place),
                        State::Provisional | State::Final => self.records.insert(place, record),
                    };
                }
                self.sets += usize::from(marks.contains(SetMarks::ENDS));
            }
            FeedFrame::Alerts { marks, entries, .. } => {
                if marks.contains(SetMarks::BEGINS) {
                    self.alarms.clear();
                }
                for entry in entries {
                    let AlertRecord::Alarm(alarm) = AlertRecord::decode(entry.record).unwrap()
                    else {
                        continue;
                    };
                    if alarm.is_resolved {
                        self.alarms.remove(&alarm.id);
                    } else {
                        self.alarms.insert(alarm.id, (entry.track, alarm));
                    }
                }
            }
            FeedFrame::Refused { refused, .. } => self.refused.push(refused),
            FeedFrame::Missed { .. } => {}
        }
    }

    /// The one alarm of a kind.
    pub fn alarm(&self, kind: AlarmKind) -> Option<&Alarm> {
        self.alarms.values().map(|(_, alarm)| alarm).find(|alarm| alarm.kind == kind)
    }

    /// Ids and revisions of all records.
    pub fn revisions(&self) -> Vec<(u64, u32)> {
        self.records.values().map(|record| (record.id, record.revision)).collect()
    }
}

/// A wall.
pub struct Screen {
    pub known: Known,
    cookie: String,
    web: std::net::SocketAddr,
    socket: WebSocketStream<TcpStream>,
}

impl Screen {
    /// Signs in as `role` and watches everything.
    pub async fn open(region: &Region, account: &str, role: Role) -> Self {
        let accounts = Accounts::open(&region.data().join("access")).unwrap();
        accounts.add(&AccountName::new(account).unwrap(), PASSWORD, role).unwrap();
        let cookie = sign_in(region, account).await;
        let web = region.web();
        let mut request = format!("ws://{web}/api/wall/socket").into_client_request().unwrap();
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        request.headers_mut().insert("origin", format!("http://{web}").parse().unwrap());
        let stream = TcpStream::connect(web).await.unwrap();
        let (socket, _) = client_async(request, stream).await.unwrap();
        let mut screen = Self { known: Known::default(), cookie, web, socket };
        let watch = Watch { history_seconds: 600, tracks: Vec::new() };
        screen.send(watch.to_bytes()).await;
        screen
    }

    /// What the region answers to `GET`, as JSON.
    pub async fn http(&self, path: &str) -> serde_json::Value {
        let Self { web, cookie, .. } = self;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {web}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(web).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
    }

    pub async fn send(&mut self, message: Vec<u8>) {
        self.socket.send(Message::binary(message)).await.unwrap();
    }

    /// Reads until it is so.
    pub async fn until(&mut self, is_so: impl Fn(&Known) -> bool) {
        let reading = async {
            while !is_so(&self.known) {
                match self.socket.next().await {
                    Some(Ok(Message::Binary(frame))) => self.known.take(&frame),
                    Some(Ok(_)) => {}
                    other => panic!("the feed ended: {other:?}"),
                }
            }
        };
        let read = timeout(PATIENCE, reading).await;
        assert!(read.is_ok(), "it never was so: {:?}", self.known);
    }
}

async fn sign_in(region: &Region, account: &str) -> String {
    let web = region.web();
    let body = format!(r#"{{"name":"{account}","password":"{PASSWORD}"}}"#);
    let request = format!(
        "POST /api/login HTTP/1.1\r\nHost: {web}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(web).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    let cookie = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap())
    });
    cookie.unwrap_or_else(|| panic!("not signed in: {answer}")).to_owned()
}
