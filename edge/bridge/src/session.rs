//! What to say to a monitor, and when: the handshake of the Series 50 interface.
//!
//! In: messages from the monitor, the passing of time. Out: messages to it, notes for the log.
//! Never: ports, bytes, clocks. The driver hands in the time since its start.
//!
//! The monitor is asked who it is, told to send a block each second, and reminded whenever
//! it stops. Source: device sheet, section 2.6; the reminding is what kept field loggers alive
//! on Corometrics 250cx monitors.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use device_codec::series50::{Identity, Message, Request};

/// How many times a monitor is asked who it is.
const ASKED_MAX: u32 = 3;
/// Time between two such questions.
const ASK_AGAIN: Duration = Duration::from_millis(1_500);
/// A block is due so long after the start of sending.
const FIRST_BLOCK: Duration = Duration::from_secs(2);
/// Without a block for so long, the handshake starts again.
const REMIND: Duration = Duration::from_secs(5);
/// Time between two polls; the monitor wants 900 to 1100 ms.
const POLL: Duration = Duration::from_secs(1);

/// Who sets the pace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestMode {
    /// The monitor sends a block each second of its own accord; what its guide recommends.
    #[default]
    Automatic,
    /// The bridge asks for each block; for monitors that stop sending.
    Poll,
}

/// What was noticed of the monitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// It said who it is.
    Identified(Identity),
    /// It does not say who it is; blocks are asked for all the same.
    Unidentified,
    /// It was told to send, and nothing came in time.
    NoBlock,
    /// It reported a failure of its own.
    Failure(String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identified(identity) => write!(
                f,
                "the monitor is a {}, interface revision {}, software {}",
                identity.model, identity.protocol, identity.software
            ),
            Self::Unidentified => f.write_str("the monitor does not say what it is"),
            Self::NoBlock => f.write_str(
                "the monitor was told to send and sends nothing; check cable, speed and the monitor's interface setting",
            ),
            Self::Failure(code) => write!(f, "the monitor reports its failure {code}"),
        }
    }
}

/// The talk with one monitor while its port is open.
///
/// One call to a `handle_*` or [`Session::close`], then drain [`Session::poll_send`] and
/// [`Session::poll_note`], then wait until [`Session::timeout`].
#[derive(Debug)]
pub struct Session {
    mode: RequestMode,
    step: Step,
    sends: VecDeque<Message>,
    notes: VecDeque<Note>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Asking {
        asked: u32,
        again: Duration,
    },
    Sending {
        /// When the last block came, or sending was asked for.
        quiet_since: Duration,
        first: First,
        poll: Duration,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    Awaited,
    Settled,
}

impl Session {
    /// A talk that begins now, with a port just opened.
    #[must_use]
    pub fn open(now: Duration, mode: RequestMode) -> Self {
        let step = Step::Asking { asked: 1, again: now + ASK_AGAIN };
        let sends = VecDeque::from([Message::Request(Request::Identity)]);
        Self { mode, step, sends, notes: VecDeque::new() }
    }

    /// A message came.
    pub fn handle(&mut self, now: Duration, message: &Message) {
        match message {
            Message::Identity(identity) => {
                // Unasked it means that the monitor was switched on again.
                self.notes.push_back(Note::Identified(*identity));
                self.start(now);
            }
            Message::Failure(code) => {
                self.notes.push_back(Note::Failure(code.to_string()));
                self.start(now);
            }
            Message::Ctg(_) => {
                if let Step::Sending { quiet_since, first, .. } = &mut self.step {
                    (*quiet_since, *first) = (now, First::Settled);
                }
            }
            _ => {}
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Duration) {
        match self.step {
            Step::Asking { asked, again } if now >= again => {
                if asked < ASKED_MAX {
                    self.sends.push_back(Message::Request(Request::Identity));
                    self.step = Step::Asking { asked: asked + 1, again: now + ASK_AGAIN };
                } else {
                    self.notes.push_back(Note::Unidentified);
                    self.start(now);
                }
            }
            Step::Sending { quiet_since, .. } if now >= quiet_since + REMIND => {
                self.sends.push_back(Message::Request(Request::Identity));
                let told = self.is_told();
                self.start(now);
                self.settle(told);
            }
            Step::Sending { quiet_since, first: First::Awaited, .. }
                if now >= quiet_since + FIRST_BLOCK =>
            {
                self.notes.push_back(Note::NoBlock);
                self.settle(First::Settled);
            }
            Step::Sending { quiet_since, first, poll }
                if self.mode == RequestMode::Poll && now >= poll =>
            {
                self.sends.push_back(Message::Request(Request::Ctg));
                // From the planned moment, so that the pace does not drift; from now after a stop.
                let planned = poll + POLL;
                let poll = if planned > now { planned } else { now + POLL };
                self.step = Step::Sending { quiet_since, first, poll };
            }
            Step::Asking { .. } | Step::Sending { .. } => {}
        }
    }

    /// The port is about to be closed.
    pub fn close(&mut self) {
        self.sends.push_back(Message::Stop);
    }

    /// The next message to send.
    pub fn poll_send(&mut self) -> Option<Message> {
        self.sends.pop_front()
    }

    /// The next note for the log.
    pub fn poll_note(&mut self) -> Option<Note> {
        self.notes.pop_front()
    }

    /// When to call [`Session::handle_timeout`].
    #[must_use]
    pub fn timeout(&self) -> Duration {
        match self.step {
            Step::Asking { again, .. } => again,
            Step::Sending { quiet_since, first, poll } => {
                let block = match first {
                    First::Awaited => quiet_since + FIRST_BLOCK,
                    First::Settled => quiet_since + REMIND,
                };
                if self.mode == RequestMode::Poll { block.min(poll) } else { block }
            }
        }
    }

    /// Tells the monitor to send.
    fn start(&mut self, now: Duration) {
        self.sends.push_back(match self.mode {
            RequestMode::Automatic => Message::Start,
            RequestMode::Poll => Message::Request(Request::Ctg),
        });
        self.step = Step::Sending { quiet_since: now, first: First::Awaited, poll: now + POLL };
    }

    fn settle(&mut self, to: First) {
        if let Step::Sending { first, .. } = &mut self.step {
            *first = to;
        }
    }

    /// A silent monitor is complained of once, not at every reminder.
    fn is_told(&self) -> First {
        match self.step {
            Step::Sending { first, .. } => first,
            Step::Asking { .. } => First::Awaited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_codec::series50::CtgBlock;
    use vitals::{Absence, Second};

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn sent(session: &mut Session) -> String {
        let letter = |message| match message {
            Message::Request(Request::Identity) => "?I",
            Message::Request(Request::Ctg) => "?C",
            Message::Start => "G",
            Message::Stop => "H",
            _ => "other",
        };
        std::iter::from_fn(|| session.poll_send()).map(letter).collect::<Vec<_>>().join(" ")
    }

    fn block() -> Message {
        Message::Ctg(CtgBlock::from_second(&Second::absent(Absence::Blank)))
    }

    #[test]
    fn a_monitor_that_does_not_introduce_itself_is_asked_three_times_and_then_started() {
        let mut session = Session::open(ms(0), RequestMode::Automatic);
        assert_eq!(sent(&mut session), "?I");
        for _ in 0..2 {
            session.handle_timeout(session.timeout());
            assert_eq!(sent(&mut session), "?I");
        }
        assert_eq!(session.timeout(), ms(4_500));
        session.handle_timeout(ms(4_500));
        assert_eq!(sent(&mut session), "G");
        assert_eq!(session.poll_note(), Some(Note::Unidentified));
    }

    #[test]
    fn a_stream_that_stops_is_asked_for_again_every_five_seconds_and_complained_of_once() {
        let mut session = Session::open(ms(0), RequestMode::Automatic);
        (0..3).for_each(|_| session.handle_timeout(session.timeout()));
        session.handle(ms(5_000), &block());
        assert_eq!(sent(&mut session), "?I ?I ?I G");
        assert_eq!(session.timeout(), ms(10_000));
        session.handle_timeout(ms(10_000));
        assert_eq!(sent(&mut session), "?I G");
        session.handle_timeout(ms(15_000));
        assert_eq!(sent(&mut session), "?I G");
        let notes: Vec<Note> = std::iter::from_fn(|| session.poll_note()).collect();
        assert_eq!(notes, [Note::Unidentified]);
        session.close();
        assert_eq!(sent(&mut session), "H");
    }

    #[test]
    fn a_monitor_that_never_sends_is_complained_of_after_two_seconds() {
        let mut session = Session::open(ms(0), RequestMode::Automatic);
        (0..3).for_each(|_| session.handle_timeout(session.timeout()));
        session.handle_timeout(ms(6_500));
        let notes: Vec<Note> = std::iter::from_fn(|| session.poll_note()).collect();
        assert_eq!(notes, [Note::Unidentified, Note::NoBlock]);
    }

    #[test]
    fn polling_asks_every_second_without_drift() {
        let mut session = Session::open(ms(0), RequestMode::Poll);
        (0..3).for_each(|_| session.handle_timeout(session.timeout()));
        assert_eq!(sent(&mut session), "?I ?I ?I ?C");
        for second in 1..=4 {
            session.handle(ms(4_500 + second * 1_000 - 500), &block());
            assert_eq!(session.timeout(), ms(4_500 + second * 1_000));
            session.handle_timeout(session.timeout() + ms(30));
            assert_eq!(sent(&mut session), "?C");
        }
    }
}
