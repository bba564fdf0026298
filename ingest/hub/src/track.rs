//! One device of one bridge: its place in the roster and its recent strip.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use protocol::feed::{FRAME_BYTES_MAX, LinkState, Marks, RosterEntry, TrackNumber, encode_roster};
use protocol::link::SiteKind;
use vitals::{BridgeId, DeviceId, WallTime};

use crate::log::{Arrival, Key};

/// Most tracks that one region shows at a time.
pub const TRACKS_MAX: usize = 16_384;
/// Most tracks of one bridge: the devices it has, and those that its spool still speaks of.
pub const TRACKS_PER_BRIDGE_MAX: usize = 1_024;
const _: () = assert!(TRACKS_MAX <= u16::MAX as usize, "a track's number fits the wire");

/// Whether the bridge of a track is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Lost { since: WallTime },
    Up { since: WallTime },
}

/// What people call the place of a track; nothing until its bridge says hello.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub site: SiteKind,
    pub facility: String,
    pub bed: String,
}

/// One device of one bridge.
///
/// # Invariants
///
/// The recent blocks are sorted by [`Arrival::key`] and never more than the bound they were
/// added with.
#[derive(Debug)]
pub(crate) struct Track {
    pub number: TrackNumber,
    pub bridge: BridgeId,
    pub device: DeviceId,
    pub link: Link,
    pub place: Place,
    pub clock_offset_micros: i64,
    pub last_received_at: Option<WallTime>,
    /// Counts the live arrivals, so that a reader can be told how many it missed.
    pub arrivals: u64,
    /// The roster's version when this track last changed.
    version: u64,
    recent: VecDeque<Arc<Arrival>>,
}

/// How much of its strip a track keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    pub micros: i64,
    pub blocks_max: usize,
}

impl Track {
    /// Adds a block to the recent strip and lets go of what is too old at `now`.
    pub(crate) fn keep(&mut self, now: WallTime, arrival: Arc<Arrival>, keep: Keep) {
        let key = arrival.key();
        let at = self.recent.partition_point(|other| other.key() < key);
        self.recent.insert(at, arrival);
        let oldest = now.plus_micros(-keep.micros);
        while self.recent.len() > keep.blocks_max
            || self.recent.front().is_some_and(|first| first.placed_at < oldest)
        {
            self.recent.pop_front();
        }
    }

    /// The recent blocks from `start` up to, but without, `end`, each with the marks that
    /// hold for it now.
    pub(crate) fn recent(
        &self,
        start: Key,
        end: WallTime,
    ) -> impl Iterator<Item = (&Arc<Arrival>, Marks)> {
        let at = self.recent.partition_point(|arrival| arrival.key() < start);
        let mut before = at.checked_sub(1).and_then(|before| self.recent.get(before));
        let window = self.recent.range(at..).take_while(move |arrival| arrival.placed_at < end);
        window.map(move |arrival| {
            let filled =
                before.is_some_and(|b| b.epoch == arrival.epoch && b.seq + 1 == arrival.seq);
            before = Some(arrival);
            let mut marks = Marks::HISTORY;
            if arrival.marks.contains(Marks::LATE) {
                marks = marks.with(Marks::LATE);
            }
            if arrival.marks.contains(Marks::GAP_BEFORE) && !filled {
                marks = marks.with(Marks::GAP_BEFORE);
            }
            (arrival, marks)
        })
    }

    fn roster_entry(&self) -> RosterEntry {
        let (link, since) = match self.link {
            Link::Lost { since } => (LinkState::Lost, since),
            Link::Up { since } => (LinkState::Up, since),
        };
        RosterEntry {
            track: self.number,
            link,
            since,
            clock_offset_micros: self.clock_offset_micros,
            site: self.place.site,
            bridge: self.bridge,
            device: self.device,
            facility: self.place.facility.clone(),
            bed: self.place.bed.clone(),
        }
    }

    fn assert_invariants(&self, keep: Keep) {
        assert!(self.recent.len() <= keep.blocks_max, "a track outgrew its bound");
        let sorted = |pair: (&Arc<Arrival>, &Arc<Arrival>)| pair.0.key() <= pair.1.key();
        assert!(self.recent.iter().zip(self.recent.iter().skip(1)).all(sorted), "a strip is torn");
    }
}

/// No more tracks can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TracksFull;

/// Every track that a wall can see, and the order in which they last changed.
#[derive(Debug, Default)]
pub(crate) struct Tracks {
    tracks: Vec<Track>,
    numbers: BTreeMap<(BridgeId, DeviceId), TrackNumber>,
    /// Which track made which version of the roster; one entry a track.
    changes: BTreeMap<u64, TrackNumber>,
    version: u64,
}

impl Tracks {
    /// The number of a device's track, opened where there is none.
    ///
    /// # Errors
    ///
    /// [`TracksFull`] at [`TRACKS_MAX`], or where the bridge has [`TRACKS_PER_BRIDGE_MAX`].
    pub(crate) fn open(
        &mut self,
        bridge: BridgeId,
        device: DeviceId,
        link: Link,
    ) -> Result<TrackNumber, TracksFull> {
        if let Some(number) = self.numbers.get(&(bridge, device)) {
            return Ok(*number);
        }
        if self.tracks.len() >= TRACKS_MAX || self.of_bridge(bridge).len() >= TRACKS_PER_BRIDGE_MAX
        {
            return Err(TracksFull);
        }
        let number = TrackNumber(u16::try_from(self.tracks.len()).expect("checked above"));
        self.tracks.push(Track {
            number,
            bridge,
            device,
            link,
            place: Place::default(),
            clock_offset_micros: 0,
            last_received_at: None,
            arrivals: 0,
            version: 0,
            recent: VecDeque::new(),
        });
        self.numbers.insert((bridge, device), number);
        self.changed(number);
        Ok(number)
    }

    /// The number of a device's track, where it has one.
    pub(crate) fn number_of(&self, bridge: BridgeId, device: DeviceId) -> Option<TrackNumber> {
        self.numbers.get(&(bridge, device)).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.tracks.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter()
    }

    pub(crate) fn get(&self, number: TrackNumber) -> Option<&Track> {
        self.tracks.get(usize::from(number.0))
    }

    /// The track, for changes that the roster does not show.
    pub(crate) fn strip_mut(&mut self, number: TrackNumber) -> &mut Track {
        &mut self.tracks[usize::from(number.0)]
    }

    /// Applies a change that the roster shows; readers hear of it only if there was one.
    pub(crate) fn update(&mut self, number: TrackNumber, change: impl FnOnce(&mut Track)) {
        let track = self.strip_mut(number);
        let before = (track.link, track.place.clone(), track.clock_offset_micros);
        change(track);
        if before != (track.link, track.place.clone(), track.clock_offset_micros) {
            self.changed(number);
        }
    }

    /// The tracks of one bridge.
    pub(crate) fn of_bridge(&self, bridge: BridgeId) -> Vec<TrackNumber> {
        // "0" is the name that sorts first of all.
        let first = DeviceId::new("0").expect("a digit is a name");
        let of_bridge = self.numbers.range((bridge, first)..);
        of_bridge.take_while(|((of, _), _)| *of == bridge).map(|(_, number)| *number).collect()
    }

    /// The version of the roster; rises with each change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// One frame of what changed after version `seen`, and the version it leads to.
    pub(crate) fn roster_after(&self, now: WallTime, seen: u64) -> Option<(Vec<u8>, u64)> {
        let mut entries = Vec::new();
        let (mut bytes, mut reached) = (ROSTER_HEADER_BYTES, seen);
        for (version, number) in self.changes.range(seen + 1..) {
            let entry = self.tracks[usize::from(number.0)].roster_entry();
            bytes += roster_entry_bytes(&entry);
            if bytes > FRAME_BYTES_MAX {
                break;
            }
            entries.push(entry);
            reached = *version;
        }
        let frame = encode_roster(now, &entries).into_iter().next()?;
        Some((frame, reached))
    }

    pub(crate) fn assert_invariants(&self, keep: Keep) {
        assert_eq!(self.changes.len(), self.tracks.len(), "a track has two places in the roster");
        for track in &self.tracks {
            track.assert_invariants(keep);
            assert_eq!(self.changes.get(&track.version), Some(&track.number));
        }
    }

    fn changed(&mut self, number: TrackNumber) {
        self.version += 1;
        let version = self.version;
        let track = self.strip_mut(number);
        let before = std::mem::replace(&mut track.version, version);
        self.changes.remove(&before);
        self.changes.insert(version, number);
    }
}

/// Bytes of a roster before its first entry, as `protocol::feed` has them.
const ROSTER_HEADER_BYTES: usize = 11;

/// An upper bound of the bytes of one entry.
fn roster_entry_bytes(entry: &RosterEntry) -> usize {
    let text = |text: &str| 1 + text.len().min(usize::from(u8::MAX));
    20 + text(entry.bridge.as_str())
        + text(entry.device.as_str())
        + text(&entry.facility)
        + text(&entry.bed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::feed::FeedFrame;

    #[test]
    fn a_roster_of_long_names_comes_whole_in_frames_that_fit() {
        let mut tracks = Tracks::default();
        let lost = Link::Lost { since: WallTime(5) };
        for n in 0..300 {
            let device = DeviceId::new(&format!("{n:032}")).unwrap();
            let number = tracks.open(BridgeId::new("b").unwrap(), device, lost).unwrap();
            let bed = "産".repeat(100);
            tracks.update(number, |track| track.place.bed = bed);
        }
        let (mut seen, mut named) = (0, 0);
        while let Some((frame, reached)) = tracks.roster_after(WallTime(9), seen) {
            assert!(frame.len() <= FRAME_BYTES_MAX && reached > seen);
            let FeedFrame::Roster { entries, .. } = FeedFrame::decode(&frame).unwrap() else {
                panic!("a roster was expected");
            };
            named += entries.len();
            seen = reached;
        }
        assert_eq!((named, seen), (300, tracks.version()));
    }

    #[test]
    fn a_bridge_cannot_take_all_tracks() {
        let mut tracks = Tracks::default();
        let lost = Link::Lost { since: WallTime(0) };
        let greedy = BridgeId::new("greedy").unwrap();
        for n in 0..TRACKS_PER_BRIDGE_MAX {
            let device = DeviceId::new(&format!("d{n}")).unwrap();
            tracks.open(greedy, device, lost).unwrap();
        }
        let one = DeviceId::new("one").unwrap();
        assert_eq!(tracks.open(greedy, one, lost), Err(TracksFull));
        assert!(tracks.open(BridgeId::new("modest").unwrap(), one, lost).is_ok());
    }
}
