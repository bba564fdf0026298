//! Looks for whatever would keep the bridge from working, and says what to do.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use credentials::Identity;
use credentials::check::{self, Finding, Verdict};
use device_codec::series50::{Decoder, Event, FRAME_BYTES_MAX, Message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep_until, timeout};
use tokio_serial::{SerialPort, SerialStream};

use crate::clock::{self, Clock};
use crate::config::{Config, MonitorConfig};
use crate::quic::BRIDGE;
use crate::serial::{self, Port};
use crate::session::{Note, Session};

/// How long a monitor may take to send a whole frame: three questions and the answer.
const MONITOR_PATIENCE: Duration = Duration::from_secs(8);
/// How long each other speed is tried.
const SPEED_PATIENCE: Duration = Duration::from_secs(3);
/// Speeds that monitors and adapters are set to.
const SPEEDS: [u32; 5] = [1200, 2400, 4800, 9600, 19_200];
/// Looks at the disk, the identity, the region and every port.
///
/// Ports of a bridge that runs are in use, and are told so. The running bridge keeps its
/// connection: the region is only greeted, not asked for anything.
pub async fn check(config: &Config) -> Vec<Finding> {
    let now = clock::wall();
    let mut findings = vec![check_data(config).of("data")];
    let identity = Identity::load(BRIDGE, &config.data);
    findings.push(check::identity(identity.as_ref(), now).of("identity"));
    let region = check::region(&config.server, identity.as_ref().ok(), now).await;
    findings.push(region.of("region"));
    // All at once: a ward of silent monitors takes no longer than one.
    let looks: Vec<_> =
        config.monitors.iter().map(|m| tokio::spawn(check_monitor(m.clone()))).collect();
    for (monitor, look) in config.monitors.iter().zip(looks) {
        let subject = format!("{} on {}", monitor.device, monitor.port.display());
        let verdict = look.await.unwrap_or_else(|error| Verdict::Wrong(error.to_string()));
        findings.push(verdict.of(&subject));
    }
    findings
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
