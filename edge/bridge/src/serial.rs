//! One port and its monitor: bytes to inputs for the uplink, for as long as the bridge runs.
//!
//! A port that is not there, or goes, is opened again each second: a cable that is pulled and
//! plugged in again needs nobody. What is wrong is logged once, not each second.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use device_codec::series50::{Decoder, Event, FRAME_BYTES_MAX, Fault, Interpretation, Message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, sleep_until, timeout};
use tokio_serial::{ClearBuffer, SerialPort, SerialStream};
use uplink::{Input, Now, PortState};
use vitals::{DeviceId, EpisodeId};

use crate::clock::Clock;
use crate::session::{RequestMode, Session};

pub use problem::PortProblem;

mod problem;

/// Time between two attempts to open a port.
const REOPEN_AFTER: Duration = Duration::from_secs(1);
/// Longest wait for a command to leave; a line that takes none is as good as lost.
const WRITE_PATIENCE: Duration = Duration::from_secs(2);
/// Faults of one line are told at most this often, with their count.
const FAULTS_TOLD_EVERY: Duration = Duration::from_secs(60);

/// A port and the monitor on it.
#[derive(Clone, Debug)]
pub struct Port {
    /// The monitor.
    pub device: DeviceId,
    /// The device file.
    pub path: PathBuf,
    /// Bits a second, 8 data bits, no parity, one stop bit.
    pub baud: u32,
    /// Who sets the pace.
    pub request: RequestMode,
}

/// What a port reports, with the moment it happened.
pub type Report = (Now, Input);

/// Opens a port for this process alone.
///
/// # Errors
///
/// [`PortProblem`] in words for the operator.
pub fn open(port: &Port) -> Result<SerialStream, PortProblem> {
    let builder = tokio_serial::new(port.path.to_string_lossy(), port.baud);
    let stream =
        SerialStream::open(&builder).map_err(|error| PortProblem::of_open(&port.path, &error))?;
    // Whatever gathered before is of no known time.
    if let Err(error) = stream.clear(ClearBuffer::Input) {
        tracing::debug!(device = %port.device, %error, "old input could not be thrown away");
    }
    Ok(stream)
}

/// Reads a port until `stopping` turns true or nobody listens to `reports` any more.
pub async fn run(
    port: Port,
    clock: Clock,
    reports: mpsc::Sender<Report>,
    mut stopping: watch::Receiver<bool>,
) {
    let device = port.device;
    let mut told = None;
    while !*stopping.borrow() {
        match open(&port) {
            Ok(stream) => {
                tracing::info!(%device, port = %port.path.display(), "port open");
                told = None;
                let state = PortState::Open;
                if reports.send((clock.now(), Input::Port { device, state })).await.is_err() {
                    return;
                }
                let line = Line::new(&port, clock, stream, reports.clone());
                match line.run(&mut stopping).await {
                    Ok(()) => return,
                    Err(error) => tracing::warn!(%device, %error, "port lost; is the cable in?"),
                }
            }
            Err(problem) => {
                if told.as_ref() != Some(&problem) {
                    tracing::warn!(%device, "{problem}");
                    told = Some(problem);
                }
            }
        }
        let state = PortState::Lost;
        if reports.send((clock.now(), Input::Port { device, state })).await.is_err() {
            return;
        }
        tokio::select! {
            () = sleep(REOPEN_AFTER) => {}
            _ = stopping.changed() => {}
        }
    }
}

/// An open port.
struct Line {
    device: DeviceId,
    clock: Clock,
    stream: SerialStream,
    decoder: Decoder,
    session: Session,
    reports: mpsc::Sender<Report>,
    faults: FaultCount,
}

impl Line {
    fn new(port: &Port, clock: Clock, stream: SerialStream, reports: mpsc::Sender<Report>) -> Self {
        Self {
            device: port.device,
            clock,
            stream,
            decoder: Decoder::new(),
            session: Session::open(clock.now().since_start, port.request),
            reports,
            faults: FaultCount::default(),
        }
    }

    /// Reads until told to stop; an error is a lost port.
    async fn run(mut self, stopping: &mut watch::Receiver<bool>) -> io::Result<()> {
        let mut buffer = [0; 512];
        loop {
            self.send().await?;
            let wake = self.clock.instant(self.session.timeout());
            tokio::select! {
                read = self.stream.read(&mut buffer) => {
                    let bytes = read?;
                    if bytes == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    self.hear(&buffer[..bytes]).await?;
                }
                () = sleep_until(wake) => {
                    self.session.handle_timeout(self.clock.now().since_start);
                }
                _ = stopping.changed() => {
                    self.session.close();
                    return self.send().await;
                }
            }
        }
    }

    /// Takes bytes that arrived together.
    async fn hear(&mut self, bytes: &[u8]) -> io::Result<()> {
        let now = self.clock.now();
        for byte in bytes {
            let Some(event) = self.decoder.push(*byte) else { continue };
            if let Event::Message { message, .. } = &event {
                self.session.handle(now.since_start, message);
            }
            if let Some(input) = self.input_of(now, &event)
                && self.reports.send((now, input)).await.is_err()
            {
                // The bridge is going; the next turn sees it.
                return Ok(());
            }
        }
        Ok(())
    }

    fn input_of(&mut self, now: Now, event: &Event) -> Option<Input> {
        let device = self.device;
        match event {
            Event::Message { message: Message::Ctg(block), wire_bytes } => Some(Input::Second {
                device,
                second: block.second(&Interpretation::default()),
                wire_bytes: *wire_bytes,
                fresh: fresh_episode(),
            }),
            Event::Message { message: Message::EventMark, .. } => Some(Input::EventMark { device }),
            Event::Message { .. } => None,
            Event::Junk { bytes } => {
                tracing::debug!(%device, bytes, "bytes between frames");
                None
            }
            Event::Fault(fault) => {
                self.faults.tell(device, now, fault);
                fault.may_hide_a_second().then_some(Input::Fault { device })
            }
        }
    }

    /// Sends what the session has to say.
    async fn send(&mut self) -> io::Result<()> {
        while let Some(note) = self.session.poll_note() {
            tracing::info!(device = %self.device, "{note}");
        }
        let mut frame = [0; FRAME_BYTES_MAX];
        while let Some(message) = self.session.poll_send() {
            let bytes = message.encode(&mut frame).expect("the buffer holds the largest frame");
            timeout(WRITE_PATIENCE, self.stream.write_all(&frame[..bytes])).await??;
        }
        Ok(())
    }
}

/// Counts faults between two lines of the log.
#[derive(Default)]
struct FaultCount {
    told_at: Option<Duration>,
    since: u64,
}

impl FaultCount {
    fn tell(&mut self, device: DeviceId, now: Now, fault: &Fault) {
        self.since += 1;
        let is_due = |told: Duration| now.since_start >= told + FAULTS_TOLD_EVERY;
        if self.told_at.is_none_or(is_due) {
            let faults = std::mem::take(&mut self.since);
            tracing::warn!(%device, faults, "damaged frame: {fault}; look at plugs and cable if it goes on");
            self.told_at = Some(now.since_start);
        }
    }
}

/// A name for an episode, should one begin.
fn fresh_episode() -> EpisodeId {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).expect("the system's random numbers do not fail once they work");
    EpisodeId::from_u128(u128::from_le_bytes(bits))
}
