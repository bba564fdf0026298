//! The settings, and what all sessions share.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::feed::Feed;
use crate::gate::Gate;
use crate::refusal::Refusal;
use crate::seats::{Seat, Seats};

/// What may be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallSettings {
    /// Most screens at once. Default 512; each costs some 300 KiB with WebRTC.
    pub screens_max: usize,
    /// Most screens of one account. Default 32, the screens of a large ward.
    pub screens_per_account_max: usize,
    /// The address that WebRTC offers to screens.
    ///
    /// Default `None`: the one on which the screen's own HTTP request arrived. Needed behind a
    /// proxy on another machine; it must be an address of this machine.
    pub webrtc_address: Option<IpAddr>,
    /// Bytes that may be on their way to one screen over WebRTC before it gets no more.
    ///
    /// Default 256 KiB, some ten minutes of one strip or a few seconds of a full region. More
    /// shows older strips on a slow line; less slows the history down on a long one.
    pub outstanding_bytes_max: usize,
    /// How long a screen may take nothing before its session ends. Default 10 s.
    pub stall_max: Duration,
    /// Time between two looks whether the screen's login still stands. Default 5 s, its bound
    /// above as well: a removed account must go dark.
    pub login_checked_every: Duration,
    /// Shortest time between two looks for new frames.
    ///
    /// Default 25 ms. Shorter sends more and smaller frames, longer adds to the delay.
    pub gather: Duration,
}

impl Default for WallSettings {
    fn default() -> Self {
        Self {
            screens_max: 512,
            screens_per_account_max: 32,
            webrtc_address: None,
            outstanding_bytes_max: 256 * 1024,
            stall_max: Duration::from_secs(10),
            login_checked_every: Duration::from_secs(5),
            gather: Duration::from_millis(25),
        }
    }
}

/// What all sessions share: the hub, the door, the places, the end.
pub struct Wall {
    pub(crate) feed: Arc<dyn Feed>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) settings: WallSettings,
    seats: Arc<Seats>,
    stopping: watch::Sender<bool>,
}

impl Wall {
    /// A wall over `feed`, behind `gate`.
    #[must_use]
    pub fn new(feed: Arc<dyn Feed>, gate: Gate, settings: WallSettings) -> Arc<Self> {
        let seats = Seats::new(settings.screens_max, settings.screens_per_account_max);
        let stopping = watch::Sender::new(false);
        Arc::new(Self { feed, gate: Arc::new(gate), settings, seats, stopping })
    }

    /// How many screens are open.
    #[must_use]
    pub fn screens(&self) -> usize {
        self.seats.count()
    }

    /// Ends every session and refuses new ones; returns when they have closed, or after two
    /// seconds.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let all_closed = async {
            while self.screens() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(2), all_closed).await.is_err() {
            tracing::warn!(screens = self.screens(), "screens did not close in time");
        }
    }

    pub(crate) fn seat(&self, name: &access::AccountName) -> Result<Seat, Refusal> {
        if *self.stopping.borrow() {
            return Err(Refusal::Stopping);
        }
        Ok(self.seats.take(name)?)
    }

    /// Returns when the wall stops.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // An error means that the wall itself has gone, which is an end as well.
        if stopping.wait_for(|stopping| *stopping).await.is_err() {
            tracing::debug!("the wall was dropped before it was stopped");
        }
    }
}

impl std::fmt::Debug for Wall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wall").field("screens", &self.screens()).finish_non_exhaustive()
    }
}
