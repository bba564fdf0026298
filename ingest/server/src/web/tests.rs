//! Promises of the web server, over real sockets.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;

use access::{AccountName, Accounts, Audit, Role, SessionsSettings};
use hub::{Hub, HubOptions, ViewerId};
use protocol::analysis::JudgeRole;
use protocol::feed::{Attend, Judge, Refused, Watch};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use vitals::WallTime;
use wall::{Feed, Gate, NotKept, WallSettings};

use super::*;

const PASSWORD: &str = "correct horse battery";
const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A real hub without bridges.
struct Quiet {
    hub: Mutex<Hub>,
    changes: watch::Sender<u64>,
}

impl Feed for Quiet {
    fn attend(&self, _: ViewerId, _: &Attend, _: &str) {}
    fn refuse(&self, _: ViewerId, _: Refused) {}
    fn alarm_load(&self) -> wall::AlarmLoad {
        wall::AlarmLoad::default()
    }
    fn open(&self) -> ViewerId {
        self.hub.lock().unwrap().open_viewer()
    }

    fn watch(&self, viewer: ViewerId, watch: &Watch) {
        self.hub.lock().unwrap().watch(WallTime(0), viewer, watch);
    }

    fn next_frame(&self, viewer: ViewerId) -> Option<bytes::Bytes> {
        self.hub.lock().unwrap().next_frame(WallTime(0), viewer)
    }

    fn judge(&self, _: &Judge, _: &str, _: JudgeRole) -> Result<(), NotKept> {
        Err(NotKept::UnknownTrack)
    }

    fn close(&self, viewer: ViewerId) {
        self.hub.lock().unwrap().close_viewer(viewer);
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

struct Site {
    address: SocketAddr,
    url: String,
    data: TempDir,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Site {
    async fn start(protection: Protection) -> Self {
        let data = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(data.path()).unwrap();
        let name = AccountName::new("sato").unwrap();
        accounts.add(&name, PASSWORD, Role::Midwife).unwrap();
        let audit = Audit::open(data.path()).unwrap();
        let gate = Gate::new(accounts, audit, SessionsSettings::default());
        let hub = Mutex::new(Hub::new(HubOptions::default()));
        let feed = Quiet { hub, changes: watch::Sender::new(0) };
        let wall = Wall::new(Arc::new(feed), gate, WallSettings::default());
        let listen = SocketAddr::new(LOCALHOST, 0);
        let web = Web::bind(WebSettings { listen, protection, connections_max: 16 }).await.unwrap();
        let (address, url) = (web.address(), web.url());
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move { stopped.await.unwrap_or_default() };
        let running = tokio::spawn(web.run(wall, shutdown));
        Self { address, url, data, stop, running }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    fn audit(&self) -> String {
        std::fs::read_to_string(self.data.path().join("audit.jsonl")).unwrap()
    }
}

/// Sends a request and reads all that comes back.
async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A peer that hangs up may do so with a reset: what came before counts.
    if let Err(error) = stream.read_to_end(&mut answer).await {
        assert_ne!(error.kind(), io::ErrorKind::TimedOut);
    }
    String::from_utf8_lossy(&answer).to_lowercase()
}

const FRONT_PAGE: &str = "GET / HTTP/1.1\nHost: wall\nConnection: close\n\n";

fn login(headers: &str) -> String {
    let body = format!(r#"{{"name":"sato","password":"{PASSWORD}"}}"#);
    let length = body.len();
    format!(
        "POST /api/login HTTP/1.1\nHost: wall\nConnection: close\nContent-Type: application/json\nContent-Length: {length}\n{headers}\n{body}"
    )
}

#[tokio::test]
async fn plain_http_is_refused_where_others_can_reach_it() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let settings = WebSettings { listen, protection: Protection::Loopback, connections_max: 1 };
    let error = Web::bind(settings).await.unwrap_err();
    assert!(matches!(error, WebError::Unprotected { .. }));
    assert!(error.to_string().contains("set a certificate"), "{error}");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let site = Site::start(Protection::Loopback).await;
    let listen = site.address;
    let settings = WebSettings { listen, protection: Protection::Loopback, connections_max: 1 };
    let error = Web::bind(settings).await.unwrap_err();
    assert!(error.to_string().contains(&listen.to_string()), "{error}");
}

#[tokio::test]
async fn the_front_page_comes_with_what_the_browser_must_refuse() {
    let site = Site::start(Protection::Loopback).await;
    assert_eq!(site.url, format!("http://{}/", site.address));
    let page = ask(site.connect().await, FRONT_PAGE).await;
    assert!(page.starts_with("http/1.1 200"), "{page}");
    assert!(page.contains("<!doctype html>"), "{page}");
    for header in [
        "content-security-policy: default-src 'self';",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-cache",
    ] {
        assert!(page.contains(header), "{header} is missing in {page}");
    }
    let missing = ask(site.connect().await, &FRONT_PAGE.replace("/ H", "/../x H")).await;
    assert!(missing.starts_with("http/1.1 404"), "{missing}");
    let health = ask(site.connect().await, &FRONT_PAGE.replace("/ H", "/api/health H")).await;
    assert!(health.contains("cache-control: no-store"), "{health}");
    assert!(health.contains("nosniff"), "{health}");
}

#[tokio::test]
async fn over_tls_the_cookie_is_bound_to_this_host() {
    let issued = rcgen::generate_simple_self_signed(vec!["wall".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(issued.signing_key.serialize_der()).unwrap();
    let config = crate::tls::from_der(vec![issued.cert.der().clone()], key).unwrap();
    let site = Site::start(Protection::Tls(config)).await;
    assert!(site.url.starts_with("https://"));

    let mut roots = RootCertStore::empty();
    roots.add(issued.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(client));
    let stream =
        connector.connect(ServerName::try_from("wall").unwrap(), site.connect().await).await;
    let answer = ask(stream.unwrap(), &login("")).await;
    assert!(answer.starts_with("http/1.1 204"), "{answer}");
    assert!(answer.contains("set-cookie: __host-ubugoe="), "{answer}");
    let plain = ask(site.connect().await, FRONT_PAGE).await;
    assert!(!plain.contains("200"), "{plain}");
}

#[tokio::test]
async fn behind_a_proxy_the_client_is_who_the_proxy_says() {
    let site = Site::start(Protection::Proxy { trusted: vec![LOCALHOST] }).await;
    let claimed = "X-Forwarded-For: 203.0.113.9, 198.51.100.7\n";
    let answer = ask(site.connect().await, &login(claimed)).await;
    assert!(answer.contains("set-cookie: __host-ubugoe="), "{answer}");
    assert!(site.audit().contains("198.51.100.7"), "{}", site.audit());

    let elsewhere = IpAddr::from([192, 0, 2, 1]);
    let site = Site::start(Protection::Proxy { trusted: vec![elsewhere] }).await;
    assert_eq!(ask(site.connect().await, &login(claimed)).await, "");
    assert_eq!(site.audit(), "");
}

#[tokio::test]
async fn without_a_proxy_nobody_may_claim_another_address() {
    let site = Site::start(Protection::Loopback).await;
    ask(site.connect().await, &login("X-Forwarded-For: 198.51.100.7\n")).await;
    assert!(site.audit().contains("127.0.0.1"), "{}", site.audit());
}

#[tokio::test]
async fn who_sends_headers_byte_by_byte_is_hung_up_on() {
    let listener = TcpListener::bind((LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stop, stopping) = watch::channel(false);
    let server = connection::Server {
        app: Router::new(),
        protection: Protection::Loopback,
        headers_within: Duration::from_millis(100),
        stopping,
    };
    tokio::spawn(async move {
        let (stream, peer) = listener.accept().await.unwrap();
        connection::serve(server, stream, peer).await
    });
    let stream = TcpStream::connect(address).await.unwrap();
    let begun = ask(stream, "GET / HTTP/1.1\nHost: wall\n");
    let answer = timeout(STOP_WITHIN, begun).await.expect("it hangs up");
    assert!(!answer.contains("404"), "{answer}");
}

#[tokio::test]
async fn it_stops_although_connections_are_open() {
    let site = Site::start(Protection::Loopback).await;
    let mut idle = site.connect().await;
    let request = FRONT_PAGE.replace("close", "keep-alive");
    idle.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
    assert!(idle.read(&mut [0; 64]).await.unwrap() > 0);
    site.stop.send(()).unwrap();
    timeout(STOP_WITHIN, site.running).await.expect("it stops in time").unwrap();
    assert!(TcpStream::connect(site.address).await.is_err());
}
