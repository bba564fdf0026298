//! The least that is a region: it enrols, takes blocks in order, and acknowledges.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::link::{
    Ack, EnrollAnswer, Frame, LINK_ALPN, Progress, Refusal, RefusalCode, SERVER_NAME, Welcome,
};
use protocol::{Block, Token};
use quinn::crypto::rustls::{HandshakeData, QuicServerConfig};
use quinn::{Connection, Endpoint, RecvStream, SendStream};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use vitals::{BridgeId, DeviceId, WallTime};

pub type Stored = BTreeMap<(DeviceId, u64), Vec<Block>>;

const SECRET: [u8; 16] = [42; 16];

/// A region on a free port of this computer, in threads of its own.
pub struct Region {
    authority: CertificateDer<'static>,
    issuer: Arc<Issuer<'static, KeyPair>>,
    pub stored: Arc<Mutex<Stored>>,
    pub address: SocketAddr,
    running: Option<tokio::runtime::Runtime>,
}

impl Region {
    pub fn start() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = params.self_signed(&key).unwrap().der().clone();
        let mut region = Self {
            authority,
            issuer: Arc::new(Issuer::new(params, key)),
            stored: Arc::default(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            running: None,
        };
        region.come();
        region
    }

    pub fn token(&self) -> String {
        let authority = credentials::tls::fingerprint(&self.authority);
        Token { secret: SECRET, authority }.to_text()
    }

    /// Stops answering; what is stored stays.
    pub fn go(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }

    /// Answers again, at the same address.
    pub fn come(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let config = self.config();
        let endpoint = {
            let _entered = runtime.enter();
            Endpoint::server(config, self.address).unwrap()
        };
        self.address = endpoint.local_addr().unwrap();
        let (stored, issuer) = (self.stored.clone(), self.issuer.clone());
        let authority = self.authority.clone();
        runtime.spawn(async move {
            while let Some(incoming) = endpoint.accept().await {
                let (stored, issuer) = (stored.clone(), issuer.clone());
                let authority = authority.clone();
                tokio::spawn(async move {
                    let Ok(connection) = incoming.await else { return };
                    let data = connection.handshake_data().unwrap();
                    let protocol = data.downcast::<HandshakeData>().unwrap().protocol;
                    let Ok((send, receive)) = connection.accept_bi().await else { return };
                    let mut frames = Frames { receive, inbox: Vec::new() };
                    if protocol.as_deref() == Some(LINK_ALPN) {
                        serve(send, &mut frames, &stored).await;
                    } else {
                        enrol(&connection, send, &mut frames, &issuer, &authority).await;
                    }
                });
            }
        });
        self.running = Some(runtime);
    }

    fn config(&self) -> quinn::ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![SERVER_NAME.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .allow_unauthenticated()
                .build()
                .unwrap();
        let mut tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(
                vec![certificate, self.authority.clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        tls.alpn_protocols = vec![LINK_ALPN.to_vec(), protocol::link::ENROLL_ALPN.to_vec()];
        quinn::ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls).unwrap()))
    }
}

struct Frames {
    receive: RecvStream,
    inbox: Vec<u8>,
}

impl Frames {
    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, bytes)) = Frame::decode(&self.inbox).unwrap() {
                self.inbox.drain(..bytes);
                return Some(frame);
            }
            let chunk = self.receive.read_chunk(4096, true).await.ok()??;
            self.inbox.extend_from_slice(&chunk.bytes);
        }
    }
}

async fn serve(mut send: SendStream, frames: &mut Frames, stored: &Mutex<Stored>) {
    while let Some(frame) = frames.next().await {
        let answer = match frame {
            Frame::Hello(hello) => {
                let stored = stored.lock().unwrap();
                let next = |p: &Progress| {
                    stored.get(&(p.device, p.epoch)).map_or(0, |run| run.len() as u64)
                };
                let stored = hello.owed.iter().map(|p| Progress { next: next(p), ..*p }).collect();
                Frame::Welcome(Welcome { version: 1, now: WallTime(0), stored })
            }
            Frame::Block(bytes) => {
                let block = Block::decode(&bytes).unwrap();
                let mut stored = stored.lock().unwrap();
                let run = stored.entry((block.device, block.epoch)).or_default();
                if block.seq == run.len() as u64 {
                    run.push(block);
                }
                let (device, epoch, next) = (block.device, block.epoch, run.len() as u64);
                Frame::Ack(Ack { stored: vec![Progress { device, epoch, next }] })
            }
            other => panic!("a bridge does not send {other:?}"),
        };
        if send.write_all(&answer.to_bytes()).await.is_err() {
            return;
        }
    }
}

async fn enrol(
    connection: &Connection,
    mut send: SendStream,
    frames: &mut Frames,
    issuer: &Issuer<'static, KeyPair>,
    authority: &CertificateDer<'static>,
) {
    let Some(Frame::EnrollRequest(request)) = frames.next().await else { return };
    let answer = if request.secret == SECRET {
        let csr = CertificateSigningRequestDer::from(request.csr);
        let mut csr = CertificateSigningRequestParams::from_der(&csr).unwrap();
        csr.params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = csr.signed_by(issuer).unwrap().der().to_vec();
        let bridge = BridgeId::new("clinic-1").unwrap();
        Frame::EnrollAnswer(EnrollAnswer { bridge, certificate, authority: authority.to_vec() })
    } else {
        let text = "the token is not known".to_owned();
        Frame::Refusal(Refusal { code: RefusalCode::Token, text })
    };
    if send.write_all(&answer.to_bytes()).await.is_ok() && send.finish().is_ok() {
        connection.closed().await;
    }
}
