//! Many monitors on many ports, played by one thread.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Pty, PtyError};
use crate::monitor::VirtualMonitor;
use crate::pace::Pace;

/// A monitor and the name of its port.
#[derive(Debug)]
pub struct Bed {
    /// Where the symbolic link to the port goes.
    pub link: PathBuf,
    /// What is connected to it.
    pub monitor: VirtualMonitor,
}

/// How fast the lines are and how fast time passes.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Bits a second; 10 bits a byte. Default 1200.
    ///
    /// Below 750 a C block with every byte escaped takes longer than the second it tells of.
    pub baud: u32,
    /// Seconds played in a second. Default 1. Lines are faster by as much, so that everything
    /// keeps its proportion.
    pub speed: f64,
}

impl Default for Line {
    fn default() -> Self {
        Self { baud: device_codec::series50::BAUD_DEFAULT, speed: 1.0 }
    }
}

/// What can be said of a monitor while it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BedState {
    /// Somebody has the port open.
    pub connected: bool,
    /// The recording is over; the monitor is silent but answers.
    pub ended: bool,
    /// Bytes that went nowhere, because nobody had the port open or took them.
    pub bytes_lost: u64,
}

/// Monitors at play. Dropping it stops them and removes their links.
#[derive(Debug)]
pub struct Playing {
    orders: SyncSender<Order>,
    thread: Option<JoinHandle<()>>,
}

/// Starts to play. The ports exist when this returns.
///
/// # Errors
///
/// [`PtyError`] where a port cannot be made; ports made before it are removed.
///
/// ```
/// # use ward::{monitor::{Settings, VirtualMonitor}, source::{Scenario, Synth}};
/// use ward::pty::{Bed, Line, play};
///
/// # let folder = tempfile::tempdir()?;
/// let source = Box::new(Synth::new(Scenario::Twins, 4711));
/// let monitor = VirtualMonitor::new(source, Settings::default());
/// let playing = play(vec![Bed { link: folder.path().join("bed-1"), monitor }], Line::default())?;
/// assert!(folder.path().join("bed-1").exists());
/// playing.unplug(0)?;
/// assert!(!folder.path().join("bed-1").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn play(beds: Vec<Bed>, line: Line) -> Result<Playing, PtyError> {
    assert!(line.speed > 0.0, "time passes forwards");
    let ports = beds
        .into_iter()
        .map(|Bed { link, monitor }| {
            let pty = Some(Pty::open(&link)?);
            Ok(Port { link, pty, monitor, pace: Pace::new(line.baud), bytes_lost: 0 })
        })
        .collect::<Result<Vec<_>, PtyError>>()?;
    let clock = Clock { start: Instant::now(), speed: line.speed };
    let (orders, received) = sync_channel(ORDERS_MAX);
    let thread = std::thread::Builder::new()
        .name("ward".to_owned())
        .spawn(move || run(ports, clock, &received))
        .map_err(PtyError::NoThread)?;
    Ok(Playing { orders, thread: Some(thread) })
}

impl Playing {
    /// Pulls the port of a bed: its device hangs up and its link is gone.
    ///
    /// # Errors
    ///
    /// [`PtyError::NoSuchBed`]; [`PtyError::Stopped`].
    pub fn unplug(&self, bed: usize) -> Result<(), PtyError> {
        self.order(bed, Action::Unplug).map(|_| ())
    }

    /// Plugs it in again: a new device under the same link.
    ///
    /// # Errors
    ///
    /// [`PtyError`] where the port cannot be made.
    pub fn replug(&self, bed: usize) -> Result<(), PtyError> {
        self.order(bed, Action::Replug).map(|_| ())
    }

    /// The monitor's cable comes off; the port stays. See [`VirtualMonitor::fall_silent`].
    ///
    /// # Errors
    ///
    /// [`PtyError::NoSuchBed`]; [`PtyError::Stopped`].
    pub fn fall_silent(&self, bed: usize) -> Result<(), PtyError> {
        self.order(bed, Action::Change(VirtualMonitor::fall_silent)).map(|_| ())
    }

    /// The monitor's cable is back.
    ///
    /// # Errors
    ///
    /// [`PtyError::NoSuchBed`]; [`PtyError::Stopped`].
    pub fn speak_again(&self, bed: usize) -> Result<(), PtyError> {
        self.order(bed, Action::Change(VirtualMonitor::speak_again)).map(|_| ())
    }

    /// The monitor loses power for a moment. See [`VirtualMonitor::power_cycle`].
    ///
    /// # Errors
    ///
    /// [`PtyError::NoSuchBed`]; [`PtyError::Stopped`].
    pub fn power_cycle(&self, bed: usize) -> Result<(), PtyError> {
        self.order(bed, Action::Change(VirtualMonitor::power_cycle)).map(|_| ())
    }

    /// Somebody presses the event marker.
    ///
    /// # Errors
    ///
    /// [`PtyError::NoSuchBed`]; [`PtyError::Stopped`].
    pub fn press_event_marker(&self, bed: usize) -> Result<(), PtyError> {
        self.order(bed, Action::Change(VirtualMonitor::press_event_marker)).map(|_| ())
    }

    /// How a bed is doing.
    ///
    /// # Errors
    ///
    /// [`PtyError::NoSuchBed`]; [`PtyError::Stopped`].
    pub fn state(&self, bed: usize) -> Result<BedState, PtyError> {
        self.order(bed, Action::Look)
    }

    /// Stops every monitor and removes the links; returns when that is done.
    pub fn stop(self) {
        drop(self);
    }

    fn order(&self, bed: usize, action: Action) -> Result<BedState, PtyError> {
        let (answer, answered) = sync_channel(1);
        let order = Order { bed, action, answer };
        self.orders.send(order).map_err(|_| PtyError::Stopped)?;
        answered.recv().map_err(|_| PtyError::Stopped)?
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        // A closed channel is the order to stop.
        let (closed, _) = sync_channel(1);
        self.orders = closed;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            eprintln!("the thread that plays the monitors broke off; see above");
        }
    }
}

/// What the thread is asked to do, and where the answer goes.
struct Order {
    bed: usize,
    action: Action,
    answer: SyncSender<Result<BedState, PtyError>>,
}

enum Action {
    Unplug,
    Replug,
    Change(fn(&mut VirtualMonitor)),
    Look,
}

/// A monitor on its port.
struct Port {
    link: PathBuf,
    pty: Option<Pty>,
    monitor: VirtualMonitor,
    pace: Pace,
    bytes_lost: u64,
}

/// Microseconds of played time.
struct Clock {
    start: Instant,
    speed: f64,
}

fn run(mut ports: Vec<Port>, clock: Clock, orders: &Receiver<Order>) {
    loop {
        let now_micros = clock.now_micros();
        for port in &mut ports {
            port.step(now_micros);
        }
        loop {
            match orders.try_recv() {
                Ok(order) => obey(&mut ports, order),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        let due = ports.iter().filter_map(Port::poll_timeout).min();
        let wait = due.map_or(WAIT_MAX, |due| clock.until(due).min(WAIT_MAX));
        wait_for_bytes(&ports, wait);
    }
}

fn obey(ports: &mut [Port], order: Order) {
    let beds = ports.len();
    let result = match ports.get_mut(order.bed) {
        None => Err(PtyError::NoSuchBed { bed: order.bed, beds }),
        Some(port) => port.obey(order.action),
    };
    if order.answer.send(result).is_err() {
        // Whoever asked is gone; the order was carried out all the same.
    }
}

impl Port {
    fn obey(&mut self, action: Action) -> Result<BedState, PtyError> {
        match action {
            Action::Unplug => self.pty = None,
            Action::Replug => {
                // The old one first: its end removes the link, which is then made anew.
                self.pty = None;
                self.pty = Some(Pty::open(&self.link)?);
            }
            Action::Change(change) => change(&mut self.monitor),
            Action::Look => {}
        }
        Ok(BedState {
            connected: self.connected().is_some(),
            ended: self.monitor.has_ended(),
            bytes_lost: self.bytes_lost,
        })
    }

    fn connected(&self) -> Option<&Pty> {
        self.pty.as_ref().filter(|pty| pty.is_connected())
    }

    fn step(&mut self, now_micros: u64) {
        let mut buffer = [0; 256];
        if let Some(pty) = &self.pty {
            // One bufferful a round: a bridge that babbles does not hold up the other beds.
            let count = pty.read(&mut buffer);
            self.monitor.handle_bytes(now_micros, &buffer[..count]);
        }
        self.monitor.handle_timeout(now_micros);
        while let Some(frame) = self.monitor.poll_output() {
            if self.pace.send(now_micros, &frame).is_err() {
                self.bytes_lost += frame.len() as u64;
            }
        }
        let arrived = self.pace.arrived(now_micros);
        if !arrived.is_empty() {
            let taken = self.connected().map_or(0, |pty| pty.write(&arrived));
            self.bytes_lost += (arrived.len() - taken) as u64;
        }
    }

    fn poll_timeout(&self) -> Option<u64> {
        [self.monitor.poll_timeout(), self.pace.poll_timeout()].into_iter().flatten().min()
    }
}

impl Clock {
    fn now_micros(&self) -> u64 {
        (self.start.elapsed().as_secs_f64() * 1e6 * self.speed) as u64
    }

    fn until(&self, micros: u64) -> Duration {
        let left = micros.saturating_sub(self.now_micros());
        Duration::from_secs_f64(left as f64 / 1e6 / self.speed)
    }
}

/// Sleeps until a bridge has sent something, or for so long.
fn wait_for_bytes(ports: &[Port], wait: Duration) {
    // A port that nobody has open reports that without end, and would keep this from sleeping.
    let mut asked: Vec<PollFd<'_>> = ports
        .iter()
        .filter_map(Port::connected)
        .map(|pty| PollFd::new(pty, PollFlags::IN))
        .collect();
    let wait = Timespec { tv_sec: wait.as_secs() as _, tv_nsec: wait.subsec_nanos() as _ };
    if poll(&mut asked, Some(&wait)).is_err() {
        // Interrupted by a signal: the next round looks at everything anyway.
    }
}

/// How long an order, or a port that somebody opens, may go unnoticed.
const WAIT_MAX: Duration = Duration::from_millis(20);

/// Orders that may wait; each caller waits for its answer, so more are never needed.
const ORDERS_MAX: usize = 16;
