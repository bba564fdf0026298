//! Whether the region is there, and when to call it again.

use core::time::Duration;

use crate::backoff::Backoff;

/// Longest wait for a welcome after the hello.
const WELCOME_PATIENCE: Duration = Duration::from_secs(10);
/// Longest wait for any acknowledgement while blocks are on the way.
///
/// A region with a slow disk answers within seconds; after a minute of nothing a new
/// connection is more likely to help than more patience.
const ACK_PATIENCE: Duration = Duration::from_secs(60);

/// The connection as this side sees it. Times are since the process began.
pub(crate) struct Link {
    state: State,
    backoff: Backoff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// No connection; the next attempt is at this time.
    Waiting { until: Duration },
    /// The driver was asked for a connection.
    Connecting,
    /// The hello is on its way.
    Greeting { until: Duration },
    /// The region said welcome.
    Up { heard: Duration },
}

/// What the passing of time asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Connect,
    GiveUp,
}

impl Link {
    pub(crate) fn new(jitter_seed: u64) -> Self {
        let state = State::Waiting { until: Duration::ZERO };
        Self { state, backoff: Backoff::new(jitter_seed) }
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    pub(crate) fn is_up(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    pub(crate) fn connected(&mut self, now: Duration) {
        self.state = State::Greeting { until: now + WELCOME_PATIENCE };
    }

    pub(crate) fn welcomed(&mut self, now: Duration) {
        self.backoff.reset();
        self.state = State::Up { heard: now };
    }

    /// An acknowledgement came, or nothing is on the way that could be acknowledged.
    pub(crate) fn alive(&mut self, now: Duration) {
        if let State::Up { heard } = &mut self.state {
            *heard = now;
        }
    }

    /// The connection is over. Returns the wait to the next attempt.
    pub(crate) fn lost(&mut self, now: Duration, hope: Hope) -> Duration {
        let wait = match hope {
            Hope::Soon => self.backoff.fail(),
            Hope::Later => self.backoff.fail_for_good(),
        };
        self.state = State::Waiting { until: now + wait };
        wait
    }

    pub(crate) fn timeout(&self, in_flight: u64) -> Option<Duration> {
        match self.state {
            State::Waiting { until } | State::Greeting { until } => Some(until),
            State::Connecting => None,
            State::Up { heard } => (in_flight > 0).then_some(heard + ACK_PATIENCE),
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Duration, in_flight: u64) -> Option<Due> {
        if self.timeout(in_flight).is_none_or(|at| now < at) {
            return None;
        }
        if matches!(self.state, State::Waiting { .. }) {
            self.state = State::Connecting;
            return Some(Due::Connect);
        }
        Some(Due::GiveUp)
    }
}

/// Whether another attempt is likely to go better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hope {
    Soon,
    /// Only a person can help.
    Later,
}
