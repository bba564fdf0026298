//! Looks for whatever would keep the bridge from working, and says what to do.

use std::fmt;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use device_codec::series50::{Decoder, Event, FRAME_BYTES_MAX, Message};
use quinn::VarInt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep_until, timeout};
use tokio_serial::{SerialPort, SerialStream};

use crate::clock::{self, Clock};
use crate::config::{Config, MonitorConfig};
use crate::identity::Identity;
use crate::quic::{self, LinkError};
use crate::serial::{self, Port};
use crate::session::{Note, Session};

/// How long a monitor may take to send a whole frame: three questions and the answer.
const MONITOR_PATIENCE: Duration = Duration::from_secs(8);
/// How long each other speed is tried.
const SPEED_PATIENCE: Duration = Duration::from_secs(3);
/// Speeds that monitors and adapters are set to.
const SPEEDS: [u32; 5] = [1200, 2400, 4800, 9600, 19_200];
/// A region that does not accept the certificate says so within this.
const REGION_PATIENCE: Duration = Duration::from_secs(1);
/// Certificates that end sooner are worth a word: time to ask for a token.
const CERTIFICATE_DAYS_MIN: i64 = 30;

/// What one look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: String,
    /// What was found.
    pub verdict: Verdict,
}

/// Whether something was found to be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works.
    Well(String),
    /// It works, and somebody should do something soon.
    Soon(String),
    /// It does not work; the text says what to do.
    Wrong(String),
}

impl Finding {
    /// Whether the bridge can work with this.
    #[must_use]
    pub fn is_well(&self) -> bool {
        !matches!(self.verdict, Verdict::Wrong(_))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.verdict {
            Verdict::Well(text) => ("ok    ", text),
            Verdict::Soon(text) => ("soon  ", text),
            Verdict::Wrong(text) => ("WRONG ", text),
        };
        write!(f, "{word} {}: {text}", self.subject)
    }
}

/// Looks at the disk, the identity, the region and every port.
///
/// Ports of a bridge that runs are in use, and are told so. The running bridge keeps its
/// connection: the region is only greeted, not asked for anything.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = vec![found("data", check_data(config))];
    let identity = Identity::load(&config.data);
    findings.push(found("identity", check_identity(identity.as_ref())));
    findings.push(found("region", check_region(config, identity.as_ref().ok()).await));
    // All at once: a ward of silent monitors takes no longer than one.
    let looks: Vec<_> =
        config.monitors.iter().map(|m| tokio::spawn(check_monitor(m.clone()))).collect();
    for (monitor, look) in config.monitors.iter().zip(looks) {
        let subject = format!("{} on {}", monitor.device, monitor.port.display());
        let verdict = look.await.unwrap_or_else(|error| Verdict::Wrong(error.to_string()));
        findings.push(found(&subject, verdict));
    }
    findings
}

fn found(subject: &str, verdict: Verdict) -> Finding {
    Finding { subject: subject.to_owned(), verdict }
}

fn check_data(config: &Config) -> Verdict {
    let folder = config.spool_folder();
    let probe = folder.join("check");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&probe, [0; 4096]))
        .and_then(|()| File::open(&probe)?.sync_all())
        .and_then(|()| fs::remove_file(&probe));
    if let Err(error) = written {
        return Verdict::Wrong(format!(
            "'{}' cannot be written: {error}; free space, or give this user the folder with chown",
            folder.display()
        ));
    }
    let free = match free_bytes(&folder) {
        Ok(free) => free,
        Err(error) => return Verdict::Wrong(format!("'{}': {error}", folder.display())),
    };
    let text = format!("'{}' can be written, {} MiB are free", folder.display(), free >> 20);
    if free < config.spool_bytes_max {
        let wanted = config.spool_bytes_max >> 20;
        return Verdict::Soon(format!(
            "{text}; \"spool_bytes_max\" is {wanted} MiB: free space or lower it"
        ));
    }
    Verdict::Well(text)
}

fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn check_identity(identity: Result<&Identity, &crate::identity::IdentityError>) -> Verdict {
    let identity = match identity {
        Ok(identity) => identity,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let until = identity.validity.until;
    let text = format!("enrolled as \"{}\", certificate valid until {until}", identity.bridge);
    if !identity.validity.contains(clock::wall()) {
        let (from, until) = (identity.validity.from, until);
        return Verdict::Wrong(LinkError::NotValid { from, until }.to_string());
    }
    let left = until.as_second() - clock::wall().0 / 1_000_000;
    if left < CERTIFICATE_DAYS_MIN * 24 * 3600 {
        return Verdict::Soon(format!("{text}; ask the region for a token to renew it"));
    }
    Verdict::Well(text)
}

async fn check_region(config: &Config, identity: Option<&Identity>) -> Verdict {
    let server = &config.server;
    let addresses = match quic::resolve(server).await {
        Ok(addresses) => addresses,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let Some(identity) = identity else {
        return Verdict::Wrong(format!("{server} was not called: there is no identity to show"));
    };
    match quic::connect(server, identity).await {
        Err(error) => Verdict::Wrong(error.to_string()),
        Ok((endpoint, connection)) => {
            // The region looks at the certificate after this side is done.
            let closed = timeout(REGION_PATIENCE, connection.closed()).await;
            let address = connection.remote_address();
            connection.close(VarInt::from_u32(0), b"");
            endpoint.wait_idle().await;
            match closed {
                Ok(error) => Verdict::Wrong(quic::ended(&error).to_string()),
                Err(_) => Verdict::Well(format!(
                    "{server} ({address}, {} known) answers as this bridge's region",
                    addresses.len()
                )),
            }
        }
    }
}

async fn check_monitor(monitor: MonitorConfig) -> Verdict {
    let port = Port {
        device: monitor.device,
        path: monitor.port.clone(),
        baud: monitor.baud,
        request: monitor.request,
    };
    let mut stream = match serial::open(&port) {
        Ok(stream) => stream,
        Err(problem) => return Verdict::Wrong(problem.to_string()),
    };
    let heard = listen(&mut stream, &port, MONITOR_PATIENCE).await;
    match heard {
        Heard::Monitor(text) => Verdict::Well(text),
        Heard::Lost(error) => {
            Verdict::Wrong(format!("the port was lost while reading: {error}; is the cable in?"))
        }
        Heard::Nothing => Verdict::Wrong(format!(
            "the port opens and nothing comes at {} baud; is the monitor on, its interface set to Series 50 or \"HP\", and the cable of the right kind (transmit and receive crossed)?",
            port.baud
        )),
        Heard::Noise { bytes } => try_speeds(stream, &port, bytes).await,
    }
}

/// Bytes came and no frame: the speed is most likely wrong, so the others are tried.
async fn try_speeds(mut stream: SerialStream, port: &Port, bytes: usize) -> Verdict {
    for baud in SPEEDS.into_iter().filter(|baud| *baud != port.baud) {
        if stream.set_baud_rate(baud).is_err() {
            continue;
        }
        if let Heard::Monitor(text) = listen(&mut stream, port, SPEED_PATIENCE).await {
            return Verdict::Wrong(format!("{text}, but at {baud} baud: set \"baud\" to {baud}"));
        }
    }
    Verdict::Wrong(format!(
        "{bytes} bytes came at {} baud and made no frame, nor at other speeds; is the monitor's interface set to Series 50 or \"HP\"?",
        port.baud
    ))
}

enum Heard {
    Monitor(String),
    Noise { bytes: usize },
    Nothing,
    Lost(std::io::Error),
}

/// Talks to the monitor as the bridge would, until it sends a block or time is up.
async fn listen(stream: &mut SerialStream, port: &Port, patience: Duration) -> Heard {
    let clock = Clock::start();
    let mut session = Session::open(Duration::ZERO, port.request);
    let (mut decoder, mut bytes, mut buffer) = (Decoder::new(), 0, [0; 512]);
    let mut identity = None;
    let mut is_alive = false;
    while clock.now().since_start < patience {
        if let Err(error) = say(stream, &mut session).await {
            return Heard::Lost(error);
        }
        while let Some(note) = session.poll_note() {
            if matches!(note, Note::Identified(_) | Note::Failure(_)) {
                identity = Some(note.to_string());
            }
        }
        let wake = clock.instant(session.timeout().min(patience));
        tokio::select! {
            read = stream.read(&mut buffer) => {
                let read = match read {
                    Ok(0) => return Heard::Lost(std::io::ErrorKind::UnexpectedEof.into()),
                    Ok(read) => read,
                    Err(error) => return Heard::Lost(error),
                };
                bytes += read;
                for byte in &buffer[..read] {
                    let Some(Event::Message { message, .. }) = decoder.push(*byte) else { continue };
                    is_alive = true;
                    if matches!(message, Message::Ctg(_)) {
                        session.close();
                        // Whether the farewell arrives does not change what was found.
                        return match say(stream, &mut session).await {
                            Ok(()) | Err(_) => Heard::Monitor(describe(identity, port)),
                        };
                    }
                    session.handle(clock.now().since_start, &message);
                }
            }
            () = sleep_until(wake) => session.handle_timeout(clock.now().since_start),
        }
    }
    if is_alive {
        return Heard::Monitor(format!("{}, but sends no CTG as yet", describe(identity, port)));
    }
    if bytes > 0 { Heard::Noise { bytes } } else { Heard::Nothing }
}

fn describe(identity: Option<String>, port: &Port) -> String {
    let identity = identity.unwrap_or_else(|| "a monitor answers".to_owned());
    format!("{identity}, {} baud", port.baud)
}

async fn say(stream: &mut SerialStream, session: &mut Session) -> std::io::Result<()> {
    let mut frame = [0; FRAME_BYTES_MAX];
    while let Some(message) = session.poll_send() {
        let bytes = message.encode(&mut frame).expect("the buffer holds the largest frame");
        timeout(Duration::from_secs(2), stream.write_all(&frame[..bytes])).await??;
    }
    Ok(())
}
