//! The hub's calls for whoever keeps the region's alarms.
//!
//! What it needs to know of the tracks, what walls are to be told, and answers to one of them.

use protocol::feed::{Refused, TrackNumber, encode_refused};
use vitals::{BridgeId, DeviceId, WallTime};

use crate::alarms::{AlarmKey, Standing};
use crate::hub::Hub;
use crate::subscriber::ViewerId;

impl Hub {
    /// Tells walls of an alarm or a pause: those that want the track, and all of what is of
    /// [`TrackNumber::REGION`]. The newest under a key counts.
    ///
    /// `record` is an encoded `protocol::alert::AlertRecord`, and goes on as it is.
    pub fn tell_alarm(
        &mut self,
        track: TrackNumber,
        key: AlarmKey,
        standing: Standing,
        record: &[u8],
    ) {
        self.alarms.tell(track, key, standing, record);
    }

    /// Says to one wall that what it asked for is not done.
    pub fn refuse(&mut self, now: WallTime, viewer: ViewerId, refused: Refused) {
        if let Some(viewer) = self.viewers.get_mut(&viewer) {
            viewer.answer(encode_refused(now, refused).into());
        }
    }

    /// The machine of a track.
    #[must_use]
    pub fn machine_of(&self, track: TrackNumber) -> Option<(BridgeId, DeviceId)> {
        self.tracks.get(track).map(|track| (track.bridge, track.device))
    }

    /// The track of a machine, if it has one yet.
    #[must_use]
    pub fn track_of(&self, bridge: BridgeId, device: DeviceId) -> Option<TrackNumber> {
        self.tracks.number_of(bridge, device)
    }

    /// What is added to a time by a machine's clock to have it by the region's, µs.
    #[must_use]
    pub fn clock_offset_of(&self, bridge: BridgeId, device: DeviceId) -> Option<i64> {
        let track = self.tracks.number_of(bridge, device)?;
        self.tracks.get(track).map(|track| track.clock_offset_micros)
    }

    /// When the newest block of a track came, by the region's clock.
    #[must_use]
    pub fn last_received_at(&self, track: TrackNumber) -> Option<WallTime> {
        self.tracks.get(track)?.last_received_at
    }
}
