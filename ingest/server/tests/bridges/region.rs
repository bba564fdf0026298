//! A whole server in this process, and bridges that speak to it over real QUIC.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::Enrolment;
use protocol::Block;
use protocol::link::{
    Device, ENROLL_ALPN, Frame, Hello, LINK_ALPN, Progress, SERVER_NAME, SiteKind, VERSIONS,
};
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Connection, ConnectionError, Endpoint, RecvStream, SendStream};
use rcgen::{CertificateParams, KeyPair};
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use server::config::{Config, Overrides};
use server::pki::{Authority, fingerprint};
use store::Snapshot;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use vitals::{Absence, AnalystId, BridgeId, DeviceId, DeviceTick, EpisodeId, Second, WallTime};

/// Anything takes less on the slowest machine; a test that waits longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Region {
    data: TempDir,
    bridges: SocketAddr,
    web: SocketAddr,
    authority: Authority,
    stop: oneshot::Sender<()>,
    server: JoinHandle<anyhow::Result<()>>,
}

impl Region {
    pub async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    pub async fn start_in(data: TempDir) -> Self {
        let ready = data.path().join("ready.json");
        if ready.exists() {
            std::fs::remove_file(&ready).unwrap();
        }
        let (stop, stopped) = oneshot::channel();
        let config = config(data.path());
        let server = tokio::spawn({
            let ready = ready.clone();
            async move {
                let asked = async { stopped.await.unwrap() };
                server::server::run(config, Some(&ready), asked).await
            }
        });
        let file = timeout(PATIENCE, async {
            loop {
                if let Ok(text) = std::fs::read_to_string(&ready) {
                    return text;
                }
                assert!(!server.is_finished(), "the server did not start");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let ready: serde_json::Value = serde_json::from_str(&file.await.unwrap()).unwrap();
        let web = ready["web"].as_str().unwrap().strip_prefix("http://").unwrap();
        let web = web.parse().unwrap();
        let bridges = ready["bridges"].as_str().unwrap().parse().unwrap();
        let authority = Authority::open(&data.path().join("pki"), wall_time()).unwrap();
        Self { data, bridges, web, authority, stop, server }
    }

    /// Stops the server as SIGTERM does, and hands over its data directory.
    pub async fn stop(self) -> TempDir {
        self.stop.send(()).unwrap();
        timeout(PATIENCE, self.server).await.expect("it stops").unwrap().unwrap();
        self.data
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    pub fn web(&self) -> SocketAddr {
        self.web
    }

    pub fn authority(&self) -> &CertificateDer<'static> {
        self.authority.certificate()
    }

    pub fn invite(&self, name: &str) -> [u8; 16] {
        self.enrolment().invite(bridge_id(name), wall_time(), 60_000_000).unwrap()
    }

    pub fn issue(&self, name: &str, at: WallTime) -> Identity {
        let (key, csr) = Identity::request();
        let request = Authority::read_request(&csr).unwrap();
        let certificate = self.authority.issue(request, name, at, 397).unwrap();
        Identity::new(certificate.to_vec(), &key)
    }

    pub fn enrol(&self, identity: &Identity, name: &str) {
        let sha256 = fingerprint(&identity.certificate);
        self.enrolment().enrol(bridge_id(name), sha256, wall_time()).unwrap();
    }

    pub fn enrol_analyst(&self, identity: &Identity, name: &str) {
        let sha256 = fingerprint(&identity.certificate);
        self.enrolment().enrol(analyst_id(name), sha256, wall_time()).unwrap();
    }

    pub fn invite_analyst(&self, name: &str) -> [u8; 16] {
        self.enrolment().invite(analyst_id(name), wall_time(), 60_000_000).unwrap()
    }

    pub fn revoke(&self, name: &str) {
        self.enrolment().revoke(bridge_id(name)).unwrap();
    }

    pub async fn enrolled_bridge(&self, name: &str) -> Bridge {
        let identity = self.issue(name, wall_time());
        self.enrol(&identity, name);
        Bridge::connect(self, Some(&identity)).await
    }

    /// One enrolment exchange.
    pub async fn enroll(&self, request: &Frame) -> Frame {
        let mut bridge = Bridge::connect_with(self, None, ENROLL_ALPN).await.unwrap();
        bridge.send_frame(request).await;
        bridge.next().await
    }

    pub fn stored_blocks(&self) -> u64 {
        count_blocks(self.data())
    }

    fn enrolment(&self) -> Enrolment {
        Enrolment::open(&self.data().join("access")).unwrap()
    }
}

fn config(data: &Path) -> Config {
    let any = "127.0.0.1:0".parse().unwrap();
    let overrides =
        Overrides { data: Some(data.to_owned()), listen_bridges: Some(any), listen_web: Some(any) };
    Config::load(None, overrides).unwrap()
}

/// What a second server on the same data says.
pub async fn run_second(data: &Path) -> String {
    let ran = server::server::run(config(data), None, std::future::pending()).await;
    format!("{:#}", ran.unwrap_err())
}

pub fn count_blocks(data: &Path) -> u64 {
    let snapshot = Snapshot::open(data).unwrap();
    assert!(snapshot.damaged.is_empty());
    let hot: usize = snapshot.hot.iter().map(|batch| batch.num_rows()).sum();
    let sealed: u64 = snapshot.sealed.iter().map(|file| file.rows).sum();
    (hot as u64 + sealed) / 4
}

/// A certificate and its key.
#[derive(Clone)]
pub struct Identity {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Identity {
    pub fn request() -> (KeyPair, Vec<u8>) {
        let key = KeyPair::generate().unwrap();
        let csr = CertificateParams::default().serialize_request(&key).unwrap();
        (key, csr.der().to_vec())
    }

    pub fn new(certificate: Vec<u8>, key: &KeyPair) -> Self {
        Self { certificate, key: key.serialize_der() }
    }
}

pub fn issue_elsewhere(name: &str) -> Identity {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::open(dir.path(), wall_time()).unwrap();
    let (key, csr) = Identity::request();
    let request = Authority::read_request(&csr).unwrap();
    let certificate = authority.issue(request, name, wall_time(), 397).unwrap();
    Identity::new(certificate.to_vec(), &key)
}

/// A bridge's side of one connection.
pub struct Bridge {
    pub identity: Identity,
    pub connection: Connection,
    pub send: SendStream,
    pub receive: RecvStream,
    bytes: Vec<u8>,
    _endpoint: Endpoint,
}

impl Bridge {
    pub async fn connect(region: &Region, identity: Option<&Identity>) -> Self {
        Self::try_connect(region, identity).await.unwrap()
    }

    pub async fn try_connect(
        region: &Region,
        identity: Option<&Identity>,
    ) -> Result<Self, ConnectionError> {
        Self::connect_with(region, identity, LINK_ALPN).await
    }

    pub async fn connect_with(
        region: &Region,
        identity: Option<&Identity>,
        alpn: &[u8],
    ) -> Result<Self, ConnectionError> {
        let mut roots = RootCertStore::empty();
        roots.add(region.authority().clone()).unwrap();
        let tls = rustls::ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots);
        let mut tls = match identity {
            None => tls.with_no_client_auth(),
            Some(identity) => {
                let chain = vec![identity.certificate.clone().into()];
                let key = PrivatePkcs8KeyDer::from(identity.key.clone()).into();
                tls.with_client_auth_cert(chain, key).unwrap()
            }
        };
        tls.alpn_protocols = vec![alpn.to_vec()];
        let config = ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()));
        let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
        let connecting = endpoint.connect_with(config, region.bridges, SERVER_NAME).unwrap();
        let connection = timeout(PATIENCE, connecting).await.expect("a handshake ends")?;
        let (send, receive) = connection.open_bi().await?;
        let identity =
            identity.cloned().unwrap_or(Identity { certificate: Vec::new(), key: Vec::new() });
        Ok(Self { identity, connection, send, receive, bytes: Vec::new(), _endpoint: endpoint })
    }

    pub async fn hello(&mut self, owed: &[Progress]) -> Frame {
        let hello = Hello {
            versions: VERSIONS,
            now: wall_time(),
            software: "test".to_owned(),
            facility: "Clinic".to_owned(),
            site: SiteKind::Clinic,
            devices: vec![Device { id: device(), bed: "Bed 1".to_owned() }],
            owed: owed.to_vec(),
        };
        self.send_frame(&Frame::Hello(hello)).await;
        self.next().await
    }

    pub async fn send(&mut self, block: &Block) {
        self.send_frame(&Frame::Block(block.to_bytes())).await;
    }

    pub async fn send_frame(&mut self, frame: &Frame) {
        let mut bytes = Vec::new();
        frame.encode(&mut bytes);
        self.send_bytes(&bytes).await;
    }

    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.send.write_all(bytes)).await.expect("it is read").unwrap();
    }

    pub async fn next(&mut self) -> Frame {
        loop {
            if let Some((frame, len)) = Frame::decode(&self.bytes).unwrap() {
                self.bytes.drain(..len);
                return frame;
            }
            let read = timeout(PATIENCE, self.receive.read_chunk(4096, true)).await;
            let chunk = read.expect("an answer comes").unwrap().expect("the stream goes on");
            self.bytes.extend_from_slice(&chunk.bytes);
        }
    }

    /// The next ack, which must be of this run.
    pub async fn next_ack(&mut self, epoch: u64) -> u64 {
        let frame = self.next().await;
        let Frame::Ack(ack) = frame else { panic!("not an ack: {frame:?}") };
        assert!(ack.stored.iter().all(|p| p.device == device() && p.epoch == epoch));
        ack.stored.last().unwrap().next
    }

    /// Waits until exactly the blocks below `next` are acknowledged.
    pub async fn acked(&mut self, epoch: u64, next: u64) {
        loop {
            let acked = self.next_ack(epoch).await;
            assert!(acked <= next);
            if acked == next {
                return;
            }
        }
    }

    pub async fn closed(&self) -> ConnectionError {
        timeout(PATIENCE, self.connection.closed()).await.expect("it closes")
    }
}

pub fn wall_time() -> WallTime {
    server::clock::now()
}

pub fn device() -> DeviceId {
    DeviceId::new("bed-1").unwrap()
}

fn analyst_id(name: &str) -> AnalystId {
    AnalystId::new(name).unwrap()
}

fn bridge_id(name: &str) -> BridgeId {
    BridgeId::new(name).unwrap()
}

pub fn block(epoch: u64, seq: u64) -> Block {
    let at = WallTime(1_800_000_000_000_000 + seq as i64 * 1_000_000);
    Block {
        device: device(),
        epoch,
        seq,
        episode: EpisodeId::from_u128(42),
        tick: DeviceTick(4 * seq),
        at,
        built_at: at.plus_micros(1_000_000),
        second: Second::absent(Absence::Blank),
    }
}
