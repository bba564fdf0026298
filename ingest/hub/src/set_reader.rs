//! How far one reader has seen a set with versions: what the analysis published, or alarms.

use bytes::Bytes;
use protocol::feed::{AlertsFrame, AnalysisFrame, RecordEntry, SetMarks, TrackNumber};
use vitals::WallTime;

/// Records of which only the newest of each counts, each with the version that it made.
pub(crate) trait VersionedSet {
    /// The frame that carries them.
    type Frame: SetFrame;

    /// The version that the newest change made.
    fn version(&self) -> u64;

    /// Whether a reader that has seen everything up to `seen` can go on from there.
    fn leads_on_from(&self, seen: u64) -> bool;

    /// What changed after version `seen`, oldest first.
    fn after(&self, seen: u64) -> impl Iterator<Item = Change<'_>>;
}

/// The newest change of one record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    /// The version it made.
    pub version: u64,
    /// Whether it took the record away.
    pub is_withdrawal: bool,
    /// The record.
    pub entry: RecordEntry<'a>,
}

/// A frame of such records under construction.
pub(crate) trait SetFrame {
    fn new(now: WallTime) -> Self;
    /// `false` where the record does not fit any more.
    fn push(&mut self, entry: &RecordEntry<'_>) -> bool;
    fn is_empty(&self) -> bool;
    fn into_bytes(self, marks: SetMarks) -> Vec<u8>;
}

macro_rules! set_frame {
    ($frame:ty) => {
        impl SetFrame for $frame {
            fn new(now: WallTime) -> Self {
                Self::new(now)
            }

            fn push(&mut self, entry: &RecordEntry<'_>) -> bool {
                self.push(entry)
            }

            fn is_empty(&self) -> bool {
                self.is_empty()
            }

            fn into_bytes(self, marks: SetMarks) -> Vec<u8> {
                self.into_bytes(marks)
            }
        }
    };
}
set_frame!(AnalysisFrame);
set_frame!(AlertsFrame);

/// One reader's place among the records.
///
/// # Invariants
///
/// All that changed up to `seen` was sent, or is not wanted; a set that began is sent to its
/// end before anything that changed after its beginning.
#[derive(Debug, Default)]
pub(crate) struct SetReader {
    seen: u64,
    set: Option<Set>,
}

/// A whole set on its way.
#[derive(Debug)]
struct Set {
    /// The version up to which it goes.
    until: u64,
    /// What its next frame is marked with.
    marks: SetMarks,
}

impl SetReader {
    /// Begins with the whole set.
    pub(crate) fn begin(&mut self, records: &impl VersionedSet) {
        self.seen = 0;
        self.set = Some(Set { until: records.version(), marks: SetMarks::BEGINS });
    }

    /// Whether a set is on its way.
    pub(crate) fn is_in_set(&self) -> bool {
        self.set.is_some()
    }

    /// The next frame of the set, or of what changed.
    pub(crate) fn next<S: VersionedSet>(
        &mut self,
        now: WallTime,
        records: &S,
        includes: impl Fn(TrackNumber) -> bool,
    ) -> Option<Bytes> {
        if self.set.is_none() && !records.leads_on_from(self.seen) {
            self.begin(records);
        }
        match self.set.take() {
            Some(set) => Some(self.next_of_set(now, records, set, includes)),
            None => self.next_change(now, records, includes),
        }
    }

    fn next_of_set<S: VersionedSet>(
        &mut self,
        now: WallTime,
        records: &S,
        set: Set,
        includes: impl Fn(TrackNumber) -> bool,
    ) -> Bytes {
        let mut frame = S::Frame::new(now);
        for change in records.after(self.seen) {
            if change.version > set.until {
                break;
            }
            // A set is what holds; what was taken away is not in it.
            let is_wanted = !change.is_withdrawal && includes(change.entry.track);
            if is_wanted && !frame.push(&change.entry) {
                self.set = Some(Set { until: set.until, marks: SetMarks::NONE });
                return frame.into_bytes(set.marks).into();
            }
            self.seen = change.version;
        }
        self.seen = set.until;
        frame.into_bytes(set.marks.with(SetMarks::ENDS)).into()
    }

    fn next_change<S: VersionedSet>(
        &mut self,
        now: WallTime,
        records: &S,
        includes: impl Fn(TrackNumber) -> bool,
    ) -> Option<Bytes> {
        if self.seen == records.version() {
            return None;
        }
        let mut frame = S::Frame::new(now);
        for change in records.after(self.seen) {
            if includes(change.entry.track) && !frame.push(&change.entry) {
                break;
            }
            self.seen = change.version;
        }
        (!frame.is_empty()).then(|| frame.into_bytes(SetMarks::NONE).into())
    }
}
