//! How far one reader has seen what the analysis published.

use bytes::Bytes;
use protocol::feed::{AnalysisFrame, SetMarks, TrackNumber};
use vitals::WallTime;

use crate::analysis::Records;

/// One reader's place among the records.
///
/// # Invariants
///
/// All that changed up to `seen` was sent, or is not wanted; a set that began is sent to its
/// end before anything that changed after its beginning.
#[derive(Debug, Default)]
pub(crate) struct RecordReader {
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

impl RecordReader {
    /// Begins with the whole set.
    pub(crate) fn begin(&mut self, records: &Records) {
        self.seen = 0;
        self.set = Some(Set { until: records.version(), marks: SetMarks::BEGINS });
    }

    /// Whether a set is on its way.
    pub(crate) fn is_in_set(&self) -> bool {
        self.set.is_some()
    }

    /// The next frame of the set, or of what changed.
    pub(crate) fn next(
        &mut self,
        now: WallTime,
        records: &Records,
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

    fn next_of_set(
        &mut self,
        now: WallTime,
        records: &Records,
        set: Set,
        includes: impl Fn(TrackNumber) -> bool,
    ) -> Bytes {
        let mut frame = AnalysisFrame::new(now);
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

    fn next_change(
        &mut self,
        now: WallTime,
        records: &Records,
        includes: impl Fn(TrackNumber) -> bool,
    ) -> Option<Bytes> {
        if self.seen == records.version() {
            return None;
        }
        let mut frame = AnalysisFrame::new(now);
        for change in records.after(self.seen) {
            if includes(change.entry.track) && !frame.push(&change.entry) {
                break;
            }
            self.seen = change.version;
        }
        (!frame.is_empty()).then(|| frame.into_bytes(SetMarks::NONE).into())
    }
}
