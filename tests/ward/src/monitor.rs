//! A virtual Series 50 monitor.
//!
//! In: a [`Source`] of seconds, bytes from the bridge, the passing of time in microseconds.
//! Out: bytes for the line, the next deadline.
//! Never: a clock, a port, chance without a seed.
//!
//! It behaves as the manufacturer's guide says: it introduces itself at power-on and sends no
//! CTG until told to. `G` starts a C block every second, `H` stops it, `?C` asks for one and
//! ends the automatic sending, `?I` asks who it is, `V` asks for another revision.
//!
//! Ours, not the guide's: the source begins to play with the first `G` or `?C`, so that a
//! recording is heard from its first sample. From then on time passes whether anyone listens
//! or not. Answers come at once, where a real monitor may take 250 ms.
//!
//! ```
//! use ward::monitor::{Settings, VirtualMonitor};
//! use ward::source::{Scenario, Synth};
//!
//! let source = Synth::new(Scenario::Reassuring, 1);
//! let mut monitor = VirtualMonitor::new(Box::new(source), Settings::default());
//! assert!(monitor.poll_output().is_some(), "it introduces itself");
//! monitor.handle_bytes(0, &[0x10, 0x02, 0x47, 0x10, 0x03, 0x42, 0x1f]); // G
//! assert_eq!(monitor.poll_timeout(), Some(1_000_000));
//! monitor.handle_timeout(1_000_000);
//! assert!(monitor.poll_output().is_some(), "the first second of CTG");
//! ```

mod fault;
mod tick_queue;

pub use fault::Faults;

use std::collections::VecDeque;

use device_codec::series50::{
    CtgBlock, Decoder, Event, FRAME_BYTES_MAX, Identity, Message, Request, Revision, Text,
};
use vitals::Flags;

use crate::source::Source;
use fault::FaultyLine;
use tick_queue::TickQueue;

/// What a virtual monitor is, besides what it plays.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The serial number in its identity block. Default `WARD000001`.
    pub serial: [u8; 10],
    /// What goes wrong on its line. Default: nothing.
    pub faults: Faults,
}

impl Default for Settings {
    fn default() -> Self {
        Self { serial: *b"WARD000001", faults: Faults::default() }
    }
}

/// A monitor between its transducers and its serial port.
///
/// Call one `handle_…`, then [`poll_output`](Self::poll_output) until it gives nothing, then
/// wait for bytes or for [`poll_timeout`](Self::poll_timeout). Time is any count of
/// microseconds that never goes back.
pub struct VirtualMonitor {
    ticks: TickQueue,
    decoder: Decoder,
    revision: Revision,
    serial: Text<10>,
    mode: Mode,
    /// When the last second that was sent or passed by had ended; `None` before the first `G`
    /// or `?C`.
    lived_until: Option<u64>,
    line: FaultyLine,
    output: VecDeque<Vec<u8>>,
    frames_refused: u64,
    silent: bool,
}

/// Who decides when a C block goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    OnRequest,
    EverySecond,
}

impl VirtualMonitor {
    /// A monitor that is switched on now: it introduces itself and waits.
    #[must_use]
    pub fn new(source: Box<dyn Source>, settings: Settings) -> Self {
        let mut monitor = Self {
            ticks: TickQueue::new(source),
            decoder: Decoder::new(),
            revision: Revision::A20,
            serial: Text::from_bytes(settings.serial),
            mode: Mode::OnRequest,
            lived_until: None,
            line: FaultyLine::new(settings.faults),
            output: VecDeque::new(),
            frames_refused: 0,
            silent: false,
        };
        monitor.introduce();
        monitor
    }

    /// Takes bytes from the bridge.
    pub fn handle_bytes(&mut self, now_micros: u64, bytes: &[u8]) {
        for &byte in bytes {
            // A damaged command is not answered; the guide knows no refusal.
            if let Some(Event::Message { message, .. }) = self.decoder.push(byte) {
                self.obey(now_micros, &message);
            }
        }
    }

    /// Lets time pass: sends what is due by `now_micros`.
    pub fn handle_timeout(&mut self, now_micros: u64) {
        let due_after = self.due_after_micros();
        while let Some(until) = self.lived_until
            && now_micros >= until + due_after
        {
            self.lived_until = Some(until + SECOND_MICROS);
            match (self.mode, self.ticks.take(TICKS)) {
                (Mode::EverySecond, Some(second)) => self.send_second(&second),
                (_, second) => self.keep_to_itself(second),
            }
        }
    }

    /// The next bytes for the line, a frame or noise, in order.
    pub fn poll_output(&mut self) -> Option<Vec<u8>> {
        self.output.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called; `None` while nothing
    /// is due by itself.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        Some(self.lived_until? + self.due_after_micros())
    }

    /// Somebody presses the event marker. It is sent whether C blocks are or not.
    pub fn press_event_marker(&mut self) {
        self.send(&Message::EventMark);
    }

    /// The power fails for a moment: it forgets that it was started and introduces itself.
    pub fn power_cycle(&mut self) {
        self.mode = Mode::OnRequest;
        self.decoder = Decoder::new();
        self.revision = Revision::A20;
        self.introduce();
    }

    /// The cable comes off at the monitor: nothing leaves and nothing arrives until
    /// [`speak_again`](Self::speak_again). Time passes.
    pub fn fall_silent(&mut self) {
        self.silent = true;
        self.output.clear();
    }

    /// The cable is back.
    pub fn speak_again(&mut self) {
        self.silent = false;
    }

    /// Whether the source has ended. The monitor then answers, but sends no CTG.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ticks.has_ended()
    }

    /// Frames that were dropped because more than [`OUTPUT_FRAMES_MAX`] waited for the line.
    #[must_use]
    pub fn frames_refused(&self) -> u64 {
        self.frames_refused
    }

    fn obey(&mut self, now_micros: u64, message: &Message) {
        if self.silent {
            return;
        }
        match message {
            Message::Start => self.start(now_micros),
            Message::Stop => {
                self.handle_timeout(now_micros);
                self.mode = Mode::OnRequest;
            }
            Message::Request(Request::Ctg) => self.answer_poll(now_micros),
            Message::Request(Request::Identity) => self.introduce(),
            // Whether it took is told by the next identity.
            Message::Revision(wanted) if REVISIONS.contains(wanted.bytes()) => {
                self.revision = *wanted;
            }
            _ => {}
        }
    }

    fn start(&mut self, now_micros: u64) {
        self.handle_timeout(now_micros);
        // What passed while nobody asked is not sent afterwards.
        while self.mode == Mode::OnRequest
            && let Some(until) = self.lived_until
            && now_micros >= until + SECOND_MICROS
        {
            self.lived_until = Some(until + SECOND_MICROS);
            let second = self.ticks.take(TICKS);
            self.keep_to_itself(second);
        }
        self.lived_until.get_or_insert(now_micros);
        self.mode = Mode::EverySecond;
    }

    /// Sends the four ticks that are due; filler among them, or ticks gone before them, where
    /// the poll came outside 0.9 to 1.1 s.
    fn answer_poll(&mut self, now_micros: u64) {
        self.handle_timeout(now_micros);
        self.mode = Mode::OnRequest;
        let since = self.lived_until.map(|until| now_micros.saturating_sub(until));
        self.lived_until = Some(now_micros);
        let (count, cut) = match since {
            Some(micros) if micros < POLL_EARLY_MICROS => {
                // Three at most: a block that is whole would not need filler.
                ((micros / TICK_MICROS).min(TICKS as u64 - 1) as usize, Flags::NONE)
            }
            Some(micros) if micros > POLL_LATE_MICROS => {
                self.ticks.skip((micros - SECOND_MICROS) / TICK_MICROS);
                (TICKS, Flags::TICKS_DELETED)
            }
            _ => (TICKS, Flags::NONE),
        };
        if let Some(mut second) = self.ticks.take(count) {
            second.flags = second.flags.with(cut);
            self.send_second(&second);
        }
    }

    /// A second passes unsent; a pressed button is told all the same.
    fn keep_to_itself(&mut self, second: Option<vitals::Second>) {
        if second.is_some_and(|second| second.flags.contains(Flags::EVENT_MARK)) {
            self.press_event_marker();
        }
    }

    /// How long after the end of the last second the next one is let go.
    fn due_after_micros(&self) -> u64 {
        match self.mode {
            Mode::EverySecond => SECOND_MICROS,
            Mode::OnRequest => UNASKED_MICROS_MAX,
        }
    }

    fn send_second(&mut self, second: &vitals::Second) {
        // The button is a block of its own, and comes before the second it was pressed in.
        if second.flags.contains(Flags::EVENT_MARK) {
            self.press_event_marker();
        }
        self.send(&Message::Ctg(CtgBlock::from_second(second)));
    }

    fn introduce(&mut self) {
        self.send(&Message::Identity(Identity {
            model: Text::from_bytes(*b"M1350A"),
            protocol: self.revision,
            software: Text::from_bytes(*b"A.02.00"),
            serial: self.serial,
        }));
    }

    fn send(&mut self, message: &Message) {
        let mut buffer = [0; FRAME_BYTES_MAX];
        let bytes = message.encode(&mut buffer).expect("the buffer holds the longest frame");
        let frame = self.line.carry(&buffer[..bytes]);
        if self.silent {
            return;
        }
        if self.output.len() >= OUTPUT_FRAMES_MAX {
            self.frames_refused += 1;
        } else if !frame.is_empty() {
            self.output.push_back(frame);
        }
    }
}

impl std::fmt::Debug for VirtualMonitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "monitor {:?}, {:?}, lived until {:?}", self.serial, self.mode, self.lived_until)
    }
}

/// Frames that may wait for the line; beyond that new ones are dropped.
///
/// A line of 1200 baud empties faster than a C block a second fills; only a slower line, or a
/// driver that stopped, gets here.
pub const OUTPUT_FRAMES_MAX: usize = 64;

const TICKS: usize = vitals::TICKS_PER_SECOND;
const SECOND_MICROS: u64 = 1_000_000;
const TICK_MICROS: u64 = SECOND_MICROS / TICKS as u64;

/// Polls closer together or further apart than this make the monitor insert or delete ticks.
const POLL_EARLY_MICROS: u64 = 900_000;
const POLL_LATE_MICROS: u64 = 1_100_000;

/// How much time nobody asked for is held back, for a late poll, before it passes unsent.
const UNASKED_MICROS_MAX: u64 = 10 * SECOND_MICROS;

/// The revisions a `V` can ask for.
const REVISIONS: [[u8; 3]; 2] = [*b"A10", *b"A20"];

#[cfg(test)]
mod tests;
