//! The hub's calls for an analysis, which reads as a wall does and publishes besides.
//!
//! The driver calls [`Hub::connect_analyst`], then [`Hub::publish`] for each record and hands
//! every [`Published::Fresh`] to the store, and [`Hub::analyst_alive`] for each sign of life.
//! Frames for it come from [`Hub::next_frame`], as for every viewer.

use protocol::Publication;
use protocol::analysis::{Body, Fetus, Judgement, State};
use protocol::feed::{RecordEntry, TrackNumber};
use vitals::{AnalystId, BridgeId, DeviceId, EpisodeId, WallTime};

use crate::analysis::Entered;
use crate::analyst::Analysis;
use crate::answer::{AnalystConnected, Published, RecordRefused};
use crate::hub::Hub;
use crate::subscriber::{Hears, ViewerId};

impl Hub {
    /// Learns a record from the store, so that a wall and an analysis have a past after a
    /// restart. Older revisions may come too; the newest counts. Records of a device without a
    /// track wait until its bridge says hello: they alone are no reason to show it.
    pub fn restore_record(
        &mut self,
        now: WallTime,
        bridge: BridgeId,
        device: DeviceId,
        publication: Publication,
    ) {
        match self.tracks.number_of(bridge, device) {
            Some(track) => {
                self.enter(now, track, &publication, &publication.to_bytes());
            }
            None => self.restored.entry((bridge, device)).or_default().push(publication),
        }
    }

    /// Takes up the restored records of a device that now has a track.
    pub(super) fn take_up_restored(&mut self, now: WallTime, bridge: BridgeId, device: DeviceId) {
        let Some(track) = self.tracks.number_of(bridge, device) else { return };
        for publication in self.restored.remove(&(bridge, device)).into_iter().flatten() {
            self.enter(now, track, &publication, &publication.to_bytes());
        }
    }

    /// Accepts an analysis that proved to be `name`; it lives from now on.
    pub fn connect_analyst(&mut self, now: WallTime, name: AnalystId) -> AnalystConnected {
        let viewer = self.open(Hears::NoAlarms);
        let replaced = self.analysts.connect(now, viewer, name);
        if let Some(replaced) = replaced {
            self.close_viewer(replaced);
        }
        AnalystConnected { viewer, replaced }
    }

    /// Takes one record of an analysis. Viewers see it at once.
    ///
    /// # Errors
    ///
    /// [`RecordRefused`]; nothing was changed.
    pub fn publish(
        &mut self,
        now: WallTime,
        analyst: ViewerId,
        entry: &RecordEntry<'_>,
    ) -> Result<Published, RecordRefused> {
        if !self.analysts.is_connected(analyst) {
            return Err(RecordRefused::NotConnected);
        }
        let publication = Publication::decode(entry.record).map_err(RecordRefused::Malformed)?;
        if matches!(publication.body, Body::Judgement(_)) {
            return Err(RecordRefused::NotForAnalysis);
        }
        // Whoever publishes works.
        self.analysts.alive(now, analyst);
        self.take(now, entry.track, publication)
    }

    /// Takes a person's judgement as a record of the region's own, under an id that is new.
    ///
    /// # Errors
    ///
    /// [`RecordRefused::UnknownTrack`].
    pub fn judge(
        &mut self,
        now: WallTime,
        track: TrackNumber,
        (episode, fetus): (EpisodeId, Fetus),
        judgement: Judgement,
    ) -> Result<Published, RecordRefused> {
        // The clock, so that it is new after a restart too; higher where that was set back.
        let id = u64::try_from(now.0).unwrap_or(1).max(self.judgement_id_last + 1);
        let (state, revision, body) = (State::Final, 1, Body::Judgement(judgement));
        let publication = Publication { episode, fetus, state, revision, id, body };
        let published = self.take(now, track, publication)?;
        self.judgement_id_last = id;
        Ok(published)
    }

    /// Notes that an analysis works. For a connection that counts no more this changes nothing.
    pub fn analyst_alive(&mut self, now: WallTime, analyst: ViewerId) {
        self.analysts.alive(now, analyst);
    }

    /// Notes that a connection of an analysis ended. For one that was replaced this changes
    /// nothing.
    pub fn disconnect_analyst(&mut self, now: WallTime, analyst: ViewerId) {
        self.analysts.disconnect(now, analyst);
        self.close_viewer(analyst);
    }

    /// Whether a connection of an analysis counts.
    #[must_use]
    pub fn is_analyst(&self, analyst: ViewerId) -> bool {
        self.analysts.is_connected(analyst)
    }

    /// Whether an analysis lives at `now`.
    #[must_use]
    pub fn analysis(&self, now: WallTime) -> Analysis {
        self.analysts.state_at(now)
    }

    fn take(
        &mut self,
        now: WallTime,
        track: TrackNumber,
        publication: Publication,
    ) -> Result<Published, RecordRefused> {
        let known = self.tracks.get(track).ok_or(RecordRefused::UnknownTrack { track })?;
        let (bridge, device) = (known.bridge, known.device);
        let bytes = publication.to_bytes();
        Ok(match self.enter(now, track, &publication, &bytes) {
            Entered::Fresh => {
                let publication = Box::new(publication);
                Published::Fresh { bridge, device, publication }
            }
            Entered::Known => Published::Known,
        })
    }

    fn enter(
        &mut self,
        now: WallTime,
        track: TrackNumber,
        publication: &Publication,
        bytes: &[u8],
    ) -> Entered {
        let offset = self.tracks.get(track).map_or(0, |track| track.clock_offset_micros);
        let oldest = now.plus_micros(-self.options.recent_micros).plus_micros(-offset);
        self.records.enter(track, publication, bytes, oldest)
    }
}
